"""Somebody names, on their own page, days on which they would rather not hear from us."""

from __future__ import annotations

from datetime import date

from service.store import audit
from service.store.listen import notify
from service.usecases.services import Services
from service.usecases.steps.own_door import enter
from service.usecases.steps.rest_days import keep_rest_days


def add_own_rest_days(services: Services, token: str, own_pass: str, first_on: date, last_on: date) -> None:
    """Keep the period, both days included. Raises NotFound, NoPass, Refusal."""
    visitor = enter(services, token, own_pass)
    now, org_id, person = services.now(), visitor.org_id, visitor.participant_id
    with services.transaction(org_id) as session:
        keep_rest_days(services, session, org_id, person, first_on, last_on, "participant")
        details = {"first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
        audit.append(session, org_id, now, None, "participant.rest_days", "participant", person, details)
        notify(session)
