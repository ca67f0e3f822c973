"""Who is this: the token of a session -> the person who acts."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from service.store import accounts
from service.usecases.access import Actor, Role
from service.usecases.services import Services

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
#: Writing down every click would make each page a write.
NOTED_EVERY = timedelta(minutes=1)


def identify(services: Services, token: str) -> Actor | None:
    """The person behind a token; None after 30 minutes without use, 8 hours in all, logging out or a closed account."""
    with services.transaction() as session:
        found = accounts.session_account(session, hashlib.sha256(token.encode()).digest())
    now = services.now()
    if found is None or now - found.seen_at > IDLE or now - found.created_at > LONGEST:
        return None
    if now - found.seen_at >= NOTED_EVERY:
        with services.transaction(found.org_id) as session:
            accounts.touch_session(session, found.session_id, now)
    return Actor(found.account_id, found.org_id, found.name, Role(found.role))
