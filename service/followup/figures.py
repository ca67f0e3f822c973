"""The figures at the top of a programme's page, read from its analysis: nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.followup.protocol import Period, Protocol, Unit, Wave
from service.measures.analysis.result import Analysis, Figure
from service.measures.analysis.result import Unit as ResultUnit
from service.measures.change import Mean
from service.measures.disclosure import Hidden, may_show
from service.measures.retention import Share, WaveRetention

DAYS: Mapping[Unit, float] = {
    Unit.MINUTES: 1 / 1440,
    Unit.HOURS: 1 / 24,
    Unit.DAYS: 1,
    Unit.WEEKS: 7,
    Unit.MONTHS: 30.4375,
}

#: The arm that the page of a programme is about.
ARM = "intervention"


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


def figures(protocol: Protocol, analysis: Analysis) -> Figures:
    """The figures of the programme's own arm; everything is 0 or hidden while nobody is enrolled in it."""
    waves = tuple(_wave(wave, analysis) for wave in protocol.waves)
    by_key = {wave.wave.key: wave for wave in waves}
    change = _change(analysis)
    before, after = (_figure(analysis, f"change.{ARM}.{name}") for name in ("before", "after"))
    return Figures(
        waves=waves,
        primary=by_key[analysis.head.primary],
        baseline=by_key[analysis.head.baseline],
        paired=_share(_figure(analysis, f"response.{ARM}.paired")),
        change=change,
        change_hidden=_figure(analysis, f"change.{ARM}.difference").hidden,
        before_after=None if before.value is None or after.value is None else (before.value, after.value),
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


def _wave(wave: Wave, analysis: Analysis) -> WaveFigures:
    mean = _figure(analysis, f"course.{ARM}.{wave.key}.mean")
    return WaveFigures(
        wave=wave,
        days=days_of(wave.offset),
        retention=_retention(wave, analysis),
        valid=_count(analysis, f"course.{ARM}.{wave.key}.valid"),
        course=None if mean.value is None else Mean(mean.n or 0, mean.value, _sd(mean), mean.low, mean.high),
        hidden=mean.hidden,
        waiting=_count(analysis, f"course.{ARM}.{wave.key}.waiting"),
        open_now=_count(analysis, f"response.{ARM}.{wave.key}.open"),
        open_answered=_count(analysis, f"response.{ARM}.{wave.key}.open_answered"),
    )


def _retention(wave: Wave, analysis: Analysis) -> WaveRetention:
    def count(name: str) -> int:
        return _count(analysis, f"response.{ARM}.{wave.key}.{name}")

    return WaveRetention(
        wave=wave.key,
        enrolled=count("enrolled"),
        closed=count("closed"),
        complete=count("complete") - count("late"),
        late=count("late"),
        partial=count("partial"),
        no_reply=count("no_reply"),
        refused=count("refused"),
        unreachable=count("bounced"),
        left=count("left"),
        pending=count("pending"),
        response=_share(_figure(analysis, f"response.{ARM}.{wave.key}.rr1")),
    )


def _change(analysis: Analysis) -> ShownChange | None:
    found = _figure(analysis, f"change.{ARM}.difference")
    if found.value is None:
        return None
    return ShownChange(
        n=found.n or 0,
        difference=found.value,
        sd_difference=_sd(found),
        low=found.low,
        high=found.high,
        t=_figure(analysis, f"change.{ARM}.t").value,
        p=_figure(analysis, f"change.{ARM}.p").value,
    )


def _figure(analysis: Analysis, key: str) -> Figure:
    """The figure; one about nobody while nobody is enrolled in this arm."""
    return analysis.figures.get(key, _NOBODY)


def _count(analysis: Analysis, key: str) -> int:
    return round(_figure(analysis, key).value or 0)


def _share(found: Figure) -> Share:
    of = found.n or 0
    if found.value is None:
        return Share(0, of, None, None, None)
    return Share(round(found.value * of), of, found.value, found.low, found.high)


def _sd(found: Figure) -> float | None:
    sd = found.detail.get("sd")
    return None if sd is None else float(sd)


_NOBODY = Figure(ResultUnit.PEOPLE, hidden=Hidden.TOO_FEW)
