"""What a report rests on: the analysis plan as it was locked, and the figures as they were laid down on a day."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org


class AnalysisPlan(OrgRow, Base):
    """One version of the analysis plan of one programme. Append-only: the highest version counts, the others stay.

    Nothing in it is about a person: it says how figures are made. It stays when somebody's data are erased.
    """

    __tablename__ = "analysis_plan"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "programme_id", "version"),
        within_org("programme_id", "programme"),
        within_org("locked_by", "account"),
        CheckConstraint("version >= 1", "version"),
        CheckConstraint("version = 1 or reason <> ''", "reason"),
        CheckConstraint("length(digest) = 64", "digest"),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(SmallInteger)
    plan: Mapped[str]  # canonical JSON, exactly what the digest was taken of
    digest: Mapped[str]  # SHA-256 of `plan`
    late: Mapped[bool]  # a window of the wave it judges by had opened already
    reason: Mapped[str] = mapped_column(server_default=text("''"))  # why it was changed
    locked_by: Mapped[uuid.UUID]
    locked_at: Mapped[datetime]


class Snapshot(OrgRow, Base):
    """The figures of one programme as they stood at one moment ("peildatum"). Append-only.

    It holds nothing of a single person: only figures after disclosure (none about fewer than ten people), names of
    waves, and digests from which no answer can be found again. Who is erased stays counted in it, as in a report on
    paper.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        org_unique(),
        within_org("programme_id", "programme"),
        within_org("plan_id", "analysis_plan"),
        within_org("taken_by", "account"),
        CheckConstraint("length(result_digest) = 64 and length(data_digest) = 64", "digests"),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(index=True)
    plan_id: Mapped[uuid.UUID | None]  # null: the default plan, nobody had locked one
    reference_at: Mapped[datetime]  # the moment of the data
    taken_at: Mapped[datetime]
    taken_by: Mapped[uuid.UUID]
    result: Mapped[str]  # canonical JSON
    result_digest: Mapped[str]  # SHA-256 of the result without its moment
    data_digest: Mapped[str]  # SHA-256 of the records
    waves: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # key, titles and days, as they were called then
    peil_version: Mapped[str]
