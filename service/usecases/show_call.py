"""Whom a call on the list is for."""

from __future__ import annotations

import uuid

from service.store import calls
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


def show_call(services: Services, actor: Actor, task_id: uuid.UUID) -> uuid.UUID:
    """The participant this call is for. Raises Denied, NotFound."""
    access.require(actor, Action.SEE_WORKLIST)
    with services.transaction(actor.org_id) as session:
        task = calls.read_task(session, task_id)
    if task is None:
        raise NotFound
    return task.participant_id
