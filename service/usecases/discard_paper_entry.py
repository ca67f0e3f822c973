"""What was typed over from a paper form is thrown away: it was the wrong form, or the questions were answered since."""

from __future__ import annotations

import uuid

from service.store import audit, measurements, paper
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


def discard_paper_entry(services: Services, actor: Actor, measurement_id: uuid.UUID) -> None:
    """Nothing of it is kept; doing it twice changes nothing. Raises Denied, NotFound."""
    access.require(actor, Action.ENTER_ANSWERS)
    with services.transaction(actor.org_id) as session:
        if paper.digest_of(session, measurement_id) is None:
            raise NotFound(measurement_id)
        measurements.lock(session, measurement_id)
        waiting = paper.read_waiting(session, services.vault, actor.org_id, measurement_id)
        if waiting is None:
            return
        now = services.now()
        paper.settle(session, waiting, now)
        audit.append(session, actor.org_id, now, actor.account_id, "discard_paper_entry", "measurement", measurement_id)
