"""A coordinator notes days on which somebody would rather not hear from us."""

from __future__ import annotations

import uuid
from datetime import date

from service.store import audit, participants
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.rest_days import STAFF, keep_rest_days


def add_rest_days(
    services: Services, actor: Actor, participant_id: uuid.UUID, first_on: date, last_on: date | None = None
) -> uuid.UUID:
    """Keep a period, first and last day included (`last_on` None: one day). It counts from the next send on.

    Raises Denied, NotFound, and Refusal (ends before it begins, is over, or is too long).
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        if participants.read_participant(session, participant_id) is None:
            raise NotFound(participant_id)
        last_on = first_on if last_on is None else last_on
        rest_id = keep_rest_days(services, session, actor.org_id, participant_id, first_on, last_on, STAFF)
        audit.append(
            session,
            actor.org_id,
            services.now(),
            actor.account_id,
            "add_rest_days",
            "participant",
            participant_id,
            {"rest_period": str(rest_id)},
        )
    return rest_id
