"""A paper form is made for one wave of one person: from now on its code finds the measurement."""

from __future__ import annotations

import uuid

from service.followup.problem import Problem, Refusal
from service.store import audit, measurements, paper
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.answers import Closed, why_closed
from service.usecases.steps.paper_codes import codes_for


def make_paper_form(services: Services, actor: Actor, participant_id: uuid.UUID, measurement_id: uuid.UUID) -> None:
    """Making it again changes nothing. A form may be made before the wave opens, to bring along.

    Raises Denied, NotFound, and Refusal when no answers are asked for any more.
    """
    access.require(actor, Action.ENTER_ANSWERS)
    with services.transaction(actor.org_id) as session:
        measurement = measurements.read(session, [measurement_id]).get(measurement_id)
        if measurement is None or measurement.participant_id != participant_id:
            raise NotFound(measurement_id)
        now = services.now()
        closed = why_closed(services, session, measurement, now)
        if closed not in (None, Closed.NOT_YET):
            raise Refusal(Problem(f"answers_{closed}"))
        if paper.digest_of(session, measurement_id) is not None:
            return
        digests = (digest for _, digest in codes_for(services.links, actor.org_id, measurement_id))
        if not any(paper.set_digest(session, measurement_id, digest) for digest in digests):
            raise RuntimeError("Every code for this form is taken.")
        audit.append(session, actor.org_id, now, actor.account_id, "make_paper_form", "measurement", measurement_id)
