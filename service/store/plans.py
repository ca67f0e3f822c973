"""What is planned for an enrolment: measurements and messages written once, and what ends them early."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.orm import Session

from service.store.base import Base
from service.store.tables.measurement import Measurement
from service.store.tables.message import Message, MessageEvent
from service.store.tables.reply import ConversationRow

UNSENT = ("planned", "due")
UNFINISHED = ("scheduled", "open", "partial")
# The tables themselves: one statement, prepared once, for however many rows.
MEASUREMENTS = Base.metadata.tables["measurement"]
MESSAGES = Base.metadata.tables["message"]


@dataclass(frozen=True, slots=True)
class NewMeasurement:
    """One wave of one enrolment, as it is kept."""

    id: uuid.UUID
    enrolment_id: uuid.UUID
    participant_id: uuid.UUID
    wave: str
    position: int
    instrument: str
    instrument_version: str
    language: str
    time_zone: str
    target_on: date
    opens_at: datetime
    closes_at: datetime
    link_digest: bytes


@dataclass(frozen=True, slots=True)
class NewMessage:
    """One message, as it is kept. `local_at` is naive, in `time_zone`; `channel` is None until it is sent."""

    participant_id: uuid.UUID
    enrolment_id: uuid.UUID | None
    measurement_id: uuid.UUID | None
    kind: str
    text_key: str
    local_at: datetime
    time_zone: str
    due_at: datetime
    expires_at: datetime
    dedupe_key: str
    channel: str | None = None
    address_id: uuid.UUID | None = None
    activity_id: uuid.UUID | None = None
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """A measurement that exists, as far as its course is concerned."""

    id: uuid.UUID
    wave: str
    status: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class MessageState:
    """Where a message is."""

    id: uuid.UUID
    channel: str | None
    state: str
    reason: str
    created_at: datetime
    sent_at: datetime | None


def save_measurements(session: Session, org_id: uuid.UUID, measurements: Sequence[NewMeasurement]) -> None:
    """Keep measurements; a wave that the enrolment already has stays as it was."""
    rows: list[dict[str, object]] = [
        {
            "id": one.id,
            "org_id": org_id,
            "enrolment_id": one.enrolment_id,
            "participant_id": one.participant_id,
            "wave": one.wave,
            "position": one.position,
            "instrument": one.instrument,
            "instrument_version": one.instrument_version,
            "language": one.language,
            "time_zone": one.time_zone,
            "target_on": one.target_on,
            "opens_at": one.opens_at,
            "closes_at": one.closes_at,
            "link_digest": one.link_digest,
        }
        for one in measurements
    ]
    if rows:
        session.execute(insert_new(MEASUREMENTS).on_conflict_do_nothing(), rows)


def save_messages(session: Session, org_id: uuid.UUID, messages: Sequence[NewMessage], at: datetime) -> None:
    """Keep messages; one whose key exists already stays as it was."""
    rows: list[dict[str, object]] = [
        {
            "org_id": org_id,
            "participant_id": one.participant_id,
            "enrolment_id": one.enrolment_id,
            "measurement_id": one.measurement_id,
            "kind": one.kind,
            "text_key": one.text_key,
            "values": dict(one.values),
            "activity_id": one.activity_id,
            "channel": one.channel,
            "address_id": one.address_id,
            "local_at": one.local_at,
            "time_zone": one.time_zone,
            "due_at": one.due_at,
            "expires_at": one.expires_at,
            "created_at": at,
            "dedupe_key": one.dedupe_key,
        }
        for one in messages
    ]
    if rows:
        session.execute(insert_new(MESSAGES).on_conflict_do_nothing(), rows)


def planned_measurements(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, Planned]]:
    """The measurements of these enrolments: by enrolment, then by wave, in order."""
    found: dict[uuid.UUID, dict[str, Planned]] = {one: {} for one in ids}
    rows = session.execute(
        select(
            Measurement.enrolment_id,
            Measurement.id,
            Measurement.wave,
            Measurement.status,
            Measurement.opens_at,
            Measurement.closes_at,
        )
        .where(Measurement.enrolment_id.in_(list(ids)))
        .order_by(Measurement.position)
    )
    for row in rows:
        found[row.enrolment_id][row.wave] = Planned(row.id, row.wave, row.status, row.opens_at, row.closes_at)
    return found


def open_measurement(session: Session, participant_id: uuid.UUID, at: datetime) -> Planned | None:
    """The unfinished measurement whose window is open at this moment."""
    row = (
        session.execute(
            select(Measurement)
            .where(
                Measurement.participant_id == participant_id,
                Measurement.status.in_(UNFINISHED),
                Measurement.opens_at <= at,
                Measurement.closes_at > at,
            )
            .order_by(Measurement.opens_at.desc())
        )
        .scalars()
        .first()
    )
    return None if row is None else Planned(row.id, row.wave, row.status, row.opens_at, row.closes_at)


def cancel_unsent(session: Session, org_id: uuid.UUID, participant_id: uuid.UUID, reason: str, at: datetime) -> int:
    """Cancel every message that has not started; returns how many. One that is under way is left to its end."""
    rows = session.execute(
        select(Message.id, Message.state, Message.attempt_number)
        .where(Message.participant_id == participant_id, Message.state.in_(UNSENT))
        .with_for_update()
    ).all()
    if not rows:
        return 0
    session.execute(
        update(Message).where(Message.id.in_([row.id for row in rows])).values(state="cancelled", reason=reason)
    )
    session.execute(
        insert(MessageEvent),
        [
            {
                "org_id": org_id,
                "message_id": row.id,
                "at": at,
                "event": "cancel",
                "state_from": row.state,
                "state_to": "cancelled",
                "reason": reason,
                "attempt_number": row.attempt_number,
            }
            for row in rows
        ],
    )
    return len(rows)


def end_measurements(
    session: Session, participant_id: uuid.UUID, *, before: datetime, not_yet_open: str, while_open: str
) -> None:
    """End what is unfinished. What would open at `before` or later is cancelled; what was open then is missed."""
    unfinished = (Measurement.participant_id == participant_id, Measurement.status.in_(UNFINISHED))
    session.execute(
        update(Measurement)
        .where(*unfinished, Measurement.opens_at >= before)
        .values(status="cancelled", status_reason=not_yet_open)
    )
    session.execute(update(Measurement).where(*unfinished).values(status="missed", status_reason=while_open))


def close_conversations(session: Session, participant_id: uuid.UUID, at: datetime) -> None:
    """End the dialogues by SMS with this person."""
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.participant_id == participant_id, ConversationRow.closed_at.is_(None))
        .values(stage="closed", closed_at=at, changed_at=at)
    )


def last_message(session: Session, participant_id: uuid.UUID, kinds: Collection[str]) -> MessageState | None:
    """The newest message of one of these kinds."""
    row = (
        session.execute(
            select(Message)
            .where(Message.participant_id == participant_id, Message.kind.in_(list(kinds)))
            .order_by(Message.created_at.desc())
        )
        .scalars()
        .first()
    )
    return (
        None if row is None else MessageState(row.id, row.channel, row.state, row.reason, row.created_at, row.sent_at)
    )
