"""What of an analysis plan does not fit its programme, and which sentence says so (the sentences: `messages`)."""

from __future__ import annotations

from collections.abc import Mapping

from service.followup.problem import Problem
from service.followup.protocol import Protocol
from service.followup.records import ends
from service.measures.analysis.plan import AnalysisPlan, PlanFault, PlanProblem, problems
from service.measures.instrument import Instrument

KEYS: Mapping[PlanFault, str] = {
    PlanFault.UNKNOWN_OUTCOME: "plan_unknown_outcome",
    PlanFault.UNKNOWN_WAVE: "plan_unknown_wave",
    PlanFault.SAME_WAVE: "plan_same_wave",
    PlanFault.UNKNOWN_CUTOFF_SET: "plan_unknown_cutoff_set",
    PlanFault.MARGIN_OUT_OF_RANGE: "plan_margin_out_of_range",
    PlanFault.SLOPE_NEEDS_THREE_WAVES: "plan_slope_needs_three_waves",
    PlanFault.POPULATION_OUT_OF_RANGE: "plan_population_out_of_range",
    PlanFault.UNREADABLE: "plan_unreadable",
}


def plan_problem(found: PlanProblem) -> Problem:
    """The problem that pages and the command line say, at the field it is about."""
    values = {"found": found.found.removesuffix(".0") or "-", "expected": found.expected or "-"}
    return Problem(KEYS[found.fault], found.field, values=values)


def misfits(plan: AnalysisPlan, protocol: Protocol, instrument: Instrument) -> list[Problem]:
    """Everything that does not fit. Which waves a change is about is said in one place: the protocol."""
    found = [plan_problem(one) for one in problems(plan, instrument, [wave.key for wave in protocol.waves])]
    first, last = ends(protocol)
    if not found and plan.baseline != first.key:
        found.append(Problem("plan_other_baseline", "baseline", values=_values(plan.baseline, first.key)))
    if not found and plan.primary != last.key:
        found.append(Problem("plan_other_primary", "primary", values=_values(plan.primary, last.key)))
    return found


def _values(found: str, expected: str) -> dict[str, str | int]:
    return {"found": found, "expected": expected}
