"""The operator closes an account, for somebody who left; every session of it ends."""

from __future__ import annotations

from service.followup.problem import Problem, Refusal
from service.store import accounts, audit
from service.usecases.services import Services


def disable_account(services: Services, *, email: str) -> None:
    """Close the account with this address; doing it again changes nothing. Raises Refusal: unknown address."""
    with services.transaction() as session:
        found = accounts.account_for_sign_in(session, email.strip().lower())
    if found is None:
        raise Refusal(Problem("account_unknown", "email"))
    with services.transaction(found.org_id) as session:
        now = services.now()
        if accounts.disable_account(session, found.account_id, now):
            accounts.end_sessions(session, found.account_id, now)
            audit.append(session, found.org_id, now, None, "disable_account", "account", found.account_id)
