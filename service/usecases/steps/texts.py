"""What the use cases about an organisation's own texts share: which texts there are, and judging what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.followup.form_of_address import FORMAL, INFORMAL
from service.followup.problem import Problem, Refusal
from service.messages.catalogue import LANGUAGES, TWO_FORMS, Mail, Text, read_text
from service.messages.fills import FILL
from service.messages.known import locked, sent
from service.messages.linter import Draft
from service.messages.own import read_body
from service.store import audit, messages, own_texts, programmes
from service.store.messages import Organisation
from service.store.own_texts import OwnText
from service.store.session import Session
from service.usecases.access import Actor, NotFound
from service.usecases.services import Services

CHANNELS = ("sms", "email")


@dataclass(frozen=True, slots=True)
class Variant:
    """One text in one language and form of address."""

    channel: str
    key: str
    language: str
    form: str


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form. Of an SMS: `text`, and `one` where the number decides. Of a mail: the others;
    `paragraphs` are separated by blank lines."""

    text: str = ""
    one: str = ""
    subject: str = ""
    paragraphs: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """The organisation a text is written for, and the names that may not be in it."""

    organisation: Organisation
    telling: Sequence[str]


def variants(services: Services, channel: str, key: str) -> list[Variant]:
    """The forms in which a text is sent. Raises NotFound when there is no such text."""
    catalogue = services.render.catalogue
    texts: Mapping[tuple[str, str], object] = catalogue.email if channel == "email" else catalogue.sms
    if channel not in CHANNELS or (LANGUAGES[0], key) not in texts or not sent(key):
        raise NotFound
    return [
        Variant(channel, key, language, form)
        for language in LANGUAGES
        for form in ((FORMAL, INFORMAL) if language in TWO_FORMS else (FORMAL,))
    ]


def standard_of(services: Services, variant: Variant) -> Text | Mail:
    """The standard text. Raises NotFound."""
    if variant not in variants(services, variant.channel, variant.key):
        raise NotFound
    catalogue = services.render.catalogue
    if variant.channel == "email":
        return catalogue.mail(variant.key, variant.language, variant.form)
    return catalogue.sms_text(variant.key, variant.language, variant.form)


def setting(session: Session) -> Setting:
    """Read what a text is judged by."""
    names = [one.name for one in programmes.list_programmes(session)]
    names += [one.name for one in programmes.list_interventions(session)]
    return Setting(messages.organisation(session), tuple(dict.fromkeys(names)))


def refuse_locked(key: str) -> None:
    """Raises Refusal when nobody may change this text."""
    if locked(key):
        raise Refusal(Problem("text_locked"))


def read_written(written: Written, standard: Text | Mail) -> Text | Mail:
    """The text in a form. Raises Refusal when something is empty, or a brace is astray."""
    fields = _fields(written, standard)
    problems = [Problem("text_empty", where) for where, words in fields if not words.strip()]
    for where, words in fields:
        try:
            if words.strip():
                read_text(words)
        except ValueError:
            problems.append(Problem("text_braces", where))
    if problems:
        raise Refusal(*problems)
    tidy = {where: words.strip() for where, words in fields}
    if isinstance(standard, Mail):
        body = written.paragraphs.replace("\r\n", "\n").split("\n\n")
        return read_body({**tidy, "paragraphs": [" ".join(one.split()) for one in body if one.strip()]}, standard)
    return read_body(tidy, standard)


def _fields(written: Written, standard: Text | Mail) -> list[tuple[str, str]]:
    if isinstance(standard, Mail):
        fields = [("subject", written.subject), ("paragraphs", written.paragraphs)]
        return [*fields, ("button", written.button)] if standard.button else fields
    fields = [("text", written.text)]
    return [*fields, ("one", written.one)] if len(standard.forms) > 1 else fields


def draft(variant: Variant, words: Text | Mail, standard: Text | Mail, around: Setting) -> Draft:
    """A text as the linter wants it: with the organisation's own name where that is longer than what we reckon with."""
    name = around.organisation.short_name
    longer = len(name) > len(str(FILL[variant.language]["organisation"]))
    fill: dict[str, str | int] = {"organisation": name} if longer else {}
    return Draft(variant.channel, variant.key, variant.language, variant.form, words, standard, around.telling, fill)


def keep(
    services: Services,
    session: Session,
    actor: Actor,
    variant: Variant,
    body: Mapping[str, Any] | None,
    *,
    version: int,
    action: str,
) -> None:
    """Add this version and its line in the audit trail. Raises Refusal when somebody was there a moment before."""
    now = services.now()
    entry = OwnText(variant.channel, variant.key, variant.language, variant.form, version, body)
    if not own_texts.save(session, actor.org_id, entry, actor.account_id, now):
        raise Refusal(Problem("text_changed_meanwhile"))
    audit.append(
        session,
        actor.org_id,
        now,
        actor.account_id,
        action,
        "own_text",
        None,
        {
            "channel": variant.channel,
            "key": variant.key,
            "language": variant.language,
            "form": variant.form,
            "version": version,
        },
    )
