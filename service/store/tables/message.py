"""The outbox: messages, the attempts to send them, what happened to them, and what providers reported."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org

STATES = (
    "state in ('planned', 'due', 'sending', 'unknown', 'accepted', 'sent', 'delivered', 'undelivered', 'failed',"
    " 'needs_review', 'suppressed', 'expired', 'cancelled')"
)


class Message(OrgRow, Base):
    """One message to one person. Its text is made at send time; `values` holds ids and numbers only."""

    __tablename__ = "message"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "dedupe_key"),
        within_org("participant_id", "participant"),
        within_org("enrolment_id", "enrolment"),
        within_org("measurement_id", "measurement"),
        within_org("activity_id", "activity"),
        CheckConstraint(STATES, "state"),
        CheckConstraint("channel in ('sms', 'email')", "channel"),
        Index("ix_message_due", "due_at", postgresql_where=text("state in ('planned', 'due')")),
        Index("ix_message_in_flight", "lease_until", postgresql_where=text("state in ('sending', 'unknown')")),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    enrolment_id: Mapped[uuid.UUID | None]
    measurement_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    activity_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    kind: Mapped[str]
    text_key: Mapped[str]  # empty for invitations and reminders: the channel decides it at send time
    values: Mapped[dict[str, Any]]
    channel: Mapped[str | None]  # null until it is sent: the preferred channel of that moment
    address_id: Mapped[uuid.UUID | None]  # set when it must go to one address (a test, an answer to a number)
    local_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    time_zone: Mapped[str]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    replied_at: Mapped[datetime | None]  # when the person wrote the words that this answers
    state: Mapped[str] = mapped_column(default="planned")
    reason: Mapped[str] = mapped_column(default="")
    attempt_number: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_until: Mapped[datetime | None]  # by the database's clock
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    dedupe_key: Mapped[str]


class Attempt(OrgRow, Base):
    """One try to send. A send has started when this row is committed; `token` comes back in the status callback."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("org_id", "message_id", "number"),
        within_org("message_id", "message"),
        Index("ix_attempt_provider_id", "provider", "provider_id"),
    )

    message_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(SmallInteger)
    token: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    address_id: Mapped[uuid.UUID]
    body_digest: Mapped[str] = mapped_column(index=True)
    text_version: Mapped[int | None]  # the organisation's own version of the text; null: the standard text
    parts: Mapped[int] = mapped_column(SmallInteger)
    started_at: Mapped[datetime]
    outcome: Mapped[str | None]
    provider: Mapped[str] = mapped_column(default="")
    provider_id: Mapped[str | None]
    code: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]


class MessageEvent(OrgRow, Base):
    """One step in the life of a message. Append-only."""

    __tablename__ = "message_event"
    __table_args__ = (within_org("message_id", "message"),)

    sequence: Mapped[int] = mapped_column(BigInteger, Identity())
    message_id: Mapped[uuid.UUID] = mapped_column(index=True)
    at: Mapped[datetime]
    event: Mapped[str]
    state_from: Mapped[str]
    state_to: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    attempt_number: Mapped[int] = mapped_column(SmallInteger)


class ReceiptRow(OrgRow, Base):
    """What a provider reported, as it came in. The same report twice is one row."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id", "status"),
        Index("ix_receipt_pending", "received_at", postgresql_where=text("applied_at is null")),
    )

    provider: Mapped[str]
    provider_id: Mapped[str]
    token: Mapped[str]
    status: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
