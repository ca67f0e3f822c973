"""A coordinator changes a name, a number, an address or how somebody wants to be asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.followup.addresses import email_address, landline_number, mobile_number
from service.followup.form_of_address import FORMAL, FORMS
from service.followup.problem import Problem, Refusal
from service.followup.registration import check_channel, check_name, tidy
from service.store import audit, contacts, conversations, participants, programmes
from service.store.contacts import Contact
from service.store.participants import Participant
from service.store.session import Session
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.follow_up import replan
from service.usecases.steps.own_link import end_links
from service.usecases.steps.registration import ADDRESS_KINDS

LANGUAGES = ("nl", "en")
RULES = (("mobile", mobile_number), ("email", email_address), ("landline", landline_number))


@dataclass(frozen=True, slots=True)
class ContactForm:
    """Everything as it should be from now on; an empty number or address ends the one in use."""

    first_name: str
    last_name: str
    mobile: str
    email: str
    landline: str
    preferred_channel: str
    language: str
    form_of_address: str = FORMAL


def edit_contact(services: Services, actor: Actor, participant_id: uuid.UUID, form: ContactForm) -> tuple[Problem, ...]:
    """Keep the changes; an address that changed keeps its old row. Returns notes (a number that others use too).

    What could not be planned before, for want of a way to write, is planned now. Raises Denied, NotFound, Refusal.
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    wanted = _checked(form, practice=services.practice_numbers)
    with services.transaction(actor.org_id) as session:
        participant = participants.read_participant(session, participant_id)
        contact = contacts.read_contact(session, services.vault, actor.org_id, participant_id)
        if participant is None or contact is None:
            raise NotFound
        now = services.now()
        changed = _change_person(services, session, actor, participant=participant, contact=contact, form=form)
        notes: list[Problem] = []
        for kind, field in ADDRESS_KINDS:
            current = contact.address(kind)
            if (current.value if current else "") == wanted[field]:
                continue
            changed.append(field)
            contacts.close_address(session, participant_id, kind, now)
            if current and kind == "sms":  # whoever writes from the old number is a stranger from now on
                number = services.vault.lookup(current.value)
                conversations.close_with_number(session, number, now, participant_id=participant_id)
            if current:
                end_links(services, session, participant_id, current.id)
            if wanted[field]:
                notes += _used_by_others(services, session, participant, form, value=wanted[field], field=field)
                contacts.add_address(
                    session, services.vault, actor.org_id, participant_id, kind=kind, value=wanted[field], at=now
                )
        if changed:
            enrolments = participants.enrolments_of(session, participant_id)
            replan(services, session, actor.org_id, enrolments, programmes.list_protocols(session))
            audit.append(
                session,
                actor.org_id,
                now,
                actor.account_id,
                "edit_contact",
                "participant",
                participant_id,
                {"changed": changed},
            )
    return tuple(notes)


def _checked(form: ContactForm, *, practice: bool) -> dict[str, str]:
    problems = check_name(tidy(form.first_name), tidy(form.last_name))
    problems += check_channel(form.preferred_channel, form.mobile, form.email)
    if form.language not in LANGUAGES:
        problems.append(Problem("language_unknown", "language", values={"value": form.language}))
    if form.form_of_address not in FORMS:
        problems.append(Problem("choice_unknown", "form_of_address", values={"value": form.form_of_address}))
    wanted: dict[str, str] = {}
    for field, rule in RULES:
        text: str = getattr(form, field)
        try:
            wanted[field] = rule(text, practice) if text.strip() else ""
        except Refusal as refusal:
            problems.extend(refusal.problems)
    if problems:
        raise Refusal(*problems)
    return wanted


def _change_person(
    services: Services,
    session: Session,
    actor: Actor,
    *,
    participant: Participant,
    contact: Contact,
    form: ContactForm,
) -> list[str]:
    changed: list[str] = []
    first, last = tidy(form.first_name), tidy(form.last_name)
    if (first, last) != (contact.first_name, contact.last_name):
        changed.append("name")
        contacts.change_person(
            session,
            services.vault,
            actor.org_id,
            participant.id,
            first_name=first,
            last_name=last,
            birth_year=participant.birth_year,
        )
    if (form.preferred_channel, form.language) != (participant.preferred_channel, participant.language):
        changed.append("preferences")
        participants.set_preferences(
            session, participant.id, preferred_channel=form.preferred_channel, language=form.language
        )
    if form.form_of_address != participant.form_of_address:
        changed.append("form_of_address")
        participants.set_form_of_address(session, participant.id, form.form_of_address)
    return changed


def _used_by_others(
    services: Services, session: Session, participant: Participant, form: ContactForm, *, value: str, field: str
) -> list[Problem]:
    digest = services.vault.lookup(value)
    name = contacts.name_hash(services.vault, tidy(form.first_name), tidy(form.last_name), participant.birth_year)
    if contacts.address_is_used_by_another(session, participant.id, digest, name):
        raise Refusal(Problem("participant_known", field))
    shared = contacts.address_is_used_by_another(session, participant.id, digest)
    return [Problem("address_shared", field)] if shared else []
