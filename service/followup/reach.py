"""By which channel a person is written to: the one they prefer, else the other they agreed to, else nobody writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from service.followup.conversation import TaskReason
from service.followup.planning import MessageKind
from service.followup.protocol import Cap, QuietHours, Slot, SmsForm, Wave
from service.followup.quiet_hours import minutes_left
from service.measures.instrument import Instrument

#: What a message to somebody without an enrolment keeps to: from 9.00 to 20.30, and domain.md 4.2's cap.
QUIET_WITHOUT_PROTOCOL = QuietHours((Slot(540, 1230),), sundays=False, holidays=False)
CAP_WITHOUT_PROTOCOL = Cap(2, 8)
#: How long an SMS may keep trying, in minutes: at most, and for an answer given outside the open hours.
LONGEST, OUTSIDE_HOURS = 240, 15

#: Which other channel stands in when the preferred one does not work.
_ORDER = {"sms": ("sms", "email"), "email": ("email", "sms"), "phone": ()}


@dataclass(frozen=True, slots=True)
class Way:
    """One address kind of a person: whether it can work, and whether they agreed to it and did not stop it."""

    kind: str
    usable: bool
    allowed: bool


def choose(preferred: str, ways: Collection[Way]) -> str | None:
    """The channel to write by ("sms" or "email"); None when a person has to call instead.

    When the preferred channel exists and works but the person did not agree to it, or stopped it, it is still returned:
    the decision at send time then names the reason, and nobody is written to by a side door.
    """
    by_kind = {way.kind: way for way in ways}
    order = _ORDER[preferred]
    for kind in order:
        way = by_kind.get(kind)
        if way is not None and way.usable and (way.allowed or kind == preferred):
            return kind
    return None


def why_nobody_writes(preferred: str, kinds: Collection[str]) -> TaskReason:
    """Why somebody should call a person to whom nothing can be sent."""
    if not kinds:
        return TaskReason.NO_CHANNEL
    if preferred == "phone" or set(kinds) == {"landline"}:
        return TaskReason.ONLY_LANDLINE if "landline" in kinds else TaskReason.ASKED_FOR_CALL
    return TaskReason.UNREACHABLE


def asks_by_sms(kind: MessageKind, wave: Wave | None, instrument: Instrument | None) -> bool:
    """Whether an SMS of this kind opens or continues a conversation, instead of carrying a link. A wave that a later
    version of the protocol took away (None) is finished on the page."""
    asking = kind in (MessageKind.INVITE, MessageKind.REMINDER, MessageKind.LAST_REMINDER)
    if not asking or wave is None or instrument is None:
        return False
    return instrument.sms_allowed and wave.by_sms is SmsForm.QUESTIONS


def valid_minutes(now: datetime, quiet: QuietHours, zone: str, expires_at: datetime) -> int:
    """How long the provider may keep trying: never into the quiet hours, never past the moment it has no use."""
    left = minutes_left(now, quiet, zone) or OUTSIDE_HOURS
    return max(1, min(left, LONGEST, int((expires_at - now).total_seconds() // 60)))
