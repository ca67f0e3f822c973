"""Somebody no longer wants questions, or no longer in some way. As easy as saying yes, and it works at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from service.followup.consent import CHANNEL_PURPOSE, Purpose, TakenHow
from service.followup.problem import Problem, Refusal
from service.store import audit, calls, messages, participants, plans
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


def withdraw_participant(
    services: Services,
    actor: Actor,
    participant_id: uuid.UUID,
    purposes: Collection[Purpose],
    how: TakenHow = TakenHow.SPOKEN,
) -> tuple[str, ...]:
    """Withdraw consents; returns those that were in force. Raises Denied, NotFound, Refusal (nothing was chosen).

    Without the questions everything ends: unsent messages are cancelled, waves to come are cancelled as "withdrawn", a
    wave that was open is missed as "refused", no call remains. Without the preferred channel only the unsent messages
    of open waves go: later ones are decided at their own moment, and the waves stay, because a person may still ask.
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    if not purposes:
        raise Refusal(Problem("choose_purpose", "purposes"))
    with services.transaction(actor.org_id) as session:
        participant = participants.read_participant(session, participant_id)
        if participant is None:
            raise NotFound
        now = services.now()
        ended = participants.withdraw_consents(session, participant_id, purposes, how, now)
        if Purpose.QUESTIONS in purposes:
            plans.cancel_unsent(session, actor.org_id, participant_id, "withdrawn", now)
            plans.end_measurements(session, participant_id, before=now, not_yet_open="withdrawn", while_open="refused")
            plans.close_conversations(session, participant_id, now)
            calls.close_tasks(session, participant_id, "withdrawn", actor.account_id, now)
        elif CHANNEL_PURPOSE[participant.preferred_channel] in purposes:
            messages.cancel_unsent(session, now, "withdrawn", participant_ids=[participant_id])
            plans.close_conversations(session, participant_id, now)
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
