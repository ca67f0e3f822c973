"""What somebody sees who types a form in: the questions, and which turn it is. Never what another typed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.followup.paper_forms import Difference, Turn, difference
from service.store import paper
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.answers import Closed
from service.usecases.steps.asking import Asking, read_asking
from service.usecases.steps.paper_codes import codes_for

#: The day on the form says whether it is in time, not the day on which it is typed in.
BY_THE_DAY = (Closed.NOT_YET, Closed.EXPIRED)


@dataclass(frozen=True, slots=True)
class PaperEntryView:
    """`closed` says why nothing is taken; `differing` what the first two turns read differently; `first_is_mine`
    that the asker typed the first turn, so that a colleague would be better."""

    asking: Asking
    code: str
    turn: Turn
    differing: Difference
    first_is_mine: bool
    closed: Closed | None


def show_paper_entry(services: Services, actor: Actor, measurement_id: uuid.UUID) -> PaperEntryView:
    """Raises Denied, NotFound (also while no form was made)."""
    access.require(actor, Action.ENTER_ANSWERS)
    with services.transaction(actor.org_id) as session:
        asking = read_asking(services, session, actor.org_id, measurement_id)
        made = paper.digest_of(session, measurement_id)
        waiting = paper.read_waiting(session, services.vault, actor.org_id, measurement_id)
    code = next((c for c, digest in codes_for(services.links, actor.org_id, measurement_id) if digest == made), None)
    if code is None:
        raise NotFound(measurement_id)
    differing = Difference((), day=False)
    if waiting is not None and waiting.second is not None:
        first, second = waiting.first, waiting.second
        differing = difference(first.answers, first.filled_in_on, second.answers, second.filled_in_on)
    turn = Turn.FIRST if waiting is None else Turn.DECISION if differing else Turn.SECOND
    return PaperEntryView(
        asking,
        code,
        turn,
        differing,
        first_is_mine=waiting is not None and waiting.first.by == actor.account_id,
        closed=None if asking.closed in BY_THE_DAY else asking.closed,
    )
