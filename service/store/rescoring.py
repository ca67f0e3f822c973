"""Which score of a response is the newest, page by page, and a lock on the measurements that get another."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest score of one measurement, as it was kept. `values` in points, None where it could not be scored."""

    measurement_id: uuid.UUID
    instrument: str
    version: str
    scoring_version: str
    cutoff_set: str | None
    input_hash: str
    values: Mapping[str, int | None]
    band: str | None
    lower_bound: bool


_NEWEST = """select s.measurement_id, s.instrument, s.instrument_version as version, s.scoring_version, s.cutoff_set,
  s.input_hash, s.score_values as values, s.band, s.lower_bound
from measurement me cross join lateral (
  select * from score x where x.org_id = me.org_id and x.measurement_id = me.id order by x.sequence desc limit 1) s"""


def page(session: Session, after: uuid.UUID | None, limit: int, instrument: str | None) -> list[Kept]:
    """The newest scores of up to `limit` measurements beyond `after`, in the order of their ids; nothing is locked."""
    rows = session.execute(
        text(
            f"{_NEWEST} where (cast(:after as uuid) is null or me.id > :after)"
            " and (cast(:instrument as text) is null or me.instrument = :instrument) order by me.id limit :limit"
        ),
        {"after": after, "instrument": instrument, "limit": limit},
    )
    return [Kept(**row) for row in rows.mappings()]


def newest(session: Session, measurement_ids: Collection[uuid.UUID]) -> list[Kept]:
    """The newest scores of these measurements, in the order of their ids."""
    rows = session.execute(text(f"{_NEWEST} where me.id = any(:ids) order by me.id"), {"ids": list(measurement_ids)})
    return [Kept(**row) for row in rows.mappings()]


def lock_free(session: Session, measurement_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Lock those of these measurements that nobody else is writing about; the others are left out."""
    rows = session.execute(
        text("select id from measurement where id = any(:ids) order by id for update skip locked"),
        {"ids": list(measurement_ids)},
    )
    return set(rows.scalars())


def lock_one(session: Session, measurement_id: uuid.UUID) -> set[uuid.UUID]:
    """Lock this measurement, waiting for whoever writes about it; empty when it is gone."""
    rows = session.execute(text("select id from measurement where id = :id for update"), {"id": measurement_id})
    return set(rows.scalars())


def instruments_in_use(session: Session) -> set[tuple[str, str]]:
    """The questionnaires of which a measurement was planned in this organisation: key and version."""
    rows = session.execute(text("select distinct instrument, instrument_version from measurement"))
    return {(row.instrument, row.instrument_version) for row in rows}
