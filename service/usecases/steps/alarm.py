"""Somebody wrote alarming words: raise an alert, and tell the people on duty in the same transaction."""

from __future__ import annotations

import uuid
from datetime import timedelta

from service.followup.duty import warned_first
from service.store import alerts, audit, duty, notices
from service.store.listen import notify
from service.store.session import Session
from service.usecases.services import Services

#: By when somebody should have reacted.
ALERT_WITHIN = timedelta(hours=4)


def raise_alarm(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID | None,
    reply_id: uuid.UUID,
    level: str,
) -> None:
    """Raise an alert about a reply, once, and leave the notices to staff behind. Nothing automated goes to this person
    until the alert is closed (`delivery.decide`)."""
    now = services.now()
    alert_id = alerts.raise_alert(session, org_id, participant_id, reply_id, level, now, now + ALERT_WITHIN)
    if alert_id is None:
        return
    coordinators = duty.coordinators_of(session, participant_id) if participant_id else []
    first = warned_first(duty.roster(session), coordinators, duty.guards(session))
    notices.add_notices(session, org_id, alert_id, "first", first, now)
    audit.append(session, org_id, now, None, "raise_alert", "alert", alert_id, {"level": level})
    notify(session)
