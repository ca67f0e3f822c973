"""A coordinator moves an activity: another moment, place, name or length."""

from __future__ import annotations

import uuid
from dataclasses import replace

from service.followup.activities import ActivityForm
from service.followup.problem import Problem, Refusal
from service.store import activities, audit, reminders
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.reminders import as_kept, checked, plan_reminders, tell_again


def change_activity(services: Services, actor: Actor, activity_id: uuid.UUID, form: ActivityForm) -> tuple[int, int]:
    """Keep what changed, and plan again whatever was not sent yet, all at once.

    Whoever was reminded of another time or place already is told the new one at the next open moment. Returns how many
    had been reminded, and how many of those can be told before it starts; a coordinator calls the others.

    Raises Denied, NotFound, Refusal (with every problem found; an activity that was cancelled stays cancelled).
    """
    access.require(actor, Action.KEEP_CALENDAR)
    form = checked(services, replace(form, repeats=1))
    with services.transaction(actor.org_id) as session:
        now = services.now()
        before = activities.read(session, activity_id) if activities.lock(session, activity_id) else None
        if before is None:
            raise NotFound(activity_id)
        if before.cancelled_at is not None:
            raise Refusal(Problem("activity_is_cancelled", "day"))
        new = as_kept(form)[0]
        activities.change(session, activity_id, new)
        reminders.cancel_unsent(session, activity_id, "replanned", now)
        moved = (before.local_at, before.place) != (new.local_at, new.place)
        told = (0, 0)
        if moved and new.remind:
            told = tell_again(services, session, actor.org_id, activity_id, reminders.REMINDER)
        plan_reminders(services, session, actor.org_id, [activity_id])
        audit.append(session, actor.org_id, now, actor.account_id, "change_activity", "activity", activity_id)
    return told
