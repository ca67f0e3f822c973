"""The dialogue with one number: at most one is open per number."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.followup.conversation import ASKS


@dataclass(frozen=True, slots=True)
class Conversation:
    """An open conversation and its measurement. `asked_at` is when our newest words in it went out, if they did."""

    id: uuid.UUID
    participant_id: uuid.UUID
    measurement_id: uuid.UUID
    address_hash: bytes
    stage: str
    position: int
    unclear: int
    closes_at: datetime
    asked_at: datetime | None
    waiting: bool  # a newer question of ours is still on its way
    asked_item: int | None  # the item of the newest question that went out by SMS


OPEN = """
select c.id, c.participant_id, c.measurement_id, c.address_hash, c.stage, c.position, c.unclear, me.closes_at,
  w.asked_at, coalesce(w.waiting, false) as waiting, q.asked_item
from conversation c join measurement me on me.org_id = c.org_id and me.id = c.measurement_id
left join lateral (
  select max(m.sent_at) as asked_at, bool_or(m.state in ('planned', 'due')) as waiting from message m
  where m.org_id = c.org_id and m.measurement_id = c.measurement_id and m.kind = 'conversation'
    and m.channel = 'sms' and m.text_key = any(:asks)) w on true
left join lateral (
  select cast(m.values ->> 'item' as integer) as asked_item from message m
  where m.org_id = c.org_id and m.measurement_id = c.measurement_id and m.kind = 'conversation'
    and m.channel = 'sms' and m.values ? 'item' and m.sent_at is not null
  order by m.sent_at desc, m.created_at desc, cast(m.values ->> 'n' as integer) desc limit 1) q on true
where c.closed_at is null
"""


def open_with(session: Session, hashes: Iterable[bytes]) -> dict[bytes, Conversation]:
    """The open conversation with each of these numbers, locked."""
    rows = session.execute(
        text(OPEN + " and c.address_hash = any(:hashes) for update of c"),
        {"hashes": sorted(set(hashes)), "asks": sorted(ASKS)},
    )
    found = [Conversation(**{**row, "address_hash": bytes(row["address_hash"])}) for row in rows.mappings()]
    return {one.address_hash: one for one in found}


def begin(
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    measurement_id: uuid.UUID,
    address_hash: bytes,
    stage: str,
    position: int,
    now: datetime,
) -> None:
    """Open a conversation; when one is open already it stays."""
    session.execute(
        text(
            "insert into conversation (org_id, participant_id, measurement_id, address_hash, stage, position, unclear,"
            " opened_at, changed_at) values (:org, :participant, :measurement, :hash, :stage, :position, 0, :now, :now)"
            " on conflict do nothing"
        ),
        {
            "org": org_id,
            "participant": participant_id,
            "measurement": measurement_id,
            "hash": address_hash,
            "stage": stage,
            "position": position,
            "now": now,
        },
    )


def save(session: Session, changed: Sequence[tuple[uuid.UUID, str, int, int, bool]], now: datetime) -> None:
    """Write where conversations are: (id, stage, position, unclear, closed)."""
    if not changed:
        return
    session.execute(
        text(
            "update conversation set stage = :stage, position = :position, unclear = :unclear, changed_at = :now,"
            " closed_at = case when :closed then :now end where id = :id and closed_at is null"
        ),
        [
            {"id": found, "stage": stage, "position": position, "unclear": unclear, "closed": closed, "now": now}
            for found, stage, position, unclear, closed in changed
        ],
    )


def move(session: Session, measurement_id: uuid.UUID, position: int, now: datetime) -> None:
    """The person went on elsewhere: the open conversation of this measurement follows."""
    session.execute(
        text(
            "update conversation set position = :position, unclear = 0, changed_at = :now"
            " where measurement_id = :id and closed_at is null"
        ),
        {"position": position, "now": now, "id": measurement_id},
    )


def close_for_measurement(session: Session, measurement_id: uuid.UUID, now: datetime) -> None:
    """Close the conversation of this measurement, if one is open."""
    session.execute(
        text(
            "update conversation set stage = 'closed', closed_at = :now, changed_at = :now"
            " where measurement_id = :id and closed_at is null"
        ),
        {"now": now, "id": measurement_id},
    )


def close_with_number(
    session: Session, address_hash: bytes, now: datetime, *, participant_id: uuid.UUID | None = None
) -> None:
    """Close the conversation with this number, if one is open (and about this person, when one is named)."""
    session.execute(
        text(
            "update conversation set stage = 'closed', closed_at = :now, changed_at = :now"
            " where address_hash = :hash and closed_at is null"
            " and participant_id = coalesce(cast(:participant as uuid), participant_id)"
        ),
        {"now": now, "hash": address_hash, "participant": participant_id},
    )


def close_past(session: Session, now: datetime, grace: timedelta) -> None:
    """Close conversations whose window closed longer than `grace` ago."""
    session.execute(
        text(
            "update conversation c set stage = 'closed', closed_at = :now, changed_at = :now from measurement me"
            " where me.org_id = c.org_id and me.id = c.measurement_id and c.closed_at is null and me.closes_at"
            " <= :before"
        ),
        {"now": now, "before": now - grace},
    )
