"""The days on which one person would rather not hear from us, as far as they are not over."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.store import contacts, participants, rest_days
from service.store.contacts import Contact
from service.store.participants import Participant
from service.store.rest_days import RestDays
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day


@dataclass(frozen=True, slots=True)
class RestDaysPage:
    """Whose they are, and the periods in order."""

    participant: Participant
    contact: Contact
    periods: list[RestDays]


def show_rest_days(services: Services, actor: Actor, participant_id: uuid.UUID) -> RestDaysPage:
    """Raises Denied, NotFound."""
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        person = participants.read_participant(session, participant_id)
        contact = contacts.read_contact(session, services.vault, actor.org_id, participant_id)
        if person is None or contact is None:
            raise NotFound(participant_id)
        periods = rest_days.rest_days_of(session, [participant_id], office_day(services.now()))
    return RestDaysPage(person, contact, periods)
