"""The administrator's pages: approaches, programmes, protocols and who has an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form, sentences
from service.api.menu import role_name
from service.followup.problem import Problem, Refusal
from service.usecases.access import Action, Role
from service.usecases.create_intervention import GOAL_TYPES, create_intervention
from service.usecases.create_programme import create_programme
from service.usecases.show_administration import show_administration
from service.usecases.upload_protocol import upload_protocol

blueprint = Blueprint("administration", __name__)

FORM = ["GET", "POST"]
#: A protocol is a page of text; more than this is another file.
MOST_BYTES = 256 * 1024


@blueprint.get("/beheer")
@allow(Action.MANAGE_ACCOUNTS)
def overview() -> ResponseReturnValue:
    """Everything an administrator looks after."""
    return render_template(
        "administration/overview.html", found=show_administration(services(), actor()), goal=words.goal
    )


@blueprint.get("/beheer/accounts")
@allow(Action.MANAGE_ACCOUNTS)
def accounts() -> ResponseReturnValue:
    """Who may log in, and as what."""
    found = show_administration(services(), actor())
    lines = [(account, role_name(Role(account.role))) for account in found.accounts]
    return render_template("administration/accounts.html", lines=lines)


@blueprint.route("/interventies/nieuw", methods=FORM)
@allow(Action.CHANGE_PROGRAMMES)
def new_intervention() -> ResponseReturnValue:
    """Describe an approach."""
    form = Form(request.form)
    goals = [(goal, words.goal(goal)) for goal in GOAL_TYPES]
    if request.method == "POST":
        try:
            create_intervention(
                services(),
                actor(),
                name=form.value("name"),
                summary=form.value("summary"),
                goal_type=form.value("goal_type"),
            )
        except Refusal as refusal:
            form.take(refusal)
            return render_template("administration/intervention.html", form=form, goals=goals), 400
        flash(_("De aanpak is toegevoegd."))
        return redirect("/beheer")
    return render_template("administration/intervention.html", form=form, goals=goals)


@blueprint.route("/programmas/nieuw", methods=FORM)
@allow(Action.CHANGE_PROGRAMMES)
def new_programme() -> ResponseReturnValue:
    """Start a programme."""
    form = Form(request.form)
    if request.method == "POST":
        try:
            create_programme(
                services(),
                actor(),
                intervention_id=form.identity("intervention_id"),
                protocol_id=form.identity("protocol_id"),
                coordinator_id=form.identity("coordinator_id"),
                name=form.value("name"),
                site=form.value("site"),
                municipality=form.value("municipality"),
                starts_on=form.needed_day("starts_on"),
            )
        except Refusal as refusal:
            form.take(refusal)
            return _programme(form), 400
        flash(_("Het programma is toegevoegd. De coördinator kan nu mensen inschrijven."))
        return redirect("/beheer")
    return _programme(form)


@blueprint.route("/protocollen", methods=FORM)
@allow(Action.CHANGE_PROGRAMMES)
def protocols() -> ResponseReturnValue:
    """The protocols, and a new version of one."""
    form = Form(request.form)
    warnings: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            uploaded = upload_protocol(services(), actor(), _protocol_text(form))
            warnings = sentences(uploaded.warnings)
            said = (
                _("Het protocol is bewaard.") if uploaded.new else _("Dit protocol was er al; er is niets veranderd.")
            )
            if not warnings:
                flash(said)
                return redirect("/protocollen")
            flash(said)
        except Refusal as refusal:
            form.take(refusal)
            status = 400
    found = show_administration(services(), actor())
    return render_template("administration/protocols.html", form=form, warnings=warnings, found=found), status


def _protocol_text(form: Form) -> str:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        if form.value("text"):
            return form.value("text") + "\n"
        raise Refusal(Problem("required", "file"))
    data: bytes = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refusal(Problem("protocol_too_large", "file", values={"most": MOST_BYTES}))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(Problem("file_unreadable", "file")) from error


def _programme(form: Form) -> str:
    found = show_administration(services(), actor())
    return render_template(
        "administration/programme.html",
        form=form,
        interventions=[(one.id, one.name) for one in found.interventions],
        protocols=[(one.id, _("%(title)s, versie %(n)s", title=one.title, n=one.version)) for one in found.protocols],
        coordinators=[(one.id, one.name) for one in found.coordinators],
    )
