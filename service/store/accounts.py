"""Accounts and their sessions. Log-in crosses organisations, by the narrow functions of migration 0002."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.tables.account import Account as Row
from service.store.tables.account import StaffSession


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff. `role` is a value of access.Role."""

    id: uuid.UUID
    email: str
    name: str
    phone: str
    role: str
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """What log-in needs to know of an address."""

    org_id: uuid.UUID
    account_id: uuid.UUID
    password_hash: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The session behind a token, with whose it is."""

    org_id: uuid.UUID
    session_id: uuid.UUID
    account_id: uuid.UUID
    name: str
    role: str
    created_at: datetime
    seen_at: datetime


def add_account(
    session: Session,
    org_id: uuid.UUID,
    *,
    email: str,
    name: str,
    phone: str,
    role: str,
    password_hash: str,
    at: datetime,
) -> uuid.UUID | None:
    """Add an account; None when the address has one already (in any organisation)."""
    return session.execute(
        insert(Row)
        .values(
            org_id=org_id,
            email=email,
            name=name,
            phone=phone,
            role=role,
            password_hash=password_hash,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=[Row.email])
        .returning(Row.id)
    ).scalar_one_or_none()


def list_accounts(session: Session) -> list[Account]:
    """Every account of the organisation, by name; disabled ones too."""
    rows = session.execute(select(Row).order_by(Row.disabled_at.is_not(None), Row.name)).scalars()
    return [_account(row) for row in rows]


def read_account(session: Session, account_id: uuid.UUID) -> Account | None:
    """One account of the organisation."""
    row = session.get(Row, account_id)
    return None if row is None else _account(row)


def account_for_sign_in(session: Session, email: str) -> SignIn | None:
    """Look an address up across organisations."""
    row = session.execute(
        text("select org_id, account_id, password_hash, disabled from account_for_sign_in(:email)"), {"email": email}
    ).one_or_none()
    return None if row is None else SignIn(row.org_id, row.account_id, row.password_hash, row.disabled)


def set_password(session: Session, account_id: uuid.UUID, password_hash: str) -> None:
    """Replace the stored hash."""
    session.execute(update(Row).where(Row.id == account_id).values(password_hash=password_hash))


def disable_account(session: Session, account_id: uuid.UUID, at: datetime) -> bool:
    """Close an account; False when it was closed already."""
    changed = session.execute(
        update(Row).where(Row.id == account_id, Row.disabled_at.is_(None)).values(disabled_at=at).returning(Row.id)
    )
    return changed.scalar_one_or_none() is not None


def open_session(
    session: Session, org_id: uuid.UUID, account_id: uuid.UUID, token_digest: bytes, at: datetime
) -> uuid.UUID:
    """Begin a session on one device."""
    row = StaffSession(org_id=org_id, account_id=account_id, token_digest=token_digest, created_at=at, seen_at=at)
    session.add(row)
    session.flush()
    return row.id


def session_account(session: Session, token_digest: bytes) -> SignedIn | None:
    """Whose session this is, across organisations; None when it ended or the account is disabled."""
    row = session.execute(text("select * from session_account(:digest)"), {"digest": token_digest}).one_or_none()
    if row is None:
        return None
    return SignedIn(row.org_id, row.session_id, row.account_id, row.name, row.role, row.created_at, row.seen_at)


def touch_session(session: Session, session_id: uuid.UUID, at: datetime) -> None:
    """Note that the session is used."""
    session.execute(update(StaffSession).where(StaffSession.id == session_id).values(seen_at=at))


def end_session(session: Session, session_id: uuid.UUID, at: datetime) -> None:
    """End one session."""
    session.execute(
        update(StaffSession).where(StaffSession.id == session_id, StaffSession.ended_at.is_(None)).values(ended_at=at)
    )


def end_sessions(session: Session, account_id: uuid.UUID, at: datetime) -> None:
    """End every session of an account."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.account_id == account_id, StaffSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def sign_in_failures(session: Session, email_digest: bytes, since: datetime) -> int:
    """Failed tries for this address since then, counted from the last success."""
    found: int = session.execute(
        text("select sign_in_failures(:digest, :since)"), {"digest": email_digest, "since": since}
    ).scalar_one()
    return found


def note_sign_in(session: Session, email_digest: bytes, at: datetime, *, succeeded: bool) -> None:
    """Remember a try to log in."""
    session.execute(
        text("select sign_in_attempted(:digest, :at, :succeeded)"),
        {"digest": email_digest, "at": at, "succeeded": succeeded},
    )


def _account(row: Row) -> Account:
    return Account(row.id, row.email, row.name, row.phone, row.role, row.created_at, row.disabled_at)
