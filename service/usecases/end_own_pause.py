"""Somebody ends, on their own page, the pause that they asked for."""

from __future__ import annotations

from service.store import audit, own_pages
from service.store.listen import notify
from service.usecases.services import Services
from service.usecases.steps.own_door import enter


def end_own_pause(services: Services, token: str, own_pass: str) -> None:
    """Messages come again when they were planned. Raises NotFound, NoPass."""
    visitor = enter(services, token, own_pass)
    now, person = services.now(), visitor.participant_id
    with services.transaction(visitor.org_id) as session:
        own_pages.end_pause(session, person)
        audit.append(session, visitor.org_id, now, None, "participant.resumed", "participant", person)
        notify(session)
