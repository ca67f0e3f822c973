"""What surrounds a message -> its words, by SMS or by e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.followup.planning import MessageKind
from service.measures.instrument import Instrument
from service.messages.render import EmailText, Render, option_line

#: The text of a kind whose message names none.
_FIXED = {
    MessageKind.STOP_CONFIRMATION: "stop_confirm",
    MessageKind.TEST: "test_message",
    MessageKind.RESEND: "invite_link",
}


@dataclass(frozen=True, slots=True)
class Background:
    """Who writes, and what only this person's messages carry."""

    organisation: str
    coordinator: str
    phone: str
    first_name: str
    word: str
    link: str
    unsubscribe: str


def text_key(kind: MessageKind, given: str, *, by_link: bool) -> str:
    """The key in the catalogue: the one the message names, else the one of its kind and form."""
    if given:
        return given
    if kind in _FIXED:
        return _FIXED[kind]
    name = "reminder" if kind is MessageKind.REMINDER else "invite"
    return f"{name}_{'link' if by_link else 'questions'}"


def values(
    background: Background, instrument: Instrument | None, language: str, own: Mapping[str, str | int]
) -> dict[str, str | int]:
    """Every value a text may name. `own` are those of the message: numbers, and the item it asks."""
    found: dict[str, str | int] = {
        "organisation": background.organisation,
        "coordinator": background.coordinator,
        "phone": background.phone,
        "first_name": background.first_name,
        "word": background.word,
        "link": background.link,
        "unsubscribe": background.unsubscribe,
    }
    if instrument is not None:
        found |= {
            "n": len(instrument.items),
            "total": len(instrument.items),
            "options": option_line(instrument.options, language),
            "lead_in": instrument.lead_in.get(language, ""),
        }
    found |= own
    if instrument is not None and "item" in own:
        found["item_text"] = instrument.item(int(own["item"])).text[language]
    return found


def sms(
    render: Render,
    key: str,
    language: str,
    background: Background,
    instrument: Instrument | None,
    own: Mapping[str, str | int],
) -> str:
    """One SMS. Raises KeyError for a text or a value that does not exist."""
    return render.sms(key, language, values(background, instrument, language, own))


def email(
    render: Render,
    key: str,
    language: str,
    background: Background,
    instrument: Instrument | None,
    own: Mapping[str, str | int],
) -> EmailText:
    """One mail. Raises KeyError for a text or a value that does not exist."""
    return render.email(key, language, values(background, instrument, language, own))
