"""What happens to somebody who takes part: new contact details, another consent, leaving, dying, a call, a message."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form, sentences
from service.api.participants import arm_choices, consent_choices, contact_choices, given_by
from service.followup.consent import Purpose, TakenHow
from service.followup.participation import ExitKind
from service.followup.problem import Problem, Refusal
from service.usecases.access import Action, NotFound
from service.usecases.edit_contact import ContactForm, edit_contact
from service.usecases.enrol_again import enrol_again
from service.usecases.log_call import CallOutcome, log_call
from service.usecases.record_consent import record_consent
from service.usecases.record_death import record_death
from service.usecases.record_exit import record_exit
from service.usecases.resend_link import resend_link
from service.usecases.send_test_message import send_test_message
from service.usecases.show_call import show_call
from service.usecases.show_contact import ContactPage, show_contact
from service.usecases.show_registration import show_registration
from service.usecases.undo_call import undo_call
from service.usecases.withdraw_participant import withdraw_participant

blueprint = Blueprint("participant_life", __name__)

FORM = ["GET", "POST"]


@blueprint.route("/deelnemers/<uuid:participant_id>/gegevens", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def contact(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Another name, number, address or preference."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        names = ("first_name", "last_name", "mobile", "email", "landline", "preferred_channel", "language")
        try:
            address = form.value("form_of_address", page.participant.form_of_address)
            wanted = ContactForm(**{name: form.value(name) for name in names}, form_of_address=address)
            notes = edit_contact(services(), actor(), participant_id, wanted)
        except Refusal as refusal:
            form.take(refusal)
            return _show("contact", page, form), 400
        flash(_("De gegevens zijn bewaard."))
        for note in sentences(notes):
            flash(note, "warn")
        return _back(participant_id)
    return _show("contact", page, form)


@blueprint.route("/deelnemers/<uuid:participant_id>/toestemming", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def consent(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Saying yes to more."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            record_consent(services(), actor(), participant_id, given_by(form))
        except Refusal as refusal:
            form.take(refusal)
            return _show("consent", page, form), 400
        flash(_("De toestemming is bewaard."))
        return _back(participant_id)
    return _show("consent", page, form)


@blueprint.route("/deelnemers/<uuid:participant_id>/intrekken", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def withdraw(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Saying no, to everything or to one way."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            purposes = [_purpose(one) for one in form.several("purposes")]
            how = TakenHow(form.value("taken_how", TakenHow.SPOKEN))
            withdraw_participant(services(), actor(), participant_id, purposes, how)
        except (Refusal, ValueError) as problem:
            form.take(problem if isinstance(problem, Refusal) else Refusal(Problem("choice_unknown", "taken_how")))
            return _show("withdraw", page, form), 400
        flash(_("De toestemming is ingetrokken. Dat werkt meteen."))
        return _back(participant_id)
    return _show("withdraw", page, form)


@blueprint.route("/deelnemers/<uuid:participant_id>/overlijden", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def death(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody died."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            record_death(services(), actor(), participant_id, form.needed_day("died_on"))
        except Refusal as refusal:
            form.take(refusal)
            return _show("death", page, form), 400
        flash(_("Het overlijden is vastgelegd. Er wordt niets meer gestuurd en niemand belt nog."))
        return _back(participant_id)
    return _show("death", page, form)


@blueprint.route("/deelnemers/<uuid:participant_id>/vertrek", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def leave(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody left a programme."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            record_exit(
                services(),
                actor(),
                participant_id,
                form.identity("enrolment_id"),
                exited_on=form.needed_day("exited_on"),
                exit_kind=_exit_kind(form.value("exit_kind")),
                reason=form.value("reason"),
            )
        except Refusal as refusal:
            form.take(refusal)
            return _show("exit", page, form), 400
        flash(_("Het vertrek is vastgelegd. De vragen gaan door, tenzij iemand die niet meer wil."))
        return _back(participant_id)
    return _show("exit", page, form)


@blueprint.route("/deelnemers/<uuid:participant_id>/programma", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def again(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Taking part in one more programme."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            enrolled = enrol_again(
                services(), actor(), participant_id, form.identity("programme_id"), form.value("arm", "intervention")
            )
        except Refusal as refusal:
            form.take(refusal)
            return _show_programmes(page, form), 400
        flash(_("Ingeschreven. De toestemming blijft zoals ze was."))
        for note in sentences(enrolled.notes):
            flash(note, "warn")
        return _back(participant_id)
    return _show_programmes(page, form)


@blueprint.route("/deelnemers/<uuid:participant_id>/gesprek", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def call(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Write down a call that stood on no list."""
    page = show_contact(services(), actor(), participant_id)
    if request.method == "POST":
        log_call(services(), actor(), participant_id, _outcome())
        flash(_("Het gesprek is genoteerd."))
        return _back(participant_id)
    return _show("call", page, Form())


