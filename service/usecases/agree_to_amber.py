"""An organisation signs, or ends, the agreement that a high score leads to a call that does not show why."""

from __future__ import annotations

from service.store import audit, duty
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def agree_to_amber(services: Services, actor: Actor, *, agreed: bool) -> None:
    """Sign or end it; doing so twice changes nothing. Off until somebody signs (domain.md 4.5). Raises Denied."""
    access.require(actor, Action.MANAGE_ACCOUNTS)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        changed = (
            duty.sign_amber(session, actor.org_id, actor.account_id, now)
            if agreed
            else duty.end_amber(session, actor.account_id, now)
        )
        if changed:
            action = "sign_amber" if agreed else "end_amber"
            audit.append(session, actor.org_id, now, actor.account_id, action, "organisation", actor.org_id)
