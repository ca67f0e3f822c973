"""What this installation knows of itself, such as which keys its data was made with."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base


class InstallationMark(Base):
    """A fact about the whole installation, such as a constant sealed with its keys. No row of any organisation."""

    __tablename__ = "installation_mark"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
