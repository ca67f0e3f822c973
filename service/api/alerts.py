"""Alarming words: what to do now, what was done, and who is on duty."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form
from service.followup.duty import AlertOutcome
from service.followup.problem import Refusal
from service.usecases.access import Action, may
from service.usecases.acknowledge_alert import acknowledge_alert
from service.usecases.agree_to_amber import agree_to_amber
from service.usecases.close_alert import close_alert
from service.usecases.read_alert import read_alert
from service.usecases.send_trial_notice import send_trial_notice
from service.usecases.set_duty import set_duty
from service.usecases.show_alerts import show_alerts
from service.usecases.show_duty import show_duty

blueprint = Blueprint("alerts", __name__)


@blueprint.get("/meldingen")
@allow(Action.SEE_ALERTS)
def alerts() -> ResponseReturnValue:
    """Every alert with what became of it."""
    return _alerts(None)


@blueprint.get("/meldingen/<uuid:alert_id>")
@allow(Action.SEE_ALERTS)
def story(alert_id: uuid.UUID) -> ResponseReturnValue:
    """The same, with everything that was done about one of them."""
    return _alerts(alert_id)


@blueprint.post("/meldingen/<uuid:alert_id>/lezen")
@allow(Action.SEE_ALERTS)
def read(alert_id: uuid.UUID) -> ResponseReturnValue:
    """The words behind an alert. A POST, because reading is written down."""
    found = read_alert(services(), actor(), alert_id)
    return render_template("alerts/alert.html", found=found, outcomes=_outcomes())


@blueprint.post("/meldingen/<uuid:alert_id>/opgepakt")
@allow(Action.SEE_ALERTS)
def take_on(alert_id: uuid.UUID) -> ResponseReturnValue:
    """Take an alert on."""
    acknowledge_alert(services(), actor(), alert_id)
    flash(_("Genoteerd dat u deze melding oppakt. Rond de melding af als u gebeld hebt; dan gaan berichten weer door."))
    return redirect(f"/meldingen/{alert_id}")


@blueprint.post("/meldingen/<uuid:alert_id>/afronden")
@allow(Action.SEE_ALERTS)
def close(alert_id: uuid.UUID) -> ResponseReturnValue:
    """Write down how it ended."""
    try:
        close_alert(services(), actor(), alert_id, request.form.get("outcome", ""))
    except Refusal:
        flash(_("Kies eerst hoe het is afgelopen."), "warn")
        return redirect(f"/meldingen/{alert_id}")
    flash(_("De melding is afgerond. Gewone berichten gaan weer door."))
    return redirect(f"/meldingen/{alert_id}")


@blueprint.route("/dienst", methods=["GET", "POST"])
@allow(Action.SET_DUTY)
def duty() -> ResponseReturnValue:
    """Who is warned."""
    form = Form(request.form)
    if request.method == "GET":
        return _duty(form)
    try:
        back_up = form.identity("back_up") if form.value("back_up") else None
        mobiles = {one.id: form.value(f"mobile-{one.id}") for one in show_duty(services(), actor()).staff}
        set_duty(services(), actor(), form.identity("on_duty"), back_up, mobiles)
    except Refusal as refusal:
        form.take(refusal)
        return _duty(form), 400
    flash(_("Bewaard. Vanaf nu krijgen deze mensen de meldingen."))
    return redirect("/dienst")


@blueprint.post("/dienst/proef")
@allow(Action.SET_DUTY)
def trial() -> ResponseReturnValue:
    """Send a trial notice."""
    form = Form(request.form)
    try:
        taken = send_trial_notice(services(), actor(), form.identity("account"))
    except Refusal as refusal:
        form.take(refusal)
        return _duty(form), 400
    names = {"sms": _("sms"), "email": _("e-mail")}
    for way, went in taken.items():
        if went:
            flash(_("De proefmelding per %(way)s is verstuurd. Kijk of die aankomt.", way=names[way]))
        else:
            flash(_("De proefmelding per %(way)s kon niet worden verstuurd.", way=names[way]), "warn")
    return redirect("/dienst")


@blueprint.post("/dienst/hoge-scores")
@allow(Action.MANAGE_ACCOUNTS)
def amber() -> ResponseReturnValue:
    """Sign, or end, calls after high scores."""
    agreed = request.form.get("agreed") == "yes"
    agree_to_amber(services(), actor(), agreed=agreed)
    flash(_("Ondertekend.") if agreed else _("Gestopt. Scores leiden niet meer tot een belverzoek."))
    return redirect("/dienst")


def _alerts(alert_id: uuid.UUID | None) -> ResponseReturnValue:
    found = show_alerts(services(), actor(), alert_id)
    if alert_id is not None and found.chosen is None:
        return redirect("/meldingen")
    return render_template(
        "alerts/list.html",
        found=found,
        outcomes=_outcomes(),
        outcome=words.alert_outcome,
        step=words.alert_step,
        may_read=may(actor(), Action.READ_REPLIES),
    )


def _outcomes() -> list[tuple[str, str]]:
    return [(one.value, words.alert_outcome(one)) for one in AlertOutcome]


def _duty(form: Form) -> str:
    found = show_duty(services(), actor())
    mobiles = {guard.account_id: guard.mobile for guard in found.guards}
    return render_template(
        "alerts/duty.html",
        form=form,
        found=found,
        staff=[(one.id, one.name) for one in found.staff],
        mobiles=mobiles,
        may_sign=may(actor(), Action.MANAGE_ACCOUNTS),
    )
