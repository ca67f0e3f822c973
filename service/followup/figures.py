"""The figures of one programme, from plain rows: response per wave, the course of the score, and the paired change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol as Shape
from uuid import UUID

from service.followup.outcomes import WaveFacts, outcome
from service.followup.protocol import Period, Protocol, Unit, Wave
from service.measures.change import Mean, PairedChange, mean_interval, paired_change
from service.measures.disclosure import Asked, Hidden, decide, may_show
from service.measures.retention import Share, WaveOutcome, WaveRetention, share, wave_retention
from service.measures.steps import Awaited, settled

#: The outcomes that are not the mean of one wave; no wave can have such a key.
_CHANGE, _BEFORE, _AFTER = "the change", "the pairs before", "the pairs after"

DAYS: Mapping[Unit, float] = {
    Unit.MINUTES: 1 / 1440,
    Unit.HOURS: 1 / 24,
    Unit.DAYS: 1,
    Unit.WEEKS: 7,
    Unit.MONTHS: 30.4375,
}


class Row(Shape):
    """One measurement as the store gives it."""

    @property
    def enrolment_id(self) -> UUID:
        """Whose it is."""
        ...

    @property
    def wave(self) -> str:
        """Which wave."""
        ...

    @property
    def score(self) -> int | None:
        """The primary score in points."""
        ...

    @property
    def facts(self) -> WaveFacts:
        """What is known about it."""
        ...


class Direction(StrEnum):
    """What may be said of a change: a direction only when its interval excludes zero."""

    FELL = "fell"
    ROSE = "rose"
    SAME = "same"
    UNKNOWN = "unknown"  # too few people to show, or no interval


@dataclass(frozen=True, slots=True)
class WaveFigures:
    """One wave. `course` is None when it may not be shown, `hidden` says why.

    `valid` counts all valid scores; `waiting` those of them that come into the course with the next step.
    """

    wave: Wave
    days: float  # after enrolment, for the time axis
    retention: WaveRetention
    valid: int
    course: Mean | None
    hidden: Hidden | None
    waiting: int
    open_now: int
    open_answered: int


@dataclass(frozen=True, slots=True)
class ShownChange:
    """The change of the people with two valid scores, in points; improvement is negative. Without their two means:
    beside the course of everybody those would give away the few who have only one score."""

    n: int
    difference: float
    sd_difference: float | None
    low: float | None
    high: float | None
    t: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one programme. An outcome that may not be shown is None, and its reason stands beside it.

    `before_after`: the two means of the people with two scores, only where everything else shown allows it.
    """

    waves: tuple[WaveFigures, ...]
    primary: WaveFigures
    baseline: WaveFigures
    paired: Share
    change: ShownChange | None
    change_hidden: Hidden | None
    before_after: tuple[float, float] | None
    direction: Direction

    @property
    def response_shown(self) -> bool:
        """Whether the response of the primary wave may be shown."""
        return may_show(self.primary.retention.closed)


def figures(protocol: Protocol, rows: Sequence[Row], now: datetime) -> Figures:
    """All figures of one programme at this moment. Only measurements of waves of this protocol count.

    Outcomes move in steps (measures/steps.py) and are shown as far as all of them together allow
    (measures/disclosure.py): the change first, then the course from the first wave on, then the two means of the pairs.
    """
    of_wave = {wave.key: [row for row in rows if row.wave == wave.key] for wave in protocol.waves}
    first, last = protocol.waves[0], next((wave for wave in protocol.waves if wave.primary), protocol.waves[-1])
    courses = {key: _scores(found, now) for key, found in of_wave.items()}
    closed = [
        row for row in of_wave[last.key] if outcome(row.facts, now) not in (WaveOutcome.LEFT, WaveOutcome.PENDING)
    ]
    before = {row.enrolment_id: row.score for row in of_wave[first.key] if row.score is not None}
    paired = [row for row in closed if row.score is not None and row.enrolment_id in before]
    pairs = _pairs(paired, of_wave[last.key], before, now) if first != last else {}
    hidden = decide(_asked(first.key, last.key, courses, pairs))
    waves = tuple(_wave(wave, of_wave[wave.key], courses[wave.key], hidden[wave.key], now) for wave in protocol.waves)
    found = paired_change([pre for pre, _ in pairs.values()], [post for _, post in pairs.values()])
    shown = found if hidden[_CHANGE] is None else None
    change = _without_means(shown)
    return Figures(
        waves=waves,
        primary=next(wave for wave in waves if wave.wave == last),
        baseline=waves[0],
        paired=share(len(paired), len(closed)),
        change=change,
        change_hidden=_or_waiting(hidden[_CHANGE], len(paired)),
        before_after=(shown.mean_pre, shown.mean_post)
        if shown and not hidden[_BEFORE] and not hidden[_AFTER]
        else None,
        direction=direction(change),
    )


