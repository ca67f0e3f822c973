"""Somebody asks, on their own page, for some weeks without messages."""

from __future__ import annotations

from service.followup.problem import Problem, Refusal
from service.store import audit, messages, own_pages
from service.store.listen import notify
from service.usecases.services import Services
from service.usecases.steps.own_door import enter

#: The pauses that can be chosen, in weeks.
PAUSES = (1, 2, 4, 8)


def pause_own_messages(services: Services, token: str, own_pass: str, weeks: int) -> None:
    """What would go out within so many weeks goes out so many weeks later. A pause takes the place of the one before.

    Raises NotFound, NoPass, Refusal.
    """
    visitor = enter(services, token, own_pass)
    if weeks not in PAUSES:
        raise Refusal(Problem("own_choice", "weken"))
    now, person = services.now(), visitor.participant_id
    with services.transaction(visitor.org_id) as session:
        own_pages.link_version(session, person)  # locks: pressed twice is one pause
        own_pages.end_pause(session, person)
        messages.pause(session, person, now, weeks)
        details = {"weeks": weeks, "where": "own_page"}
        audit.append(session, visitor.org_id, now, None, "participant.paused", "participant", person, details)
        notify(session)
