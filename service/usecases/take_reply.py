"""A participant wrote: store it before anything is done with it. STOP is applied at once, in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from service.channels.base import Forged, Incoming, Malformed
from service.followup.planning import MessageKind
from service.followup.replies import ReplyKind, is_stop
from service.store import messages, replies, stops
from service.store.listen import notify
from service.store.messages import NewMessage
from service.store.replies import Done
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import OFFICE_ZONE
from service.usecases.steps.stopping import apply_stop

#: The web answers these; it knows no channels.
__all__ = ["Forged", "Malformed", "take_reply"]


def take_reply(services: Services, form: Mapping[str, list[str]], signature: str) -> bool:
    """Take one reply; False when it was here before. Raises Forged or Malformed; then nothing is kept."""
    incoming = services.webhooks.read_reply(form, signature)
    number = services.vault.lookup(incoming.sender)
    with services.transaction() as session:
        org_id = replies.organisation_for_number(session, number, incoming.sent_to)
    if org_id is None:
        return False
    with services.transaction(org_id) as session:
        return _keep(services, session, org_id, incoming, number)


def _keep(services: Services, session: Session, org_id: uuid.UUID, incoming: Incoming, number: bytes) -> bool:
    sid = incoming.provider_id
    reply_id = replies.keep(
        session,
        org_id,
        incoming.provider,
        sid,
        number,
        services.vault.encrypt(incoming.sender, org_id, sid, "sender"),
        services.vault.encrypt(incoming.text, org_id, sid, "words"),
        services.now(),
    )
    if reply_id is None:
        return False
    if is_stop(incoming.text):
        _stop(services, session, org_id, reply_id, number)
    notify(session)
    return True


def _stop(services: Services, session: Session, org_id: uuid.UUID, reply_id: uuid.UUID, number: bytes) -> None:
    """End the number, and confirm it once to whoever is known there."""
    now = services.now()
    again = stops.is_stopped(session, number)
    reached = stops.people_at(session, [number]).get(number, [])
    apply_stop(services, session, org_id, number, "sms")
    participant_id = reached[0][0] if reached else None
    replies.settle(session, [Done(reply_id, participant_id, ReplyKind.STOP, "done" if reached else "to_read")])
    if reached and not again:
        confirmation = NewMessage(
            key=f"stop:{reply_id}",
            participant_id=reached[0][0],
            kind=MessageKind.STOP_CONFIRMATION,
            text_key="stop_confirm",
            values={},
            time_zone=OFFICE_ZONE.key,
            due_at=now,
            expires_at=now + timedelta(days=1),
            channel="sms",
            address_id=reached[0][1],
            replied_at=now,
        )
        messages.queue(session, org_id, [confirmation], now)