@blueprint.post("/gesprekken/<uuid:task_id>")
@allow(Action.CHANGE_PARTICIPANTS)
def call_on_list(task_id: uuid.UUID) -> ResponseReturnValue:
    """Write down a call from the list; the row on the list shows what was done and offers to undo it."""
    log_call(services(), actor(), show_call(services(), actor(), task_id), _outcome(), task_id)
    return redirect("/")


@blueprint.post("/gesprekken/<uuid:moment_id>/ongedaan")
@allow(Action.CHANGE_PARTICIPANTS)
def call_undone(moment_id: uuid.UUID) -> ResponseReturnValue:
    """Cross a call out."""
    undo_call(services(), actor(), moment_id)
    return redirect("/")


@blueprint.post("/deelnemers/<uuid:participant_id>/proefbericht")
@allow(Action.CHANGE_PARTICIPANTS)
def test_message(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Send a test: by the preferred way when it can be written to, else by whichever there is."""
    page = show_contact(services(), actor(), participant_id)
    kinds = [kind for kind in ("sms", "email") if page.contact.address(kind) is not None]
    wanted = request.form.get("channel") or page.participant.preferred_channel
    channel = wanted if wanted in kinds else next(iter(kinds), "sms")
    try:
        send_test_message(services(), actor(), participant_id, channel)
    except Refusal as refusal:
        flash(" ".join(sentences(refusal.problems)), "warn")
    else:
        flash(_("Het proefbericht gaat op weg. Op deze bladzijde ziet u of het aankomt."))
    return _back(participant_id)


@blueprint.post("/deelnemers/<uuid:participant_id>/link")
@allow(Action.CHANGE_PARTICIPANTS)
def link(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Send the link of the open questions again."""
    try:
        resend_link(services(), actor(), participant_id)
    except Refusal as refusal:
        flash(" ".join(sentences(refusal.problems)), "warn")
    else:
        flash(_("De link gaat opnieuw op weg."))
    return _back(participant_id)


def _show(template: str, page: ContactPage, form: Form) -> str:
    return render_template(
        f"participants/{template}.html",
        page=page,
        form=form,
        exits=[(one.value, words.exit_kind(one)) for one in ExitKind if one is not ExitKind.DECEASED],
        outcomes=[(one.value, words.call_outcome(one)) for one in CallOutcome],
        in_force=[(one.value, words.purpose(one)) for one in Purpose if one in page.purposes],
        message_state=words.message_state,
        reach_name=words.reach_name,
        **consent_choices(),
        **contact_choices(),
    )


def _show_programmes(page: ContactPage, form: Form) -> str:
    running = {spell.programme_id for spell in page.spells if spell.running}
    open_ = [one for one in show_registration(services(), actor()) if one.id not in running]
    return render_template(
        "participants/again.html",
        page=page,
        form=form,
        programmes=[(one.id, f"{one.name}, {one.site}") for one in open_],
        arms=arm_choices(),
    )


def _back(participant_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(f"/deelnemers/{participant_id}")


def _outcome() -> CallOutcome:
    try:
        return CallOutcome(request.form.get("outcome", ""))
    except ValueError as error:
        raise NotFound from error


def _purpose(text: str) -> Purpose:
    try:
        return Purpose(text)
    except ValueError as error:
        raise Refusal(Problem("choice_unknown", "purposes")) from error


def _exit_kind(text: str) -> ExitKind:
    try:
        return ExitKind(text)
    except ValueError as error:
        raise Refusal(Problem("choice_unknown", "exit_kind")) from error
