"""Words that ask for a quick reaction. An alert is never deleted; the words stay with the reply."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def raise_alert(
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    reply_id: uuid.UUID,
    level: str,
    now: datetime,
    due_at: datetime,
) -> None:
    """Raise an alert about a reply; once per reply."""
    session.execute(
        text(
            "insert into alert (org_id, participant_id, reply_id, level, raised_at, due_at)"
            " values (:org, :participant, :reply, :level, :now, :due) on conflict (org_id, reply_id) do nothing"
        ),
        {"org": org_id, "participant": participant_id, "reply": reply_id, "level": level, "now": now, "due": due_at},
    )
