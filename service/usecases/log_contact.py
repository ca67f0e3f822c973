"""A coordinator writes down a contact: a visit, a letter, a meeting. No words of it are kept."""

from __future__ import annotations

import uuid
from datetime import datetime, time

from service.followup.contact import Contact, check_contact
from service.store import audit, calls, participants
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import OFFICE_ZONE, office_day


def log_contact(services: Services, actor: Actor, participant_id: uuid.UUID, contact: Contact) -> uuid.UUID:
    """Write it down and return its id, by which it can be undone. An earlier day counts from noon.

    Raises Denied, NotFound, Refusal.
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    now = services.now()
    today = office_day(now)
    check_contact(contact, today)
    with services.transaction(actor.org_id) as session:
        if participants.read_participant(session, participant_id) is None:
            raise NotFound(participant_id)
        moment_id = calls.add_moment(
            session,
            actor.org_id,
            participant_id,
            task_id=None,
            made_by=actor.account_id,
            at=now if contact.on == today else datetime.combine(contact.on, time(12), OFFICE_ZONE),
            outcome="spoken" if contact.two_way else "no_answer",
            two_way=contact.two_way,
            kind=contact.kind,
            minutes=contact.minutes,
        )
        details = {"kind": contact.kind.value, "two_way": contact.two_way}
        audit.append(session, actor.org_id, now, actor.account_id, "log_contact", "contact_moment", moment_id, details)
    return moment_id
