"""The analysis plan of one programme: every version that was locked, and what a next one may choose from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from service.followup.plan_problems import misfits
from service.followup.problem import Problem
from service.followup.protocol import Wave
from service.followup.records import ends
from service.measures.analysis.plan import AnalysisPlan, default_plan
from service.measures.instrument import OutcomeInstrument, outcome
from service.store import analysis_plans, programmes
from service.store.analysis_plans import StoredPlan
from service.store.reports import ProgrammeLine, find_programme
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.analysis_view import chosen_plan
from service.usecases.steps.calendar import office_day


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version as it was locked, read."""

    stored: StoredPlan
    plan: AnalysisPlan


@dataclass(frozen=True, slots=True)
class PlanView:
    """What the page needs. `versions` are the newest first; `start` is what the form begins with.

    `opened_at`: when the first window of the wave that counts opened, None while it has not. A plan that is locked now
    would then be late. `misfits`: what of the newest version does not fit the protocol (any more); with any, there are
    no figures until a next version is locked.
    """

    line: ProgrammeLine
    instrument: OutcomeInstrument
    waves: tuple[Wave, ...]
    baseline: Wave
    primary: Wave
    versions: tuple[PlanVersion, ...]
    start: AnalysisPlan
    opened_at: datetime | None
    today: date
    misfits: tuple[Problem, ...]


def show_analysis_plan(services: Services, actor: Actor, programme_id: uuid.UUID) -> PlanView:
    """The versions and the choices. Raises Denied, NotFound, Refusal (a version is not the one that was locked)."""
    access.require(actor, Action.SEE_FIGURES)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        head = find_programme(session, programme_id)
        stored = programmes.protocol_of_programme(session, programme_id)
        if head is None or stored is None:
            raise NotFound(programme_id)
        protocol = services.protocols.read(stored.source, services.instruments)
        first, last = ends(protocol)
        versions = [PlanVersion(one, chosen_plan(one).plan) for one in analysis_plans.versions(session, programme_id)]
        judged = {last.key, *(one.plan.primary for one in versions)}
        opening = analysis_plans.first_opening(session, programme_id, judged)
    instrument = outcome(services.instruments[protocol.instrument])
    begin = default_plan(instrument, [wave.key for wave in protocol.waves], last.key)
    return PlanView(
        line=head.line,
        instrument=instrument,
        waves=tuple(protocol.waves),
        baseline=first,
        primary=last,
        versions=tuple(versions),
        start=versions[0].plan if versions else begin,
        opened_at=opening if opening is not None and opening <= now else None,
        today=office_day(now),
        misfits=tuple(misfits(versions[0].plan, protocol, instrument)) if versions else (),
    )
