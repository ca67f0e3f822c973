"""Answers given on the pages behind a personal link: kept one by one, and the same answer twice is one answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.followup.consent import Purpose, permits
from service.followup.link_expiry import LinkMoments, takes_answers
from service.followup.participation import Mode
from service.followup.problem import Problem, Refusal
from service.measures.instrument import NO_ANSWER, Instrument
from service.messages.links import Links
from service.store import conversations, measurements, stops
from service.store.measurements import Given, Measurement, NewAnswer
from service.store.session import Session
from service.usecases.access import NotFound
from service.usecases.services import Services
from service.usecases.steps.answers import record_answers


def submit_answers(services: Services, token: str, answers: Mapping[int, str], mode: Mode = Mode.WEB) -> bool:
    """Keep these answers (item number -> code, NO_ANSWER to leave one blank). Returns whether all are given.

    With the last item it is scored. Raises NotFound for an unknown link, and Refusal when the link takes no answers or
    an item or code is not of this questionnaire; then nothing is kept.
    """
    with services.transaction() as session:
        found = measurements.for_link(session, Links.digest(token))
    if found is None:
        raise NotFound("This link is unknown.")
    org_id, measurement_id = found
    with services.transaction(org_id) as session:
        measurement = measurements.lock(session, measurement_id)
        now = services.now()
        instrument = services.instruments[measurement.instrument]
        given = measurements.answers(session, [measurement_id]).get(measurement_id, {})
        if measurement.completed_at is not None and _says_the_same(given, answers):
            return True
        _check(services, session, measurement, answers, now)
        new = [
            NewAnswer(measurement_id, item, code, mode, f"web:{item}:{_times(given, item)}", now)
            for item, code in answers.items()
            if item not in given or given[item].code != code
        ]
        done = record_answers(services, session, org_id, measurement, given=given, new=new, mode=mode)
        _follow(session, measurement, instrument, set(given) | set(answers), done=done, now=now)
        return done


def _times(given: Mapping[int, Given], item: int) -> int:
    return given[item].times + 1 if item in given else 1


def _says_the_same(given: Mapping[int, Given], answers: Mapping[int, str]) -> bool:
    return all(item in given and given[item].code == code for item, code in answers.items())


def _check(
    services: Services, session: Session, measurement: Measurement, answers: Mapping[int, str], now: datetime
) -> None:
    consents = stops.consents(session, [measurement.participant_id]).get(measurement.participant_id, [])
    closed = (
        measurement.deceased
        or measurement.completed_at is not None
        or measurement.status in ("cancelled", "excused")
        or not _in_time(services, session, measurement, now)
        or not permits(consents, Purpose.QUESTIONS, now)
    )
    if closed:
        raise Refusal(Problem("link_closed"))
    instrument = services.instruments[measurement.instrument]
    items = {item.number for item in instrument.items}
    codes = {option.code for option in instrument.options} | {NO_ANSWER}
    wrong = [item for item, code in answers.items() if item not in items or code not in codes]
    if wrong:
        raise Refusal(*(Problem("answer_unknown", str(item)) for item in wrong))


def _in_time(services: Services, session: Session, measurement: Measurement, now: datetime) -> bool:
    source = measurements.protocol_source(session, measurement.enrolment_id)
    protocol = services.protocols.read(source, services.instruments)
    moments = LinkMoments(measurement.opens_at, measurement.closes_at, measurement.last_answer_at)
    return takes_answers(protocol.link, moments, measurement.time_zone, now)


def _follow(
    session: Session, measurement: Measurement, instrument: Instrument, answered: set[int], *, done: bool, now: datetime
) -> None:
    """A conversation by SMS about the same questions goes on where the person is now."""
    if done:
        conversations.close_for_measurement(session, measurement.id, now)
        return
    position = next(n for n, item in enumerate(instrument.items) if item.number not in answered)
    conversations.move(session, measurement.id, position, now)
