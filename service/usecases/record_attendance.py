"""A coordinator taps whether somebody was there."""

from __future__ import annotations

import uuid

from service.followup.activities import Attended
from service.store import activities, audit
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.attendance import check_day, note_attendance


def record_attendance(
    services: Services, actor: Actor, activity_id: uuid.UUID, participant_id: uuid.UUID, state: Attended
) -> None:
    """Note it, or take it back (OPEN). The last tap counts. Raises Denied, NotFound (also for somebody who does not
    take part), Refusal (who was there is not known before the day itself)."""
    access.require(actor, Action.KEEP_CALENDAR)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        activity = activities.read(session, activity_id) if activities.lock(session, activity_id) else None
        if activity is None or participant_id not in {
            one.participant_id for one in activities.guests(session, activity_id)
        }:
            raise NotFound(activity_id)
        if state in (Attended.PRESENT, Attended.ABSENT):
            check_day(services, activity)
        note_attendance(
            services, session, actor.org_id, activity_id, [participant_id], state, by=actor.account_id, at=now
        )
        details = {"participant": str(participant_id), "state": state.value}
        audit.append(
            session, actor.org_id, now, actor.account_id, "record_attendance", "activity", activity_id, details
        )
