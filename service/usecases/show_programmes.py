"""The programmes of the organisation, alphabetical."""

from __future__ import annotations

from service.store.reports import ProgrammeLine, list_programmes
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def show_programmes(services: Services, actor: Actor) -> list[ProgrammeLine]:
    """Every programme with how many people were ever enrolled and how many take part now. Raises Denied."""
    access.require(actor, Action.SEE_PROGRAMMES)
    with services.transaction(actor.org_id) as session:
        return list_programmes(session)
