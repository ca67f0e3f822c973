"""Lock the analysis plan of a programme: from now on its figures are made by it, and every report says since when."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import date

from service.followup.plan_problems import misfits, plan_problem
from service.followup.problem import Problem, Refusal
from service.followup.protocol import Protocol
from service.measures.analysis.plan import AnalysisPlan, PlanFault, PlanProblem, as_plain, from_plain
from service.measures.instrument import Instrument
from service.store import analysis_plans, audit, programmes
from service.store.analysis_plans import NewPlan, StoredPlan
from service.store.session import Session
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.analysis_view import chosen_plan
from service.usecases.steps.calendar import office_day

LONGEST_NOTES = 2000
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class PlanForm:
    """A plan to lock. `reason`: why it replaces the one that is locked; not needed for the first."""

    plan: AnalysisPlan
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """What was locked. `late`: a window of the wave it judges by had opened already."""

    plan_id: uuid.UUID
    version: int
    digest: str
    late: bool


def lock_analysis_plan(services: Services, actor: Actor, programme_id: uuid.UUID, form: PlanForm) -> Locked:
    """Add a version beside those that are there. It is late when a window of its primary wave, or of that of an earlier
    version, has opened for anybody: whoever changes the plan then may have seen figures already.

    Raises Denied, NotFound, Refusal (what does not fit the protocol or its instrument, a change without a reason,
    a plan that is locked already, a reference date that has passed, too long).
    """
    access.require(actor, Action.LOCK_PLAN)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        if programmes.lock_programme(session, programme_id) is None:  # one version at a time
            raise NotFound(programme_id)
        stored = programmes.protocol_of_programme(session, programme_id)
        if stored is None:
            raise NotFound(programme_id)
        protocol = services.protocols.read(stored.source, services.instruments)
        versions = analysis_plans.versions(session, programme_id)
        plan = _checked(form, protocol, services.instruments[protocol.instrument], versions, office_day(now))
        waves = {plan.primary, *(chosen_plan(one).plan.primary for one in versions)}
        opening = analysis_plans.first_opening(session, programme_id, waves)
        version = versions[0].version + 1 if versions else 1
        late = opening is not None and opening <= now
        new = NewPlan(version, plan.text, plan.digest, late, form.reason.strip())
        plan_id = analysis_plans.add(session, actor.org_id, programme_id, new, actor.account_id, now)
        _tell(services, session, actor, programme_id, plan_id, new)
    return Locked(plan_id, version, plan.digest, late)


def _checked(
    form: PlanForm, protocol: Protocol, instrument: Instrument, versions: list[StoredPlan], today: date
) -> AnalysisPlan:
    """The plan as it will read back. Raises Refusal with everything that is wrong."""
    plan = _as_kept(form.plan)
    found = misfits(plan, protocol, instrument) + _too_long(form)
    if plan.reference_on is not None and plan.reference_on < today:
        found.append(Problem("plan_reference_past", "reference_on"))
    if versions and not form.reason.strip():
        found.append(Problem("plan_reason_missing", "reason"))
    if versions and versions[0].digest == plan.digest:
        found.append(Problem("plan_same", values={"version": versions[0].version}))
    if found:
        raise Refusal(*found)
    return plan


def _too_long(form: PlanForm) -> list[Problem]:
    lengths = (("notes", form.plan.notes, LONGEST_NOTES), ("reason", form.reason.strip(), LONGEST_REASON))
    return [Problem("too_long", where, values={"most": most}) for where, words, most in lengths if len(words) > most]


def _as_kept(plan: AnalysisPlan) -> AnalysisPlan:
    """The plan as its text reads back: so the digest of what is stored and of what is read are one. Raises Refusal."""
    read = from_plain(json.loads(plan.text))
    if isinstance(read, PlanProblem):
        raise Refusal(plan_problem(read))
    if read != plan:  # a number that is none
        differs = next(name for name, value in as_plain(plan).items() if value != as_plain(read)[name])
        raise Refusal(plan_problem(PlanProblem(differs, PlanFault.UNREADABLE, str(getattr(plan, differs)))))
    return read


def _tell(
    services: Services, session: Session, actor: Actor, programme_id: uuid.UUID, plan_id: uuid.UUID, new: NewPlan
) -> None:
    details = {"programme": str(programme_id), "version": new.version, "digest": new.digest, "late": new.late}
    audit.append(
        session,
        actor.org_id,
        services.now(),
        actor.account_id,
        "lock_analysis_plan",
        "analysis_plan",
        plan_id,
        details,
    )
