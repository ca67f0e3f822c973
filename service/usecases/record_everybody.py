"""A coordinator taps that everybody was there."""

from __future__ import annotations

import uuid
from datetime import datetime

from service.followup.activities import Attended
from service.store import activities, audit
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.attendance import check_day, note_attendance


def record_everybody(services: Services, actor: Actor, activity_id: uuid.UUID) -> datetime:
    """Note as present whoever nothing was noted about; who said no stays away. Returns the moment, by which it can be
    taken back. Raises Denied, NotFound, Refusal (not before the day itself)."""
    access.require(actor, Action.KEEP_CALENDAR)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        activity = activities.read(session, activity_id) if activities.lock(session, activity_id) else None
        if activity is None:
            raise NotFound(activity_id)
        check_day(services, activity)
        people = [one.participant_id for one in activities.guests(session, activity_id) if one.state is None]
        note_attendance(
            services, session, actor.org_id, activity_id, people, Attended.PRESENT, by=actor.account_id, at=now
        )
        audit.append(
            session,
            actor.org_id,
            now,
            actor.account_id,
            "record_everybody",
            "activity",
            activity_id,
            {"people": len(people)},
        )
    return now
