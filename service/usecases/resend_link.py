"""A coordinator sends somebody the personal link of the open questions again."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from service.followup.planning import MessageKind
from service.followup.problem import Problem, Refusal
from service.store import audit, contacts, participants, plans
from service.store.listen import notify
from service.store.plans import NewMessage
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import OFFICE_ZONE


def resend_link(services: Services, actor: Actor, participant_id: uuid.UUID) -> None:
    """Queue the link; asked for twice within a minute it is sent once. It waits for decent hours like any message.

    Raises Denied, NotFound, Refusal (nothing is open, or there is no number or address to send it to).
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        contact = contacts.read_contact(session, services.vault, actor.org_id, participant_id)
        participant = participants.read_participant(session, participant_id)
        if contact is None or participant is None:
            raise NotFound
        measurement = plans.open_measurement(session, participant_id, now)
        if measurement is None or participant.died_on is not None:
            raise Refusal(Problem("nothing_open"))
        if contact.address("sms") is None and contact.address("email") is None:
            raise Refusal(Problem("no_address"))
        zone = str(OFFICE_ZONE)
        message = NewMessage(
            participant_id=participant_id,
            enrolment_id=None,
            measurement_id=measurement.id,
            kind=MessageKind.RESEND,
            text_key="",
            local_at=now.astimezone(ZoneInfo(zone)).replace(tzinfo=None),
            time_zone=zone,
            due_at=now,
            expires_at=measurement.closes_at,
            dedupe_key=f"resend:{measurement.id}:{int(now.timestamp()) // 60}",
        )
        plans.save_messages(session, actor.org_id, [message], now)
        audit.append(session, actor.org_id, now, actor.account_id, "resend_link", "measurement", measurement.id)
        notify(session)
