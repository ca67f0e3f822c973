"""The figures of a reference date exactly as they were laid down; nothing is computed again."""

from __future__ import annotations

import uuid

from service.followup.problem import Problem, Refusal
from service.measures.analysis.plan import AnalysisPlan
from service.measures.analysis.result import Head
from service.measures.instrument import OutcomeInstrument, outcome
from service.store import analysis_plans, snapshots
from service.store.reports import find_programme
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.analysis_view import AnalysisView, ChosenPlan, chosen_plan
from service.usecases.steps.laid_down import read_back, waves_read


def show_snapshot(services: Services, actor: Actor, programme_id: uuid.UUID, snapshot_id: uuid.UUID) -> AnalysisView:
    """One snapshot of this programme, with the plan it was made by.

    Raises Denied, NotFound, Refusal (the result or the plan is not what was laid down, or the questionnaire is gone).
    """
    access.require(actor, Action.SEE_FIGURES)
    with services.transaction(actor.org_id) as session:
        head = find_programme(session, programme_id)
        stored = snapshots.find(session, programme_id, snapshot_id)
        if head is None or stored is None:
            raise NotFound(snapshot_id)
        versions = analysis_plans.versions(session, programme_id)
        taken = snapshots.list_snapshots(session, programme_id)
    analysis = read_back(stored)
    made_by = next((one for one in versions if one.id == stored.plan_id), None)
    chosen = chosen_plan(made_by) if made_by else ChosenPlan(_default_then(analysis.head))
    return AnalysisView(
        line=head.line,
        instrument=_instrument(services, analysis.head),
        waves=waves_read(stored.waves),
        plan=chosen.plan,
        plan_version=chosen.version,
        locked_on=chosen.locked_on,
        late=chosen.late,
        analysis=analysis,
        snapshots=tuple(taken),
        snapshot=stored.line,
    )


def _default_then(head: Head) -> AnalysisPlan:
    """The default plan as it was at that moment: it has nothing but what stands above the figures."""
    return AnalysisPlan(head.outcome, head.baseline, head.primary, head.cutoff_set)


def _instrument(services: Services, head: Head) -> OutcomeInstrument:
    found = services.instruments.get(head.instrument)
    if found is None:
        raise Refusal(Problem("snapshot_instrument_gone", values={"instrument": head.instrument}))
    return outcome(found)
