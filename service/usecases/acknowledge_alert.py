"""Take an alert on: whoever does so has called, or is calling."""

from __future__ import annotations

import uuid

from service.store.audit import append
from service.store.worklists import acknowledge, find_alert, set_read
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


def acknowledge_alert(services: Services, actor: Actor, alert_id: uuid.UUID) -> None:
    """Note who took the alert on, and when; a second time changes nothing. Raises Denied, NotFound."""
    access.require(actor, Action.SEE_ALERTS)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        alert = find_alert(session, alert_id)
        if alert is None:
            raise NotFound(alert_id)
        if not alert.escalated:
            access.require(actor, Action.READ_REPLIES)
        if acknowledge(session, alert_id, now, actor.account_id):
            set_read(session, alert.reply_id, now, actor.account_id)
            append(session, actor.org_id, now, actor.account_id, "acknowledge_alert", "alert", alert_id)
