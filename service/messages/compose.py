"""What surrounds a message -> its words, by SMS or by e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from service.followup.form_of_address import FORMAL
from service.followup.planning import MessageKind
from service.measures.instrument import Instrument
from service.messages.render import EmailText, Render, option_line

#: The text of a kind whose message names none.
_FIXED = {
    MessageKind.STOP_CONFIRMATION: "stop_confirm",
    MessageKind.TEST: "test_message",
    MessageKind.RESEND: "invite_link",
}

_NEAR_DAYS = {"nl": {0: "vandaag", 1: "morgen"}, "en": {0: "today", 1: "tomorrow"}}


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
    check: str  # the page that says whether a message is ours
    form: str = FORMAL  # how this person is addressed: "u" or "je"


def text_key(kind: MessageKind, given: str, *, by_link: bool, by_reply: bool = False) -> str:
    """The key in the catalogue: the one the message names, else the one of its kind and form. `by_reply`: a mail that
    may be answered with JA, because somebody reads the mailbox."""
    if given:
        return given
    if kind in _FIXED:
        return _FIXED[kind]
    name = kind if kind in (MessageKind.REMINDER, MessageKind.LAST_REMINDER) else MessageKind.INVITE
    return f"{name}_{'questions' if not by_link else 'reply' if by_reply else 'link'}"


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
        "check": background.check,
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


def activity_values(title: str, place: str, local_at: datetime, today: date, language: str) -> dict[str, str | int]:
    """What a text about an activity may name. The day is said as people say it: today, tomorrow, a day of this week,
    else the date; so nothing is wrong on a Saturday about Monday. `local_at` and `today` are of the same clock."""
    ahead = (local_at.date() - today).days
    near = _NEAR_DAYS[language].get(ahead)
    form = "EEEE" if 0 <= ahead < 7 else "d MMMM" if language == "nl" else "MMMM d"
    return {
        "title": title,
        "place": place,
        "day": near or format_date(local_at, form, locale=language),
        "time": local_at.strftime("%H.%M" if language == "nl" else "%H:%M"),
    }


def sms(
    render: Render,
    key: str,
    language: str,
    background: Background,
    instrument: Instrument | None,
    own: Mapping[str, str | int],
) -> str:
    """One SMS. Raises KeyError for a text or a value that does not exist."""
    return render.sms(key, language, values(background, instrument, language, own), background.form)


def email(
    render: Render,
    key: str,
    language: str,
    background: Background,
    instrument: Instrument | None,
    own: Mapping[str, str | int],
) -> EmailText:
    """One mail. Raises KeyError for a text or a value that does not exist."""
    return render.email(key, language, values(background, instrument, language, own), background.form)
