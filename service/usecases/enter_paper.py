"""A paper form is typed in: twice, the second time without seeing the first. What differs is looked up once more."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.followup.paper_forms import Turn, day_problem, difference, given_at, in_time
from service.followup.participation import Mode
from service.followup.problem import Problem, Refusal
from service.store import audit, measurements, paper
from service.store.measurements import Measurement, NewAnswer
from service.store.paper import Typed, Waiting
from service.store.session import Session
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.answers import (
    ask_for_call,
    follow_conversation,
    record_answers,
    refuse_unknown,
    says_the_same,
    times,
    why_closed,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who types, the measurement of the form (locked), and what was typed of it before."""

    services: Services
    session: Session
    actor: Actor
    measurement: Measurement
    waiting: Waiting | None


def enter_paper(
    services: Services,
    actor: Actor,
    measurement_id: uuid.UUID,
    answers: Mapping[int, str],
    filled_in_on: date | None,
    turn: Turn,
    *,
    call_wanted: bool = False,
) -> Turn | None:
    """Take one turn of typing a form (item number -> code). Returns the turn that comes next; None when it is kept.

    The first and second turn need every item; the third only what the first two read differently (and the day when
    that differs). `filled_in_on` is the day on the form, and decides whether it is in time. `call_wanted`: the person
    ticked that they want to be called. The same turn by the same person twice is one turn. Two people who both began
    as the first are the first and the second. Raises Denied, NotFound, and Refusal when something is missing or no
    answers are taken; then nothing is kept.
    """
    access.require(actor, Action.ENTER_ANSWERS)
    with services.transaction(actor.org_id) as session:
        if paper.digest_of(session, measurement_id) is None:
            raise NotFound(measurement_id)
        measurement = measurements.lock(session, measurement_id)
        waiting = paper.read_waiting(session, services.vault, actor.org_id, measurement_id)
        desk = Desk(services, session, actor, measurement, waiting)
        refuse_unknown(services.instruments[measurement.instrument], answers)
        following = _take(desk, answers, filled_in_on, turn)
        if call_wanted:
            ask_for_call(session, actor.org_id, measurement, services.now(), "paper")
        return following


def _take(desk: Desk, answers: Mapping[int, str], filled_in_on: date | None, turn: Turn) -> Turn | None:
    waiting = desk.waiting
    if waiting is None:
        return _begin(desk, answers, filled_in_on, turn)
    if turn is Turn.DECISION:
        return _decide(desk, waiting, answers, filled_in_on)
    if turn is Turn.FIRST and waiting.first.by == desk.actor.account_id:
        return Turn.SECOND if waiting.second is None else Turn.DECISION
    return _compare(desk, waiting, _whole(desk, answers, filled_in_on))


def _begin(desk: Desk, answers: Mapping[int, str], filled_in_on: date | None, turn: Turn) -> Turn | None:
    if turn is not Turn.FIRST:
        given = measurements.answers(desk.session, [desk.measurement.id]).get(desk.measurement.id, {})
        items = {item.number for item in desk.services.instruments[desk.measurement.instrument].items}
        if items <= set(given) and says_the_same(given, answers):
            return None  # the last turn, sent twice
        raise Refusal(Problem("paper_settled"))
    typed = _whole(desk, answers, filled_in_on)
    now = desk.services.now()
    paper.keep_first(desk.session, desk.services.vault, desk.actor.org_id, desk.measurement.id, typed, now)
    _note(desk, "enter_paper_first")
    return Turn.SECOND


def _compare(desk: Desk, waiting: Waiting, typed: Typed) -> Turn | None:
    """The second turn beside the first. What was seen to differ stays so until somebody looks at the paper again."""
    if waiting.second is not None:
        return Turn.DECISION
    first = waiting.first
    found = difference(first.answers, first.filled_in_on, typed.answers, typed.filled_in_on)
    same_person = first.by == desk.actor.account_id
    _note(desk, "enter_paper_second", differing=len(found.items) + found.day, same_person=same_person)
    if found:
        paper.keep_second(desk.session, desk.services.vault, desk.actor.org_id, waiting, typed)
        return Turn.DECISION
    _record(desk, waiting, typed)
    return None


def _decide(desk: Desk, waiting: Waiting, answers: Mapping[int, str], filled_in_on: date | None) -> Turn | None:
    first, second = waiting.first, waiting.second
    if second is None:
        raise Refusal(Problem("paper_settled"))
    found = difference(first.answers, first.filled_in_on, second.answers, second.filled_in_on)
    agreed = {item: code for item, code in first.answers.items() if item not in found.items}
    decided = {item: code for item, code in answers.items() if item in found.items}
    day = filled_in_on if found.day else first.filled_in_on
    typed = _whole(desk, agreed | decided, day)
    _note(desk, "enter_paper_decision", differing=len(found.items) + found.day)
    _record(desk, waiting, typed)
    return None


def _whole(desk: Desk, answers: Mapping[int, str], filled_in_on: date | None) -> Typed:
    """What was typed, when it is whole and may be kept. Raises Refusal."""
    measurement, now = desk.measurement, desk.services.now()
    items = desk.services.instruments[measurement.instrument].items
    problems = [Problem("paper_item_open", f"item_{one.number}") for one in items if one.number not in answers]
    if filled_in_on is None:
        raise Refusal(*problems, Problem("required", "filled_in_on"))
    wrong = day_problem(filled_in_on, measurement.opens_at, measurement.time_zone, now)
    if problems or wrong is not None:
        raise Refusal(*problems, *([] if wrong is None else [wrong]))
    at = given_at(filled_in_on, measurement.time_zone, now)
    closed = why_closed(desk.services, desk.session, measurement, max(at, min(measurement.opens_at, now)))
    if closed is not None:
        raise Refusal(Problem(f"answers_{closed}"))
    return Typed(answers, filled_in_on, desk.actor.account_id)


def _record(desk: Desk, waiting: Waiting, typed: Typed) -> None:
    """Keep the answers of the form. An answer to the same item that was given after the form was filled in stays."""
    services, session, measurement = desk.services, desk.session, desk.measurement
    now = services.now()
    at = given_at(typed.filled_in_on, measurement.time_zone, now)
    given = measurements.answers(session, [measurement.id]).get(measurement.id, {})
    older = [item for item in typed.answers if item not in given or _before(given[item].at, at)]
    new = [
        NewAnswer(
            measurement.id,
            item,
            typed.answers[item],
            Mode.PAPER,
            f"paper:{item}:{times(given, item)}",
            at,
            desk.actor.account_id,
        )
        for item in older
        if item not in given or given[item].code != typed.answers[item]
    ]
    done = record_answers(
        services,
        session,
        desk.actor.org_id,
        measurement,
        given=given,
        new=new,
        mode=Mode.PAPER,
        at=at,
        in_time=in_time(typed.filled_in_on, measurement.closes_at, measurement.time_zone),
    )
    instrument = services.instruments[measurement.instrument]
    follow_conversation(session, measurement, instrument, set(given) | set(typed.answers), done=done, now=now)
    paper.settle(session, waiting, now)


def _before(given: datetime | None, at: datetime) -> bool:
    return given is None or given <= at


def _note(desk: Desk, action: str, **details: int | bool) -> None:
    audit.append(
        desk.session,
        desk.actor.org_id,
        desk.services.now(),
        desk.actor.account_id,
        action,
        "measurement",
        desk.measurement.id,
        details,
    )
