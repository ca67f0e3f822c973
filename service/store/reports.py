"""What the figures are made of: plain rows per measurement, read in one query each. No names, no item answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from service.store.tables.account import Account
from service.store.tables.enrolment import Enrolment
from service.store.tables.intervention import Intervention, Programme, ProtocolVersion


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One programme in a list: how many people were ever enrolled, how many take part now."""

    id: uuid.UUID
    name: str
    site: str
    municipality: str
    intervention: str
    goal_type: str
    starts_on: date
    coordinator: str
    enrolled: int
    current: int


@dataclass(frozen=True, slots=True)
class ProgrammeHead:
    """A programme with the source of its protocol."""

    line: ProgrammeLine
    summary: str
    protocol_source: str
    protocol_title: str


def list_programmes(session: Session) -> list[ProgrammeLine]:
    """Every programme of the organisation, alphabetical."""
    return [_line(row) for row in session.execute(_lines().order_by(Programme.name))]


def find_programme(session: Session, programme_id: uuid.UUID) -> ProgrammeHead | None:
    """One programme, or None."""
    row = session.execute(
        _lines()
        .join(
            ProtocolVersion,
            (ProtocolVersion.id == Programme.protocol_id) & (ProtocolVersion.org_id == Programme.org_id),
        )
        .add_columns(Intervention.summary, ProtocolVersion.source, ProtocolVersion.title)
        .group_by(Intervention.summary, ProtocolVersion.source, ProtocolVersion.title)
        .where(Programme.id == programme_id)
    ).one_or_none()
    return ProgrammeHead(_line(row), row.summary, row.source, row.title) if row else None


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Programme.id,
            Programme.name,
            Programme.site,
            Programme.municipality,
            Intervention.name.label("intervention"),
            Intervention.goal_type,
            Programme.starts_on,
            Account.name.label("coordinator"),
            func.count(Enrolment.id).label("enrolled"),
            func.count(Enrolment.id).filter(Enrolment.exited_on.is_(None)).label("current"),
        )
        .join(Intervention, Intervention.id == Programme.intervention_id)
        .join(Account, Account.id == Programme.coordinator_id)
        .outerjoin(Enrolment, (Enrolment.programme_id == Programme.id) & (Enrolment.arm == "intervention"))
        .group_by(Programme.id, Intervention.name, Intervention.goal_type, Account.name)
    )


def _line(row: Row[Any]) -> ProgrammeLine:
    return ProgrammeLine(
        id=row.id,
        name=row.name,
        site=row.site,
        municipality=row.municipality,
        intervention=row.intervention,
        goal_type=row.goal_type,
        starts_on=row.starts_on,
        coordinator=row.coordinator,
        enrolled=row.enrolled,
        current=row.current,
    )
