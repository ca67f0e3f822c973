"""How one person can be reached, for the forms that change it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.followup.consent import Purpose, permits
from service.followup.planning import MessageKind
from service.store import contacts, participants, plans, programmes, timelines
from service.store.contacts import Contact
from service.store.participants import Participant
from service.store.plans import MessageState
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Spell:
    """One programme a person takes or took part in."""

    enrolment_id: uuid.UUID
    programme_id: uuid.UUID
    programme: str
    running: bool


@dataclass(frozen=True, slots=True)
class ContactPage:
    """The person, the addresses in use, the purposes agreed to now, and where the last test message is."""

    participant: Participant
    contact: Contact
    purposes: frozenset[Purpose]
    spells: tuple[Spell, ...]
    test_message: MessageState | None
    encouragement: str = "normal"  # how often the person wants to hear from us between the questions
    bereaved: bool = False  # somebody near them died, as was noted


def show_contact(services: Services, actor: Actor, participant_id: uuid.UUID) -> ContactPage:
    """Raises Denied, NotFound."""
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        participant = participants.read_participant(session, participant_id)
        person = timelines.find_person(session, participant_id)
        contact = contacts.read_contact(session, services.vault, actor.org_id, participant_id)
        if participant is None or person is None or contact is None:
            raise NotFound
        consents = participants.consents_of(session, participant_id)
        names = {one.id: one.name for one in programmes.list_programmes(session)}
        spells = tuple(
            Spell(one.id, one.programme_id, names[one.programme_id], one.exited_on is None)
            for one in participants.enrolments_of(session, participant_id)
        )
        return ContactPage(
            participant,
            contact,
            frozenset(purpose for purpose in Purpose if permits(consents, purpose, now)),
            spells,
            plans.last_message(session, participant_id, [MessageKind.TEST]),
            person.encouragement,
            person.bereaved_on is not None,
        )
