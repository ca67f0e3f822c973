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
from service.measures.disclosure import may_show
from service.measures.retention import Share, WaveOutcome, WaveRetention, share, wave_retention

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
    """One wave. `course` is None when fewer than ten valid scores would be shown; `valid` counts them all."""

    wave: Wave
    days: float  # after enrolment, for the time axis
    retention: WaveRetention
    valid: int
    course: Mean | None
    open_now: int
    open_answered: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one programme. Everything about fewer than ten people is None."""

    waves: tuple[WaveFigures, ...]
    primary: WaveFigures
    baseline: WaveFigures
    paired: Share
    change: PairedChange | None
    direction: Direction

    @property
    def response_shown(self) -> bool:
        """Whether the response of the primary wave may be shown."""
        return may_show(self.primary.retention.closed)


def figures(protocol: Protocol, rows: Sequence[Row], now: datetime) -> Figures:
    """All figures of one programme at this moment. Only measurements of waves of this protocol count."""
    waves = tuple(_wave(wave, [row for row in rows if row.wave == wave.key], now) for wave in protocol.waves)
    baseline = waves[0]
    primary = next((figure for figure in waves if figure.wave.primary), waves[-1])
    closed = {
        row.enrolment_id: row.score
        for row in rows
        if row.wave == primary.wave.key and outcome(row.facts, now) not in (WaveOutcome.LEFT, WaveOutcome.PENDING)
    }
    before = {row.enrolment_id: row.score for row in rows if row.wave == baseline.wave.key}
    pairs = [
        (pre, post)
        for enrolment, post in closed.items()
        if post is not None and (pre := before.get(enrolment)) is not None
    ]
    shown = may_show(len(pairs)) and primary is not baseline
    change = paired_change([pre for pre, _ in pairs], [post for _, post in pairs]) if shown else None
    return Figures(waves, primary, baseline, share(len(pairs), len(closed)), change, direction(change))


def direction(change: PairedChange | None) -> Direction:
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


def _wave(wave: Wave, rows: Sequence[Row], now: datetime) -> WaveFigures:
    scores = [float(row.score) for row in rows if row.score is not None]
    running = [row for row in rows if row.facts.opens_at <= now < row.facts.closes_at]
    return WaveFigures(
        wave=wave,
        days=days_of(wave.offset),
        retention=wave_retention(wave.key, [outcome(row.facts, now) for row in rows]),
        valid=len(scores),
        course=mean_interval(scores) if may_show(len(scores)) else None,
        open_now=len(running),
        open_answered=sum(row.score is not None for row in running),
    )
