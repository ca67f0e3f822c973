"""The operator gives a member of staff an account."""

from __future__ import annotations

import uuid

from service.followup.addresses import email_address
from service.followup.problem import Problem, Refusal
from service.store import accounts, audit
from service.usecases.access import Role
from service.usecases.services import Services

SHORTEST_PASSWORD = 12


def add_account(
    services: Services, *, org_id: uuid.UUID, email: str, name: str, role: Role, password: str, phone: str = ""
) -> uuid.UUID:
    """Add an account and return its id. Raises Refusal: address taken, password of fewer than 12 characters."""
    if not name.strip():
        raise Refusal(Problem("required", "name"))
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(Problem("password_too_short", "password", values={"least": SHORTEST_PASSWORD}))
    address = email_address(email, services.practice_numbers).lower()
    password_hash = services.passwords.hash(password)
    with services.transaction(org_id) as session:
        now = services.now()
        account_id = accounts.add_account(
            session,
            org_id,
            email=address,
            name=name.strip(),
            phone=phone.strip(),
            role=role,
            password_hash=password_hash,
            at=now,
        )
        if account_id is None:
            raise Refusal(Problem("account_exists", "email"))
        audit.append(session, org_id, now, None, "add_account", "account", account_id, {"role": role.value})
    return account_id
