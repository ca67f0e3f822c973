"""Note who comes and who came, and what follows from a first time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from service.followup.activities import Attended
from service.followup.problem import Problem, Refusal
from service.followup.quiet_hours import to_local
from service.store import activities, reminders
from service.store.activities import Activity
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.replanning import anchor_known

#: "Ik kom niet" is about the next activity when it is this near.
SOON = timedelta(days=7)


def note_attendance(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    activity_id: uuid.UUID,
    people: Sequence[uuid.UUID],
    state: Attended,
    *,
    by: uuid.UUID | None,
    at: datetime,
) -> None:
    """Write it down; the first time somebody came is the anchor of the waves that count from it."""
    activities.note(session, org_id, activity_id, people, state, by=by, at=at)
    spells = [one.enrolment_id for one in activities.guests(session, activity_id) if one.participant_id in set(people)]
    changed = activities.first_presence(session, spells)
    anchor_known(services, session, org_id, changed)


def check_day(services: Services, activity: Activity) -> None:
    """Who was there is not known before the day itself, nor of an activity that was cancelled. Raises Refusal."""
    if activity.cancelled_at is not None:
        raise Refusal(Problem("activity_is_cancelled", "state"))
    if activity.local_at.date() > to_local(services.now(), activity.time_zone).date():
        raise Refusal(Problem("activity_not_yet", "state"))


def not_coming(services: Services, session: Session, org_id: uuid.UUID, participant_id: uuid.UUID) -> Activity | None:
    """Somebody says that they do not come: noted for the next activity of the coming week. None when there is none.

    Nothing is sent to this person about that activity any more.
    """
    now = services.now()
    activity = activities.nearest_for(session, participant_id, now, now + SOON)
    if activity is None:
        return None
    activities.note(session, org_id, activity.id, [participant_id], Attended.NOT_COMING, by=None, at=now)
    reminders.cancel_unsent(session, activity.id, "not_coming", now, participant_id)
    return activity
