"""Who may log in: accounts, their sessions, and the attempts that throttle guessing."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, OrgRow, org_unique, within_org


class Account(OrgRow, Base):
    """A member of staff. `role` is one of the roles in usecases/access.py."""

    __tablename__ = "account"
    __table_args__ = (
        org_unique(),
        CheckConstraint("role in ('administrator', 'coordinator', 'evaluator')", "role"),
    )

    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")  # the number participants may call; empty: the organisation's
    alert_mobile: Mapped[str] = mapped_column(server_default=text("''"))  # where a red alert is announced by SMS
    role: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class StaffSession(OrgRow, Base):
    """One log-in on one device. Only the digest of its token is kept."""

    __tablename__ = "staff_session"
    __table_args__ = (org_unique(), within_org("account_id", "account"))

    account_id: Mapped[uuid.UUID]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A try to log in. It belongs to no organisation, because the address may belong to nobody."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    email_digest: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    at: Mapped[datetime]
    succeeded: Mapped[bool]
