"""Steps of registering people: found again, noted, kept, enrolled."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from service.followup.consent import CHANNEL_PURPOSE, Purpose
from service.followup.problem import Problem
from service.followup.protocol_file import read_protocol
from service.followup.registration import NewParticipant
from service.store import (
    contacts,
    participants,
)
from service.store.contacts import Hashes, Known, NewPerson
from service.store.participants import Enrolment, NewConsent, Participant
from service.store.plans import Planned
from service.store.programmes import StoredProtocol
from service.store.session import Session
from service.usecases.access import Actor
from service.usecases.services import Services
from service.usecases.steps.follow_up import plan_follow_up

ADDRESS_KINDS = (("sms", "mobile"), ("email", "email"), ("landline", "landline"))


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person who now takes part; `notes` is what the coordinator should know (a shared number, a stopped one)."""

    participant_id: uuid.UUID
    enrolment_id: uuid.UUID
    pseudonym: str
    recognition_word: str
    notes: tuple[Problem, ...]
    measurements: tuple[Planned, ...]


def hashes_of(services: Services, form: NewParticipant) -> Hashes:
    """How this person would be found again."""
    values = (form.mobile, form.email, form.landline)
    return Hashes(
        contacts.name_hash(services.vault, form.first_name, form.last_name, form.birth_year),
        tuple(services.vault.lookup(value) for value in values if value),
    )


def notes_on(known: Known, hashes: Hashes, form: NewParticipant) -> tuple[Problem, ...]:
    """What a coordinator should know about somebody who is registered: nothing of it stands in the way."""
    notes: list[Problem] = []
    if any(address in known.addresses for address in hashes.addresses):
        notes.append(Problem("address_shared"))
    if any(address in known.stopped for address in hashes.addresses):
        notes.append(Problem("address_stopped"))
    if Purpose.QUESTIONS not in form.consents:
        notes.append(Problem("no_consent_to_questions"))
    elif CHANNEL_PURPOSE[form.preferred_channel] not in form.consents:
        notes.append(Problem("no_consent_to_channel", "preferred_channel"))
    return tuple(notes)


def add_people(
    services: Services, session: Session, actor: Actor, forms: Sequence[NewParticipant]
) -> list[tuple[Participant, str]]:
    """Keep checked forms, in their order: person, contact details, consents, intake. Returns them with their arm."""
    now = services.now()
    people = [
        Participant(
            uuid.uuid4(),
            pseudonym,
            services.tokens.recognition_word(),
            form.language,
            form.birth_year,
            form.preferred_channel,
            None,
            form.form_of_address,
        )
        for form, pseudonym in zip(forms, _new_pseudonyms(services, session, len(forms)), strict=True)
    ]
    both = list(zip(people, forms, strict=True))
    participants.add_participants(session, actor.org_id, people, now)
    contacts.add_people(session, services.vault, actor.org_id, [_named(person.id, form) for person, form in both], now)
    participants.add_consents(
        session,
        actor.org_id,
        [
            NewConsent(person.id, purpose, given.legal_basis, given.taken_how, given.wording)
            for person, form in both
            for purpose, given in form.consents.items()
        ],
        taken_by=actor.account_id,
        at=now,
    )
    intakes = [(person.id, form.intake) for person, form in both if form.intake is not None]
    participants.add_intakes(session, actor.org_id, intakes, actor.account_id)
    return [(person, form.arm) for person, form in both]


def begin_spells(
    services: Services,
    session: Session,
    actor: Actor,
    people: Sequence[tuple[Participant, str]],
    programme_id: uuid.UUID,
    stored: StoredProtocol,
) -> list[Enrolled]:
    """Enrol people (each with an arm) in one programme, and plan what follows. Nobody may take part in it already."""
    now = services.now()
    protocol = read_protocol(stored.source, services.instruments).protocol
    started_on = now.astimezone(ZoneInfo(protocol.time_zone)).date()
    spells = [
        Enrolment(uuid.uuid4(), person.id, programme_id, stored.id, arm, now, started_on, None)
        for person, arm in people
    ]
    participants.add_enrolments(session, actor.org_id, spells)
    planned = plan_follow_up(services, session, actor.org_id, spells, protocol)
    return [
        Enrolled(
            person.id,
            spell.id,
            person.pseudonym,
            person.recognition_word,
            (),
            tuple(planned.get(spell.id, {}).values()),
        )
        for (person, _), spell in zip(people, spells, strict=True)
    ]


def _new_pseudonyms(services: Services, session: Session, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        made = dict.fromkeys(services.tokens.pseudonym() for _ in range(count - len(found)))
        used = participants.pseudonyms_in_use(session, made)
        found.update(dict.fromkeys(one for one in made if one not in used))
    return list(found)


def _named(participant_id: uuid.UUID, form: NewParticipant) -> NewPerson:
    typed = {kind: str(getattr(form, field)) for kind, field in ADDRESS_KINDS}
    addresses = {kind: value for kind, value in typed.items() if value}
    return NewPerson(participant_id, form.first_name, form.last_name, form.birth_year, addresses)
