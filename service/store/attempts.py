"""Tries to send: a send has started when its attempt is committed; and what nobody heard of again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.store.messages import Change, write_events


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try that is about to start."""

    message_id: uuid.UUID
    number: int
    token: str
    channel: str
    address_id: uuid.UUID
    body_digest: str
    parts: int
    text_version: int | None = None  # of the organisation's own words; None for the standard text


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A message whose fate is unknown, and the attempt that it is about. The address is sealed."""

    message_id: uuid.UUID
    participant_id: uuid.UUID
    measurement_id: uuid.UUID | None
    number: int
    channel: str
    address_id: uuid.UUID
    address: str
    address_kind: str
    body_digest: str
    started_at: datetime
    expires_at: datetime
    time_zone: str


def start(session: Session, attempts: Sequence[AttemptRow], now: datetime, lease: timedelta) -> None:
    """Write the attempts and hold their messages until the lease runs out, by the database's clock."""
    if not attempts:
        return
    session.execute(
        text(
            "insert into attempt (org_id, message_id, number, token, channel, address_id, body_digest, parts,"
            " text_version, started_at, provider, code) select m.org_id, m.id, :number, :token, :channel, :address,"
            " :digest, :parts, :version, :now, '', ''"
            " from message m where m.id = :message"
        ),
        [
            {
                "number": a.number,
                "token": a.token,
                "channel": a.channel,
                "address": a.address_id,
                "digest": a.body_digest,
                "parts": a.parts,
                "version": a.text_version,
                "now": now,
                "message": a.message_id,
            }
            for a in attempts
        ],
    )
    session.execute(
        text(
            "update message set state = 'sending', attempt_number = :number, channel = :channel, sent_at = :now,"
            " lease_until = now() + make_interval(secs => :lease), reason = '' where id = :message"
        ),
        [
            {
                "number": a.number,
                "channel": a.channel,
                "now": now,
                "lease": lease.total_seconds(),
                "message": a.message_id,
            }
            for a in attempts
        ],
    )


def may_start(session: Session, attempt: AttemptRow, address_hash: bytes, margin: timedelta) -> str:
    """One last look before the call: "go", "stopped" (the address stopped meanwhile) or "late" (no lease left)."""
    row = session.execute(
        text(
            "select (m.state = 'sending' and m.attempt_number = :number"
            "   and m.lease_until > now() + make_interval(secs => :margin)) as ours,"
            " m.kind <> 'stop_confirmation' and exists (select 1 from contact.stop s where s.lookup_hash = :hash"
            "   and s.org_id = m.org_id and s.lifted_at is null) as stopped from message m where m.id = :id"
        ),
        {"id": attempt.message_id, "number": attempt.number, "hash": address_hash, "margin": margin.total_seconds()},
    ).one()
    if row.stopped:
        return "stopped"
    return "go" if row.ours else "late"


def finish(
    session: Session,
    message_id: uuid.UUID,
    number: int,
    outcome: str,
    now: datetime,
    provider_id: str | None,
    code: str,
) -> None:
    """Write what came of an attempt. A provider's id that is known already stays."""
    session.execute(
        text(
            "update attempt set outcome = :outcome, finished_at = :now, provider = case when :known then channel"
            " else provider end, provider_id = coalesce(provider_id, :sid), code = :code"
            " where message_id = :id and number = :number"
        ),
        {
            "outcome": outcome,
            "now": now,
            "sid": provider_id,
            "known": provider_id is not None,
            "code": code[:80],
            "id": message_id,
            "number": number,
        },
    )


def expire_leases(session: Session, now: datetime) -> int:
    """Messages whose send was never written down: from now on their fate is unknown. Returns how many."""
    rows = session.execute(
        text(
            "update message set state = 'unknown', reason = 'lease_expired', lease_until = now()"
            " where state = 'sending' and lease_until < now() returning id, attempt_number"
        )
    ).all()
    changes = [Change(row.id, "lose_sight", "sending", "unknown", "lease_expired", row.attempt_number) for row in rows]
    write_events(session, changes, now)
    return len(changes)


def doubtful(session: Session, started_before: datetime, lease: timedelta, limit: int) -> list[Doubtful]:
    """Claim messages in doubt whose attempt started before this moment, so that one process looks each up at a time."""
    rows = session.execute(
        text("""
with claimed as (
  select m.id from message m
  join attempt t on t.org_id = m.org_id and t.message_id = m.id and t.number = m.attempt_number
  where m.state = 'unknown' and t.started_at <= :before and (m.lease_until is null or m.lease_until <= now())
  order by t.started_at limit :limit for update of m skip locked),
held as (
  update message m set lease_until = now() + make_interval(secs => :lease) from claimed where m.id = claimed.id
  returning m.org_id, m.id, m.participant_id, m.measurement_id, m.attempt_number, m.expires_at, m.time_zone)
select h.id as message_id, h.participant_id, h.measurement_id, h.attempt_number as number, t.channel, t.address_id,
  a.value as address, a.kind as address_kind, t.body_digest, t.started_at, h.expires_at, h.time_zone
from held h join attempt t on t.org_id = h.org_id and t.message_id = h.id and t.number = h.attempt_number
join contact.address a on a.org_id = h.org_id and a.id = t.address_id
"""),
        {"before": started_before, "lease": lease.total_seconds(), "limit": limit},
    )
    return [Doubtful(**row) for row in rows.mappings()]


def hold_doubt(session: Session, message_id: uuid.UUID, period: timedelta) -> None:
    """Leave a message in doubt for this long before it is looked up again."""
    session.execute(
        text("update message set lease_until = now() + make_interval(secs => :s) where id = :id and state = 'unknown'"),
        {"s": period.total_seconds(), "id": message_id},
    )


def was_tested(session: Session, address_id: uuid.UUID) -> bool:
    """Whether the newest message to this address was a test."""
    kind = session.execute(
        text(
            "select m.kind from message m join attempt t on t.org_id = m.org_id and t.message_id = m.id"
            " where t.address_id = :id order by t.started_at desc limit 1"
        ),
        {"id": address_id},
    ).scalar()
    return bool(kind == "test")


def organisation_for_attempt(session: Session, token: str) -> uuid.UUID | None:
    """Whose attempt carried this token; needs no organisation in the transaction."""
    found: uuid.UUID | None = session.execute(
        text("select org_id from attempt_for_token(:token)"), {"token": token}
    ).scalar()
    return found


def email_of_attempt(session: Session, token: str) -> bytes | None:
    """The keyed hash of the e-mail address an attempt went to; None when it was no e-mail."""
    found = session.execute(
        text(
            "select a.lookup_hash from attempt t join contact.address a on a.org_id = t.org_id and a.id = t.address_id"
            " where t.token = :token and a.kind = 'email'"
        ),
        {"token": token},
    ).scalar()
    return None if found is None else bytes(found)


def language_of_attempt(session: Session, token: str) -> str | None:
    """The language of the person an attempt went to; None when nobody knows the token."""
    found: str | None = session.execute(
        text(
            "select p.language from attempt t join message m on m.org_id = t.org_id and m.id = t.message_id"
            " join participant p on p.org_id = m.org_id and p.id = m.participant_id where t.token = :token"
        ),
        {"token": token},
    ).scalar()
    return found
