"""Name who is on duty and who is the back-up, and the mobile number on which each is warned."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from service.followup.addresses import mobile_number
from service.followup.problem import Problem, Refusal
from service.store import audit, duty
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def set_duty(
    services: Services,
    actor: Actor,
    on_duty: uuid.UUID,
    back_up: uuid.UUID | None,
    mobiles: Mapping[uuid.UUID, str],
) -> None:
    """From now on these two are warned. `mobiles` are numbers as typed, per account; an empty one means by e-mail only.

    Raises Denied, Refusal (an unknown or closed account, one person as both, or a number that is none).
    """
    access.require(actor, Action.SET_DUTY)
    if on_duty == back_up:
        raise Refusal(Problem("back_up_is_on_duty", "back_up"))
    now = services.now()
    with services.transaction(actor.org_id) as session:
        known = {guard.account_id: guard for guard in duty.guards(session)}
        for where, one in (("on_duty", on_duty), ("back_up", back_up)):
            if one is not None and one not in known:
                raise Refusal(Problem("choice_unknown", where))
        for account_id, typed in mobiles.items():
            if account_id in known:
                where = f"mobile-{account_id}"
                number = mobile_number(typed, services.practice_numbers, where) if typed else ""
                if number != known[account_id].mobile:
                    duty.set_alert_mobile(session, account_id, number)
        duty.set_roster(session, actor.org_id, on_duty, back_up, by=actor.account_id, at=now)
        people = {"on_duty": str(on_duty), "back_up": str(back_up or "")}
        audit.append(session, actor.org_id, now, actor.account_id, "set_duty", "account", on_duty, people)
