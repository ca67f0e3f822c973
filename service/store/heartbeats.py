"""Signs of life of the processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.tables.audit import Heartbeat


def beat(session: Session, name: str, at: datetime) -> None:
    """Write down that this process was alive."""
    row = insert(Heartbeat).values(name=name, at=at)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": at}))


def last(session: Session, name: str) -> datetime | None:
    """When this process was last alive; None when it never was."""
    return session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
