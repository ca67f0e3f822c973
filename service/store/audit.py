"""The audit trail: who did what to what. Ids only, never contact data; the database chains the lines by hash."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from service.store.tables.audit import AuditEvent


def append(
    session: Session,
    org_id: uuid.UUID,
    at: datetime,
    actor_id: uuid.UUID | None,
    action: str,
    subject_kind: str,
    subject_id: uuid.UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one line, in the transaction of the act itself. `actor_id` is None when the service acts."""
    session.execute(
        insert(AuditEvent).values(
            org_id=org_id,
            at=at,
            actor_id=actor_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=dict(details or {}),
        )
    )
