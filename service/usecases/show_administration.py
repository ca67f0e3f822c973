"""What an administrator chooses from and looks after: interventions, protocols, programmes and accounts."""

from __future__ import annotations

from dataclasses import dataclass

from service.store import accounts, programmes
from service.store.accounts import Account
from service.store.programmes import Intervention, Programme, StoredProtocol
from service.usecases import access
from service.usecases.access import Action, Actor, Role
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Administration:
    """Everything on the pages of administration."""

    interventions: list[Intervention]
    protocols: list[StoredProtocol]
    programmes: list[Programme]
    accounts: list[Account]

    @property
    def coordinators(self) -> list[Account]:
        """The accounts that can coordinate a programme."""
        return [one for one in self.accounts if one.role == Role.COORDINATOR and one.disabled_at is None]


def show_administration(services: Services, actor: Actor) -> Administration:
    """The lists, each in its own order. Raises Denied."""
    access.require(actor, Action.CHANGE_PROGRAMMES)
    with services.transaction(actor.org_id) as session:
        return Administration(
            programmes.list_interventions(session),
            programmes.list_protocols(session),
            programmes.list_programmes(session),
            accounts.list_accounts(session),
        )
