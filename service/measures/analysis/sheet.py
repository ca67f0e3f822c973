"""Figures as they are worked out, each outcome with what it would give away; at the end, what may be shown of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from service.measures.analysis.result import CurvePoint, Figure, Unit
from service.measures.competing import IncidenceCurve
from service.measures.derivable import Moments
from service.measures.disclosure import Asked, Hidden, decide, may_show
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.survival import SurvivalCurve

Detail: TypeAlias = Mapping[str, float | int | str]
#: Reasons that tell what everybody answered: there is no such figure because all are the same.
_TELLING = frozenset({Reason.NO_VARIANCE, Reason.SINGULAR})


@dataclass(frozen=True, slots=True)
class Rests:
    """On what an outcome rests: the keys of the questions asked, and how many are valid, shown yet or not."""

    asks: tuple[str, ...]
    valid: int = 0


class Sheet:
    """One analysis while it is worked out. Outcomes say what they rest on; counts and response do not (DESIGN 6.6)."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.curves: dict[str, tuple[CurvePoint, ...]] = {}
        self._figures: dict[str, tuple[Figure, Rests | None]] = {}
        self._said: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._asked: dict[str, Asked] = {}

    def count(self, key: str, people: int, of: int | None = None) -> None:
        """A number of people that says nothing of what anybody answered."""
        self._figures[key] = (Figure(Unit.PEOPLE, float(people), n=people, of=of), None)

    def process(self, key: str, found: Estimate | NotEstimable, unit: Unit = Unit.SHARE, **detail: float | str) -> None:
        """A figure about who was asked, answered or left: never hidden. A share rests on the n of its estimate."""
        self._figures[key] = (figure(found, unit, detail), None)

    def ask(
        self,
        key: str,
        values: Mapping[Any, float],
        moments: Moments,
        rank: int,
        own: Mapping[Any, Moments] | None = None,
    ) -> str:
        """Say what an outcome would give away; returns the key. What was asked before under this key is the same."""
        self._asked.setdefault(key, Asked(key, values, moments, rank, own or {}))
        return key

    def outcome(
        self,
        key: str,
        found: Estimate | NotEstimable,
        unit: Unit,
        rests: Rests,
        *,
        of: int | None = None,
        detail: Detail | None = None,
    ) -> None:
        """A figure about what people answered. It is shown when everything it rests on may be."""
        self._figures[key] = (replace(figure(found, unit, detail or {}), of=of), rests)

    def number(
        self, key: str, value: float, unit: Unit, rests: Rests, *, n: int | None = None, detail: Detail | None = None
    ) -> None:
        """An outcome without an interval."""
        self._figures[key] = (Figure(unit, value, n=n, detail=dict(detail or {})), rests)

    def say(self, key: str, word: str, *figures: str) -> None:
        """A judgement on outcomes: it stands in the words when one of the figures it was said of is shown."""
        before = self._said[key][1] if key in self._said else ()
        self._said[key] = (word, (*before, *figures))

    def put(self, key: str, found: Figure) -> None:
        """A figure about taking part that is no plain estimate."""
        self._figures[key] = (found, None)

    def constant(self, key: str, value: float, unit: Unit, **detail: float | str) -> None:
        """A number that does not come from these people, such as a margin."""
        self._figures[key] = (Figure(unit, value, detail=detail), None)

    def curve(self, key: str, found: SurvivalCurve) -> None:
        """A retention curve: about who left, so never hidden."""
        steps = zip(found.times, found.at_risk, found.events, found.survival, found.low, found.high, strict=True)
        self.curves[key] = _points(steps)

    def incidence(self, key: str, found: IncidenceCurve) -> None:
        """The share that has left for one cause, as a curve."""
        steps = zip(found.times, found.at_risk, found.events, found.incidence, found.low, found.high, strict=True)
        self.curves[key] = _points(steps)

    def finish(self) -> dict[str, Figure]:
        """Every figure, with those that may not be shown emptied: all outcomes are decided upon together.

        What was said of figures that are shown is then in `words`.
        """
        reasons = decide(list(self._asked.values()))
        figures = {key: plain(_decided(found, rests, reasons)) for key, (found, rests) in self._figures.items()}
        for key, (word, rests_on) in self._said.items():
            if any(figures[one].shown for one in rests_on):
                self.words[key] = word
        return figures


def figure(found: Estimate | NotEstimable, unit: Unit, detail: Detail) -> Figure:
    """An estimate, or the reason why there is none, as a figure."""
    if isinstance(found, NotEstimable):
        count = found.detail.get("n")
        n = count if isinstance(count, int) else None
        return Figure(unit, n=n, reason=found.reason, detail={**detail, **found.detail})
    return Figure(unit, found.value, found.low, found.high, found.n, detail=dict(detail))


def plain(found: Figure) -> Figure:
    """The figure with plain, finite numbers, as JSON knows them.

    A value that is not a number is out of range; a limit that is not finite is no limit, and such a detail is left out.
    """
    if found.value is not None and not math.isfinite(found.value):
        return Figure(found.unit, n=found.n, of=found.of, reason=Reason.OUT_OF_RANGE)
    limits = (None if limit is None or not math.isfinite(limit) else float(limit) for limit in (found.low, found.high))
    low, high = limits
    value = None if found.value is None else float(found.value)
    detail = {name: known for name, one in found.detail.items() if (known := _plain(one)) is not None}
    return replace(found, value=value, low=low, high=high, detail=detail)


def _plain(one: float | str) -> float | int | str | None:
    """A text or finite number as Python has it; None when it is not finite."""
    if isinstance(one, str):
        return str(one)
    if isinstance(one, int):
        return int(one)
    number = float(one)
    return number if math.isfinite(number) else None


def _points(steps: Iterable[tuple[Any, ...]]) -> tuple[CurvePoint, ...]:
    return tuple(
        CurvePoint(float(day), int(risk), int(left), float(share), float(low), float(high))
        for day, risk, left, share, low, high in steps
    )


def _decided(found: Figure, rests: Rests | None, reasons: Mapping[str, Hidden | None]) -> Figure:
    if rests is None:
        return found
    why = _first([reasons[key] for key in rests.asks])
    if why is None and found.reason in _TELLING:
        why = Hidden.ALL_THE_SAME
    if why is None:
        return found
    if why is Hidden.TOO_FEW and may_show(rests.valid):
        why = Hidden.WAITING
    return Figure(found.unit, n=found.n, of=found.of, hidden=why)


def _first(reasons: Sequence[Hidden | None]) -> Hidden | None:
    """The reason that says least: too few before anything that tells about the answers."""
    found = [reason for reason in reasons if reason is not None]
    return min(found, key=list(Hidden).index, default=None)
