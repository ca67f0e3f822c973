"""Answers given on the pages behind a personal link: kept one by one, and the same answer twice is one answer."""

from __future__ import annotations

from collections.abc import Mapping

from service.followup.participation import Mode
from service.followup.problem import Problem, Refusal
from service.messages.links import Links
from service.store import measurements
from service.store.measurements import NewAnswer
from service.usecases.access import NotFound
from service.usecases.services import Services
from service.usecases.steps.answers import (
    follow_conversation,
    record_answers,
    refuse_unknown,
    says_the_same,
    times,
    why_closed,
)


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
        if measurement.completed_at is not None and says_the_same(given, answers):
            return True
        if why_closed(services, session, measurement, now) is not None:
            raise Refusal(Problem("link_closed"))
        refuse_unknown(instrument, answers)
        new = [
            NewAnswer(measurement_id, item, code, mode, f"web:{item}:{times(given, item)}", now)
            for item, code in answers.items()
            if item not in given or given[item].code != code
        ]
        done = record_answers(services, session, org_id, measurement, given=given, new=new, mode=mode)
        follow_conversation(session, measurement, instrument, set(given) | set(answers), done=done, now=now)
        return done
