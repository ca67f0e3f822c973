"""Interventions, the programmes that deliver them, and the protocol versions that follow people."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.tables.account import Account
from service.store.tables.enrolment import Enrolment
from service.store.tables.intervention import Intervention as InterventionRow
from service.store.tables.intervention import Programme as ProgrammeRow
from service.store.tables.intervention import ProtocolVersion as ProtocolRow


@dataclass(frozen=True, slots=True)
class Intervention:
    """A described method. `goal_type` is reduce, stabilise or prevent_onset."""

    id: uuid.UUID
    name: str
    summary: str
    goal_type: str


@dataclass(frozen=True, slots=True)
class StoredProtocol:
    """One immutable protocol version, with its text."""

    id: uuid.UUID
    key: str
    version: int
    title: str
    source: str
    digest: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ProgrammeHead:
    """One programme, as far as planning is concerned."""

    id: uuid.UUID
    name: str
    protocol_id: uuid.UUID
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Programme:
    """One delivery of an intervention, with the names that a page needs and how many people are enrolled now."""

    id: uuid.UUID
    name: str
    site: str
    municipality: str
    starts_on: date
    intervention_id: uuid.UUID
    intervention: str
    protocol_id: uuid.UUID
    protocol: str
    protocol_version: int
    coordinator_id: uuid.UUID
    coordinator: str
    enrolled: int


def add_intervention(
    session: Session, org_id: uuid.UUID, *, name: str, summary: str, goal_type: str, at: datetime
) -> uuid.UUID | None:
    """Add an intervention; None when the name is taken."""
    return session.execute(
        insert(InterventionRow)
        .values(org_id=org_id, name=name, summary=summary, goal_type=goal_type, created_at=at)
        .on_conflict_do_nothing(index_elements=[InterventionRow.org_id, InterventionRow.name])
        .returning(InterventionRow.id)
    ).scalar_one_or_none()


def list_interventions(session: Session) -> list[Intervention]:
    """Every intervention, by name."""
    rows = session.execute(select(InterventionRow).order_by(InterventionRow.name)).scalars()
    return [Intervention(row.id, row.name, row.summary, row.goal_type) for row in rows]


def has_intervention(session: Session, intervention_id: uuid.UUID) -> bool:
    """Whether this organisation has it."""
    return session.get(InterventionRow, intervention_id) is not None


def add_protocol(
    session: Session,
    org_id: uuid.UUID,
    *,
    key: str,
    version: int,
    title: str,
    source: str,
    digest: str,
    at: datetime,
    made_by: uuid.UUID | None = None,
    replaces_id: uuid.UUID | None = None,
) -> uuid.UUID | None:
    """Add a protocol version; None when this key already has this version."""
    own = {"key": key, "version": version, "title": title, "source": source, "digest": digest}
    return session.execute(
        insert(ProtocolRow)
        .values(org_id=org_id, **own, created_at=at, made_by=made_by, replaces_id=replaces_id)
        .on_conflict_do_nothing(index_elements=[ProtocolRow.org_id, ProtocolRow.key, ProtocolRow.version])
        .returning(ProtocolRow.id)
    ).scalar_one_or_none()


def list_protocols(session: Session) -> list[StoredProtocol]:
    """Every protocol version, by key, the newest first."""
    rows = session.execute(select(ProtocolRow).order_by(ProtocolRow.key, ProtocolRow.version.desc())).scalars()
    return [_protocol(row) for row in rows]


def read_protocol_version(session: Session, protocol_id: uuid.UUID) -> StoredProtocol | None:
    """One protocol version with its text."""
    row = session.get(ProtocolRow, protocol_id)
    return None if row is None else _protocol(row)


def add_programme(
    session: Session,
    org_id: uuid.UUID,
    *,
    intervention_id: uuid.UUID,
    protocol_id: uuid.UUID,
    coordinator_id: uuid.UUID,
    name: str,
    site: str,
    municipality: str,
    starts_on: date,
    at: datetime,
) -> uuid.UUID | None:
    """Add a programme; None when the name is taken."""
    return session.execute(
        insert(ProgrammeRow)
        .values(
            org_id=org_id,
            intervention_id=intervention_id,
            protocol_id=protocol_id,
            coordinator_id=coordinator_id,
            name=name,
            site=site,
            municipality=municipality,
            starts_on=starts_on,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=[ProgrammeRow.org_id, ProgrammeRow.name])
        .returning(ProgrammeRow.id)
    ).scalar_one_or_none()


def list_programmes(session: Session) -> list[Programme]:
    """Every programme, by name."""
    enrolled = (
        select(func.count())
        .where(Enrolment.programme_id == ProgrammeRow.id, Enrolment.exited_on.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(ProgrammeRow, InterventionRow.name, ProtocolRow.title, ProtocolRow.version, Account.name, enrolled)
        .join(InterventionRow, InterventionRow.id == ProgrammeRow.intervention_id)
        .join(ProtocolRow, ProtocolRow.id == ProgrammeRow.protocol_id)
        .join(Account, Account.id == ProgrammeRow.coordinator_id)
        .order_by(ProgrammeRow.name)
    )
    return [
        Programme(
            row.id,
            row.name,
            row.site,
            row.municipality,
            row.starts_on,
            row.intervention_id,
            intervention,
            row.protocol_id,
            title,
            version,
            row.coordinator_id,
            coordinator,
            count,
        )
        for row, intervention, title, version, coordinator, count in rows
    ]


def lock_programme(session: Session, programme_id: uuid.UUID) -> ProgrammeHead | None:
    """One programme, held until the end of the transaction; None when there is none."""
    row = session.execute(
        select(ProgrammeRow).where(ProgrammeRow.id == programme_id).with_for_update()
    ).scalar_one_or_none()
    return None if row is None else ProgrammeHead(row.id, row.name, row.protocol_id, row.starts_on, row.ends_on)


def read_programme(session: Session, programme_id: uuid.UUID) -> ProgrammeHead | None:
    """One programme; None when there is none."""
    row = session.get(ProgrammeRow, programme_id)
    return None if row is None else ProgrammeHead(row.id, row.name, row.protocol_id, row.starts_on, row.ends_on)


def set_end(session: Session, programme_id: uuid.UUID, ends_on: date | None) -> None:
    """When a programme ends; None: not known."""
    session.execute(update(ProgrammeRow).where(ProgrammeRow.id == programme_id).values(ends_on=ends_on))


def set_protocol(session: Session, programme_id: uuid.UUID, protocol_id: uuid.UUID) -> None:
    """From now on people who enrol in this programme follow this version."""
    session.execute(update(ProgrammeRow).where(ProgrammeRow.id == programme_id).values(protocol_id=protocol_id))


def ends(session: Session, programme_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, date | None]:
    """When these programmes end, as far as that is known."""
    rows = session.execute(
        select(ProgrammeRow.id, ProgrammeRow.ends_on).where(ProgrammeRow.id.in_(list(set(programme_ids))))
    )
    return {row.id: row.ends_on for row in rows}


def followers(session: Session, protocol_id: uuid.UUID) -> list[ProgrammeHead]:
    """The programmes that follow this version, by name."""
    rows = session.execute(
        select(ProgrammeRow).where(ProgrammeRow.protocol_id == protocol_id).order_by(ProgrammeRow.name)
    ).scalars()
    return [ProgrammeHead(row.id, row.name, row.protocol_id, row.starts_on, row.ends_on) for row in rows]


def protocol_of_programme(session: Session, programme_id: uuid.UUID) -> StoredProtocol | None:
    """The protocol version a programme uses now; None when there is no such programme."""
    row = session.execute(
        select(ProtocolRow)
        .join(ProgrammeRow, ProgrammeRow.protocol_id == ProtocolRow.id)
        .where(ProgrammeRow.id == programme_id)
    ).scalar_one_or_none()
    return None if row is None else _protocol(row)


def _protocol(row: ProtocolRow) -> StoredProtocol:
    return StoredProtocol(row.id, row.key, row.version, row.title, row.source, row.digest, row.created_at)
