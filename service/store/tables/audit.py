"""Who did what to what. Append-only, chained by hash; ids only, never contact data."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow


class AuditEvent(OrgRow, Base):
    """One act. `digest` covers the row and the digest before it; a trigger writes both."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_subject", "org_id", "subject_id"),
        Index("ix_audit_event_sequence", "org_id", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, Identity())
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]  # null: the service itself
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    details: Mapped[dict[str, Any]]
    previous: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)


class Heartbeat(Base):
    """When a process last showed that it lives. It belongs to no organisation."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
