"""Analysis plans: versions are added and never changed; the newest of a programme counts."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from service.store.tables.account import Account
from service.store.tables.analysis import AnalysisPlan as PlanRow
from service.store.tables.enrolment import Enrolment
from service.store.tables.measurement import Measurement


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A version to add: its canonical JSON with the SHA-256 of that, and why it replaces the one before ("")."""

    version: int
    plan: str
    digest: str
    late: bool
    reason: str


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """One version as it was locked, and by whom. `late`: a window of the wave it judges by had opened already."""

    id: uuid.UUID
    version: int
    plan: str
    digest: str
    late: bool
    reason: str
    locked_by: str
    locked_at: datetime


def versions(session: Session, programme_id: uuid.UUID) -> list[StoredPlan]:
    """Every version of this programme's plan, newest first."""
    rows = session.execute(
        select(PlanRow, Account.name)
        .join(Account, (Account.org_id == PlanRow.org_id) & (Account.id == PlanRow.locked_by))
        .where(PlanRow.programme_id == programme_id)
        .order_by(PlanRow.version.desc())
    )
    return [
        StoredPlan(row.id, row.version, row.plan, row.digest, row.late, row.reason, name, row.locked_at)
        for row, name in rows
    ]


def add(
    session: Session, org_id: uuid.UUID, programme_id: uuid.UUID, new: NewPlan, locked_by: uuid.UUID, now: datetime
) -> uuid.UUID:
    """Add a version; the caller holds the programme, so that no number is given twice."""
    found: uuid.UUID = session.execute(
        insert(PlanRow)
        .values(
            org_id=org_id,
            programme_id=programme_id,
            version=new.version,
            plan=new.plan,
            digest=new.digest,
            late=new.late,
            reason=new.reason,
            locked_by=locked_by,
            locked_at=now,
        )
        .returning(PlanRow.id)
    ).scalar_one()
    return found


def first_opening(session: Session, programme_id: uuid.UUID, waves: Collection[str]) -> datetime | None:
    """When the first window of any of these waves opens or opened for anybody; None when none is planned (any more)."""
    found: datetime | None = session.execute(
        select(func.min(Measurement.opens_at))
        .join(Enrolment, (Enrolment.org_id == Measurement.org_id) & (Enrolment.id == Measurement.enrolment_id))
        .where(
            Enrolment.programme_id == programme_id,
            Measurement.wave.in_(list(waves)),
            Measurement.status != "cancelled",  # ended before its window opened, or taken away by a changed plan
        )
    ).scalar_one()
    return found
