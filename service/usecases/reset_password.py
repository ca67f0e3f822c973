"""The operator sets a new password; every session of the account ends."""

from __future__ import annotations

from service.followup.problem import Problem, Refusal
from service.store import accounts, audit
from service.usecases.services import Services

SHORTEST_PASSWORD = 12


def reset_password(services: Services, *, email: str, password: str) -> None:
    """Set the password of the account with this address. Raises Refusal: unknown address, password too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(Problem("password_too_short", "password", values={"least": SHORTEST_PASSWORD}))
    with services.transaction() as session:
        found = accounts.account_for_sign_in(session, email.strip().lower())
    if found is None:
        raise Refusal(Problem("account_unknown", "email"))
    password_hash = services.passwords.hash(password)
    with services.transaction(found.org_id) as session:
        now = services.now()
        accounts.set_password(session, found.account_id, password_hash)
        accounts.end_sessions(session, found.account_id, now)
        audit.append(session, found.org_id, now, None, "reset_password", "account", found.account_id)
