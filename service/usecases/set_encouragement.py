"""A coordinator notes how often somebody wants to hear from us between the questions."""

from __future__ import annotations

import uuid

from service.followup.encouragement import Wish
from service.store import audit, own_pages, participants
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


def set_encouragement(services: Services, actor: Actor, participant_id: uuid.UUID, wish: Wish) -> None:
    """Keep the wish; what is not sent yet follows it. Raises Denied, NotFound."""
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        if participants.read_participant(session, participant_id) is None:
            raise NotFound(participant_id)
        own_pages.set_encouragement(session, participant_id, wish)
        audit.append(
            session,
            actor.org_id,
            services.now(),
            actor.account_id,
            "set_encouragement",
            "participant",
            participant_id,
            {"wish": wish.value},
        )
