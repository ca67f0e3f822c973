"""The inbox: replies are stored before anything is done with them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Pending:
    """A reply that waits. The words are sealed, with the provider's id as their subject."""

    id: uuid.UUID
    provider_id: str
    received_at: datetime
    sender_hash: bytes
    words: str
    failures: int
    channel: str
    in_reply_to: uuid.UUID | None  # e-mail: the message of ours that it answers


@dataclass(frozen=True, slots=True)
class Done:
    """What a reply was read as and where it goes: done, or to_read by a person."""

    id: uuid.UUID
    participant_id: uuid.UUID | None
    read_as: str
    state: str


def organisation_for_number(session: Session, lookup_hash: bytes, sent_to: str) -> uuid.UUID | None:
    """To which organisation a reply from this number belongs; None when there is no organisation at all."""
    found: uuid.UUID | None = session.execute(
        text("select organisation_for_number(:hash, :to)"), {"hash": lookup_hash, "to": sent_to}
    ).scalar_one()
    return found


def with_pending_input(session: Session) -> list[uuid.UUID]:
    """The organisations that have replies or receipts waiting."""
    return list(session.execute(text("select * from organisations_with_pending_input()")).scalars())


def keep(
    session: Session,
    org_id: uuid.UUID,
    provider: str,
    provider_id: str,
    sender_hash: bytes,
    sender: str,
    words: str,
    received_at: datetime,
    *,
    channel: str = "sms",
    in_reply_to: uuid.UUID | None = None,
) -> uuid.UUID | None:
    """Store a reply; None when it was here before."""
    found: uuid.UUID | None = session.execute(
        text(
            "insert into reply (org_id, provider, provider_id, received_at, sender_hash, sender, words, read_as, state,"
            " failures, channel, in_reply_to)"
            " values (:org, :provider, :sid, :at, :hash, :sender, :words, '', 'pending', 0, :channel, :about)"
            " on conflict (provider, provider_id) do nothing returning id"
        ),
        {
            "org": org_id,
            "provider": provider,
            "sid": provider_id,
            "at": received_at,
            "channel": channel,
            "about": in_reply_to,
            "hash": sender_hash,
            "sender": sender,
            "words": words,
        },
    ).scalar()
    return found


def pending(session: Session, limit: int) -> list[Pending]:
    """Lock up to `limit` waiting replies in the order in which they came.

    While one process holds a person's reply, that person's later replies wait.
    """
    rows = session.execute(
        text("""
with locked as (
  select id from reply where state = 'pending' order by received_at, id limit :limit for update skip locked)
select r.id, r.provider_id, r.received_at, r.sender_hash, r.words, r.failures, r.channel, r.in_reply_to
from reply r join locked using (id)
where not exists (select 1 from reply o
  where o.org_id = r.org_id and o.state = 'pending' and o.sender_hash = r.sender_hash
  and (o.received_at, o.id) < (r.received_at, r.id) and o.id not in (select id from locked))
order by r.received_at, r.id
"""),
        {"limit": limit},
    )
    return [Pending(**{**row, "sender_hash": bytes(row["sender_hash"])}) for row in rows.mappings()]


def settle(session: Session, done: Sequence[Done]) -> None:
    """Write what replies were read as."""
    if done:
        session.execute(
            text("update reply set participant_id = :participant, read_as = :read_as, state = :state where id = :id"),
            [{"participant": d.participant_id, "read_as": d.read_as, "state": d.state, "id": d.id} for d in done],
        )


def stumble(session: Session, reply_id: uuid.UUID, limit: int) -> None:
    """Reading this reply failed on our side: try again later, and after `limit` times give it to a person."""
    session.execute(
        text(
            "update reply set failures = failures + 1,"
            " state = case when failures + 1 >= :limit then 'to_read' else state end where id = :id"
        ),
        {"limit": limit, "id": reply_id},
    )
