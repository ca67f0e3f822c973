"""A trial of the notice about an alert, to see that it arrives: sent now, by every way there is."""

from __future__ import annotations

import uuid

from service.channels.base import Accepted, Outgoing
from service.followup.problem import Problem, Refusal
from service.messages.catalogue import LANGUAGES
from service.store import audit, duty, messages
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def send_trial_notice(services: Services, actor: Actor, account_id: uuid.UUID) -> dict[str, bool]:
    """Send one to this account. Returns per way ("sms", "email") whether it was taken. Raises Denied, Refusal."""
    access.require(actor, Action.SET_DUTY)
    with services.transaction(actor.org_id) as session:
        guard = next((one for one in duty.guards(session) if one.account_id == account_id), None)
        if guard is None:
            raise Refusal(Problem("choice_unknown", "account"))
        sender = messages.organisation(session).name
        audit.append(
            session, actor.org_id, services.now(), actor.account_id, "send_trial_notice", "account", account_id
        )
    values = {"url": f"{services.links.public_url}/meldingen"}
    words = services.render.staff("proof", LANGUAGES[0], values)
    subject = services.render.staff("proof_subject", LANGUAGES[0], values)
    taken: dict[str, bool] = {}
    for way in guard.channels:
        token = f"notice-{services.tokens.secret()}"
        if way == "sms":
            outcome = services.sms.send(Outgoing(token, guard.mobile, words))
        else:
            outcome = services.email.send(Outgoing(token, guard.email, words, subject=subject, sender_name=sender))
        taken[way] = isinstance(outcome, Accepted)
    return taken
