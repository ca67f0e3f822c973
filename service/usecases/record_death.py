"""A coordinator records that somebody died. Everything stops at once; nobody calls this number for us any more."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from service.followup.participation import ExitKind
from service.followup.problem import Problem, Refusal
from service.followup.registration import check_past
from service.store import audit, calls, participants, plans
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import OFFICE_ZONE, office_day


def record_death(services: Services, actor: Actor, participant_id: uuid.UUID, died_on: date) -> None:
    """Record the day. Waves that would open on that day or later no longer count ("died"); one that was open is missed.

    Raises Denied, NotFound, Refusal (a day in the future, or a death that was recorded before).
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    check_past(died_on, office_day(services.now()), "died_on")
    with services.transaction(actor.org_id) as session:
        participant = participants.read_participant(session, participant_id)
        if participant is None:
            raise NotFound
        if participant.died_on is not None:
            raise Refusal(Problem("participant_died", "died_on"))
        now = services.now()
        participants.set_died(session, participant_id, died_on)
        plans.cancel_unsent(session, actor.org_id, participant_id, "died", now)
        from_then = datetime.combine(died_on, time.min, OFFICE_ZONE)
        plans.end_measurements(session, participant_id, before=from_then, not_yet_open="died", while_open="died")
        plans.close_conversations(session, participant_id, now)
        calls.close_tasks(session, participant_id, "died", actor.account_id, now)
        for enrolment in participants.enrolments_of(session, participant_id):
            exited_on = max(died_on, enrolment.started_on)
            participants.exit_enrolment(
                session, enrolment.id, exited_on=exited_on, exit_kind=ExitKind.DECEASED, reason=""
            )
        audit.append(session, actor.org_id, now, actor.account_id, "record_death", "participant", participant_id)
