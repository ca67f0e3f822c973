"""Lay down the figures of a programme as they are today ("peildatum"): they never change afterwards."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from service import __version__
from service.followup.problem import Problem, Refusal
from service.measures.analysis.analyse import analyse
from service.store import analysis_plans, audit, snapshots
from service.store.snapshots import NewSnapshot
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.analysing import records_for
from service.usecases.steps.analysis_view import plan_in_force
from service.usecases.steps.calendar import office_day
from service.usecases.steps.laid_down import waves_written, written


@dataclass(frozen=True, slots=True)
class Taken:
    """What was laid down. `planned_on` is the reference date of the plan when that is still to come, else None."""

    snapshot_id: uuid.UUID
    result_digest: str
    planned_on: date | None


def take_snapshot(services: Services, actor: Actor, programme_id: uuid.UUID, reference_on: date | None = None) -> Taken:
    """The figures of this moment, by the newest plan or the default one. `reference_on`: today, also when None.

    A day that has passed cannot be computed any more: rows have changed since. Two snapshots of the same data have the
    same digest. Raises Denied, NotFound, Refusal (another day than today; no figures because of faults in the data).
    """
    access.require(actor, Action.TAKE_SNAPSHOT)
    now = services.now().replace(microsecond=0)
    today = office_day(now)
    _check(reference_on, today)
    with services.transaction(actor.org_id) as session:
        records = records_for(services, session, programme_id, now)
        stored = analysis_plans.versions(session, programme_id)
    if records is None:
        raise NotFound(programme_id)
    chosen = plan_in_force(records, stored)
    analysis = analyse(records, chosen.plan, live=False, locked_on=chosen.locked_on)
    if analysis.faults:
        raise Refusal(Problem("snapshot_no_figures", values={"n": len(analysis.faults)}))
    result, digest = written(analysis)
    new = NewSnapshot(
        plan_id=stored[0].id if stored else None,
        reference_at=datetime.fromisoformat(analysis.head.as_of),
        result=result,
        result_digest=digest,
        data_digest=analysis.head.data_digest,
        waves=waves_written(records.waves),
        peil_version=__version__,
    )
    snapshot_id = _keep(services, actor, programme_id, new)
    planned = chosen.plan.reference_on
    return Taken(snapshot_id, digest, planned if planned is not None and today < planned else None)


def _check(reference_on: date | None, today: date) -> None:
    if reference_on is not None and reference_on < today:
        raise Refusal(Problem("snapshot_past", "reference_on", values={"day": f"{reference_on:%d-%m-%Y}"}))
    if reference_on is not None and reference_on > today:
        raise Refusal(Problem("snapshot_future", "reference_on", values={"day": f"{reference_on:%d-%m-%Y}"}))


def _keep(services: Services, actor: Actor, programme_id: uuid.UUID, new: NewSnapshot) -> uuid.UUID:
    now = services.now()
    with services.transaction(actor.org_id) as session:
        snapshot_id = snapshots.add(session, actor.org_id, programme_id, new, actor.account_id, now)
        audit.append(
            session,
            actor.org_id,
            now,
            actor.account_id,
            "take_snapshot",
            "snapshot",
            snapshot_id,
            {
                "programme": str(programme_id),
                "plan": str(new.plan_id or ""),
                "result": new.result_digest,
                "data": new.data_digest,
            },
        )
    return snapshot_id
