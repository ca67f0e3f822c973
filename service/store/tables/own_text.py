"""An organisation's own words for a text of the catalogue."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, within_org


class OwnText(OrgRow, Base):
    """One version of one text. Append-only: the highest version counts; without a body the standard text does."""

    __tablename__ = "own_text"
    __table_args__ = (
        UniqueConstraint("org_id", "channel", "key", "language", "form", "version"),
        within_org("saved_by", "account"),
        CheckConstraint("channel in ('sms', 'email')", "channel"),
        CheckConstraint("form in ('u', 'je')", "form"),
    )

    channel: Mapped[str]
    key: Mapped[str]
    language: Mapped[str]
    form: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True)
    )  # shaped as the entry in the catalogue
    saved_by: Mapped[uuid.UUID]
    saved_at: Mapped[datetime]
