"""The parts of the page with every figure of a programme: which figures stand together, and what their charts draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.measures.analysis.result import Analysis, CurvePoint, Figure, Unit

#: The parts of the page in their order, each with the beginnings of the keys that stand in it.
PARTS: Mapping[str, tuple[str, ...]] = {
    "change": ("change", "goal", "equivalence", "regression", "clusters"),
    "course": ("course", "model"),
    "bands": ("above", "band", "transition", "reliable"),
    "contrast": ("contrast",),
    "subgroups": ("subgroup",),
    "response": ("response", "flow"),
    "leaving": ("leaving",),
    "lean": ("attrition", "sensitivity", "like"),
    "quality": ("quality",),
}
#: The figures that are drawn on one axis around zero, per part.
FORESTS: Mapping[str, tuple[str, ...]] = {
    "contrast": ("contrast",),
    "subgroups": ("subgroup",),
    "lean": ("sensitivity",),
}
#: Points that are no change of the score: how much worse drop-outs must have fared, and the change itself again.
_NO_CHANGES = (".tipping", ".no_change", ".completers")
#: At which days it stands under a curve how many are still followed.
MARKS = (0, 90, 180, 270, 365)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in a table: its key and the figure."""

    key: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Line:
    """The curve of one arm: its steps, the last day that was seen, and how many were still followed at the marks."""

    arm: str
    steps: tuple[CurvePoint, ...]
    end: float
    at_risk: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """The curves of who still takes part, with the marks under the axis."""

    lines: tuple[Line, ...]
    marks: tuple[int, ...]
    last: float


def part_of(key: str) -> str:
    """In which part a figure or a passage stands."""
    start = key.split(".", maxsplit=1)[0]
    return next((part for part, starts in PARTS.items() if start in starts), "head")


def rows_of(analysis: Analysis, part: str) -> list[Row]:
    """The figures of a part, in the order of the analysis."""
    return [Row(key, figure) for key, figure in analysis.figures.items() if part_of(key) == part]


def forest_of(analysis: Analysis, part: str) -> list[Row]:
    """The differences in points of a part that are drawn on one axis, the change itself first."""
    starts = FORESTS.get(part, ())
    rows = [
        row
        for row in rows_of(analysis, part)
        if row.key.startswith(starts) and not row.key.endswith(_NO_CHANGES) and row.figure.unit is Unit.POINTS
    ]
    if not any(row.figure.shown for row in rows):
        return []
    changes = [f"change.{arm}.difference" for arm in analysis.head.arms]
    return [*(Row(key, analysis.figures[key]) for key in changes if key in analysis.figures), *rows]


def retention_of(analysis: Analysis) -> Retention | None:
    """The drop-out curves of at most two arms; None when nobody was followed."""
    found = [(arm, analysis.curves.get(f"leaving.{arm}.drop_out", ())) for arm in analysis.head.arms]
    curves = [(arm, points) for arm, points in found if points][:2]
    if not curves:
        return None
    last = max(points[-1].day for _, points in curves)
    marks = tuple(mark for mark in MARKS if mark <= last) or (0,)
    lines = tuple(
        Line(arm, tuple(point for point in points if point.left), points[-1].day, _at_risk(points, marks))
        for arm, points in curves
    )
    return Retention(lines, marks, last)


def _at_risk(points: Sequence[CurvePoint], marks: Sequence[int]) -> tuple[int, ...]:
    """How many were followed just before each mark."""
    return tuple(next((point.at_risk for point in points if point.day >= mark), 0) for mark in marks)
