"""What is delivered (intervention), where it is delivered (programme), and what is asked when (protocol version)."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org


class Intervention(OrgRow, Base):
    """A described method. Its goal decides what counts as success."""

    __tablename__ = "intervention"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "name"),
        CheckConstraint("goal_type in ('reduce', 'stabilise', 'prevent_onset')", "goal_type"),
    )

    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    goal_type: Mapped[str]
    created_at: Mapped[datetime]


class ProtocolVersion(OrgRow, Base):
    """One immutable version of a protocol: the YAML as it was uploaded, and its digest."""

    __tablename__ = "protocol_version"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "key", "version"),
        within_org("replaces_id", "protocol_version"),
        within_org("made_by", "account"),
    )

    key: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    source: Mapped[str]
    digest: Mapped[str]
    created_at: Mapped[datetime]
    replaces_id: Mapped[uuid.UUID | None]
    made_by: Mapped[uuid.UUID | None]


class Programme(OrgRow, Base):
    """One delivery of an intervention at a site, followed by one protocol; people read its coordinator's name."""

    __tablename__ = "programme"
    __table_args__ = (
        org_unique(),
        UniqueConstraint("org_id", "name"),
        within_org("intervention_id", "intervention"),
        within_org("protocol_id", "protocol_version"),
        within_org("coordinator_id", "account"),
    )

    intervention_id: Mapped[uuid.UUID]
    protocol_id: Mapped[uuid.UUID]
    coordinator_id: Mapped[uuid.UUID]
    name: Mapped[str]
    site: Mapped[str]
    municipality: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # anchors waves that count from the end of the programme
    created_at: Mapped[datetime]
