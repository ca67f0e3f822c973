"""Organisations: each sees itself only; the operator lists them by a narrow function."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from service.store.tables.organisation import Organisation as Row


@dataclass(frozen=True, slots=True)
class Organisation:
    """A municipality or welfare organisation. `short_name` stands in every message; `phone` answers by voice."""

    id: uuid.UUID
    name: str
    short_name: str
    phone: str
    sms_number: str | None


def add_organisation(session: Session, organisation: Organisation, at: datetime) -> None:
    """Add it. The transaction must be that of the new organisation itself."""
    session.execute(
        insert(Row).values(
            id=organisation.id,
            name=organisation.name,
            short_name=organisation.short_name,
            phone=organisation.phone,
            sms_number=organisation.sms_number,
            created_at=at,
        )
    )


def read_organisation(session: Session) -> Organisation | None:
    """The organisation of this transaction."""
    row = session.execute(select(Row)).scalar_one_or_none()
    return None if row is None else Organisation(row.id, row.name, row.short_name, row.phone, row.sms_number)


def list_organisation_ids(session: Session) -> list[uuid.UUID]:
    """Every organisation of this installation, oldest first. Needs no organisation in the transaction."""
    return list(session.execute(text("select id from organisation_ids() as t(id)")).scalars())
