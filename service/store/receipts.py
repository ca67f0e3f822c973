"""What providers report about messages, as it came in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Pending:
    """A report that waits, with the attempt it is about; `message_id` is None for one we cannot place."""

    id: uuid.UUID
    provider: str
    provider_id: str
    status: str
    code: str
    message_id: uuid.UUID | None
    number: int | None
    channel: str | None
    address_id: uuid.UUID | None
    lookup_hash: bytes | None
    state: str | None
    participant_id: uuid.UUID | None
    measurement_id: uuid.UUID | None
    time_zone: str | None


def organisation_for_receipt(session: Session, token: str, provider_id: str) -> uuid.UUID | None:
    """Whose message a report is about; the oldest organisation keeps what nobody can place. None without any."""
    found: uuid.UUID | None = session.execute(
        text(
            "select coalesce((select org_id from attempt_for_token(:token)), (select * from"
            " attempt_organisation(:sid)),"
            " (select * from organisation_ids() limit 1))"
        ),
        {"token": token, "sid": provider_id},
    ).scalar_one()
    return found


def keep(
    session: Session,
    org_id: uuid.UUID,
    provider: str,
    provider_id: str,
    token: str,
    status: str,
    code: str,
    at: datetime,
) -> bool:
    """Store a report; False when it was here before."""
    row = session.execute(
        text(
            "insert into receipt (org_id, provider, provider_id, token, status, code, received_at) values (:org,"
            " :provider,"
            " :sid, :token, :status, :code, :at) on conflict (provider, provider_id, status) do nothing returning id"
        ),
        {
            "org": org_id,
            "provider": provider,
            "sid": provider_id,
            "token": token,
            "status": status,
            "code": code[:80],
            "at": at,
        },
    ).first()
    return row is not None


def pending(session: Session, limit: int) -> list[Pending]:
    """Lock up to `limit` waiting reports and the messages they are about."""
    rows = session.execute(
        text("""
select r.id, r.provider, r.provider_id, r.status, r.code, t.message_id, t.number, t.channel, t.address_id,
  a.lookup_hash, m.state, m.participant_id, m.measurement_id, m.time_zone
from receipt r
left join lateral (
  select x.* from attempt x where x.org_id = r.org_id
    and ((r.token <> '' and x.token = r.token) or (r.token = '' and x.provider_id = r.provider_id)) limit 1) t on true
left join message m on m.org_id = r.org_id and m.id = t.message_id
left join contact.address a on a.org_id = r.org_id and a.id = t.address_id
where r.applied_at is null order by r.received_at, r.id limit :limit for update of r skip locked
"""),
        {"limit": limit},
    )
    return [
        Pending(**{**row, "lookup_hash": None if row["lookup_hash"] is None else bytes(row["lookup_hash"])})
        for row in rows.mappings()
    ]


def bind(session: Session, message_id: uuid.UUID, number: int, provider: str, provider_id: str) -> None:
    """The report names the attempt, so its provider's id is known even when our own answer was lost."""
    session.execute(
        text(
            "update attempt set provider_id = :sid, provider = :provider, outcome = coalesce(outcome, 'accepted')"
            " where message_id = :id and number = :number and provider_id is null"
        ),
        {"sid": provider_id, "provider": provider, "id": message_id, "number": number},
    )


def applied(session: Session, receipt_ids: Iterable[uuid.UUID], now: datetime) -> None:
    """These reports are dealt with."""
    session.execute(
        text("update receipt set applied_at = :now where id = any(:ids)"), {"now": now, "ids": list(receipt_ids)}
    )
