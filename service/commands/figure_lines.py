"""An analysis as lines of plain text: every figure under its key, by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from service.measures.analysis.result import Analysis, Figure, Head, Unit

#: Decimals by unit.
_PLACES: Mapping[Unit, int] = {
    Unit.PEOPLE: 0,
    Unit.SHARE: 3,
    Unit.POINTS: 2,
    Unit.SD: 2,
    Unit.DAYS: 0,
    Unit.P: 4,
    Unit.RATIO: 2,
    Unit.STATISTIC: 2,
}


def figure_lines(analysis: Analysis) -> Iterator[str]:
    """The head, then figure by figure, a blank line between the parts; words and the lengths of curves at the end."""
    for one in fields(Head):
        value = getattr(analysis.head, one.name)
        yield f"head.{one.name}  {_plain(value)}"
    parts: dict[str, list[str]] = {}
    for key, figure in analysis.figures.items():
        parts.setdefault(key.partition(".")[0], []).append(f"{key}  {said(figure)}")
    for lines in parts.values():
        yield ""
        yield from lines
    if analysis.words:
        yield ""
    yield from (f"{key}  {word}" for key, word in analysis.words.items())
    if analysis.curves:
        yield ""
    yield from (f"{key}  a curve of {len(curve)} steps (see --json)" for key, curve in analysis.curves.items())


def said(figure: Figure) -> str:
    """One figure: `-1.55 (-2.15 to -0.96), n 47 of 80`, `not shown: too_few` or `not estimable: no_data`."""
    if figure.hidden is not None:
        told = f"not shown: {figure.hidden}"
    elif figure.reason is not None or figure.value is None:
        told = f"not estimable: {figure.reason}"
    else:
        told = _number(figure.value, figure.unit)
        if figure.low is not None and figure.high is not None:
            told += f" ({_number(figure.low, figure.unit)} to {_number(figure.high, figure.unit)})"
    if figure.n is not None and figure.unit is not Unit.PEOPLE:
        told += f", n {figure.n}"
    if figure.of is not None:
        told += f" of {figure.of}"
    detail = ", ".join(f"{name} {_plain(value)}" for name, value in figure.detail.items() if name != "n")
    return f"{told}; {detail}" if detail else told


def _number(value: float, unit: Unit) -> str:
    return f"{value:.{_PLACES[unit]}f}"


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return " ".join(str(one) for one in value)
    return str(value)
