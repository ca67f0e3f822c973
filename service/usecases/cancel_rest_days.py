"""A coordinator takes away days on which somebody would rather not hear from us."""

from __future__ import annotations

import uuid

from service.store import audit, rest_days
from service.store.listen import notify
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


def cancel_rest_days(services: Services, actor: Actor, participant_id: uuid.UUID, rest_id: uuid.UUID) -> None:
    """Take one period of this person away. Raises Denied, NotFound (not theirs, or gone already)."""
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        if not rest_days.cancel_rest_days(session, participant_id, rest_id, now):
            raise NotFound(rest_id)
        details = {"rest_period": str(rest_id)}
        audit.append(
            session, actor.org_id, now, actor.account_id, "cancel_rest_days", "participant", participant_id, details
        )
        notify(session)
