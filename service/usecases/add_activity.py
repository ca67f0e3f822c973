"""A coordinator puts an activity in the calendar of a programme, once or every week."""

from __future__ import annotations

import uuid

from service.followup.activities import ActivityForm
from service.store import activities, audit, programmes
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.reminders import as_kept, checked, plan_reminders


def add_activity(services: Services, actor: Actor, programme_id: uuid.UUID, form: ActivityForm) -> list[uuid.UUID]:
    """Keep the activity, once for every week it repeats, and plan who is reminded of it. Returns the ids in order.

    Raises Denied, NotFound, Refusal (with every problem found).
    """
    access.require(actor, Action.KEEP_CALENDAR)
    form = checked(services, form)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        if programmes.protocol_of_programme(session, programme_id) is None:
            raise NotFound(programme_id)
        ids = activities.add(session, actor.org_id, programme_id, as_kept(form), created_by=actor.account_id, at=now)
        plan_reminders(services, session, actor.org_id, ids)
        for one in ids:
            audit.append(session, actor.org_id, now, actor.account_id, "add_activity", "activity", one)
    return ids
