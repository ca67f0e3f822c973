"""End an alert with what was done, in fixed words. From then on messages go out again."""

from __future__ import annotations

import uuid

from service.followup.duty import AlertOutcome
from service.followup.problem import Problem, Refusal
from service.store import alerts, audit, worklists
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


def close_alert(services: Services, actor: Actor, alert_id: uuid.UUID, outcome: str) -> None:
    """Write down how it ended; a second time changes nothing. Who ends it has taken it on. Raises Denied, NotFound,
    Refusal (not one of AlertOutcome)."""
    access.require(actor, Action.SEE_ALERTS)
    if outcome not in list(AlertOutcome):
        raise Refusal(Problem("choice_unknown", "outcome"))
    now = services.now()
    with services.transaction(actor.org_id) as session:
        alert = alerts.read_alert(session, alert_id)
        if alert is None:
            raise NotFound(alert_id)
        if alert.escalated_at is None:
            access.require(actor, Action.READ_REPLIES)
        worklists.acknowledge(session, alert_id, now, actor.account_id)
        if alerts.close(session, alert_id, outcome, now):
            audit.append(
                session, actor.org_id, now, actor.account_id, "close_alert", "alert", alert_id, {"outcome": outcome}
            )
