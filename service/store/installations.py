"""Facts about the whole installation."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.tables.installation import InstallationMark


def recall(session: Session, name: str) -> str | None:
    """The mark with this name; None when it was never set."""
    return session.scalar(select(InstallationMark.value).where(InstallationMark.name == name))


def remember(session: Session, name: str, value: str) -> None:
    """Set a mark."""
    row = insert(InstallationMark).values(name=name, value=value)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def in_use(session: Session) -> bool:
    """Whether any organisation has data here."""
    return session.execute(select(func.organisation_ids())).first() is not None
