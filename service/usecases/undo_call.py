"""A coordinator crosses out a call that was written down by mistake."""

from __future__ import annotations

import uuid

from service.store import audit, calls
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day


def undo_call(services: Services, actor: Actor, moment_id: uuid.UUID) -> None:
    """The call is on the list again, for the day it was made; twice changes nothing. Raises Denied, NotFound."""
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        moment = calls.read_moment(session, moment_id)
        if moment is None:
            raise NotFound
        if moment.undone_at is not None:
            return
        calls.undo_moment(session, moment_id, now)
        if moment.task_id is not None:
            calls.reopen_task(session, moment.task_id, office_day(moment.at))
        audit.append(session, actor.org_id, now, actor.account_id, "undo_call", "contact_moment", moment_id)
