"""All alerts with what became of them, and the story of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.store import alerts, duty
from service.store.alerts import Alert, Step
from service.store.people import named_people
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Alerts:
    """The page of alerts. `names` is empty for who may not know names; `story` is that of the alert that was asked."""

    alerts: tuple[Alert, ...]
    names: dict[uuid.UUID, str]
    chosen: Alert | None
    story: Sequence[Step]
    closed: int
    false_alarms: int
    somebody_on_duty: bool
    at: datetime


def show_alerts(services: Services, actor: Actor, alert_id: uuid.UUID | None = None) -> Alerts:
    """Every alert, the open ones first, and what was done about one of them. Raises Denied."""
    access.require(actor, Action.SEE_ALERTS)
    with services.transaction(actor.org_id) as session:
        found = alerts.list_alerts(session)
        chosen = alerts.read_alert(session, alert_id) if alert_id else None
        story = alerts.story(session, alert_id) if alert_id and chosen else ()
        closed, false_alarms = alerts.counts(session)
        guards = {guard.account_id for guard in duty.guards(session)}
        on_duty = duty.roster(session).on_duty in guards
        who = {one.participant_id for one in found if one.participant_id}
        may_know = access.may(actor, Action.SEE_PARTICIPANTS)
        people = named_people(session, services.vault, actor.org_id, who if may_know else ())
    return Alerts(
        alerts=tuple(found),
        names={one: named.name for one, named in people.items()},
        chosen=chosen,
        story=story,
        closed=closed,
        false_alarms=false_alarms,
        somebody_on_duty=on_duty,
        at=services.now(),
    )
