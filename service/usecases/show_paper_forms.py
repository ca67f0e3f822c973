"""The paper forms that were typed in once and wait for the second time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.store import paper
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services
from service.usecases.steps.paper_codes import codes_for


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """A form that waits, by the code that is printed on it. `mine`: the asker typed it in the first time.

    `differs`: it was typed in twice, not the same, and somebody should look at the paper again.
    """

    measurement_id: uuid.UUID
    code: str
    entered_at: datetime
    mine: bool
    differs: bool


def show_paper_forms(services: Services, actor: Actor) -> tuple[tuple[WaitingForm, ...], datetime]:
    """The forms that wait, the oldest first, and the moment it is. Raises Denied."""
    access.require(actor, Action.ENTER_ANSWERS)
    with services.transaction(actor.org_id) as session:
        waiting = paper.forms_waiting(session)
        typed = [paper.read_waiting(session, services.vault, actor.org_id, one.measurement_id) for one in waiting]
        made = {one.measurement_id: paper.digest_of(session, one.measurement_id) for one in waiting}
    forms = []
    for one, read in zip(waiting, typed, strict=True):
        codes = codes_for(services.links, actor.org_id, one.measurement_id)
        code = next((code for code, digest in codes if digest == made[one.measurement_id]), "")
        mine = one.entered_by == actor.account_id
        differs = read is not None and read.second is not None
        forms.append(WaitingForm(one.measurement_id, code, one.entered_at, mine, differs))
    return tuple(forms), services.now()
