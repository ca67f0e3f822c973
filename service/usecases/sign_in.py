"""Log in: e-mail and password -> the opaque token of a new session."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from service.followup.problem import Problem, Refusal
from service.store import accounts, audit
from service.usecases.services import Services

MOST_FAILURES = 10
FAILURES_WITHIN = timedelta(minutes=15)


def sign_in(services: Services, email: str, password: str) -> str:
    """The token for the cookie; only its digest is kept.

    Raises Refusal "sign_in_failed" (the same words and about the same time for an unknown address, a wrong password and
    a closed account) and "sign_in_throttled" after ten failures for this address in fifteen minutes.
    """
    address = email.strip().lower()
    digest = services.vault.lookup(f"sign-in|{address}")
    now = services.now()
    with services.transaction() as session:
        if accounts.sign_in_failures(session, digest, now - FAILURES_WITHIN) >= MOST_FAILURES:
            raise Refusal(Problem("sign_in_throttled"))
        found = accounts.account_for_sign_in(session, address)
    if found is None:
        services.passwords.hash(password)  # takes as long as comparing does
        matches = False
    else:
        matches = services.passwords.matches(found.password_hash, password) and not found.disabled
    with services.transaction() as session:
        accounts.note_sign_in(session, digest, now, succeeded=matches)
    if found is None or not matches:
        raise Refusal(Problem("sign_in_failed"))
    token = services.tokens.secret()
    with services.transaction(found.org_id) as session:
        accounts.open_session(session, found.org_id, found.account_id, hashlib.sha256(token.encode()).digest(), now)
        audit.append(session, found.org_id, now, found.account_id, "sign_in", "account", found.account_id)
    return token
