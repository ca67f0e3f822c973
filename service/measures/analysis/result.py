"""The result of an analysis: every figure under a stable key, as plain as a file, so that it can be kept and compared.

Keys read from large to small, joined by full stops: `change.intervention.difference`, `response.intervention.t6m.rr1`.
docs/reference/analysis.md lists them. A figure that may not be shown, or cannot be estimated, keeps its place and says
why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from service.measures.disclosure import Hidden
from service.measures.estimate import Reason

#: The version of the keys and of what they mean. It goes up when a figure is computed or named differently.
FORMAT = 1


class Unit(StrEnum):
    """In what a figure is."""

    PEOPLE = "people"
    SHARE = "share"  # 0 to 1
    POINTS = "points"  # of the score
    SD = "sd"  # standard deviations (d_av, d_z, a standardised difference)
    DAYS = "days"
    P = "p"  # a two-sided p
    RATIO = "ratio"  # odds, alpha, H, a correlation: without a unit
    STATISTIC = "statistic"  # t, F, chi-square


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `value` is None when `hidden` or `reason` says why.

    `low` and `high` are its 95% interval where it has one. `n` is what it rests on and `of` out of how many; both are
    people, and stay when the value does not. `detail` holds degrees of freedom and other numbers that belong to it, and
    for a reason the numbers of its sentence.
    """

    unit: Unit
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    of: int | None = None
    hidden: Hidden | None = None
    reason: Reason | None = None
    detail: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Head:
    """What the analysis is about. `as_of` is the moment of the data (ISO 8601, UTC); digests are SHA-256.

    `live`: the figures move with the data; else they belong to a snapshot. `plan_locked_on`: the date on which the plan
    was fixed ("" when nobody fixed one: then it is the default plan).
    """

    programme: str
    intervention: str
    goal: str
    instrument: str
    instrument_version: str
    outcome: str
    cutoff_set: str
    waves: Sequence[str]
    baseline: str
    primary: str
    arms: Sequence[str]
    as_of: str
    live: bool
    plan_digest: str
    plan_locked_on: str
    data_digest: str
    people: int
    measurements: int
    withheld: int
    format: int = FORMAT

    def __post_init__(self) -> None:
        """Keep the lists as tuples, so that a result read from a file equals the one that was written."""
        object.__setattr__(self, "waves", tuple(self.waves))
        object.__setattr__(self, "arms", tuple(self.arms))


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One step of a curve: days since enrolment, still at risk, left on that day, the share with its interval."""

    day: float
    at_risk: int
    left: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the data, and in which row of the file (0: in the database)."""

    row: int
    fault: str
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole result. `words` are judgements with a fixed vocabulary (`goal.verdict`: reached, not_shown ...).

    With `faults` there are no outcome figures: a series that is no series is not averaged.
    """

    head: Head
    figures: Mapping[str, Figure]
    curves: Mapping[str, tuple[CurvePoint, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def __getitem__(self, key: str) -> Figure:
        """The figure with this key. KeyError when the analysis has none."""
        return self.figures[key]

    def under(self, prefix: str) -> dict[str, Figure]:
        """The figures below a key, by the rest of their key, in their order."""
        start = f"{prefix}."
        return {key.removeprefix(start): figure for key, figure in self.figures.items() if key.startswith(start)}


def as_plain(analysis: Analysis) -> dict[str, Any]:
    """The result as plain values for JSON. Empty parts of a figure are left out."""
    return {
        "head": {one.name: _plain(getattr(analysis.head, one.name)) for one in fields(Head)},
        "figures": {key: _figure_plain(figure) for key, figure in analysis.figures.items()},
        "curves": {
            key: [[getattr(point, one.name) for one in fields(CurvePoint)] for point in curve]
            for key, curve in analysis.curves.items()
        },
        "words": dict(analysis.words),
        "faults": [{one.name: getattr(fault, one.name) for one in fields(Fault)} for fault in analysis.faults],
    }


def from_plain(plain: Mapping[str, Any]) -> Analysis:
    """The result of `as_plain`. Raises KeyError, TypeError or ValueError when it is not one."""
    return Analysis(
        head=Head(**plain["head"]),
        figures={key: _figure(figure) for key, figure in plain["figures"].items()},
        curves={key: tuple(CurvePoint(*point) for point in curve) for key, curve in plain["curves"].items()},
        words=dict(plain["words"]),
        faults=tuple(Fault(**fault) for fault in plain["faults"]),
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _figure_plain(figure: Figure) -> dict[str, Any]:
    found = {one.name: getattr(figure, one.name) for one in fields(Figure)}
    return {
        name: dict(value) if name == "detail" else value
        for name, value in found.items()
        if value is not None and value != {}
    }


def _figure(plain: Mapping[str, Any]) -> Figure:
    values = dict(plain)
    values["unit"] = Unit(values["unit"])
    if "hidden" in values:
        values["hidden"] = Hidden(values["hidden"])
    if "reason" in values:
        values["reason"] = Reason(values["reason"])
    return Figure(**values)
