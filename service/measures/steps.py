"""Live outcomes move in steps of at least ten people, so that one new answer cannot be read from before and after.

Nothing is stored: which answers a figure rests on follows from when they came in and when the windows closed.

The rule. Windows that overlap form one round. At the end of a round every answer so far is shown, when at least ten
are new since the step before. While a round runs, whole tens are shown, and always at least ten answers are kept back,
so that the end of the round is again a step of ten or more. Answers that come after a round wait for the next step.
So the groups shown at two moments are either the same or differ by ten people or more.

Limits (all in docs/reference/disclosure.md): an erasure takes somebody out of a group that was shown, and a reader who
compares steps of *different* figures over time is not followed. A report on a snapshot has neither.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.measures.disclosure import THRESHOLD


@dataclass(frozen=True, slots=True)
class Awaited:
    """One person's measurement: its window (UTC), and since when it has a valid outcome; None when it has none."""

    person: Hashable
    opens_at: datetime
    closes_at: datetime
    valid_since: datetime | None


def settled(measurements: Sequence[Awaited], now: datetime, threshold: int = THRESHOLD) -> frozenset[Hashable]:
    """Whose outcomes a live figure of this series rests on at this moment: the first of them, in whole steps."""
    arrived = sorted(
        (since, str(one.person), one.person)
        for one in measurements
        if (since := one.valid_since) is not None and since <= now
    )
    shown = 0
    for end in _ends(measurements, now):
        by_then = sum(since <= end for since, _, _ in arrived)
        if by_then - shown >= threshold:
            shown = by_then
    shown += threshold * max(0, (len(arrived) - shown) // threshold - 1)
    return frozenset(person for _, _, person in arrived[:shown])


def _ends(measurements: Sequence[Awaited], now: datetime) -> list[datetime]:
    """The ends of the rounds that are over."""
    ends: list[datetime] = []
    for one in sorted(measurements, key=lambda window: window.opens_at):
        if not ends or one.opens_at > ends[-1]:
            ends.append(one.closes_at)
        else:
            ends[-1] = max(ends[-1], one.closes_at)
    return [end for end in ends if end <= now]
