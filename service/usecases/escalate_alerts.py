"""An alert that nobody took on goes to the back-up and to every administrator, once."""

from __future__ import annotations

import uuid

from service.followup.duty import ESCALATE_AFTER, warned_later
from service.store import alerts, audit, duty, measurements, notices
from service.store.listen import notify
from service.usecases.services import Services


def escalate_alerts(services: Services) -> int:
    """Escalate what waits longer than it may. Returns how many alerts."""
    with services.transaction() as session:
        organisations = measurements.organisations(session)
    return sum(_escalate(services, org_id) for org_id in organisations)


def _escalate(services: Services, org_id: uuid.UUID) -> int:
    now = services.now()
    with services.transaction(org_id) as session:
        late = alerts.to_escalate(session, now - ESCALATE_AFTER, now)
        if not late:
            return 0
        guards = warned_later(duty.roster(session), duty.guards(session))
        for alert in late:
            notices.add_notices(session, org_id, alert.id, "escalation", guards, now)
            audit.append(session, org_id, now, None, "escalate_alert", "alert", alert.id)
        notify(session)
    return len(late)
