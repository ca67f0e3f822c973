"""A coordinator writes down a call: from the list, or out of her own accord. No words of it are kept."""

from __future__ import annotations

import uuid
from datetime import timedelta
from enum import StrEnum

from service.store import audit, calls, participants
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day


class CallOutcome(StrEnum):
    """How a call went."""

    SPOKEN = "spoken"
    NO_ANSWER = "no_answer"
    LATER = "later"


def log_call(
    services: Services,
    actor: Actor,
    participant_id: uuid.UUID,
    outcome: CallOutcome,
    task_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write the call down and return its id, by which it can be undone. Raises Denied, NotFound.

    A person who was spoken to leaves the list; without an answer, or "later", the call stands on it again tomorrow.
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        if participants.read_participant(session, participant_id) is None:
            raise NotFound
        if task_id is not None:
            task = calls.read_task(session, task_id)
            if task is None or task.participant_id != participant_id:
                raise NotFound
            if outcome == CallOutcome.SPOKEN:
                calls.finish_task(session, task_id, outcome, actor.account_id, now)
            else:
                calls.move_task(session, task_id, office_day(now) + timedelta(days=1), outcome)
        moment_id = calls.add_moment(
            session,
            actor.org_id,
            participant_id,
            task_id=task_id,
            made_by=actor.account_id,
            at=now,
            outcome=outcome,
            two_way=outcome == CallOutcome.SPOKEN,
        )
        audit.append(
            session,
            actor.org_id,
            now,
            actor.account_id,
            "log_call",
            "contact_moment",
            moment_id,
            {"outcome": outcome.value},
        )
    return moment_id
