"""A coordinator registers one person: who, what they agreed to, the talk at the start, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

from service.followup.problem import Problem, Refusal
from service.followup.registration import NewParticipant, check
from service.store import audit, contacts, programmes
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.registration import Enrolled, add_people, begin_spells, hashes_of, notes_on


def enrol_participant(services: Services, actor: Actor, form: NewParticipant) -> Enrolled:
    """Register a person. People with only a landline, or nothing at all, are welcome: somebody will call.

    Raises Denied, NotFound (no such programme), and Refusal with every problem found. Somebody with the same name and
    the same number or address is refused as a duplicate (the problem says who: they can be enrolled again); a number
    shared by different people is only noted.
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    checked = check(form, office_day(services.now()), practice=services.practice_numbers)
    with services.transaction(actor.org_id) as session:
        stored = programmes.protocol_of_programme(session, checked.programme_id)
        if stored is None:
            raise NotFound
        contacts.hold_registrations(session, actor.org_id)
        hashes = hashes_of(services, checked)
        known = contacts.known_people(session, hashes.addresses, hashes.name)
        here = known.find(hashes)
        if here is not None:
            raise Refusal(Problem("participant_known", "last_name", values={"participant_id": str(here)}))
        people = add_people(services, session, actor, [checked])
        (enrolled,) = begin_spells(services, session, actor, people, checked.programme_id, stored)
        audit.append(
            session,
            actor.org_id,
            services.now(),
            actor.account_id,
            "enrol_participant",
            "participant",
            enrolled.participant_id,
            {"enrolment": str(enrolled.enrolment_id), "programme": str(checked.programme_id)},
        )
    return replace(enrolled, notes=notes_on(known, hashes, checked))
