"""One activity, with everybody who may come to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.store import activities
from service.store.activities import Activity, Guest
from service.store.people import Named, named_people
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class ActivityView:
    """What the page shows: people by name. `at` is the moment of the data (UTC)."""

    activity: Activity
    guests: tuple[tuple[Guest, Named], ...]
    at: datetime


def show_activity(services: Services, actor: Actor, activity_id: uuid.UUID) -> ActivityView:
    """One activity of this organisation. Raises Denied, NotFound."""
    access.require(actor, Action.KEEP_CALENDAR)
    with services.transaction(actor.org_id) as session:
        activity = activities.read(session, activity_id)
        if activity is None:
            raise NotFound(activity_id)
        guests = activities.guests(session, activity_id)
        names = named_people(session, services.vault, actor.org_id, [one.participant_id for one in guests])
    people = [(one, names[one.participant_id]) for one in guests if one.participant_id in names]
    return ActivityView(activity, tuple(sorted(people, key=lambda pair: pair[1].name.casefold())), services.now())
