"""The calendar of one programme: what comes and what was."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.store import activities
from service.store.activities import Activity
from service.store.reports import ProgrammeLine, find_programme
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services

#: `Activity` is named here too, so that a page can say what it is given.
__all__ = ["Activity", "Calendar", "show_activities"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the page shows: the next one first, then the last one first. `at` is the moment of the data (UTC)."""

    programme: ProgrammeLine
    coming: tuple[Activity, ...]
    past: tuple[Activity, ...]
    at: datetime


def show_activities(services: Services, actor: Actor, programme_id: uuid.UUID) -> Calendar:
    """The activities of one programme; one that has begun is past. Raises Denied, NotFound."""
    access.require(actor, Action.SEE_CALENDAR)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        head = find_programme(session, programme_id)
        if head is None:
            raise NotFound(programme_id)
        found = activities.of_programme(session, programme_id)
    return Calendar(
        programme=head.line,
        coming=tuple(one for one in found if one.starts_at > now),
        past=tuple(one for one in reversed(found) if one.starts_at <= now),
        at=now,
    )
