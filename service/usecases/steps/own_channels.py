"""By which ways a person can be reached who agreed to them: what they may choose from themselves."""

from __future__ import annotations

import uuid
from datetime import datetime

from service.followup.consent import CHANNEL_PURPOSE, permits
from service.store import stops
from service.store.session import Session
from service.store.stops import AddressBook


def own_channels(session: Session, participant_id: uuid.UUID, now: datetime) -> tuple[str, ...]:
    """The channels (sms, email, phone) with an address that works, that did not stop, and that was agreed to."""
    book = AddressBook(stops.addresses(session, [participant_id], []))
    current = book.current(participant_id)
    agreed = stops.consents(session, [participant_id]).get(participant_id, [])
    written = [
        kind
        for kind in ("sms", "email")
        if kind in current and current[kind].state != "invalid" and not book.stopped(current[kind])
    ]
    spoken = ["phone"] if {"sms", "landline"} & set(current) else []
    return tuple(kind for kind in written + spoken if permits(agreed, CHANNEL_PURPOSE[kind], now))


def writing_stopped(session: Session, participant_id: uuid.UUID) -> bool:
    """Whether there are numbers or mail addresses, and nothing goes to any of them because that was asked."""
    book = AddressBook(stops.addresses(session, [participant_id], []))
    written = [one for kind, one in book.current(participant_id).items() if kind in ("sms", "email")]
    return bool(written) and all(book.stopped(one) for one in written)
