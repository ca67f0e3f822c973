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
from service.followup.planning import MessageKind, plan
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
from service.store.contacts import Known
from service.store.listen import notify
from service.store.measurements import Given, Measurement, NewAnswer
from service.store.participants import Enrolment, NewConsent, NewIntake, Participant
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


@dataclass(frozen=True, slots=True)
class Hashes:
    """The keyed hashes by which a person is recognised."""

    name: bytes
    addresses: tuple[bytes, ...]


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


def is_known(known: Known, hashes: Hashes) -> bool:
    """Whether this is somebody who takes part already: the same name with the same address (or both without one)."""
    return any((hashes.name, address) in known.people for address in hashes.addresses or (b"",))


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


def enrol_person(
    services: Services,
    session: Session,
    actor: Actor,
    *,
    stored: StoredProtocol,
    protocol: Protocol,
    form: NewParticipant,
    notes: tuple[Problem, ...] = (),
) -> Enrolled:
    """Keep a checked form: person, contact details, consents, intake, enrolment, and what follows from it."""
    now = services.now()
    org_id = actor.org_id
    person = Participant(
        uuid.uuid4(),
        _new_pseudonym(services, session),
        services.tokens.recognition_word(),
        form.language,
        form.birth_year,
        form.preferred_channel,
        None,
    )
    participants.add_participant(session, org_id, person, now)
    contacts.add_person(
        session,
        services.vault,
        org_id,
        person.id,
        first_name=form.first_name,
        last_name=form.last_name,
        birth_year=form.birth_year,
    )
    for kind, field in ADDRESS_KINDS:
        value: str = getattr(form, field)
        if value:
            contacts.add_address(session, services.vault, org_id, person.id, kind=kind, value=value, at=now)
    given = [NewConsent(p, one.legal_basis, one.taken_how, one.wording) for p, one in form.consents.items()]
    participants.add_consents(session, org_id, person.id, given, taken_by=actor.account_id, at=now)
    if form.intake is not None:
        kept = NewIntake(**{name: getattr(form.intake, name) for name in NewIntake.__slots__})
        participants.add_intake(session, org_id, person.id, kept, actor.account_id)
    started_on = now.astimezone(ZoneInfo(protocol.time_zone)).date()
    enrolment = Enrolment(uuid.uuid4(), person.id, form.programme_id, stored.id, form.arm, now, started_on, None)
    participants.add_enrolment(session, org_id, enrolment)
    plan_follow_up(services, session, org_id, enrolment, protocol)
    planned = tuple(plans.planned_measurements(session, enrolment.id))
    return Enrolled(person.id, enrolment.id, person.pseudonym, person.recognition_word, notes, planned)


def plan_follow_up(
    services: Services, session: Session, org_id: uuid.UUID, enrolment: Enrolment, protocol: Protocol
) -> None:
    """Write the measurements and messages of an enrolment; doing it again adds only what is not there yet.

    Without consent to questions nothing is planned. A person who cannot be written to gets the measurements, no
    messages, and somebody who calls for the first wave that is not over. Reminders of the past are not caught up on.
    """
    now = services.now()
    consents = participants.consents_of(session, enrolment.participant_id)
    person = participants.read_participant(session, enrolment.participant_id)
    if person is None or person.died_on is not None or not permits(consents, Purpose.QUESTIONS, now):
        return
    started = enrolment.started_at.astimezone(ZoneInfo(protocol.time_zone)).replace(tzinfo=None)
    planned = plan(protocol, started)
    ids = {one.wave: uuid.uuid4() for one in planned.measurements}
    instrument = services.instruments[protocol.instrument]
    plans.save_measurements(
        session,
        org_id,
        [
            NewMeasurement(
                id=ids[one.wave],
                enrolment_id=enrolment.id,
                participant_id=person.id,
                wave=one.wave,
                position=one.position,
                instrument=instrument.key,
                instrument_version=instrument.version,
                language=person.language if person.language in instrument.languages else protocol.language,
                time_zone=protocol.time_zone,
                target_on=one.target_on,
                opens_at=one.opens_at,
                closes_at=one.closes_at,
                link_digest=Links.digest(services.links.token(ids[one.wave])),
            )
            for one in planned.measurements
            if one.closes_at > now
        ],
    )
    kept = {one.wave: one for one in plans.planned_measurements(session, enrolment.id)}
    reason = _cannot_be_written_to(services, session, org_id, person, consents)
    if reason is not None:
        _ask_for_first_call(session, org_id, person.id, list(kept.values()), reason, now=now)
        return
    plans.save_messages(
        session,
        org_id,
        [
            NewMessage(
                participant_id=person.id,
                enrolment_id=enrolment.id,
                measurement_id=kept[one.wave].id,
                kind=one.kind,
                text_key="",
                local_at=one.local_at,
                time_zone=protocol.time_zone,
                due_at=one.due_at,
                expires_at=one.expires_at,
                dedupe_key=f"{enrolment.id}:{one.key}",
            )
            for one in planned.messages
            if one.wave in kept and one.expires_at > now and (one.kind == MessageKind.INVITE or one.due_at >= now)
        ],
        now,
    )
    notify(session)


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
        plan_follow_up(services, session, org_id, enrolment, protocol)


def _new_pseudonym(services: Services, session: Session) -> str:
    pseudonym = services.tokens.pseudonym()
    while participants.pseudonym_exists(session, pseudonym):
        pseudonym = services.tokens.pseudonym()
    return pseudonym


def _cannot_be_written_to(
    services: Services, session: Session, org_id: uuid.UUID, person: Participant, consents: Sequence[Consent]
) -> TaskReason | None:
    contact = contacts.read_contact(session, services.vault, org_id, person.id)
    kinds = {address.kind for address in contact.addresses} if contact else set()
    channel = person.preferred_channel
    if channel in kinds and permits(consents, CHANNEL_PURPOSE[channel], services.now()):
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
