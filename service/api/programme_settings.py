"""What an administrator changes about one programme: when it ends."""

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
from service.usecases.set_programme_end import Ended, set_programme_end
from service.usecases.show_programme_settings import show_programme_settings

blueprint = Blueprint("programme_settings", __name__)


@blueprint.route("/beheer/programmas/<uuid:programme_id>", methods=["GET", "POST"])
@allow(Action.CHANGE_PROGRAMMES)
def settings(programme_id: uuid.UUID) -> ResponseReturnValue:
    """One programme, and its last day."""
    form = Form(request.form)
    status = 200
    if request.method == "POST":
        try:
            ends_on = form.day("ends_on")
            form.refuse()
            flash(_said(set_programme_end(services(), actor(), programme_id, ends_on)))
            return redirect(f"/beheer/programmas/{programme_id}")
        except Refusal as refusal:
            form.take(refusal)
            status = 400
    found = show_programme_settings(services(), actor(), programme_id)
    typed = form.value("ends_on") if request.method == "POST" else (found.programme.ends_on or "")
    return render_template("administration/settings.html", form=form, found=found, ends_on=typed), status


def _said(ended: Ended) -> str:
    """What it meant for the measurements."""
    if ended == Ended(0, 0, 0):
        return _("Bewaard. Er verandert geen meetmoment.")
    return _(
        "Bewaard. Meetmomenten erbij: %(added)s, verplaatst: %(moved)s, vervallen: %(gone)s.",
        added=ended.added,
        moved=ended.moved,
        gone=ended.cancelled,
    )
