"""The analysis plan: what will be judged, at which wave and how, written down before anybody has seen the outcome."""

from __future__ import annotations

import hashlib
import json
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
    if plan.population is not None and not 0 <= plan.population.correlation <= 1:
        text = str(plan.population.correlation)
        found.append(PlanProblem("population", PlanFault.POPULATION_OUT_OF_RANGE, text, "0 - 1"))
    return tuple(found)


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


def from_plain(plain: Mapping[str, Any]) -> AnalysisPlan | PlanProblem:
    """The plan of `as_plain`; the first thing that is wrong when this is no plan."""
    unknown = sorted(set(plain) - set(AnalysisPlan.__dataclass_fields__))
    if unknown:
        known = ", ".join(AnalysisPlan.__dataclass_fields__)
        return PlanProblem(unknown[0], PlanFault.UNREADABLE, unknown[0], known)
    field = "outcome"
    try:
        values = dict(plain)
        for field, read in _READ.items():
            if field in values:
                values[field] = read(values[field])
        return AnalysisPlan(**values)
    except (TypeError, ValueError, KeyError) as wrong:
        return PlanProblem(field, PlanFault.UNREADABLE, str(wrong))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _population(value: Any) -> Population | None:
    if value is None:
        return None
    return Population(float(value["mean"]), float(value["correlation"]), int(value["n"]), _text(value["source"]))


_READ: Mapping[str, Callable[[Any], Any]] = {
    "outcome": _text,
    "baseline": _text,
    "primary": _text,
    "cutoff_set": _text,
    "random_slope": bool,
    "margin": lambda value: None if value is None else float(value),
    "assignment": Assignment,
    "subgroups": lambda value: tuple(Subgroup(one) for one in value),
    "population": _population,
    "reference_on": lambda value: None if value is None else date.fromisoformat(value),
    "notes": _text,
}
