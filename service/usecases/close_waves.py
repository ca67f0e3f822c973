"""Windows open and close: what became of each measurement, and who should be called."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from service.followup.consent import Consent, Purpose, permits
from service.followup.conversation import TaskReason
from service.followup.link_expiry import LATE
from service.followup.participation import Arm, MeasurementStatus
from service.followup.protocol import Period, Protocol, Unit
from service.followup.reach import Way, choose, why_nobody_writes
from service.store import call_tasks, conversations, measurements, messages, stops
from service.store.measurements import Measurement
from service.store.session import Session
from service.store.stops import Address
from service.usecases.services import Services
from service.usecases.steps.answers import score_measurement
from service.usecases.steps.calendar import office_day

BATCH = 200
LENGTH = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WEEKS: timedelta(weeks=1),
    Unit.MONTHS: timedelta(days=30),
}


def close_waves(services: Services) -> int:
    """Open and close what is due, and ask for calls. Returns how many measurements opened or closed."""
    with services.transaction() as session:
        organisations = measurements.organisations(session)
    return sum(_one_organisation(services, org_id) for org_id in organisations)


def _one_organisation(services: Services, org_id: uuid.UUID) -> int:
    with services.transaction(org_id) as session:
        opened = measurements.open_waves(session, services.now())
        _ask_where_nobody_writes(services, session, org_id, opened)
        for protocol_id, source in measurements.protocols_in_use(session):
            protocol = services.protocols.read(source, services.instruments)
            _ask_after_silence(services, session, org_id, protocol_id, protocol)
    changed = len(opened)
    while True:
        with services.transaction(org_id) as session:
            closed = measurements.lock_closed(session, services.now(), BATCH)
            _close(services, session, org_id, closed)
            if not closed:
                conversations.close_past(session, services.now(), LATE)
                return changed
        changed += len(closed)


def _ask_where_nobody_writes(
    services: Services, session: Session, org_id: uuid.UUID, opened: Sequence[Mapping[str, Any]]
) -> None:
    """People without a channel are welcome: somebody calls them when a wave opens."""
    people = [row["participant_id"] for row in opened]
    if not people:
        return
    now = services.now()
    preferred = measurements.preferred_channels(session, people)
    consents = stops.consents(session, people)
    addresses: dict[uuid.UUID, list[Address]] = {}
    for address in stops.addresses(session, people, []):
        addresses.setdefault(address.participant_id, []).append(address)
    for row in opened:
        person = row["participant_id"]
        own = addresses.get(person, [])
        given = consents.get(person, [])
        if not permits(given, Purpose.QUESTIONS, now) or person not in preferred:
            continue
        if choose(preferred[person], _ways(own, given, services)) is None:
            reason = why_nobody_writes(preferred[person], {one.kind for one in own})
            key = f"{reason}:{row['id']}"
            call_tasks.ask(session, org_id, person, row["id"], reason, now, office_day(now), key)


def _ways(addresses: Sequence[Address], given: Sequence[Consent], services: Services) -> list[Way]:
    return [
        Way(one.kind, one.state != "invalid", not one.stopped and permits(given, Purpose(one.kind), services.now()))
        for one in addresses
        if one.kind in ("sms", "email")
    ]


def _ask_after_silence(
    services: Services, session: Session, org_id: uuid.UUID, protocol_id: uuid.UUID, protocol: Protocol
) -> None:
    """Whoever was invited and did not answer is called, so long after the window opened as the protocol says."""
    now = services.now()
    for arm in Arm:
        call_after = protocol.ladder_of(arm).call_after
        if call_after is not None:
            for row in measurements.silent(session, protocol_id, arm, now - _length(call_after)):
                _ask(services, session, org_id, row["participant_id"], row["id"])


def _length(period: Period) -> timedelta:
    return period.count * LENGTH[period.unit]


def _close(services: Services, session: Session, org_id: uuid.UUID, closed: Sequence[Measurement]) -> None:
    """Score what was answered; name why the rest was missed."""
    if not closed:
        return
    ids = [one.id for one in closed]
    given = measurements.answers(session, ids)
    arrived = measurements.arrival(session, ids)
    for one in closed:
        if one.id in given:
            codes = {item: answer.code for item, answer in given[one.id].items()}
            score_measurement(services, session, org_id, one, codes, in_time=True)
            continue
        reason = one.status_reason or ("no_reply" if arrived.get(one.id, True) else "unreachable")
        measurements.set_status(session, one.id, MeasurementStatus.MISSED, reason, None)
        messages.cancel_unsent(session, services.now(), "window_closed", measurement_id=one.id)


def _ask(services: Services, session: Session, org_id: uuid.UUID, person: uuid.UUID, about: uuid.UUID) -> None:
    now, reason = services.now(), TaskReason.NO_ANSWER
    call_tasks.ask(session, org_id, person, about, reason, now, office_day(now), f"{reason}:{about}")
