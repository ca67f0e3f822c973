"""Somebody has another number or mail address: a person writes it down, because a page cannot know who types."""

from __future__ import annotations

from service.followup.conversation import TaskReason
from service.store import audit, call_tasks
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.own_door import enter


def ask_for_new_address(services: Services, token: str, own_pass: str) -> None:
    """Put a call on the coordinator's list; asking twice is one call. Raises NotFound, NoPass."""
    visitor = enter(services, token, own_pass)
    now, person, reason = services.now(), visitor.participant_id, TaskReason.NEW_ADDRESS
    today = office_day(now)
    with services.transaction(visitor.org_id) as session:
        call_tasks.ask(session, visitor.org_id, person, None, reason, now, today, f"{reason}:{person}:{today}")
        audit.append(session, visitor.org_id, now, None, "participant.new_address", "participant", person)