def direction(change: ShownChange | None) -> Direction:
    """What a heading may say of this change."""
    if change is None or change.low is None or change.high is None:
        return Direction.UNKNOWN
    if change.high < 0:
        return Direction.FELL
    if change.low > 0:
        return Direction.ROSE
    return Direction.SAME


def days_of(period: Period) -> float:
    """A period in days, for drawing a time axis to scale."""
    return period.count * DAYS[period.unit]


def _wave(
    wave: Wave, rows: Sequence[Row], scores: Mapping[UUID, float], hidden: Hidden | None, now: datetime
) -> WaveFigures:
    valid = sum(row.score is not None for row in rows)
    running = [row for row in rows if row.facts.opens_at <= now < row.facts.closes_at]
    return WaveFigures(
        wave=wave,
        days=days_of(wave.offset),
        retention=wave_retention(wave.key, [outcome(row.facts, now) for row in rows]),
        valid=valid,
        course=mean_interval(list(scores.values())) if hidden is None else None,
        hidden=_or_waiting(hidden, valid),
        waiting=valid - len(scores),
        open_now=len(running),
        open_answered=sum(row.score is not None for row in running),
    )


def _scores(rows: Sequence[Row], now: datetime) -> dict[UUID, float]:
    """The scores of one wave that its mean rests on at this moment."""
    awaited = [
        Awaited(row.enrolment_id, row.facts.opens_at, row.facts.closes_at, _since(row)) for row in rows
    ]  # fmt: skip
    here = settled(awaited, now)
    return {row.enrolment_id: float(row.score) for row in rows if row.score is not None and row.enrolment_id in here}


def _pairs(
    paired: Sequence[Row], rows: Sequence[Row], before: Mapping[UUID, int], now: datetime
) -> dict[UUID, tuple[float, float]]:
    """The two scores of whom the change rests on now: their last window is closed, and their step is full."""
    people = {row.enrolment_id for row in paired}
    awaited = []
    for row in rows:
        since = max(_since(row) or row.facts.closes_at, row.facts.closes_at) if row.enrolment_id in people else None
        awaited.append(Awaited(row.enrolment_id, row.facts.opens_at, row.facts.closes_at, since))
    here = settled(awaited, now)
    return {
        row.enrolment_id: (float(before[row.enrolment_id]), float(row.score))
        for row in paired
        if row.score is not None and row.enrolment_id in here
    }


def _since(row: Row) -> datetime | None:
    return None if row.score is None else row.facts.completed_at or row.facts.closes_at


def _asked(
    first: str, last: str, courses: Mapping[str, Mapping[UUID, float]], pairs: Mapping[UUID, tuple[float, float]]
) -> list[Asked]:
    """Every outcome of the page, in the order of what matters."""
    change = {person: post - pre for person, (pre, post) in pairs.items()}
    asked = [Asked(_CHANGE, change, ((last, 1), (first, -1)) if first != last else ((last, 1),))]
    for place, (key, scores) in enumerate(courses.items(), start=1):
        asked.append(Asked(key, scores, ((key, 1),), rank=place))
    end = len(asked)
    asked.append(Asked(_BEFORE, {person: pre for person, (pre, _) in pairs.items()}, ((first, 1),), rank=end))
    asked.append(Asked(_AFTER, {person: post for person, (_, post) in pairs.items()}, ((last, 1),), rank=end + 1))
    return asked


def _or_waiting(hidden: Hidden | None, valid: int) -> Hidden | None:
    """Ten or more have answered, but the step in which they are shown is not full."""
    return Hidden.WAITING if hidden is Hidden.TOO_FEW and may_show(valid) else hidden


def _without_means(change: PairedChange | None) -> ShownChange | None:
    if change is None:
        return None
    return ShownChange(
        n=change.n,
        difference=change.difference,
        sd_difference=change.sd_difference,
        low=change.low,
        high=change.high,
        t=change.t,
        p=change.p,
    )
