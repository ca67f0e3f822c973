"""Figures laid down on a reference date: added, read, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from service.store.tables.account import Account
from service.store.tables.analysis import Snapshot as SnapshotRow


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One snapshot in a list. `reference_at` is the moment of the data, `taken_by` a member of staff."""

    id: uuid.UUID
    reference_at: datetime
    taken_at: datetime
    taken_by: str
    result_digest: str
    data_digest: str
    peil_version: str


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """One snapshot: its result (canonical JSON), the plan it was made by, and the waves as they were called then."""

    line: SnapshotLine
    plan_id: uuid.UUID | None
    result: str
    waves: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """A snapshot to add."""

    plan_id: uuid.UUID | None
    reference_at: datetime
    result: str
    result_digest: str
    data_digest: str
    waves: Sequence[dict[str, Any]]
    peil_version: str


def list_snapshots(session: Session, programme_id: uuid.UUID) -> list[SnapshotLine]:
    """Every snapshot of this programme, newest first; without the results."""
    rows = session.execute(
        select(
            SnapshotRow.id,
            SnapshotRow.reference_at,
            SnapshotRow.taken_at,
            Account.name.label("taken_by"),
            SnapshotRow.result_digest,
            SnapshotRow.data_digest,
            SnapshotRow.peil_version,
        )
        .join(Account, (Account.org_id == SnapshotRow.org_id) & (Account.id == SnapshotRow.taken_by))
        .where(SnapshotRow.programme_id == programme_id)
        .order_by(SnapshotRow.taken_at.desc(), SnapshotRow.id)
    )
    return [SnapshotLine(**row) for row in rows.mappings()]


def find(session: Session, programme_id: uuid.UUID, snapshot_id: uuid.UUID) -> StoredSnapshot | None:
    """One snapshot of this programme; None when there is none."""
    found = session.execute(
        select(SnapshotRow).where(SnapshotRow.id == snapshot_id, SnapshotRow.programme_id == programme_id)
    ).scalar_one_or_none()
    if found is None:
        return None
    line = next(one for one in list_snapshots(session, programme_id) if one.id == snapshot_id)
    return StoredSnapshot(line, found.plan_id, found.result, found.waves)


def add(
    session: Session, org_id: uuid.UUID, programme_id: uuid.UUID, new: NewSnapshot, taken_by: uuid.UUID, now: datetime
) -> uuid.UUID:
    """Add a snapshot."""
    found: uuid.UUID = session.execute(
        insert(SnapshotRow)
        .values(
            org_id=org_id,
            programme_id=programme_id,
            plan_id=new.plan_id,
            reference_at=new.reference_at,
            taken_at=now,
            taken_by=taken_by,
            result=new.result,
            result_digest=new.result_digest,
            data_digest=new.data_digest,
            waves=list(new.waves),
            peil_version=new.peil_version,
        )
        .returning(SnapshotRow.id)
    ).scalar_one()
    return found
