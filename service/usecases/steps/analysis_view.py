"""What pages and files are given of an analysis, live or from a snapshot, and which plan it was made by."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from service.followup.problem import Problem, Refusal
from service.measures.analysis import plan as plans
from service.measures.analysis.plan import AnalysisPlan, PlanProblem, default_plan
from service.measures.analysis.records import PlannedWave, Records
from service.measures.analysis.result import Analysis
from service.measures.instrument import OutcomeInstrument
from service.store.analysis_plans import StoredPlan
from service.store.reports import ProgrammeLine
from service.store.snapshots import SnapshotLine
from service.usecases.steps.calendar import office_day


@dataclass(frozen=True, slots=True)
class ChosenPlan:
    """The plan figures are made by. `version` and `locked_on` (office day) are None when nobody locked one.

    `late`: it was locked when a window of the wave it judges by had opened already.
    """

    plan: AnalysisPlan
    version: int | None = None
    locked_on: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """One analysis of one programme. `snapshot` is the one that is shown, None for the figures of this moment.

    `line` is the programme as it is now. `snapshots` are all of the programme, newest first.
    """

    line: ProgrammeLine
    instrument: OutcomeInstrument
    waves: tuple[PlannedWave, ...]
    plan: AnalysisPlan
    plan_version: int | None
    locked_on: date | None
    late: bool
    analysis: Analysis
    snapshots: tuple[SnapshotLine, ...]
    snapshot: SnapshotLine | None = None


def chosen_plan(stored: StoredPlan) -> ChosenPlan:
    """The plan as it was locked. Raises Refusal when the text is not the one that was locked."""
    read = plans.from_plain(json.loads(stored.plan)) if sha256(stored.plan) == stored.digest else None
    if read is None or isinstance(read, PlanProblem):
        raise Refusal(Problem("plan_damaged", values={"version": stored.version}))
    return ChosenPlan(read, stored.version, office_day(stored.locked_at), stored.late)


def plan_in_force(records: Records, versions: list[StoredPlan]) -> ChosenPlan:
    """The newest version, or the default plan. Raises Refusal as `chosen_plan`."""
    if versions:
        return chosen_plan(versions[0])
    return ChosenPlan(default_plan(records.instrument, [wave.key for wave in records.waves], records.primary))


def sha256(text: str) -> str:
    """In hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
