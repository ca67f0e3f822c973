"""Take answers, whoever wrote them down: whether they may still come, keeping them, and scoring what is complete."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from service.followup.consent import Purpose, permits
from service.followup.conversation import TaskReason
from service.followup.link_expiry import LinkMoments, takes_answers
from service.followup.participation import MeasurementStatus, Mode
from service.followup.problem import Problem, Refusal
from service.measures.instrument import NO_ANSWER, Instrument
from service.measures.scoring import score
from service.store import (
    call_tasks,
    conversations,
    measurements,
    messages,
    stops,
)
from service.store.measurements import Given, Measurement, NewAnswer
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.check_in import ask_for_check_in


class Closed(StrEnum):
    """Why a measurement takes no answers."""

    DECEASED = "deceased"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    NOT_YET = "not_yet"
    EXPIRED = "expired"


def why_closed(services: Services, session: Session, measurement: Measurement, at: datetime) -> Closed | None:
    """Why answers given at this moment are not taken; None when they are. Consent counts as it is now."""
    now = services.now()
    consents = stops.consents(session, [measurement.participant_id]).get(measurement.participant_id, [])
    source = measurements.protocol_source(session, measurement.enrolment_id)
    protocol = services.protocols.read(source, services.instruments)
    moments = LinkMoments(measurement.opens_at, measurement.closes_at, measurement.last_answer_at)
    reasons = (
        (measurement.deceased, Closed.DECEASED),
        (measurement.completed_at is not None, Closed.ANSWERED),
        (measurement.status in ("cancelled", "excused"), Closed.CANCELLED),
        (not permits(consents, Purpose.QUESTIONS, now), Closed.WITHDRAWN),
        (at < measurement.opens_at, Closed.NOT_YET),
        (not takes_answers(protocol.link, moments, measurement.time_zone, at), Closed.EXPIRED),
    )
    return next((reason for applies, reason in reasons if applies), None)


def refuse_unknown(instrument: Instrument, answers: Mapping[int, str]) -> None:
    """Raises Refusal for an item or a code that is not of this questionnaire."""
    items = {item.number for item in instrument.items}
    codes = {option.code for option in instrument.options} | {NO_ANSWER}
    wrong = [item for item, code in answers.items() if item not in items or code not in codes]
    if wrong:
        raise Refusal(*(Problem("answer_unknown", str(item)) for item in wrong))


def says_the_same(given: Mapping[int, Given], answers: Mapping[int, str]) -> bool:
    """Whether each of these answers is the one that counts already: the same form sent twice."""
    return all(item in given and given[item].code == code for item, code in answers.items())


def times(given: Mapping[int, Given], item: int) -> int:
    """The how-manieth answer to this item the next one is; part of the key that makes receiving idempotent."""
    return given[item].times + 1 if item in given else 1


def follow_conversation(
    session: Session, measurement: Measurement, instrument: Instrument, answered: set[int], *, done: bool, now: datetime
) -> None:
    """A conversation by SMS about the same questions goes on where the person is now."""
    if done:
        conversations.close_for_measurement(session, measurement.id, now)
        return
    position = next(n for n, item in enumerate(instrument.items) if item.number not in answered)
    conversations.move(session, measurement.id, position, now)


def ask_for_call(session: Session, org_id: uuid.UUID, measurement: Measurement, now: datetime, said: str) -> None:
    """Somebody wants to be called about these questions, said so `said`. The same form twice is one call."""
    reason = TaskReason.ASKED_FOR_CALL
    key = f"{reason}:{said}:{measurement.id}"
    person, day = measurement.participant_id, office_day(now)
    call_tasks.ask(session, org_id, person, measurement.id, reason, now, day, key)


def record_answers(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    measurement: Measurement,
    *,
    given: Mapping[int, Given],
    new: Sequence[NewAnswer],
    mode: Mode,
    at: datetime | None = None,
    in_time: bool = False,
) -> bool:
    """Append new answers to those given before; with the last item the measurement is scored. Returns whether it is.

    The codes must be the instrument's own. Late answers are kept and labelled late; they never overwrite anything.
    `at` is when the answers were given, when that is not now (paper); `in_time` as in `score_measurement`.
    """
    if new:
        measurements.append_answers(session, org_id, new)
        measurements.note_answer(session, measurement.id, mode, new[-1].given_at)
    codes = {item: one.code for item, one in given.items()} | {one.item: one.code for one in new}
    items = {item.number for item in services.instruments[measurement.instrument].items}
    if not items <= set(codes):
        return False
    score_measurement(services, session, org_id, measurement, codes, at=at, in_time=in_time)
    return True


def score_measurement(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    measurement: Measurement,
    codes: Mapping[int, str],
    *,
    at: datetime | None = None,
    in_time: bool = False,
) -> MeasurementStatus:
    """Score what was answered and write what became of the measurement; nobody is asked about it again.

    `at` is when the last answer was given, when that is not now; `in_time` when every answer came inside the window
    although it is past now.
    """
    now = services.now()
    answered_at = at or now
    instrument = services.instruments[measurement.instrument]
    scored = score(instrument, codes)
    measurements.add_score(session, org_id, measurement.id, scored, now)
    ask_for_check_in(services, session, org_id, measurement.participant_id, instrument, scored)
    late = answered_at > measurement.closes_at and not in_time
    status = MeasurementStatus.LATE if late else MeasurementStatus.COMPLETE
    if not scored.complete:
        status = MeasurementStatus.PARTIAL
    measurements.set_status(session, measurement.id, status, "", answered_at if scored.complete else None)
    messages.cancel_unsent(session, now, "answered", measurement_id=measurement.id)
    return status
