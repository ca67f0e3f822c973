"""Every text on one page, for people: printed from the catalogue, so that the documentation cannot lag behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.followup.form_of_address import FORMAL, INFORMAL
from service.messages.catalogue import LANGUAGES, Catalogue
from service.messages.email_page import plain_part
from service.messages.fills import FILL
from service.messages.sms_parts import measure

HEAD = """# Every text that people receive

Printed from `service/messages/texts` by `service/messages/reference.py`; do not edit. After a change of a text:
`PEIL_PRINT_DOCS=1 .venv/bin/pytest tests/messages/test_messages_reference.py`.

An organisation may say most of them in its own words (`/teksten`); `service/messages/linter.py` judges those.

The texts are filled with long but ordinary values. Size: septets of GSM-7 and the number of SMS that are paid for
(160 in one part, 153 in each of several; 70 and 67 in UCS-2). A name with a letter outside GSM-7 (Zoë, Anaïs, Şükran)
makes a text two or three times as dear. Peil counts that and says so; it never changes the name.
"""

NAMES = {"nl": "Nederlands", "en": "English"}


def print_texts(catalogue: Catalogue) -> str:
    """The page docs/reference/texts.md."""
    return "\n".join([HEAD, *_sms(catalogue), *_mails(catalogue), *_problems(catalogue)]) + "\n"


def _keys(texts: Mapping[tuple[str, str], object]) -> list[str]:
    """The keys in the order in which they were written."""
    return list(dict.fromkeys(key for language, key in texts if language == LANGUAGES[0]))


def _voices(informal: Mapping[tuple[str, str], object], key: str) -> Iterator[tuple[str, str, str]]:
    """Each language, form of address and its name; "je" where the words differ."""
    for language in LANGUAGES:
        yield language, FORMAL, NAMES[language]
        if (language, key) in informal:
            yield language, INFORMAL, f"{NAMES[language]}, je"


def _sms(catalogue: Catalogue) -> Iterator[str]:
    yield "## SMS\n"
    for key in _keys(catalogue.sms):
        yield f"### `{key}`\n"
        for language, form, name in _voices(catalogue.sms_je, key):
            text = catalogue.sms_text(key, language, form).fill(FILL[language])
            size = measure(text)
            yield f"{name}: {size.units} {size.encoding.upper()}, {size.parts} SMS\n"
            yield "\n".join(f"> {line}  " for line in text.splitlines()).rstrip() + "\n"


def _mails(catalogue: Catalogue) -> Iterator[str]:
    yield "## E-mail\n"
    for key in _keys(catalogue.email):
        for language, form, name in _voices(catalogue.email_je, key):
            mail = catalogue.mail(key, language, form)
            yield f"### `{key}` ({name})\n"
            yield f"Subject: **{mail.subject.fill(FILL[language])}**\n"
            yield f"```text\n{plain_part(mail, FILL[language])}```\n"


def _problems(catalogue: Catalogue) -> Iterator[str]:
    yield "## What Peil says about input that is wrong\n"
    yield "| key | Nederlands | English |\n|---|---|---|"
    for key in sorted(_keys(catalogue.problems)):
        cells = (catalogue.problems[language, key].forms[0].replace("|", "\\|") for language in LANGUAGES)
        yield f"| `{key}` | {' | '.join(' '.join(cell.split()) for cell in cells)} |"
