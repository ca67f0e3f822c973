"""A coordinator takes back that everybody was there."""

from __future__ import annotations

import uuid
from datetime import datetime

from service.followup.activities import Attended
from service.store import activities, audit
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.attendance import note_attendance


def undo_everybody(services: Services, actor: Actor, activity_id: uuid.UUID, noted_at: datetime) -> None:
    """Take back what one tap noted at this moment, and only that; twice changes nothing. Raises Denied, NotFound."""
    access.require(actor, Action.KEEP_CALENDAR)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        if not activities.lock(session, activity_id):
            raise NotFound(activity_id)
        people = activities.noted_at(session, activity_id, Attended.PRESENT, noted_at)
        note_attendance(
            services, session, actor.org_id, activity_id, people, Attended.OPEN, by=actor.account_id, at=now
        )
        audit.append(
            session,
            actor.org_id,
            now,
            actor.account_id,
            "undo_everybody",
            "activity",
            activity_id,
            {"people": len(people)},
        )
