"""What the pretend phone shows: plain values for the templates, in words that a participant or visitor understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from service.simulator.mail_catcher import read_letter
from service.simulator.truth import Event, Sms, Truth

ZONE: Final = ZoneInfo("Europe/Amsterdam")
MONTHS: Final = ("jan.", "feb.", "maart", "april", "mei", "juni", "juli", "aug.", "sept.", "okt.", "nov.", "dec.")
TRACE_LINES: Final = 8
SHORT: Final = 48
GAP_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class Option:
    """One phone or mailbox to choose."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the phone. `moment` is set when some time passed before it, `note` is what became of it."""

    text: str
    mine: bool
    moment: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what the service did last."""

    at: str
    text: str


def spoken(number: str) -> str:
    """A Dutch number as people write it: 06 0000 0137, 078 000 0137. Other addresses stay as they are."""
    if number.startswith("+316") and len(number) == 12:
        return f"06 {number[4:8]} {number[8:]}"
    if number.startswith("+3178") and len(number) == 12:
        return f"078 {number[5:8]} {number[8:]}"
    return number


def clock(moment: datetime) -> str:
    """14.02."""
    return f"{moment.astimezone(ZONE):%H.%M}"


def day_and_time(moment: datetime, now: datetime) -> str:
    """vandaag 14.02, or 3 maart 14.02."""
    local = moment.astimezone(ZONE)
    if local.date() == now.astimezone(ZONE).date():
        return f"vandaag {clock(moment)}"
    return f"{local.day} {MONTHS[local.month - 1]} {clock(moment)}"


def options(addresses: list[str], labels: Mapping[str, str]) -> list[Option]:
    """What can be chosen, by name: a list that does not move while one chooses."""
    found = [Option(address, labels.get(address) or spoken(address)) for address in addresses]
    return sorted(found, key=lambda option: (option.address not in labels, option.label.casefold()))


def fate(sms: Sms) -> str:
    """What became of a message that the participant sent."""
    if sms.told == "told":
        return f"verzonden {clock(sms.at)}"
    if sms.told == "refused_by_service":
        return f"niet aangenomen {clock(sms.at)}"
    return f"onderweg {clock(sms.at)}"


def bubbles(conversation: list[Sms]) -> list[Bubble]:
    """A conversation as the phone shows it. A message that never arrives is not on the phone."""
    now = datetime.now(UTC)
    shown: list[Bubble] = []
    before: datetime | None = None
    for sms in conversation:
        if sms.status == "undelivered":
            continue
        pause = before is None or (sms.at - before).total_seconds() > GAP_SECONDS
        moment = day_and_time(sms.at, now) if pause else ""
        shown.append(Bubble(sms.text, sms.inbound, moment, fate(sms) if sms.inbound else ""))
        before = sms.at
    return shown


def other_party(conversation: list[Sms], sender: str) -> str:
    """Who this phone is talking with: the number that wrote or was written to last."""
    if not conversation:
        return spoken(sender)
    last = conversation[-1]
    return spoken(last.to if last.inbound else last.sender)


def trace(truth: Truth) -> list[Line]:
    """The last things that happened, oldest first."""
    lines = [
        Line(f"{event.moment.astimezone(ZONE):%H.%M.%S}", WORDS[event.kind](truth, event))
        for event in truth.latest(frozenset(WORDS), TRACE_LINES * 4)
    ]
    return [line for line in lines if line.text][-TRACE_LINES:]


def name(truth: Truth, address: str) -> str:
    """The name under which a phone or mailbox was registered, else its address."""
    label = truth.labels.get(address, "")
    return label.split(",", maxsplit=1)[0] or spoken(address)


def _person(truth: Truth, event: Event) -> str:
    sms = truth.sms[event.facts["sid"]]
    return name(truth, sms.sender if sms.inbound else sms.to)


def _told(truth: Truth, event: Event) -> str:
    if not truth.sms[event.facts["sid"]].inbound:
        return ""  # that a message arrived is said already
    return f"Peil heeft het antwoord van {_person(truth, event)} ontvangen"


def _not_taken(truth: Truth, event: Event) -> str:
    what = "antwoord van" if truth.sms[event.facts["sid"]].inbound else "bezorgbericht over"
    return f"Peil neemt het {what} {_person(truth, event)} niet aan (code {event.facts['code']})"


def _short(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def _mailed(truth: Truth, event: Event) -> str:
    mail = truth.mails[event.facts["key"]]
    return f"E-mail aan {name(truth, mail.to)} bezorgd: “{read_letter(mail).subject}”"


def _answered(truth: Truth, event: Event) -> str:
    mail = truth.mails[event.facts["key"]]
    return f"{name(truth, mail.to)} antwoordt per e-mail “{_short(event.facts['text'])}”"


WORDS: Final[Mapping[str, Callable[[Truth, Event], str]]] = {
    "accepted": lambda truth, event: f"Peil verstuurt aan {_person(truth, event)}: “{_short(event.facts['text'])}”",
    "delivered": lambda truth, event: f"Bericht aan {_person(truth, event)} bezorgd",
    "undelivered": lambda truth, event: f"Bericht aan {_person(truth, event)} niet bezorgd",
    "reply": lambda truth, event: f"{_person(truth, event)} antwoordt “{_short(event.facts['text'])}”",
    "refused": lambda truth, event: (
        f"Bericht aan {name(truth, event.facts['to'])} geweigerd (code {event.facts['code']})"
    ),
    "told": _told,
    "refused_by_service": _not_taken,
    "service_down": lambda _truth, _event: "Peil is niet bereikbaar. We proberen het straks opnieuw",
    "mail": _mailed,
    "mail_answer": _answered,
    "misbehaved": lambda _truth, event: f"Storing op verzoek: {event.facts['how']}",
}
