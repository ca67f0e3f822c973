"""The inbox and what it leads to: replies, conversations, calls to make and alerts."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org


class ReplyRow(OrgRow, Base):
    """An SMS or a mail that came in, stored before anything is done with it. Sender and words are encrypted."""

    __tablename__ = "reply"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("provider", "provider_id"),
        within_org("participant_id", "participant"),
        within_org("in_reply_to", "message"),
        CheckConstraint("state in ('pending', 'done', 'to_read', 'read')", "state"),
        CheckConstraint("channel in ('sms', 'email')", "channel"),
        Index("ix_reply_pending", "received_at", postgresql_where=text("state = 'pending'")),
    )

    provider: Mapped[str]
    provider_id: Mapped[str]
    received_at: Mapped[datetime]
    sender_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    sender: Mapped[str]  # encrypted
    words: Mapped[str]  # encrypted
    participant_id: Mapped[uuid.UUID | None]
    read_as: Mapped[str] = mapped_column(default="")  # replies.ReplyKind
    state: Mapped[str] = mapped_column(default="pending")
    failures: Mapped[int] = mapped_column(SmallInteger, default=0)  # parked for a human after three
    read_at: Mapped[datetime | None]
    read_by: Mapped[uuid.UUID | None]
    channel: Mapped[str] = mapped_column(server_default=text("'sms'"))
    in_reply_to: Mapped[uuid.UUID | None]  # e-mail: the message of ours that it answers


class ConversationRow(OrgRow, Base):
    """The dialogue with one number. At most one is open per number."""

    __tablename__ = "conversation"
    __table_args__ = (
        org_unique(),
        within_org("participant_id", "participant"),
        within_org("measurement_id", "measurement"),
        Index(
            "uq_conversation_open", "org_id", "address_hash", unique=True, postgresql_where=text("closed_at is null")
        ),
    )

    participant_id: Mapped[uuid.UUID]
    measurement_id: Mapped[uuid.UUID] = mapped_column(index=True)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    stage: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    unclear: Mapped[int] = mapped_column(SmallInteger)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CallTask(OrgRow, Base):
    """Somebody should call this person. One open task per reason and measurement."""

    __tablename__ = "call_task"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "dedupe_key"),
        within_org("participant_id", "participant"),
        within_org("measurement_id", "measurement"),
        Index("ix_call_task_open", "org_id", "due_on", postgresql_where=text("done_at is null")),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    measurement_id: Mapped[uuid.UUID | None]
    reason: Mapped[str]  # conversation.TaskReason
    created_at: Mapped[datetime]
    due_on: Mapped[date]  # "later" moves it
    done_at: Mapped[datetime | None]
    done_by: Mapped[uuid.UUID | None]
    outcome: Mapped[str | None]
    dedupe_key: Mapped[str]


class Alert(OrgRow, Base):
    """Words that ask for a quick reaction. Never deleted; the words stay with the reply."""

    __tablename__ = "alert"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "reply_id"),
        within_org("participant_id", "participant"),
        within_org("reply_id", "reply"),
        CheckConstraint("level in ('red', 'amber')", "level"),
    )

    participant_id: Mapped[uuid.UUID | None]  # null: the number is nobody's that we know
    reply_id: Mapped[uuid.UUID]
    level: Mapped[str]
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[uuid.UUID | None]
    escalated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # what was done, in a few fixed words
