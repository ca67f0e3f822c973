"""The organisation that everything else belongs to."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base


class Organisation(Base):
    """A municipality or welfare organisation. `short_name` stands in every message; `phone` answers by voice."""

    __tablename__ = "organisation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    name: Mapped[str]
    short_name: Mapped[str]
    phone: Mapped[str]
    sms_number: Mapped[str | None] = mapped_column(unique=True)  # its own sender, when it has one
    created_at: Mapped[datetime]
