"""Steps that several use cases share. The one module of this room that all of them may import."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from service.followup.consent import Consent, Purpose, permits
from service.followup.conversation import TaskReason
from service.followup.participation import MeasurementStatus, Mode
from service.followup.planning import Plan, plan
from service.followup.problem import Problem
from service.followup.protocol import Protocol
from service.followup.protocol_file import read_protocol
from service.followup.registration import NewParticipant
from service.measures.scoring import score
from service.messages.links import Links
from service.store import (
    audit,
    call_tasks,
    contacts,
    conversations,
    measurements,
    messages,
    participants,
    plans,
    stops,
)
from service.store.contacts import Hashes, Known, NewPerson
from service.store.listen import notify
from service.store.measurements import Given, Measurement, NewAnswer
from service.store.participants import Enrolment, NewConsent, Participant
from service.store.plans import NewMeasurement, NewMessage, Planned
from service.store.programmes import StoredProtocol
from service.store.session import Session
from service.usecases.access import Actor
from service.usecases.services import Services

ADDRESS_KINDS = (("sms", "mobile"), ("email", "email"), ("landline", "landline"))
CHANNEL_PURPOSE = {"sms": Purpose.SMS, "email": Purpose.EMAIL, "phone": Purpose.PHONE}
#: The zone of the organisations Peil is made for; the calendar days on staff pages are counted in it.
OFFICE_ZONE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person who now takes part; `notes` is what the coordinator should know (a shared number, a stopped one)."""

    participant_id: uuid.UUID
    enrolment_id: uuid.UUID
    pseudonym: str
    recognition_word: str
    notes: tuple[Problem, ...]
    measurements: tuple[Planned, ...]


def office_day(now: datetime) -> date:
    """The calendar day it is for the people at work."""
    return now.astimezone(OFFICE_ZONE).date()


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


def plan_follow_up(
    services: Services, session: Session, org_id: uuid.UUID, enrolments: Sequence[Enrolment], protocol: Protocol
) -> dict[uuid.UUID, dict[str, Planned]]:
    """Write the measurements and messages of enrolments; doing it again adds only what is not there yet.

    Without consent to questions nothing is planned. A person who cannot be written to gets the measurements, no
    messages, and somebody who calls for the first wave that is not over. Reminders of the past are not caught up on.
    Returns the measurements there are now, by enrolment and by wave.
    """
    now = services.now()
    asked = _to_ask(session, enrolments, protocol, now)
    plans.save_measurements(
        session, org_id, [row for one in asked for row in _new_measurements(services, one, protocol)]
    )
    kept = plans.planned_measurements(session, [one.enrolment.id for one in asked])
    for one in asked:
        if one.call is not None:
            waves = list(kept[one.enrolment.id].values())
            _ask_for_first_call(session, org_id, one.person.id, waves, one.call, now=now)
    plans.save_messages(
        session,
        org_id,
        [
            row
            for one in asked
            if one.call is None
            for row in _new_messages(one, kept[one.enrolment.id], protocol.time_zone)
        ],
        now,
    )
    notify(session)
    return kept


def replan(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    enrolments: Iterable[Enrolment],
    sources: Sequence[StoredProtocol],
) -> None:
    """After a new number, address or consent: add what could not be planned before, for every enrolment.

    Leaving a programme does not end measurement, so spells that ended count too.
    """
    by_id = {source.id: source for source in sources}
    for enrolment in enrolments:
        protocol = read_protocol(by_id[enrolment.protocol_id].source, services.instruments).protocol
        plan_follow_up(services, session, org_id, [enrolment], protocol)


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """Somebody who may be asked, what the protocol plans for them, and why a person must call (None: write)."""

    enrolment: Enrolment
    person: Participant
    plan: Plan
    call: TaskReason | None


def _to_ask(session: Session, enrolments: Sequence[Enrolment], protocol: Protocol, now: datetime) -> list[_Asked]:
    ids = [one.participant_id for one in enrolments]
    people = participants.read_participants(session, ids)
    consents = participants.consents_by_person(session, ids)
    kinds = contacts.kinds_in_use(session, ids)
    zone = ZoneInfo(protocol.time_zone)
    starts = {one.started_at for one in enrolments}
    left = {at: plan(protocol, at.astimezone(zone).replace(tzinfo=None)).left_at(now) for at in starts}
    return [
        _Asked(one, person, left[one.started_at], _why_call(person, consents[person.id], kinds[person.id], now))
        for one in enrolments
        if (person := people[one.participant_id]).died_on is None
        and permits(consents[person.id], Purpose.QUESTIONS, now)
    ]


