"""Somebody asks, on the last page of their questions, to be called."""

from __future__ import annotations

from service.followup.conversation import TaskReason
from service.messages.links import Links
from service.store import call_tasks, measurements
from service.usecases.access import NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day


def ask_for_call(services: Services, token: str) -> None:
    """Put a call on the coordinator's list; asking twice is one call. Raises NotFound for an unknown link."""
    with services.transaction() as session:
        found = measurements.for_link(session, Links.digest(token))
    if found is None:
        raise NotFound("This link is unknown.")
    org_id, measurement_id = found
    with services.transaction(org_id) as session:
        measurement = measurements.read(session, [measurement_id])[measurement_id]
        now, reason = services.now(), TaskReason.ASKED_FOR_CALL
        key = f"{reason}:{measurement_id}"
        call_tasks.ask(session, org_id, measurement.participant_id, measurement_id, reason, now, office_day(now), key)
