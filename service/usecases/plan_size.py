"""How many people a wanted answer takes: arithmetic for whoever plans a programme. Looks at no data of anybody."""

from __future__ import annotations

from service.measures.study_size import Answer, Wish, answer
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def plan_size(services: Services, actor: Actor, wish: Wish) -> Answer:  # noqa: ARG001 - every use case takes them
    """The answer to this wish. Raises Denied."""
    access.require(actor, Action.PLAN_SIZE)
    return answer(wish)
