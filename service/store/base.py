"""The shape that all tables share: constraint names, UTC moments, and the organisation every row belongs to."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, MetaData, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        uuid.UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[str]: JSONB(),
    }


class OrgRow:
    """A row of one organisation: `id` is made by the database, `org_id` decides who may see it."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    org_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)


def org_unique() -> UniqueConstraint:
    """The key that lets other tables refer to this one within the same organisation."""
    return UniqueConstraint("org_id", "id")


def within_org(column: str, table: str) -> ForeignKeyConstraint:
    """A reference that cannot cross organisations."""
    return ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"])
