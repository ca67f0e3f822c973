"""Somebody chooses, on their own page, how often they hear from us between the questions."""

from __future__ import annotations

from service.followup.encouragement import Wish
from service.followup.problem import Problem, Refusal
from service.store import audit, own_pages
from service.usecases.services import Services
from service.usecases.steps.own_door import enter


def hear_less_often(services: Services, token: str, own_pass: str, how_often: str) -> None:
    """Keep the choice; the questions themselves stay. Raises NotFound, NoPass, Refusal."""
    visitor = enter(services, token, own_pass)
    if how_often not in list(Wish):
        raise Refusal(Problem("own_choice", "vaak"))
    now, person = services.now(), visitor.participant_id
    with services.transaction(visitor.org_id) as session:
        own_pages.set_encouragement(session, person, how_often)
        details = {"to": how_often}
        audit.append(session, visitor.org_id, now, None, "participant.how_often", "participant", person, details)