def _new_measurements(services: Services, asked: _Asked, protocol: Protocol) -> Iterable[NewMeasurement]:
    instrument = services.instruments[protocol.instrument]
    language = asked.person.language if asked.person.language in instrument.languages else protocol.language
    for one in asked.plan.measurements:
        measurement_id = uuid.uuid4()
        yield NewMeasurement(
            id=measurement_id,
            enrolment_id=asked.enrolment.id,
            participant_id=asked.person.id,
            wave=one.wave,
            position=one.position,
            instrument=instrument.key,
            instrument_version=instrument.version,
            language=language,
            time_zone=protocol.time_zone,
            target_on=one.target_on,
            opens_at=one.opens_at,
            closes_at=one.closes_at,
            link_digest=Links.digest(services.links.token(measurement_id)),
        )


def _new_messages(asked: _Asked, kept: Mapping[str, Planned], time_zone: str) -> Iterable[NewMessage]:
    for one in asked.plan.messages:
        if one.wave in kept:
            yield NewMessage(
                participant_id=asked.person.id,
                enrolment_id=asked.enrolment.id,
                measurement_id=kept[one.wave].id,
                kind=one.kind,
                text_key="",
                local_at=one.local_at,
                time_zone=time_zone,
                due_at=one.due_at,
                expires_at=one.expires_at,
                dedupe_key=f"{asked.enrolment.id}:{one.key}",
            )


def _why_call(person: Participant, consents: Sequence[Consent], kinds: set[str], now: datetime) -> TaskReason | None:
    channel = person.preferred_channel
    if channel in kinds and permits(consents, CHANNEL_PURPOSE[channel], now):
        return None
    if not kinds:
        return TaskReason.NO_CHANNEL
    return TaskReason.ONLY_LANDLINE if kinds == {"landline"} else TaskReason.ASKED_FOR_CALL


def _ask_for_first_call(
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    waves: Sequence[plans.Planned],
    reason: TaskReason,
    *,
    now: datetime,
) -> None:
    waiting = [one for one in waves if one.status in plans.UNFINISHED and one.closes_at > now]
    if not waiting:
        return
    first = min(waiting, key=lambda one: one.opens_at)
    due_on = office_day(max(first.opens_at, now))
    call_tasks.ask(session, org_id, participant_id, first.id, reason, now, due_on, f"{reason}:{first.id}")


def record_answers(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    measurement: Measurement,
    *,
    given: Mapping[int, Given],
    new: Sequence[NewAnswer],
    mode: Mode,
) -> bool:
    """Append new answers to those given before; with the last item the measurement is scored. Returns whether it is.

    The codes must be the instrument's own. Late answers are kept and labelled late; they never overwrite anything.
    """
    if new:
        measurements.append_answers(session, org_id, new)
        measurements.note_answer(session, measurement.id, mode, new[-1].given_at)
    codes = {item: one.code for item, one in given.items()} | {one.item: one.code for one in new}
    items = {item.number for item in services.instruments[measurement.instrument].items}
    if not items <= set(codes):
        return False
    score_measurement(services, session, org_id, measurement, codes)
    return True


def score_measurement(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    measurement: Measurement,
    codes: Mapping[int, str],
    *,
    in_time: bool = False,
) -> MeasurementStatus:
    """Score what was answered and write what became of the measurement; nobody is asked about it again.

    `in_time` when every answer came inside the window although it is past now.
    """
    now = services.now()
    scored = score(services.instruments[measurement.instrument], codes)
    measurements.add_score(session, org_id, measurement.id, scored, now)
    late = now > measurement.closes_at and not in_time
    status = MeasurementStatus.LATE if late else MeasurementStatus.COMPLETE
    if not scored.complete:
        status = MeasurementStatus.PARTIAL
    measurements.set_status(session, measurement.id, status, "", now if scored.complete else None)
    messages.cancel_unsent(session, now, "answered", measurement_id=measurement.id)
    return status


def apply_stop(
    services: Services, session: Session, org_id: uuid.UUID, lookup_hash: bytes, source: str
) -> list[uuid.UUID]:
    """An address stops: no send to it starts after this transaction, in any organisation. Returns who is reached there.

    A number that stops ends every automated channel of its owner: e-mail resumes only on a new consent. Consent to be
    asked by a person stays.
    """
    now = services.now()
    people = [participant for participant, _ in stops.people_at(session, [lookup_hash]).get(lookup_hash, [])]
    stops.stop_everywhere(session, org_id, lookup_hash, source, now)
    stops.end_email_consent(session, people, source, now)
    if source != "email":
        conversations.close_with_number(session, lookup_hash, now)
        messages.cancel_unsent(session, now, "stopped", participant_ids=people)
    for participant_id in people:
        audit.append(
            session, org_id, now, None, "participant.stopped", "participant", participant_id, {"source": source}
        )
    return people
