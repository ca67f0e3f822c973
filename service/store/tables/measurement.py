"""One wave of one enrolment, the answers as they came in (append-only), and their scores."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org

MODES = "mode in ('sms', 'email', 'web', 'telephone', 'face_to_face', 'paper')"


class Measurement(OrgRow, Base):
    """A measurement as planned at enrolment. `link_digest` finds it from a personal link; the link is not kept."""

    __tablename__ = "measurement"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "enrolment_id", "wave"),
        within_org("enrolment_id", "enrolment"),
        within_org("participant_id", "participant"),
        within_org("assisted_by", "account"),
        CheckConstraint(
            "status in ('scheduled', 'open', 'partial', 'complete', 'late', 'missed', 'excused', 'cancelled')", "status"
        ),
        Index(
            "ix_measurement_closes_at",
            "org_id",
            "closes_at",
            postgresql_where=text("status in ('scheduled', 'open', 'partial')"),
        ),
    )

    enrolment_id: Mapped[uuid.UUID] = mapped_column(index=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(index=True)
    wave: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    instrument: Mapped[str]
    instrument_version: Mapped[str]
    language: Mapped[str]
    time_zone: Mapped[str]
    target_on: Mapped[date]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="scheduled")
    status_reason: Mapped[str] = mapped_column(default="")  # refused, unreachable, died, withdrawn ...
    mode: Mapped[str | None]
    first_answer_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    link_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    link_version: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))  # a new one ends the old link
    paper_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)  # finds it from the code on a form
    assisted_by: Mapped[uuid.UUID | None]  # who last wrote down answers for the person
    helper_delivers: Mapped[bool | None]  # whether that helper also delivers the intervention


class AnswerEvent(OrgRow, Base):
    """One answer to one item. Never changed: a later row for the same item is the one that counts."""

    __tablename__ = "answer_event"
    __table_args__ = (
        UniqueConstraint("org_id", "measurement_id", "submission_key"),
        within_org("measurement_id", "measurement"),
        CheckConstraint(MODES, "mode"),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(), index=True)
    measurement_id: Mapped[uuid.UUID] = mapped_column(index=True)
    item: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str]
    mode: Mapped[str]
    submission_key: Mapped[str]  # makes receiving idempotent: the reply it came from, or the item and code of a page
    given_at: Mapped[datetime]
    recorded_by: Mapped[uuid.UUID | None]  # the helper or member of staff, when it was not the person


class PaperEntry(OrgRow, Base):
    """A paper form as somebody typed it in first. Encrypted: who types it the second time must not see it."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        within_org("measurement_id", "measurement"),
        within_org("entered_by", "account"),
        Index(
            "uq_paper_entry_waiting",
            "org_id",
            "measurement_id",
            unique=True,
            postgresql_where=text("settled_at is null"),
        ),
    )

    measurement_id: Mapped[uuid.UUID] = mapped_column(index=True)
    answers: Mapped[str]  # encrypted
    filled_in_on: Mapped[date]  # the day on the form
    entered_by: Mapped[uuid.UUID]
    entered_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # compared with the second entry and kept, or thrown away


class Score(OrgRow, Base):
    """The scores of one response by one version of the rules; a re-scoring is a new row beside the old. The newest row
    (by `sequence`) is the score."""

    __tablename__ = "score"
    __table_args__ = (within_org("measurement_id", "measurement"),)

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(), index=True)
    measurement_id: Mapped[uuid.UUID] = mapped_column(index=True)
    instrument: Mapped[str]
    instrument_version: Mapped[str]
    scoring_version: Mapped[str]
    cutoff_set: Mapped[str | None]
    score_values: Mapped[dict[str, Any]]  # every score of the instrument, null when it cannot be scored
    primary_value: Mapped[int | None] = mapped_column(SmallInteger)
    band: Mapped[str | None]
    missing: Mapped[int] = mapped_column(SmallInteger)
    lower_bound: Mapped[bool]
    input_hash: Mapped[str]
    scored_at: Mapped[datetime]
