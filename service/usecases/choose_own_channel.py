"""Somebody chooses, on their own page, how they are asked: by SMS, by e-mail, or by telephone."""

from __future__ import annotations

from service.followup.problem import Problem, Refusal
from service.store import audit, own_pages, participants, programmes
from service.store.listen import notify
from service.usecases.services import Services
from service.usecases.steps.follow_up import replan
from service.usecases.steps.own_channels import own_channels
from service.usecases.steps.own_door import enter


def choose_own_channel(services: Services, token: str, own_pass: str, channel: str) -> None:
    """Among the ways that work and were agreed to. Whoever chooses the telephone is called when questions are open.

    Raises NotFound, NoPass, Refusal.
    """
    visitor = enter(services, token, own_pass)
    now, person = services.now(), visitor.participant_id
    with services.transaction(visitor.org_id) as session:
        owner = own_pages.owner(session, person)
        if channel not in own_channels(session, person, now):
            raise Refusal(Problem("own_choice", "hoe"))
        participants.set_preferences(session, person, preferred_channel=channel, language=owner.language)
        enrolments = participants.enrolments_of(session, person)
        replan(services, session, visitor.org_id, enrolments, programmes.list_protocols(session))
        details = {"to": channel}
        audit.append(session, visitor.org_id, now, None, "participant.channel", "participant", person, details)
        notify(session)
