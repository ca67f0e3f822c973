"""Somebody stops all our messages on their own page. Taking part goes on: a person may still call."""

from __future__ import annotations

from service.store import audit
from service.usecases.services import Services
from service.usecases.steps.own_door import enter
from service.usecases.steps.stopping import stop_person


def stop_own_messages(services: Services, token: str, own_pass: str) -> bool:
    """No send to this person starts after this transaction; returns whether START by SMS undoes it. Doing it twice
    changes nothing. Raises NotFound, NoPass.
    """
    visitor = enter(services, token, own_pass)
    now, person = services.now(), visitor.participant_id
    with services.transaction(visitor.org_id) as session:
        by_start = stop_person(services, session, visitor.org_id, person)
        audit.append(session, visitor.org_id, now, None, "participant.stopped_all", "participant", person)
    return by_start
