"""A coordinator enrols somebody who is here already in one more programme: one person, one history of consent."""

from __future__ import annotations

import uuid
from dataclasses import replace

from service.followup.consent import Purpose, permits
from service.followup.participation import Arm
from service.followup.problem import Problem, Refusal
from service.store import audit, contacts, participants, programmes
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.registration import Enrolled, begin_spells


def enrol_again(
    services: Services, actor: Actor, participant_id: uuid.UUID, programme_id: uuid.UUID, arm: str = Arm.INTERVENTION
) -> Enrolled:
    """Begin another spell: in another programme, or again in one that this person left.

    Consent stays as it is; without consent to questions nothing is planned. Raises Denied, NotFound (no such person or
    programme), and Refusal (takes part in it now, died, an arm that does not exist).
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    if arm not in list(Arm):
        raise Refusal(Problem("choice_unknown", "arm", values={"value": arm}))
    now = services.now()
    with services.transaction(actor.org_id) as session:
        contacts.hold_registrations(session, actor.org_id)
        person = participants.read_participant(session, participant_id)
        stored = programmes.protocol_of_programme(session, programme_id)
        if person is None or stored is None:
            raise NotFound
        if person.died_on is not None:
            raise Refusal(Problem("participant_died"))
        if participants.spells_in(session, programme_id).get(participant_id):
            raise Refusal(Problem("takes_part_already", "programme_id"))
        (enrolled,) = begin_spells(services, session, actor, [(person, arm)], programme_id, stored)
        asked = permits(participants.consents_of(session, participant_id), Purpose.QUESTIONS, now)
        audit.append(
            session,
            actor.org_id,
            now,
            actor.account_id,
            "enrol_again",
            "participant",
            participant_id,
            {"enrolment": str(enrolled.enrolment_id), "programme": str(programme_id)},
        )
    return enrolled if asked else replace(enrolled, notes=(Problem("no_consent_to_questions"),))
