"""Which questions of one person can be answered now together with a helper, or on paper."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.followup.paper_forms import EARLY
from service.store import measurements, timelines
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services
from service.usecases.steps.answers import Closed, why_closed
from service.usecases.steps.asking import wave_title


@dataclass(frozen=True, slots=True)
class Way:
    """One wave that takes answers, or will within a week (`open` False): a form can be brought along by then."""

    measurement_id: uuid.UUID
    wave: Mapping[str, str]
    opens_at: datetime
    closes_at: datetime
    open: bool


def show_ways_to_answer(services: Services, actor: Actor, participant_id: uuid.UUID) -> tuple[Way, ...]:
    """The waves of this person that can be answered, the first to close first. Raises Denied."""
    access.require(actor, Action.ENTER_ANSWERS)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        ids = [one.id for one in timelines.measurements(session, participant_id) if one.opens_at - EARLY <= now]
        ways = []
        for one in measurements.read(session, ids).values():
            closed = why_closed(services, session, one, now)
            if closed in (None, Closed.NOT_YET):
                title = wave_title(services, session, one)
                ways.append(Way(one.id, title, one.opens_at, one.closes_at, open=closed is None))
    return tuple(sorted(ways, key=lambda one: one.closes_at))
