"""Who is still with us at each wave: counts with named denominators that add up by construction, and intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.measures.estimate import NotEstimable
from service.measures.intervals import wilson


class WaveOutcome(StrEnum):
    """What became of one measurement (one wave of one enrolment), each enrolment in exactly one."""

    COMPLETE = "complete"  # the primary score is valid, inside the window
    LATE = "late"  # the primary score is valid, after the window
    PARTIAL = "partial"  # at least one answer, no primary score, window closed
    NO_REPLY = "no_reply"  # window closed, nothing came
    REFUSED = "refused"  # the person declined this wave or withdrew consent while it was open
    UNREACHABLE = "unreachable"  # window closed, no message arrived
    LEFT = "left"  # died or withdrew consent before the window opened: not in the denominator
    PENDING = "pending"  # the window is still open, or has not opened: not in the denominator


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, as a share between 0 and 1 with its 95% Wilson interval; None when `of` is 0."""

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class WaveRetention:
    """One wave, in measurements.

    complete + late + partial + no_reply + refused + unreachable = closed; closed + left + pending = enrolled.
    """

    wave: str
    enrolled: int
    closed: int
    complete: int
    late: int
    partial: int
    no_reply: int
    refused: int
    unreachable: int
    left: int
    pending: int
    response: Share  # (complete + late) of closed


def share(count: int, of: int) -> Share:
    """A share with its 95% Wilson score interval (measures.md 4.2). ValueError when not 0 <= count <= of."""
    if not 0 <= count <= of:
        raise ValueError(f"a share needs 0 <= count <= of, not {count} of {of}")
    found = wilson(count, of)
    if isinstance(found, NotEstimable):
        return Share(count, of, None, None, None)
    return Share(count, of, found.value, found.low, found.high)


def wave_retention(wave: str, outcomes: Sequence[WaveOutcome]) -> WaveRetention:
    """Count the outcomes of one wave, one per enrolment."""
    tally = Counter(outcomes)
    closed = len(outcomes) - tally[WaveOutcome.LEFT] - tally[WaveOutcome.PENDING]
    return WaveRetention(
        wave=wave,
        enrolled=len(outcomes),
        closed=closed,
        complete=tally[WaveOutcome.COMPLETE],
        late=tally[WaveOutcome.LATE],
        partial=tally[WaveOutcome.PARTIAL],
        no_reply=tally[WaveOutcome.NO_REPLY],
        refused=tally[WaveOutcome.REFUSED],
        unreachable=tally[WaveOutcome.UNREACHABLE],
        left=tally[WaveOutcome.LEFT],
        pending=tally[WaveOutcome.PENDING],
        response=share(tally[WaveOutcome.COMPLETE] + tally[WaveOutcome.LATE], closed),
    )
