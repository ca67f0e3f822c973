"""Asking that somebody calls: what the service itself puts on the coordinator's list."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def ask(
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    measurement_id: uuid.UUID | None,
    reason: str,
    now: datetime,
    due_on: date,
    key: str,
) -> None:
    """One call for this reason: not when the same is open for this person, nor when the same key was here before."""
    session.execute(
        text(
            "insert into call_task (org_id, participant_id, measurement_id, reason, created_at, due_on, dedupe_key)"
            " select :org, cast(:participant as uuid), :measurement, cast(:reason as text), :now, :due, :key"
            " where not exists (select 1 from call_task t where t.participant_id = cast(:participant as uuid)"
            "   and t.reason = cast(:reason as text)"
            "   and t.done_at is null) on conflict (org_id, dedupe_key) do nothing"
        ),
        {
            "org": org_id,
            "participant": participant_id,
            "measurement": measurement_id,
            "reason": reason,
            "now": now,
            "due": due_on,
            "key": key,
        },
    )
