"""Read the words behind an alert. Reading is an act: it is written down, with who did it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.store.audit import append
from service.store.people import Named, named_people
from service.store.worklists import OpenAlert, find_alert, find_reply, words_of
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class AlertWords:
    """The alert, who wrote, and the words."""

    alert: OpenAlert
    person: Named
    words: str


def read_alert(services: Services, actor: Actor, alert_id: uuid.UUID) -> AlertWords:
    """The words of one alert. Raises Denied, NotFound.

    An administrator, who otherwise sees no names, may read them once the alert was passed on: then nobody else came.
    """
    access.require(actor, Action.SEE_ALERTS)
    with services.transaction(actor.org_id) as session:
        alert = find_alert(session, alert_id)
        reply = find_reply(session, alert.reply_id) if alert else None
        if alert is None or reply is None:
            raise NotFound(alert_id)
        if not alert.escalated:
            access.require(actor, Action.READ_REPLIES)
        who = [alert.participant_id] if alert.participant_id else []
        people = named_people(session, services.vault, actor.org_id, who)
        append(session, actor.org_id, services.now(), actor.account_id, "read_alert", "alert", alert_id)
    words = words_of(services.vault, actor.org_id, reply)
    return AlertWords(alert, next(iter(people.values()), Named("")), words)
