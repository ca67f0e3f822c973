"""Contact between people: written down in two taps. And what asks for fewer messages: mourning, or a wish."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form
from service.api.language import ZONE
from service.followup.contact import USUAL_MINUTES, Contact, ContactKind
from service.followup.encouragement import Wish
from service.followup.problem import Problem, Refusal
from service.usecases.access import Action
from service.usecases.log_contact import log_contact
from service.usecases.note_bereavement import note_bereavement
from service.usecases.set_encouragement import set_encouragement
from service.usecases.show_contact import show_contact
from service.usecases.undo_call import undo_call

blueprint = Blueprint("contact_moments", __name__)

FORM = ["GET", "POST"]


@blueprint.route("/deelnemers/<uuid:participant_id>/contact", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def contact(participant_id: uuid.UUID) -> ResponseReturnValue:
    """A kind, a day, and one tap on how long it took."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            log_contact(services(), actor(), participant_id, _typed(form))
        except Refusal as refusal:
            form.take(refusal)
        else:
            flash(_("Het contact is genoteerd."))
            return _back(participant_id)
    asked = request.args.get("soort", "")
    shown = render_template(
        "participants/moment.html",
        page=page,
        form=form,
        kinds=[(one.value, words.contact_kind(one)) for one in ContactKind],
        kind=asked if asked in list(ContactKind) else ContactKind.CALL.value,
        usual=USUAL_MINUTES,
        today=services().now().astimezone(ZONE).date().isoformat(),
    )
    return (shown, 400) if form.problems else shown


@blueprint.post("/deelnemers/<uuid:participant_id>/contact/<uuid:moment_id>/ongedaan")
@allow(Action.CHANGE_PARTICIPANTS)
def undone(participant_id: uuid.UUID, moment_id: uuid.UUID) -> ResponseReturnValue:
    """Cross one out."""
    undo_call(services(), actor(), moment_id)
    flash(_("Het contact is doorgestreept."))
    return _back(participant_id)


@blueprint.route("/deelnemers/<uuid:participant_id>/berichten", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def quieter(participant_id: uuid.UUID) -> ResponseReturnValue:
    """How often somebody wants to hear from us between the questions."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        wish = form.value("wish")
        if wish in list(Wish):
            set_encouragement(services(), actor(), participant_id, Wish(wish))
            flash(_("Genoteerd. De vragen gaan gewoon door."))
            return _back(participant_id)
        form.take(Refusal(Problem("choice_unknown", "wish")))
    wishes = [(one.value, words.wish(one)) for one in Wish]
    shown = render_template("participants/quieter.html", page=page, form=form, wishes=wishes)
    return (shown, 400) if form.problems else shown


@blueprint.route("/deelnemers/<uuid:participant_id>/rouw", methods=FORM)
@allow(Action.CHANGE_PARTICIPANTS)
def mourning(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody near this person died."""
    page = show_contact(services(), actor(), participant_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            taken_back = form.value("taken_back") == "yes"
            on = None if taken_back else form.needed_day("bereaved_on")
            note_bereavement(services(), actor(), participant_id, on)
        except Refusal as refusal:
            form.take(refusal)
            return render_template("participants/mourning.html", page=page, form=form), 400
        if taken_back:
            flash(_("Teruggenomen."))
        else:
            flash(_("Genoteerd. Zes weken lang gaan er geen aanmoedigingen uit. De vragen gaan door."))
        return _back(participant_id)
    return render_template("participants/mourning.html", page=page, form=form)


def _typed(form: Form) -> Contact:
    """What was tapped and typed. Typed minutes count before a tap. Raises Refusal."""
    kind, two_way = form.value("kind"), form.value("two_way", "yes")
    on = form.needed_day("on")
    minutes = form.number("typed_minutes")
    if minutes is None:
        minutes = form.number("minutes")
    form.refuse()
    if kind not in list(ContactKind) or two_way not in ("yes", "no"):
        raise Refusal(Problem("choice_unknown", "kind"))
    return Contact(ContactKind(kind), on, two_way == "yes", minutes)


def _back(participant_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(f"/deelnemers/{participant_id}")
