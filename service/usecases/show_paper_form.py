"""The paper form of one wave of one person, to print. Without the name: the code says whose it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.store import paper
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.asking import Asking, read_asking
from service.usecases.steps.paper_codes import codes_for


@dataclass(frozen=True, slots=True)
class PaperForm:
    """What is printed. `code` is None while no form was made."""

    asking: Asking
    code: str | None


def show_paper_form(
    services: Services, actor: Actor, participant_id: uuid.UUID, measurement_id: uuid.UUID
) -> PaperForm:
    """Raises Denied, NotFound."""
    access.require(actor, Action.ENTER_ANSWERS)
    with services.transaction(actor.org_id) as session:
        asking = read_asking(services, session, actor.org_id, measurement_id)
        made = paper.digest_of(session, measurement_id)
    if asking.participant_id != participant_id:
        raise NotFound(measurement_id)
    codes = codes_for(services.links, actor.org_id, measurement_id)
    return PaperForm(asking, next((code for code, digest in codes if digest == made), None))
