"""Every figure of one programme as it is now, by its analysis plan."""

from __future__ import annotations

import uuid

from service.measures.analysis.analyse import analyse
from service.store import analysis_plans, snapshots
from service.store.reports import find_programme
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.analysing import records_for
from service.usecases.steps.analysis_view import AnalysisView, plan_in_force

__all__ = ["AnalysisView", "show_analysis"]


def show_analysis(services: Services, actor: Actor, programme_id: uuid.UUID) -> AnalysisView:
    """The live figures by the newest plan, or by the default plan while nobody locked one.

    Raises Denied, NotFound, Refusal (the plan is not the one that was locked).
    """
    access.require(actor, Action.SEE_FIGURES)
    with services.transaction(actor.org_id) as session:
        head = find_programme(session, programme_id)
        records = records_for(services, session, programme_id, services.now())
        versions = analysis_plans.versions(session, programme_id)
        taken = snapshots.list_snapshots(session, programme_id)
    if head is None or records is None:
        raise NotFound(programme_id)
    chosen = plan_in_force(records, versions)
    return AnalysisView(
        line=head.line,
        instrument=records.instrument,
        waves=records.waves,
        plan=chosen.plan,
        plan_version=chosen.version,
        locked_on=chosen.locked_on,
        late=chosen.late,
        analysis=analyse(records, chosen.plan, live=True, locked_on=chosen.locked_on),
        snapshots=tuple(taken),
    )
