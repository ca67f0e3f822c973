"""A spell of taking part in one programme."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org


class Enrolment(OrgRow, Base):
    """One episode. `started_at` anchors the waves; the protocol version is the one in force at that moment."""

    __tablename__ = "enrolment"
    __table_args__ = (
        org_unique(),
        within_org("participant_id", "participant"),
        within_org("programme_id", "programme"),
        within_org("protocol_id", "protocol_version"),
        Index(
            "uq_enrolment_current",
            "org_id",
            "participant_id",
            "programme_id",
            unique=True,
            postgresql_where=text("exited_on is null"),
        ),
        CheckConstraint("arm in ('intervention', 'waiting_list', 'comparison')", "arm"),
        CheckConstraint("(exited_on is null) = (exit_kind is null)", "exit"),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    programme_id: Mapped[uuid.UUID] = mapped_column(index=True)
    protocol_id: Mapped[uuid.UUID]
    arm: Mapped[str] = mapped_column(default="intervention")
    started_at: Mapped[datetime]
    started_on: Mapped[date]
    exited_on: Mapped[date | None]
    exit_kind: Mapped[str | None]
    exit_reason: Mapped[str] = mapped_column(default="")
    first_activity_on: Mapped[date | None]  # anchors waves that count from the first activity
