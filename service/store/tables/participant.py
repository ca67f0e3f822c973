"""A participant by pseudonym, what they agreed to, and the dated intakes. Contact details: contact.py."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org


class Participant(OrgRow, Base):
    """A person who takes part. `preferred_channel` is sms, email or phone (a person calls)."""

    __tablename__ = "participant"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "pseudonym"),
        CheckConstraint("preferred_channel in ('sms', 'email', 'phone')", "preferred_channel"),
        CheckConstraint("form_of_address in ('u', 'je')", "form_of_address"),
        CheckConstraint("encouragement in ('normal', 'less', 'none')", "encouragement"),
    )

    pseudonym: Mapped[str]
    recognition_word: Mapped[str]
    language: Mapped[str] = mapped_column(default="nl")
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    preferred_channel: Mapped[str]
    died_on: Mapped[date | None]
    created_at: Mapped[datetime]
    form_of_address: Mapped[str] = mapped_column(server_default=text("'u'"))
    encouragement: Mapped[str] = mapped_column(
        server_default=text("'normal'")
    )  # how often the person wants to hear from us
    bereaved_on: Mapped[date | None]  # somebody near them died: no encouragement for a while
    own_link_version: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))  # a new one ends the old link
    own_link_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    erasure_asked_at: Mapped[datetime | None]


class ConsentRow(OrgRow, Base):
    """One purpose a person agreed to, the words they agreed to, and until when."""

    __tablename__ = "consent"
    __table_args__ = (
        org_unique(),
        within_org("participant_id", "participant"),
        within_org("taken_by", "account"),
        Index(
            "uq_consent_in_force",
            "org_id",
            "participant_id",
            "purpose",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
        ),
        CheckConstraint("legal_basis in ('consent', 'public_task')", "legal_basis"),
        CheckConstraint("taken_how in ('paper', 'web', 'spoken')", "taken_how"),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    purpose: Mapped[str]
    legal_basis: Mapped[str]
    taken_how: Mapped[str]
    taken_by: Mapped[uuid.UUID]
    wording: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_how: Mapped[str | None]


class RestPeriod(OrgRow, Base):
    """Days on which somebody would rather not hear from us ("liever niet"), first and last day included."""

    __tablename__ = "rest_period"
    __table_args__ = (
        org_unique(),
        within_org("participant_id", "participant"),
        CheckConstraint("last_on >= first_on", "days"),
        CheckConstraint("source in ('staff', 'participant')", "source"),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    source: Mapped[str]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Intake(OrgRow, Base):
    """One dated intake: readiness 1-5 (weten, willen, kunnen), causes, risk factors, level of prevention, referrer."""

    __tablename__ = "intake"
    __table_args__ = (
        org_unique(),
        within_org("participant_id", "participant"),
        within_org("taken_by", "account"),
        CheckConstraint("know between 1 and 5", "know"),
        CheckConstraint("want between 1 and 5", "want"),
        CheckConstraint("can between 1 and 5", "can"),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    taken_on: Mapped[date]
    taken_by: Mapped[uuid.UUID]
    know: Mapped[int | None] = mapped_column(SmallInteger)
    want: Mapped[int | None] = mapped_column(SmallInteger)
    can: Mapped[int | None] = mapped_column(SmallInteger)
    causes: Mapped[list[str]]
    risk_factors: Mapped[list[str]]
    prevention_level: Mapped[str | None]
    referrer: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
