"""What became of one measurement, in the words of the retention figures: each measurement in exactly one class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.measures.retention import WaveOutcome


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """What is known about one measurement. Moments are UTC; `ended_at`: since when no consent is in force."""

    opens_at: datetime
    closes_at: datetime
    completed_at: datetime | None
    scored: bool  # the primary score has a value
    answered: bool  # at least one answer came in
    status: str
    status_reason: str
    messages: int  # sent or planned for this measurement
    arrived: int  # of those, not known to have failed
    died_on: date | None
    ended_at: datetime | None


def outcome(facts: WaveFacts, now: datetime) -> WaveOutcome:
    """The class of one measurement at this moment.

    A window that is open stays PENDING, also when the answers are in: counting only those who were quick would flatter
    the response. Who died before the window closed, or withdrew before it opened, has LEFT.
    """
    if _left(facts):
        return WaveOutcome.LEFT
    if now < facts.closes_at:
        return WaveOutcome.PENDING
    if facts.scored:
        late = facts.status == "late" or (facts.completed_at is not None and facts.completed_at > facts.closes_at)
        return WaveOutcome.LATE if late else WaveOutcome.COMPLETE
    if facts.status_reason in ("refused", "declined", "withdrawn") or facts.ended_at is not None:
        return WaveOutcome.REFUSED
    if facts.answered:
        return WaveOutcome.PARTIAL
    if facts.status_reason == "unreachable" or (facts.messages > 0 and facts.arrived == 0):
        return WaveOutcome.UNREACHABLE
    return WaveOutcome.NO_REPLY


def _left(facts: WaveFacts) -> bool:
    if facts.scored:
        return False
    if facts.status == "cancelled":  # ended before its window opened
        return True
    if facts.died_on is not None and facts.died_on <= facts.closes_at.date():
        return True
    return facts.ended_at is not None and facts.ended_at <= facts.opens_at
