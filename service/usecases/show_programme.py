"""One programme in figures: who stays, what changes, and how certain that is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.followup.figures import Figures, figures
from service.followup.protocol import Protocol
from service.measures.analysis.analyse import analyse
from service.measures.analysis.result import Analysis
from service.measures.instrument import OutcomeInstrument
from service.store import analysis_plans
from service.store.reports import ProgrammeLine, find_programme
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.analysing import records_for
from service.usecases.steps.analysis_view import plan_in_force


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """What the page shows. `at` is the moment of the data (UTC)."""

    line: ProgrammeLine
    summary: str
    protocol: Protocol
    instrument: OutcomeInstrument
    figures: Figures
    analysis: Analysis
    at: datetime


def show_programme(services: Services, actor: Actor, programme_id: uuid.UUID) -> ProgrammeView:
    """The figures of one programme; nothing about fewer than ten people. Raises Denied, NotFound."""
    access.require(actor, Action.SEE_FIGURES)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        head = find_programme(session, programme_id)
        records = records_for(services, session, programme_id, now)
        versions = analysis_plans.versions(session, programme_id)
    if head is None or records is None:
        raise NotFound(programme_id)
    chosen = plan_in_force(records, versions)
    analysis = analyse(records, chosen.plan, live=True, locked_on=chosen.locked_on)
    protocol = services.protocols.read(head.protocol_source, services.instruments)
    return ProgrammeView(
        line=head.line,
        summary=head.summary,
        protocol=protocol,
        instrument=records.instrument,
        figures=figures(protocol, analysis),
        analysis=analysis,
        at=now,
    )
