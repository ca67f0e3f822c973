"""Contact details, apart from everything else: encrypted per field, found by keyed hash, stopped by address."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, within_org


class Person(OrgRow, Base):
    """The name of a participant. `name_hash` (name and birth year, keyed) finds the same person in a second import."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("org_id", "participant_id"),
        within_org("participant_id", "participant"),
        Index("ix_person_name_hash", "org_id", "name_hash"),
        {"schema": "contact"},
    )

    participant_id: Mapped[uuid.UUID]
    first_name: Mapped[str]  # encrypted
    last_name: Mapped[str]  # encrypted
    name_hash: Mapped[bytes] = mapped_column(LargeBinary)


class Address(OrgRow, Base):
    """One way to reach a participant. A number that changed keeps its row, closed at `replaced_at`."""

    __tablename__ = "address"
    __table_args__ = (
        UniqueConstraint("org_id", "id"),
        within_org("participant_id", "participant"),
        CheckConstraint("kind in ('sms', 'email', 'landline')", "kind"),
        CheckConstraint("state in ('unverified', 'working', 'failing', 'invalid')", "state"),
        Index("ix_address_lookup_hash", "lookup_hash"),
        Index(
            "uq_address_current",
            "org_id",
            "participant_id",
            "kind",
            unique=True,
            postgresql_where=text("replaced_at is null"),
        ),
        {"schema": "contact"},
    )

    participant_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    value: Mapped[str]  # encrypted
    lookup_hash: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default="unverified")
    state_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class Stop(OrgRow, Base):
    """An address that stopped. It outlives the participant, so that an old file cannot start it again."""

    __tablename__ = "stop"
    __table_args__ = (
        Index("uq_stop_in_force", "org_id", "lookup_hash", unique=True, postgresql_where=text("lifted_at is null")),
        CheckConstraint("source in ('sms', 'email', 'provider', 'staff', 'web')", "source"),
        {"schema": "contact"},
    )

    lookup_hash: Mapped[bytes] = mapped_column(LargeBinary)
    source: Mapped[str]
    stopped_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class ContactMoment(OrgRow, Base):
    """A call or visit that was made, by whom and how it went. No words of the conversation are kept."""

    __tablename__ = "contact_moment"
    __table_args__ = (
        UniqueConstraint("org_id", "id"),
        within_org("participant_id", "participant"),
        within_org("made_by", "account"),
        ForeignKeyConstraint(["org_id", "task_id"], ["call_task.org_id", "call_task.id"]),
        CheckConstraint("outcome in ('spoken', 'no_answer', 'later')", "outcome"),
        CheckConstraint("kind in ('call', 'visit', 'meeting', 'letter', 'message')", "kind"),
        CheckConstraint("minutes between 0 and 1440", "minutes"),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    task_id: Mapped[uuid.UUID | None]
    made_by: Mapped[uuid.UUID]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(default="call")
    outcome: Mapped[str]
    undone_at: Mapped[datetime | None]
    two_way: Mapped[bool | None]  # whether the person took part in it
    minutes: Mapped[int | None] = mapped_column(SmallInteger)
