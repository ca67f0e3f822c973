"""Calls that coordinators write down, and what becomes of the task (call_tasks.py puts tasks on the list)."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.followup.conversation import TaskReason
from service.store.tables.contact import ContactMoment
from service.store.tables.reply import CallTask


@dataclass(frozen=True, slots=True)
class Task:
    """Somebody should call this person. `reason` is a value of conversation.TaskReason."""

    id: uuid.UUID
    participant_id: uuid.UUID
    measurement_id: uuid.UUID | None
    reason: str
    due_on: date
    done_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One call that was written down."""

    id: uuid.UUID
    participant_id: uuid.UUID
    task_id: uuid.UUID | None
    made_by: uuid.UUID
    at: datetime
    outcome: str
    undone_at: datetime | None


def read_task(session: Session, task_id: uuid.UUID) -> Task | None:
    """One call to make; locked."""
    row = session.execute(select(CallTask).where(CallTask.id == task_id).with_for_update()).scalar_one_or_none()
    if row is None:
        return None
    return Task(row.id, row.participant_id, row.measurement_id, row.reason, row.due_on, row.done_at, row.outcome)


def open_tasks_about(session: Session, measurement_id: uuid.UUID, reasons: Collection[str]) -> list[uuid.UUID]:
    """The calls to make about this measurement for these reasons, the oldest first; locked."""
    return list(
        session.execute(
            select(CallTask.id)
            .where(CallTask.measurement_id == measurement_id, CallTask.reason.in_(reasons), CallTask.done_at.is_(None))
            .order_by(CallTask.created_at, CallTask.id)
            .with_for_update()
        ).scalars()
    )


def finish_task(session: Session, task_id: uuid.UUID, outcome: str, done_by: uuid.UUID, at: datetime) -> None:
    """The call was made."""
    session.execute(update(CallTask).where(CallTask.id == task_id).values(done_at=at, done_by=done_by, outcome=outcome))


def move_task(session: Session, task_id: uuid.UUID, due_on: date, outcome: str) -> None:
    """The call stays on the list, for another day."""
    session.execute(update(CallTask).where(CallTask.id == task_id).values(due_on=due_on, outcome=outcome))


def reopen_task(session: Session, task_id: uuid.UUID, due_on: date) -> None:
    """The call is to be made after all."""
    session.execute(
        update(CallTask).where(CallTask.id == task_id).values(done_at=None, done_by=None, outcome=None, due_on=due_on)
    )


def close_tasks(
    session: Session, participant_id: uuid.UUID, outcome: str, done_by: uuid.UUID | None, at: datetime
) -> None:
    """Nobody needs to call this person any more; a request to erase everything stays until that was done. `done_by` is
    None when the person said so."""
    session.execute(
        update(CallTask)
        .where(
            CallTask.participant_id == participant_id,
            CallTask.done_at.is_(None),
            CallTask.reason != TaskReason.ERASURE_ASKED,
        )
        .values(done_at=at, done_by=done_by, outcome=outcome)
    )


def add_moment(
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    *,
    task_id: uuid.UUID | None,
    made_by: uuid.UUID,
    at: datetime,
    outcome: str,
    kind: str = "call",
    two_way: bool | None = None,
    minutes: int | None = None,
) -> uuid.UUID:
    """Write a call down, or another `kind` of contact; `two_way` when the person took part in it."""
    row = ContactMoment(
        org_id=org_id,
        participant_id=participant_id,
        task_id=task_id,
        made_by=made_by,
        at=at,
        outcome=outcome,
        kind=kind,
        two_way=two_way,
        minutes=minutes,
    )
    session.add(row)
    session.flush()
    return row.id


def read_moment(session: Session, moment_id: uuid.UUID) -> Moment | None:
    """One call that was written down; locked."""
    row = session.execute(
        select(ContactMoment).where(ContactMoment.id == moment_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        return None
    return Moment(row.id, row.participant_id, row.task_id, row.made_by, row.at, row.outcome, row.undone_at)


def undo_moment(session: Session, moment_id: uuid.UUID, at: datetime) -> None:
    """Cross a call out; the row stays."""
    session.execute(update(ContactMoment).where(ContactMoment.id == moment_id).values(undone_at=at))
