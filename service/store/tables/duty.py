"""Who is warned when somebody writes alarming words, and what was sent to them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, within_org


class DutyRoster(OrgRow, Base):
    """Who is on duty and who is the back-up, from this moment. Append-only: the newest row counts."""

    __tablename__ = "duty_roster"
    __table_args__ = (
        within_org("on_duty_id", "account"),
        within_org("back_up_id", "account"),
        within_org("set_by", "account"),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, Identity())
    on_duty_id: Mapped[uuid.UUID]
    back_up_id: Mapped[uuid.UUID | None]
    set_by: Mapped[uuid.UUID]
    set_at: Mapped[datetime]


class AmberAgreement(OrgRow, Base):
    """The organisation signed that a high score leads to a call that does not show why. In force until it is ended."""

    __tablename__ = "amber_agreement"
    __table_args__ = (
        within_org("signed_by", "account"),
        Index("uq_amber_agreement_in_force", "org_id", unique=True, postgresql_where=text("ended_at is null")),
    )

    signed_by: Mapped[uuid.UUID]
    signed_at: Mapped[datetime]
    ended_by: Mapped[uuid.UUID | None]
    ended_at: Mapped[datetime | None]


class StaffNotice(OrgRow, Base):
    """One notice to one member of staff about one alert: a link, no name, no words. Twice is better than never."""

    __tablename__ = "staff_notice"
    __table_args__ = (
        UniqueConstraint("org_id", "alert_id", "account_id", "step", "channel"),
        within_org("alert_id", "alert"),
        within_org("account_id", "account"),
        CheckConstraint("step in ('first', 'escalation')", "step"),
        CheckConstraint("channel in ('sms', 'email')", "channel"),
        CheckConstraint("state in ('due', 'sent', 'failed', 'cancelled')", "state"),
        Index("ix_staff_notice_due", "due_at", postgresql_where=text("state = 'due'")),
    )

    alert_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID]
    step: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'due'"))
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]  # by the database's clock
    tries: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    code: Mapped[str] = mapped_column(server_default=text("''"))
    sent_at: Mapped[datetime | None]
