"""Somebody crosses out, on their own page, days on which they would rather not have heard from us."""

from __future__ import annotations

import uuid

from service.store import audit, rest_days
from service.store.listen import notify
from service.usecases.services import Services
from service.usecases.steps.own_door import enter


def cancel_own_rest_days(services: Services, token: str, own_pass: str, period_id: uuid.UUID) -> None:
    """One of their own periods no longer counts; another's is left alone. Raises NotFound, NoPass."""
    visitor = enter(services, token, own_pass)
    now, org_id, person = services.now(), visitor.org_id, visitor.participant_id
    with services.transaction(org_id) as session:
        if rest_days.cancel_rest_days(session, person, period_id, now):
            audit.append(session, org_id, now, None, "participant.rest_days_ended", "participant", person)
            notify(session)
