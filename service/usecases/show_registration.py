"""What a coordinator chooses from when somebody is registered."""

from __future__ import annotations

from service.store import programmes
from service.store.programmes import Programme
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def show_registration(services: Services, actor: Actor) -> list[Programme]:
    """The programmes somebody can take part in, by name. Raises Denied."""
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        return programmes.list_programmes(session)
