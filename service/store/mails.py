"""Mail that comes back to us: which of our messages it is about, and to which address that one went."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Origin:
    """A mail of ours that somebody answered. `item` is the question it asked, None when it asked none."""

    message_id: uuid.UUID
    participant_id: uuid.UUID
    measurement_id: uuid.UUID | None
    kind: str
    item: int | None
    address_id: uuid.UUID
    address_hash: bytes


def organisation_for_message(session: Session, message_id: uuid.UUID) -> uuid.UUID | None:
    """Whose message this is; needs no organisation in the transaction."""
    found: uuid.UUID | None = session.execute(
        text("select organisation_for_message(:id)"), {"id": message_id}
    ).scalar_one()
    return found


def origin(session: Session, message_id: uuid.UUID) -> Origin | None:
    """The mail with this id, as it was sent last; None when it never went out by mail."""
    row = session.execute(
        text(
            "select m.id as message_id, m.participant_id, m.measurement_id, m.kind,"
            " cast(m.values ->> 'item' as integer) as item, a.id as address_id, a.lookup_hash as address_hash"
            " from message m join attempt t on t.org_id = m.org_id and t.message_id = m.id"
            " join contact.address a on a.org_id = t.org_id and a.id = t.address_id"
            " where m.id = :id and a.kind = 'email' order by t.number desc limit 1"
        ),
        {"id": message_id},
    ).first()
    if row is None:
        return None
    return Origin(**{**row._asdict(), "address_hash": bytes(row.address_hash)})


def newest_token(session: Session, message_id: uuid.UUID) -> str:
    """The token of the newest attempt to send this message by mail; "" without one."""
    found: str | None = session.execute(
        text("select token from attempt where message_id = :id and channel = 'email' order by number desc limit 1"),
        {"id": message_id},
    ).scalar()
    return found or ""


def answers_since(session: Session, address_id: uuid.UUID, since: datetime) -> int:
    """How many answers to their words were queued for this address since then."""
    found: int = session.execute(
        text(
            "select count(*) from message where address_id = :id and channel = 'email' and kind = 'conversation'"
            " and created_at >= :since"
        ),
        {"id": address_id, "since": since},
    ).scalar_one()
    return found
