"""Days on which somebody would rather not hear from us ("liever niet")."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.store.tables.message import Message
from service.store.tables.participant import RestPeriod


@dataclass(frozen=True, slots=True)
class RestDays:
    """One period, first and last day included. `source`: "staff" or "participant"."""

    id: uuid.UUID
    participant_id: uuid.UUID
    first_on: date
    last_on: date
    source: str


def add_rest_days(
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    first_on: date,
    last_on: date,
    *,
    source: str,
    at: datetime,
) -> uuid.UUID:
    """Keep one period."""
    new = {"org_id": org_id, "participant_id": participant_id, "first_on": first_on, "last_on": last_on}
    return session.execute(
        insert(RestPeriod).values(**new, source=source, created_at=at).returning(RestPeriod.id)
    ).scalar_one()


def cancel_rest_days(session: Session, participant_id: uuid.UUID, rest_id: uuid.UUID, at: datetime) -> bool:
    """Take one period of this person away; False when it was not there, or gone already. What waited for such days is
    looked at again at once: other days may still hold it."""
    found = session.execute(
        update(RestPeriod)
        .where(RestPeriod.id == rest_id, RestPeriod.participant_id == participant_id, RestPeriod.cancelled_at.is_(None))
        .values(cancelled_at=at)
        .returning(RestPeriod.id)
    )
    if found.scalar_one_or_none() is None:
        return False
    waiting = (Message.participant_id == participant_id, Message.state.in_(("planned", "due")))
    session.execute(
        update(Message).where(*waiting, Message.reason == "rest_days", Message.due_at > at).values(due_at=at, reason="")
    )
    return True


def rest_days_of(session: Session, participant_ids: Iterable[uuid.UUID], today: date) -> list[RestDays]:
    """The periods of these people that are not over, in order."""
    rows = session.execute(
        select(RestPeriod)
        .where(
            RestPeriod.participant_id.in_(list(set(participant_ids))),
            RestPeriod.cancelled_at.is_(None),
            RestPeriod.last_on >= today,
        )
        .order_by(RestPeriod.first_on, RestPeriod.created_at)
    ).scalars()
    return [RestDays(row.id, row.participant_id, row.first_on, row.last_on, row.source) for row in rows]
