"""The history of every message of one person: what it is, and each step of its life. No words, no names."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a message."""

    at: datetime
    event: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """One message. `channel` is the one it was sent by last, None while it was not."""

    id: uuid.UUID
    kind: str
    wave: str | None
    state: str
    reason: str
    channel: str | None
    time_zone: str
    due_at: datetime
    sent_at: datetime | None
    steps: tuple[Step, ...]


def of_participant(session: Session, participant_id: uuid.UUID) -> list[History]:
    """Every message of this person, sent or to come, oldest first."""
    rows = session.execute(
        text("""
select m.id, m.kind, me.wave, m.state, m.reason, coalesce(t.channel, m.channel) as channel, m.time_zone, m.due_at,
  m.sent_at from message m
left join measurement me on me.org_id = m.org_id and me.id = m.measurement_id
left join lateral (select x.channel from attempt x where x.org_id = m.org_id and x.message_id = m.id
  order by x.number desc limit 1) t on true
where m.participant_id = :id order by coalesce(m.sent_at, m.due_at), m.id
"""),
        {"id": participant_id},
    )
    steps = _steps(session, participant_id)
    return [History(**row, steps=tuple(steps.get(row["id"], ()))) for row in rows.mappings()]


def participant_with(session: Session, pseudonym: str) -> uuid.UUID | None:
    """Who has this pseudonym, in this organisation."""
    found: uuid.UUID | None = session.execute(
        text("select id from participant where upper(pseudonym) = upper(:pseudonym)"), {"pseudonym": pseudonym}
    ).scalar()
    return found


def _steps(session: Session, participant_id: uuid.UUID) -> dict[uuid.UUID, list[Step]]:
    rows = session.execute(
        text(
            "select e.message_id, e.at, e.event, e.state_to, e.reason from message_event e join message m"
            " on m.org_id = e.org_id and m.id = e.message_id where m.participant_id = :id order by e.sequence"
        ),
        {"id": participant_id},
    )
    found: dict[uuid.UUID, list[Step]] = {}
    for row in rows:
        found.setdefault(row.message_id, []).append(Step(row.at, row.event, row.state_to, row.reason))
    return found
