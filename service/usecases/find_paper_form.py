"""Whose form this is, by the code that is printed on it."""

from __future__ import annotations

import uuid

from service.followup.problem import Problem, Refusal
from service.messages.paper_codes import read_code
from service.store import paper
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def find_paper_form(services: Services, actor: Actor, typed: str) -> uuid.UUID:
    """The measurement of this form. Raises Denied, and Refusal for a slip of the finger or a code nobody has."""
    access.require(actor, Action.ENTER_ANSWERS)
    code = read_code(typed)
    if code is None:
        raise Refusal(Problem("paper_code_slip", "code"))
    with services.transaction(actor.org_id) as session:
        found = paper.find(session, services.links.paper_digest(actor.org_id, code))
    if found is None:
        raise Refusal(Problem("paper_code_unknown", "code"))
    return found
