"""Somebody no longer wants questions, or no longer in some way. As easy as saying yes, and it works at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from service.followup.consent import Purpose, TakenHow
from service.followup.problem import Problem, Refusal
from service.store import audit, participants
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.withdrawal import withdraw


def withdraw_participant(
    services: Services,
    actor: Actor,
    participant_id: uuid.UUID,
    purposes: Collection[Purpose],
    how: TakenHow = TakenHow.SPOKEN,
) -> tuple[str, ...]:
    """Withdraw consents; returns those that were in force. Raises Denied, NotFound, Refusal (nothing was chosen).

    What ends with them is the same wherever it is asked: `steps.withdrawal`.
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    if not purposes:
        raise Refusal(Problem("choose_purpose", "purposes"))
    with services.transaction(actor.org_id) as session:
        participant = participants.read_participant(session, participant_id)
        if participant is None:
            raise NotFound
        now = services.now()
        ended = withdraw(
            services,
            session,
            actor.org_id,
            participant_id,
            participant.preferred_channel,
            purposes,
            how,
            actor.account_id,
        )
        audit.append(
            session,
            actor.org_id,
            now,
            actor.account_id,
            "withdraw_participant",
            "participant",
            participant_id,
            {"purposes": sorted(purposes)},
        )
    return tuple(sorted(ended))
