"""A helper enters what somebody answers, by telephone or at the table: with how it went, and who wrote it down."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from service.followup.conversation import TaskReason
from service.followup.participation import Mode
from service.followup.problem import Problem, Refusal
from service.store import audit, calls, measurements
from service.store.measurements import Measurement, NewAnswer
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

#: The ways in which a helper writes down what somebody says, and what kind of contact each of them is.
CONTACT = {Mode.TELEPHONE: "call", Mode.FACE_TO_FACE: "meeting"}
#: What somebody is called about and what filling in together settles; the other reasons ask for something else.
SETTLED = (
    TaskReason.ASKED_FOR_CALL,
    TaskReason.STUCK_BY_SMS,
    TaskReason.NO_ANSWER,
    TaskReason.ONLY_LANDLINE,
    TaskReason.NO_CHANNEL,
    TaskReason.UNREACHABLE,
)


def enter_answers(
    services: Services,
    actor: Actor,
    measurement_id: uuid.UUID,
    answers: Mapping[int, str],
    *,
    mode: Mode,
    helper_delivers: bool,
    call_wanted: bool = False,
) -> bool:
    """Keep these answers (item number -> code, NO_ANSWER when the person gives none). Returns whether all are given.

    Items may be left open and follow later, by whichever way. Sending the same twice changes nothing. With the last
    item the measurement is scored, the calls to make about it are done and the contact is written down.
    `helper_delivers`: whether the helper also gives the help that is followed. `call_wanted`: the person wants to be
    called afterwards. Raises Denied, NotFound, and Refusal when nothing was chosen, an item or code is not of this
    questionnaire, or no answers are taken any more; then nothing is kept.
    """
    access.require(actor, Action.ENTER_ANSWERS)
    _check_form(answers, mode, call_wanted=call_wanted)
    with services.transaction(actor.org_id) as session:
        measurement = _lock(session, measurement_id)
        done = measurement.completed_at is not None
        if answers:
            done = _keep(services, session, actor, measurement, answers, mode=mode, delivers=helper_delivers)
        if call_wanted:  # after the calls that are done by now, or this one would be done with them
            ask_for_call(session, actor.org_id, measurement, services.now(), "staff")
        return done


def _keep(
    services: Services,
    session: Session,
    actor: Actor,
    measurement: Measurement,
    answers: Mapping[int, str],
    *,
    mode: Mode,
    delivers: bool,
) -> bool:
    now = services.now()
    instrument = services.instruments[measurement.instrument]
    given = measurements.answers(session, [measurement.id]).get(measurement.id, {})
    if measurement.completed_at is not None and says_the_same(given, answers):
        return True
    closed = why_closed(services, session, measurement, now)
    if closed is not None:
        raise Refusal(Problem(f"answers_{closed}"))
    refuse_unknown(instrument, answers)
    new = [
        NewAnswer(measurement.id, item, code, mode, f"staff:{item}:{times(given, item)}", now, actor.account_id)
        for item, code in answers.items()
        if item not in given or given[item].code != code
    ]
    if not new:
        return {item.number for item in instrument.items} <= set(given)
    done = record_answers(services, session, actor.org_id, measurement, given=given, new=new, mode=mode)
    measurements.note_helper(session, measurement.id, actor.account_id, delivers=delivers)
    follow_conversation(session, measurement, instrument, set(given) | set(answers), done=done, now=now)
    if done:
        _write_contact_down(session, actor, measurement, mode, now)
    details = {"items": len(new), "mode": mode.value, "helper_delivers": delivers, "done": done}
    audit.append(session, actor.org_id, now, actor.account_id, "enter_answers", "measurement", measurement.id, details)
    return done


def _check_form(answers: Mapping[int, str], mode: Mode, *, call_wanted: bool) -> None:
    if mode not in CONTACT:
        raise Refusal(Problem("choice_unknown", "mode"))
    if not answers and not call_wanted:
        raise Refusal(Problem("nothing_entered"))


def _lock(session: Session, measurement_id: uuid.UUID) -> Measurement:
    if measurement_id not in measurements.read(session, [measurement_id]):
        raise NotFound(measurement_id)
    return measurements.lock(session, measurement_id)


def _write_contact_down(session: Session, actor: Actor, measurement: Measurement, mode: Mode, now: datetime) -> None:
    """The person was spoken to: the calls that were to be made about these questions are done.

    The contact stands by itself: crossing it out must not ask for a call about questions that have been answered.
    """
    for task_id in calls.open_tasks_about(session, measurement.id, SETTLED):
        calls.finish_task(session, task_id, "spoken", actor.account_id, now)
    calls.add_moment(
        session,
        actor.org_id,
        measurement.participant_id,
        task_id=None,
        made_by=actor.account_id,
        at=now,
        outcome="spoken",
        kind=CONTACT[mode],
        two_way=True,
    )
