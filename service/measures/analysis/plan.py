"""The analysis plan: what will be judged, at which wave and how, written down before anybody has seen the outcome."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from service.measures.ancova import Assignment
from service.measures.instrument import Instrument
from service.measures.regression_to_mean import Population


class Subgroup(StrEnum):
    """By what the change may be shown apart, when the plan says so."""

    AGE = "age"  # under 75, and 75 or over at enrolment
    LANGUAGE = "language"
    MODE = "mode"  # how the first measurement was answered
    CLUSTER = "cluster"  # the site


@dataclass(frozen=True, slots=True)
class AnalysisPlan:
    """A programme's analysis plan. Points are points of `outcome`.

    `outcome` is a score of the instrument, `baseline` and `primary` are waves, `cutoff_set` names the set by which
    bands are counted ("" when the instrument has none). `margin`: a change smaller than so many points counts as
    stable; None when the plan does not judge that. `random_slope`: every person a slope of their own in the model.
    `population`: what is known of the people the group was chosen from. `reference_on` is the reference date
    ("peildatum") of the report, None when it is not fixed.
    """

    outcome: str
    baseline: str
    primary: str
    cutoff_set: str = ""
    random_slope: bool = False
    margin: float | None = None
    assignment: Assignment = Assignment.OTHER
    subgroups: tuple[Subgroup, ...] = ()
    population: Population | None = None
    reference_on: date | None = None
    notes: str = ""

    @property
    def text(self) -> str:
        """The plan as canonical JSON: the same plan always gives the same text."""
        return json.dumps(as_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class PlanFault(StrEnum):
    """What is wrong with a plan; the pages and the command line make sentences of it."""

    UNKNOWN_OUTCOME = "unknown_outcome"
    UNKNOWN_WAVE = "unknown_wave"
    SAME_WAVE = "same_wave"  # baseline and primary are one wave, or stand in the wrong order
    UNKNOWN_CUTOFF_SET = "unknown_cutoff_set"
    MARGIN_OUT_OF_RANGE = "margin_out_of_range"  # not above 0, or wider than the scale
    SLOPE_NEEDS_THREE_WAVES = "slope_needs_three_waves"
    POPULATION_OUT_OF_RANGE = "population_out_of_range"
    UNREADABLE = "unreadable"  # not the JSON of a plan, or a field that is not known


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """One fault. `field` is the name of the field, `found` what stands there, `expected` what could."""

    field: str
    fault: PlanFault
    found: str = ""
    expected: str = ""


def default_plan(instrument: Instrument, waves: Sequence[str], primary: str) -> AnalysisPlan:
    """What is computed while nobody has written a plan: the primary score, first wave to primary wave, no margin."""
    cutoffs = instrument.default_cutoffs()
    return AnalysisPlan(instrument.primary.key, waves[0], primary, cutoffs.key if cutoffs else "")


def problems(plan: AnalysisPlan, instrument: Instrument, waves: Sequence[str]) -> tuple[PlanProblem, ...]:
    """Everything in the plan that does not fit this instrument and these waves (in the order of the protocol)."""
    scores = [rule.key for rule in instrument.scores]
    found: list[PlanProblem] = []
    if plan.outcome not in scores:
        found.append(PlanProblem("outcome", PlanFault.UNKNOWN_OUTCOME, plan.outcome, ", ".join(scores)))
    found += _waves_wrong(plan, waves)
    sets = sorted({one.key for one in instrument.cutoffs if one.score == plan.outcome})
    if plan.cutoff_set and plan.cutoff_set not in sets:
        found.append(PlanProblem("cutoff_set", PlanFault.UNKNOWN_CUTOFF_SET, plan.cutoff_set, ", ".join(sets)))
    if plan.margin is not None and plan.outcome in scores:
        rule = instrument.score_rule(plan.outcome)
        widest = rule.maximum - rule.minimum
        if not 0 < plan.margin < widest:
            found.append(PlanProblem("margin", PlanFault.MARGIN_OUT_OF_RANGE, str(plan.margin), f"0 - {widest}"))
    if plan.population is not None:
        found += _population_wrong(plan, plan.population, instrument)
    return tuple(found)


def _population_wrong(plan: AnalysisPlan, population: Population, instrument: Instrument) -> list[PlanProblem]:
    """A correlation from 0 to 1, some people behind it, and a mean that the score can have."""
    bounds = [(population.correlation, 0.0, 1.0), (population.n, 1, math.inf)]
    if plan.outcome in {rule.key for rule in instrument.scores}:
        rule = instrument.score_rule(plan.outcome)
        bounds.append((population.mean, rule.minimum, rule.maximum))
    return [
        PlanProblem("population", PlanFault.POPULATION_OUT_OF_RANGE, str(found), f"{lowest:g} - {highest:g}")
        for found, lowest, highest in bounds
        if not lowest <= found <= highest
    ]


def _waves_wrong(plan: AnalysisPlan, waves: Sequence[str]) -> list[PlanProblem]:
    known = ", ".join(waves)
    found = [
        PlanProblem(name, PlanFault.UNKNOWN_WAVE, wave, known)
        for name, wave in (("baseline", plan.baseline), ("primary", plan.primary))
        if wave not in waves
    ]
    if not found and waves.index(plan.baseline) >= waves.index(plan.primary):
        found.append(PlanProblem("primary", PlanFault.SAME_WAVE, plan.primary, known))
    if plan.random_slope and len(waves) < 3:
        found.append(PlanProblem("random_slope", PlanFault.SLOPE_NEEDS_THREE_WAVES, str(len(waves)), "3"))
    return found


def as_plain(plan: AnalysisPlan) -> dict[str, Any]:
    """The plan as plain values, as they are kept and sent."""
    plain = asdict(plan)
    plain["subgroups"] = [str(one) for one in plan.subgroups]
    plain["assignment"] = str(plan.assignment)
    plain["reference_on"] = plan.reference_on.isoformat() if plan.reference_on else None
    return plain


def from_plain(plain: Any) -> AnalysisPlan | PlanProblem:
    """The plan of `as_plain`, from whatever stood in a file; the first thing that is wrong when this is no plan."""
    if not isinstance(plain, Mapping):
        return PlanProblem("", PlanFault.UNREADABLE, type(plain).__name__, _FIELDS)
    unknown = sorted(str(name) for name in plain if name not in AnalysisPlan.__dataclass_fields__)
    if unknown:
        return PlanProblem(unknown[0], PlanFault.UNREADABLE, unknown[0], _FIELDS)
    values = {}
    for name, read in _READ.items():
        if name in plain:
            try:
                values[name] = read(plain[name])
            except (TypeError, ValueError, KeyError, OverflowError) as wrong:
                return PlanProblem(name, PlanFault.UNREADABLE, str(wrong))
        elif name in _NEEDED:
            return PlanProblem(name, PlanFault.UNREADABLE, "", _FIELDS)
    return AnalysisPlan(**values)


_FIELDS = ", ".join(AnalysisPlan.__dataclass_fields__)
_NEEDED = ("outcome", "baseline", "primary")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    if not value.isascii():
        value.encode()  # half a character cannot be written down: a UnicodeError is a ValueError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is not true or false")
    return value


def _number(value: Any) -> float:
    """A finite number. True is none, though Python counts with it, and nor is a text with digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    return float(value)


def _whole(value: Any) -> int:
    if not _number(value).is_integer():
        raise ValueError(f"{value!r} is not a whole number")
    return int(value)


def _subgroups(value: Any) -> tuple[Subgroup, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"{value!r} is not a list")
    found = tuple(Subgroup(_text(one)) for one in value)
    if len(set(found)) < len(found):
        raise ValueError(f"{value!r} names a subgroup twice")
    return found


def _population(value: Any) -> Population | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is no population: mean, correlation, n, source")
    if set(value) != {"mean", "correlation", "n", "source"}:
        raise ValueError(f"{sorted(map(str, value))!r} is no population: mean, correlation, n, source")
    return Population(_number(value["mean"]), _number(value["correlation"]), _whole(value["n"]), _text(value["source"]))


_READ: Mapping[str, Callable[[Any], Any]] = {
    "outcome": _text,
    "baseline": _text,
    "primary": _text,
    "cutoff_set": _text,
    "random_slope": _flag,
    "margin": lambda value: None if value is None else _number(value),
    "assignment": lambda value: Assignment(_text(value)),
    "subgroups": _subgroups,
    "population": _population,
    "reference_on": lambda value: None if value is None else date.fromisoformat(_text(value)),
    "notes": _text,
}
