"""Somebody stops on their own page and asks that everything about them goes. A member of staff does that."""

from __future__ import annotations

from service.followup.consent import Purpose, TakenHow
from service.followup.conversation import TaskReason
from service.store import audit, call_tasks, own_pages
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.own_door import enter
from service.usecases.steps.stopping import stop_person
from service.usecases.steps.withdrawal import withdraw


def ask_for_erasure(services: Services, token: str, own_pass: str) -> None:
    """Messages and questions end at once; the coordinator gets the request on the list. Nothing is erased here.

    Raises NotFound, NoPass.
    """
    visitor = enter(services, token, own_pass)
    now, org_id, person = services.now(), visitor.org_id, visitor.participant_id
    reason = TaskReason.ERASURE_ASKED
    with services.transaction(org_id) as session:
        preferred = own_pages.owner(session, person).preferred_channel
        stop_person(services, session, org_id, person)
        withdraw(services, session, org_id, person, preferred, list(Purpose), TakenHow.WEB, None)
        own_pages.ask_erasure(session, person, now)
        call_tasks.ask(session, org_id, person, None, reason, now, office_day(now), f"{reason}:{person}")
        audit.append(session, org_id, now, None, "participant.erasure_asked", "participant", person)
