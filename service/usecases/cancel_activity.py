"""A coordinator cancels an activity."""

from __future__ import annotations

import uuid

from service.store import activities, audit, reminders
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.reminders import tell_again


def cancel_activity(services: Services, actor: Actor, activity_id: uuid.UUID, *, tell: bool) -> tuple[int, int]:
    """Nobody is reminded of it any more; with `tell`, whoever was reminded hears that it does not take place.

    Returns how many had been reminded, and how many of those are told in time; a coordinator calls the others.
    Twice changes nothing. Raises Denied, NotFound.
    """
    access.require(actor, Action.KEEP_CALENDAR)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        activity = activities.read(session, activity_id) if activities.lock(session, activity_id) else None
        if activity is None:
            raise NotFound(activity_id)
        if activity.cancelled_at is not None:
            return 0, 0
        activities.cancel(session, activity_id, now)
        reminders.cancel_unsent(session, activity_id, "activity_cancelled", now)
        if tell:
            told = tell_again(services, session, actor.org_id, activity_id, reminders.CANCELLED)
        else:
            told = len(reminders.told(session, activity_id)), 0
        audit.append(session, actor.org_id, now, actor.account_id, "cancel_activity", "activity", activity_id)
    return told
