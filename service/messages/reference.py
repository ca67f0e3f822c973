"""Every text on one page, for people: printed from the catalogue, so that the documentation cannot lag behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.messages.catalogue import LANGUAGES, Catalogue
from service.messages.email_page import plain_part
from service.messages.sms_parts import measure

_DUTCH: Mapping[str, str | int] = {
    "first_name": "Wilhelmina",
    "organisation": "Welzijn Westland",
    "coordinator": "Annemarie",
    "phone": "078 000 0137",
    "word": "klaproos",
    "n": 2,
    "total": 6,
    "weeks": 2,
    "lead_in": (
        "Wilt u van elk van de volgende uitspraken aangeven in hoeverre die op u, zoals u de laatste tijd bent, "
        "van toepassing is?"
    ),
    "item_text": "Er zijn genoeg mensen op wie ik in geval van narigheid kan terugvallen",
    "options": "1 = ja, 2 = min of meer, 3 = nee",
    "link": "https://peil.example/v/Ab3dEf6hIj9lMn2pQr5tUv",
    "unsubscribe": "https://peil.example/u/Zy8wVu5sRq2oNm9kJi6gFe",
}
_ENGLISH: Mapping[str, str | int] = {
    "lead_in": "Please say of each of the following statements how far it applies to you, the way you feel lately.",
    "item_text": "There are plenty of people I can rely on when I have problems",
    "options": "1 = yes, 2 = more or less, 3 = no",
}

#: Long but ordinary values: what a budget must reckon with. The question is the longest of the six-item scale.
FILL: Mapping[str, Mapping[str, str | int]] = {"nl": _DUTCH, "en": {**_DUTCH, **_ENGLISH}}

HEAD = """# Every text that people receive

Printed from `service/messages/texts` by `service/messages/reference.py`; do not edit. After a change of a text:
`PEIL_PRINT_DOCS=1 .venv/bin/pytest tests/messages/test_messages_reference.py`.

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


def _sms(catalogue: Catalogue) -> Iterator[str]:
    yield "## SMS\n"
    for key in _keys(catalogue.sms):
        yield f"### `{key}`\n"
        for language in LANGUAGES:
            text = catalogue.sms[language, key].fill(FILL[language])
            size = measure(text)
            yield f"{NAMES[language]}: {size.units} {size.encoding.upper()}, {size.parts} SMS\n"
            yield "\n".join(f"> {line}  " for line in text.splitlines()).rstrip() + "\n"


def _mails(catalogue: Catalogue) -> Iterator[str]:
    yield "## E-mail\n"
    for key in _keys(catalogue.email):
        for language in LANGUAGES:
            mail = catalogue.email[language, key]
            yield f"### `{key}` ({NAMES[language]})\n"
            yield f"Subject: **{mail.subject.fill(FILL[language])}**\n"
            yield f"```text\n{plain_part(mail, FILL[language])}```\n"


def _problems(catalogue: Catalogue) -> Iterator[str]:
    yield "## What Peil says about input that is wrong\n"
    yield "| key | Nederlands | English |\n|---|---|---|"
    for key in sorted(_keys(catalogue.problems)):
        cells = (catalogue.problems[language, key].forms[0].replace("|", "\\|") for language in LANGUAGES)
        yield f"| `{key}` | {' | '.join(' '.join(cell.split()) for cell in cells)} |"
