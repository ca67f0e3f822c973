"""One participant as their coordinator sees them: who, how to reach them, and what happened. No answers, no scores."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.store import timelines
from service.store.people import Named, named_people
from service.store.timelines import (
    CallLine,
    ConsentLine,
    EnrolmentLine,
    IntakeLine,
    MeasurementLine,
    MessageLine,
    Person,
)
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services

#: `CallLine` is named here too, so that a page can say what it is given.
__all__ = ["CallLine", "ParticipantView", "show_participant"]


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """Everything the page shows. `at` is the moment of the data (UTC)."""

    person: Person
    named: Named
    consents: tuple[ConsentLine, ...]
    enrolments: tuple[EnrolmentLine, ...]
    measurements: tuple[MeasurementLine, ...]
    messages: tuple[MessageLine, ...]
    calls: tuple[CallLine, ...]
    intakes: tuple[IntakeLine, ...]
    at: datetime


def show_participant(services: Services, actor: Actor, participant_id: uuid.UUID) -> ParticipantView:
    """One participant of this organisation. Raises Denied, NotFound."""
    access.require(actor, Action.SEE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        person = timelines.find_person(session, participant_id)
        if person is None:
            raise NotFound(participant_id)
        names = named_people(session, services.vault, actor.org_id, [participant_id])
        return ParticipantView(
            person=person,
            named=names.get(participant_id, Named(person.pseudonym)),
            consents=tuple(timelines.consents(session, participant_id)),
            enrolments=tuple(timelines.enrolments(session, participant_id)),
            measurements=tuple(timelines.measurements(session, participant_id)),
            messages=tuple(timelines.messages(session, participant_id)),
            calls=tuple(timelines.calls(session, participant_id)),
            intakes=tuple(timelines.intakes(session, participant_id)),
            at=services.now(),
        )
