"""Plan what follows from an enrolment, and plan again when something changed.

An anchor that became known or moved (enrolment.first_activity_on, programme.ends_on) is another step: after writing it,
call `steps.replanning.anchor_known(services, session, org_id, enrolment_ids)` in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.followup.consent import CHANNEL_PURPOSE, Consent, Purpose, permits
from service.followup.conversation import TaskReason
from service.followup.participation import Arm
from service.followup.planning import Anchors, Plan, plan
from service.followup.protocol import Protocol
from service.followup.protocol_file import read_protocol
from service.messages.links import Links
from service.store import (
    call_tasks,
    contacts,
    participants,
    plans,
    programmes,
)
from service.store.listen import notify
from service.store.participants import Enrolment, Participant
from service.store.plans import NewMeasurement, NewMessage, Planned
from service.store.programmes import StoredProtocol
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day


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
    ends = programmes.ends(session, [one.programme_id for one in enrolments])
    zone = ZoneInfo(protocol.time_zone)
    left: dict[tuple[Anchors, str], Plan] = {}
    found: list[_Asked] = []
    for one in enrolments:
        person = people[one.participant_id]
        if person.died_on is not None or not permits(consents[person.id], Purpose.QUESTIONS, now):
            continue
        start = one.started_at.astimezone(zone).replace(tzinfo=None)
        key = Anchors(start, one.first_activity_on, ends.get(one.programme_id)), one.arm
        if key not in left:  # a whole list of people is enrolled at one moment
            left[key] = plan(protocol, key[0], arm=Arm(one.arm)).left_at(now)
        call = why_call(person.preferred_channel, consents[person.id], kinds[person.id], now)
        found.append(_Asked(one, person, left[key], call))
    return found


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


def why_call(channel: str, consents: Sequence[Consent], kinds: set[str], now: datetime) -> TaskReason | None:
    """Why a person must call somebody who prefers this channel; None when they can be written to."""
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
