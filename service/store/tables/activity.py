"""The calendar of activities of a programme, and who came."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org


class Activity(OrgRow, Base):
    """One meeting of one programme. Local date, time and zone are what was agreed; `starts_at` follows from them."""

    __tablename__ = "activity"
    __table_args__ = (
        org_unique(),
        within_org("programme_id", "programme"),
        within_org("created_by", "account"),
        CheckConstraint("minutes between 1 and 1440", "minutes"),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(index=True)
    title: Mapped[str]
    place: Mapped[str]
    local_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    time_zone: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    remind: Mapped[bool] = mapped_column(server_default=text("true"))  # whether people are reminded the day before
    created_by: Mapped[uuid.UUID]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Attendance(OrgRow, Base):
    """Whether one participant comes, or came, to one activity."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("org_id", "activity_id", "participant_id"),
        within_org("activity_id", "activity"),
        within_org("participant_id", "participant"),
        within_org("recorded_by", "account"),
        CheckConstraint("state in ('not_coming', 'present', 'absent', 'open')", "state"),
    )

    activity_id: Mapped[uuid.UUID]
    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    state: Mapped[str]  # open: taken back, nothing is known
    recorded_by: Mapped[uuid.UUID | None]  # null: the person said so
    recorded_at: Mapped[datetime]
