"""Somebody ends our e-mail by the link that every mail carries (RFC 8058: by POST only, and without a question)."""

from __future__ import annotations

from service.store import attempts as attempt_rows
from service.usecases.services import Services
from service.usecases.steps.stopping import apply_stop


def unsubscribe(services: Services, token: str) -> bool:
    """End e-mail to the address this mail went to; False when the link is unknown. Doing it twice changes nothing."""
    with services.transaction() as session:
        org_id = attempt_rows.organisation_for_attempt(session, token)
    if org_id is None:
        return False
    with services.transaction(org_id) as session:
        lookup_hash = attempt_rows.email_of_attempt(session, token)
        if lookup_hash is None:
            return False
        apply_stop(services, session, org_id, lookup_hash, "email")
    return True
