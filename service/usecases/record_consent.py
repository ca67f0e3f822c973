"""A coordinator writes down that somebody agreed to more purposes than before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from service.followup.consent import Purpose
from service.followup.problem import Problem, Refusal
from service.followup.registration import Given
from service.store import audit, participants, programmes
from service.store.participants import NewConsent
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.follow_up import replan


def record_consent(
    services: Services, actor: Actor, participant_id: uuid.UUID, consents: Mapping[Purpose, Given]
) -> None:
    """Keep new consents, plan what they allow; what is in force stays as it was. Raises Denied, NotFound, Refusal."""
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    if not consents:
        raise Refusal(Problem("choose_purpose", "purposes"))
    with services.transaction(actor.org_id) as session:
        participant = participants.read_participant(session, participant_id)
        if participant is None:
            raise NotFound
        if participant.died_on is not None:
            raise Refusal(Problem("participant_died"))
        now = services.now()
        given = [
            NewConsent(participant_id, purpose, one.legal_basis, one.taken_how, one.wording)
            for purpose, one in consents.items()
        ]
        participants.add_consents(session, actor.org_id, given, taken_by=actor.account_id, at=now)
        enrolments = participants.enrolments_of(session, participant_id)
        replan(services, session, actor.org_id, enrolments, programmes.list_protocols(session))
        audit.append(
            session,
            actor.org_id,
            now,
            actor.account_id,
            "record_consent",
            "participant",
            participant_id,
            {"purposes": sorted(consents)},
        )
