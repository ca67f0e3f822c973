"""An administrator describes an intervention."""

from __future__ import annotations

import uuid

from service.followup.problem import Problem, Refusal
from service.store import audit, programmes
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services

#: What counts as success: less loneliness, no more of it, or none beginning.
GOAL_TYPES = ("reduce", "stabilise", "prevent_onset")
LONGEST_NAME = 100


def create_intervention(services: Services, actor: Actor, *, name: str, summary: str, goal_type: str) -> uuid.UUID:
    """Add an intervention and return its id. Raises Denied, Refusal."""
    access.require(actor, Action.CHANGE_PROGRAMMES)
    name = name.strip()
    problems: list[Problem] = []
    if not name:
        problems.append(Problem("required", "name"))
    if len(name) > LONGEST_NAME:
        problems.append(Problem("too_long", "name", values={"most": LONGEST_NAME}))
    if goal_type not in GOAL_TYPES:
        problems.append(Problem("choice_unknown", "goal_type", values={"value": goal_type}))
    if problems:
        raise Refusal(*problems)
    with services.transaction(actor.org_id) as session:
        now = services.now()
        intervention_id = programmes.add_intervention(
            session, actor.org_id, name=name, summary=summary.strip(), goal_type=goal_type, at=now
        )
        if intervention_id is None:
            raise Refusal(Problem("name_taken", "name"))
        audit.append(
            session, actor.org_id, now, actor.account_id, "create_intervention", "intervention", intervention_id
        )
    return intervention_id
