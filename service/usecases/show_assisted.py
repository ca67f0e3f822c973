"""Filling in together: what the helper reads out and enters. No answer that was given before, and no score."""

from __future__ import annotations

import uuid

from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.asking import Asking, read_asking


def show_assisted(services: Services, actor: Actor, participant_id: uuid.UUID, measurement_id: uuid.UUID) -> Asking:
    """The questions of this wave for this person. Raises Denied, NotFound."""
    access.require(actor, Action.ENTER_ANSWERS)
    with services.transaction(actor.org_id) as session:
        found = read_asking(services, session, actor.org_id, measurement_id)
    if found.participant_id != participant_id:
        raise NotFound(measurement_id)
    return found
