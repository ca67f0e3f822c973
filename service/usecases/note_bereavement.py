"""A coordinator notes that somebody near a participant died: no encouragement for a while."""

from __future__ import annotations

import uuid
from datetime import date

from service.followup.registration import check_past
from service.store import audit, participants
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day


def note_bereavement(services: Services, actor: Actor, participant_id: uuid.UUID, bereaved_on: date | None) -> None:
    """Keep the day, or take it back (None). Who died is not kept. Raises Denied, NotFound, Refusal (a day to come)."""
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    now = services.now()
    if bereaved_on is not None:
        check_past(bereaved_on, office_day(now), "bereaved_on")
    with services.transaction(actor.org_id) as session:
        if participants.read_participant(session, participant_id) is None:
            raise NotFound(participant_id)
        participants.set_bereaved(session, participant_id, bereaved_on)
        audit.append(session, actor.org_id, now, actor.account_id, "note_bereavement", "participant", participant_id)
