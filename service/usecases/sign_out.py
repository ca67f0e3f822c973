"""Log out: the session ends, here and for whoever copied its cookie."""

from __future__ import annotations

import hashlib

from service.store import accounts, audit
from service.usecases.services import Services


def sign_out(services: Services, token: str) -> None:
    """End the session behind this token; an unknown token changes nothing."""
    with services.transaction() as session:
        found = accounts.session_account(session, hashlib.sha256(token.encode()).digest())
    if found is None:
        return
    with services.transaction(found.org_id) as session:
        now = services.now()
        accounts.end_session(session, found.session_id, now)
        audit.append(session, found.org_id, now, found.account_id, "sign_out", "account", found.account_id)
