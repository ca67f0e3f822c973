"""Who is on duty, who could be, and whether high scores lead to a call."""

from __future__ import annotations

from dataclasses import dataclass

from service.followup.duty import Guard, Roster
from service.store import accounts, duty
from service.store.accounts import Account
from service.store.duty import Agreement
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class DutyPage:
    """`staff` are the accounts that can log in, `guards` how each of them can be warned."""

    roster: Roster
    staff: tuple[Account, ...]
    guards: tuple[Guard, ...]
    amber: Agreement | None


def show_duty(services: Services, actor: Actor) -> DutyPage:
    """The page about duty. Raises Denied."""
    access.require(actor, Action.SET_DUTY)
    with services.transaction(actor.org_id) as session:
        staff = [one for one in accounts.list_accounts(session) if one.disabled_at is None]
        return DutyPage(duty.roster(session), tuple(staff), tuple(duty.guards(session)), duty.amber_agreement(session))
