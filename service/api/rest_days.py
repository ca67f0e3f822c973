"""Days on which somebody would rather not hear from us, kept by a coordinator."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form
from service.followup.problem import Refusal
from service.usecases.access import Action
from service.usecases.add_rest_days import add_rest_days
from service.usecases.cancel_rest_days import cancel_rest_days
from service.usecases.show_rest_days import show_rest_days

blueprint = Blueprint("rest_days", __name__)


@blueprint.route("/deelnemers/<uuid:participant_id>/liever-niet", methods=["GET", "POST"])
@allow(Action.CHANGE_PARTICIPANTS)
def rest_days(participant_id: uuid.UUID) -> ResponseReturnValue:
    """The periods of one person, and one more."""
    form = Form(request.form)
    status = 200
    if request.method == "POST":
        try:
            first_on, last_on = form.needed_day("first_on"), form.day("last_on")
            form.refuse()
            add_rest_days(services(), actor(), participant_id, first_on, last_on)
            flash(_("Bewaard. Op deze dagen sturen we niets."))
            return redirect(f"/deelnemers/{participant_id}/liever-niet")
        except Refusal as refusal:
            form.take(refusal)
            status = 400
    page = show_rest_days(services(), actor(), participant_id)
    return render_template("participants/rest_days.html", page=page, id=participant_id, form=form), status


@blueprint.post("/deelnemers/<uuid:participant_id>/liever-niet/<uuid:rest_id>/weg")
@allow(Action.CHANGE_PARTICIPANTS)
def cancel(participant_id: uuid.UUID, rest_id: uuid.UUID) -> ResponseReturnValue:
    """Take one period away."""
    cancel_rest_days(services(), actor(), participant_id, rest_id)
    flash(_("Deze dagen zijn weggehaald."))
    return redirect(f"/deelnemers/{participant_id}/liever-niet")
