"""A coordinator sends a test message, to see that a number or address works."""

from __future__ import annotations

import uuid
from datetime import timedelta

from service.followup.planning import MessageKind
from service.followup.problem import Problem, Refusal
from service.store import audit, contacts, participants, plans
from service.store.listen import notify
from service.store.plans import NewMessage
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import OFFICE_ZONE

TEXT = "test_message"
#: After a day a test says nothing any more about the moment somebody pressed the button.
VALID = timedelta(hours=24)


def send_test_message(services: Services, actor: Actor, participant_id: uuid.UUID, channel: str) -> None:
    """Queue a test to the address of this channel (sms or email); asked for twice within a minute it is sent once.

    Raises Denied, NotFound, Refusal (no such number or address).
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        contact = contacts.read_contact(session, services.vault, actor.org_id, participant_id)
        participant = participants.read_participant(session, participant_id)
        if contact is None or participant is None:
            raise NotFound
        address = contact.address(channel) if channel in ("sms", "email") else None
        if address is None:
            raise Refusal(Problem("no_address", channel))
        if participant.died_on is not None:
            raise Refusal(Problem("participant_died"))
        spells = participants.enrolments_of(session, participant_id)
        message = NewMessage(
            participant_id=participant_id,
            enrolment_id=spells[0].id if spells else None,
            measurement_id=None,
            kind=MessageKind.TEST,
            text_key=TEXT,
            local_at=now.astimezone(OFFICE_ZONE).replace(tzinfo=None),
            time_zone=str(OFFICE_ZONE),
            due_at=now,
            expires_at=now + VALID,
            dedupe_key=f"test:{address.id}:{int(now.timestamp()) // 60}",
            channel=channel,
            address_id=address.id,
        )
        plans.save_messages(session, actor.org_id, [message], now)
        audit.append(session, actor.org_id, now, actor.account_id, "send_test_message", "participant", participant_id)
        notify(session)
