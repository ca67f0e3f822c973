"""The calendar of a programme: activities, and two taps for who was there."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form, sentences
from service.followup.activities import ActivityForm, Attended
from service.followup.problem import Problem, Refusal
from service.usecases.access import Action, NotFound, may
from service.usecases.add_activity import add_activity
from service.usecases.cancel_activity import cancel_activity
from service.usecases.change_activity import change_activity
from service.usecases.record_attendance import record_attendance
from service.usecases.record_everybody import record_everybody
from service.usecases.show_activities import Activity, show_activities
from service.usecases.show_activity import ActivityView, show_activity
from service.usecases.undo_everybody import undo_everybody

blueprint = Blueprint("activities", __name__)

FORM = ["GET", "POST"]
USUAL_MINUTES = 120


@blueprint.get("/programmas/<uuid:programme_id>/activiteiten")
@allow(Action.SEE_CALENDAR)
def calendar(programme_id: uuid.UUID) -> ResponseReturnValue:
    """What comes, and what was."""
    found = show_activities(services(), actor(), programme_id)
    return render_template(
        "activities/calendar.html", found=found, keeps=may(actor(), Action.KEEP_CALENDAR), counted=_counted
    )


@blueprint.route("/programmas/<uuid:programme_id>/activiteiten/nieuw", methods=FORM)
@allow(Action.KEEP_CALENDAR)
def new(programme_id: uuid.UUID) -> ResponseReturnValue:
    """Put one in, once or every week."""
    found = show_activities(services(), actor(), programme_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            ids = add_activity(services(), actor(), programme_id, _typed(form))
        except Refusal as refusal:
            form.take(refusal)
            return render_template("activities/new.html", found=found, form=form), 400
        flash(ngettext("De activiteit staat in de agenda.", "%(num)s keer in de agenda gezet.", len(ids)))
        return redirect(f"/programmas/{programme_id}/activiteiten")
    return render_template("activities/new.html", found=found, form=form)


@blueprint.get("/activiteiten/<uuid:activity_id>")
@allow(Action.KEEP_CALENDAR)
def activity(activity_id: uuid.UUID) -> ResponseReturnValue:
    """Everybody who may come, with two buttons each."""
    return _attendance(show_activity(services(), actor(), activity_id))


@blueprint.post("/activiteiten/<uuid:activity_id>/aanwezig")
@allow(Action.KEEP_CALENDAR)
def attend(activity_id: uuid.UUID) -> ResponseReturnValue:
    """One tap: was there, was not there, or taken back."""
    form = Form(request.form)
    try:
        person = form.identity("participant_id")
        record_attendance(services(), actor(), activity_id, person, _state(form.value("state")))
    except Refusal as refusal:
        flash(" ".join(sentences(refusal.problems)), "warn")
        return redirect(f"/activiteiten/{activity_id}")
    return redirect(f"/activiteiten/{activity_id}#p-{person}")


@blueprint.post("/activiteiten/<uuid:activity_id>/iedereen")
@allow(Action.KEEP_CALENDAR)
def everybody(activity_id: uuid.UUID) -> ResponseReturnValue:
    """One tap for all; the page that follows offers to take it back."""
    try:
        noted_at = record_everybody(services(), actor(), activity_id)
    except Refusal as refusal:
        flash(" ".join(sentences(refusal.problems)), "warn")
        return redirect(f"/activiteiten/{activity_id}")
    return _attendance(show_activity(services(), actor(), activity_id), noted_at=noted_at)


@blueprint.post("/activiteiten/<uuid:activity_id>/iedereen/ongedaan")
@allow(Action.KEEP_CALENDAR)
def not_everybody(activity_id: uuid.UUID) -> ResponseReturnValue:
    """Take the one tap for all back."""
    try:
        noted_at = datetime.fromisoformat(request.form.get("noted_at", ""))
    except ValueError as error:
        raise NotFound from error
    undo_everybody(services(), actor(), activity_id, noted_at)
    return redirect(f"/activiteiten/{activity_id}")


@blueprint.route("/activiteiten/<uuid:activity_id>/wijzigen", methods=FORM)
@allow(Action.KEEP_CALENDAR)
def change(activity_id: uuid.UUID) -> ResponseReturnValue:
    """Another moment, place or name."""
    found = show_activity(services(), actor(), activity_id)
    form = Form(request.form)
    if request.method == "POST":
        try:
            reminded, told = change_activity(services(), actor(), activity_id, _typed(form))
        except Refusal as refusal:
            form.take(refusal)
            return render_template("activities/change.html", found=found, form=form), 400
        flash(_("De activiteit is gewijzigd."))
        _say_told(reminded, told)
        return redirect(f"/activiteiten/{activity_id}")
    return render_template("activities/change.html", found=found, form=form)


@blueprint.route("/activiteiten/<uuid:activity_id>/afgelasten", methods=FORM)
@allow(Action.KEEP_CALENDAR)
def cancel(activity_id: uuid.UUID) -> ResponseReturnValue:
    """It does not take place."""
    found = show_activity(services(), actor(), activity_id)
    if request.method == "POST":
        tell = request.form.get("tell") == "yes"
        reminded, told = cancel_activity(services(), actor(), activity_id, tell=tell)
        flash(_("De activiteit is afgelast. Niemand krijgt er nog een herinnering van."))
        _say_told(reminded, told)
        return redirect(f"/programmas/{found.activity.programme_id}/activiteiten")
    return render_template("activities/cancel.html", found=found, form=Form())


def _attendance(found: ActivityView, noted_at: datetime | None = None) -> str:
    return render_template("activities/activity.html", found=found, noted_at=noted_at, counted=_counted)


def _counted(found: Activity) -> str:
    """Who was there, in words; what nobody noted is left out."""
    present, absent, away = found.present, found.absent, found.not_coming
    parts = [
        ngettext("%(num)s was er", "%(num)s waren er", present) if present else "",
        _("%(n)s niet", n=absent) if absent else "",
        ngettext("%(num)s meldde zich af", "%(num)s meldden zich af", away) if away else "",
    ]
    return ", ".join(part for part in parts if part)


def _say_told(reminded: int, told: int) -> None:
    """Whom a coordinator still has to call."""
    if told:
        flash(ngettext("Eén persoon krijgt bericht.", "%(num)s mensen krijgen bericht.", told))
    if reminded > told:
        left = reminded - told
        flash(
            ngettext(
                "Eén persoon kreeg al een herinnering en hoort dit niet van ons. Bel zelf.",
                "%(num)s mensen kregen al een herinnering en horen dit niet van ons. Bel zelf.",
                left,
            ),
            "warn",
        )


def _typed(form: Form) -> ActivityForm:
    """What was typed. Raises Refusal when it is no date, time or number."""
    day, at = form.day("day"), _time(form, "at")
    minutes, repeats = form.number("minutes"), form.number("repeats")
    if not form.value("day"):
        form.problems.append(Problem("required", "day"))
    form.refuse()
    return ActivityForm(
        title=form.value("title"),
        place=form.value("place"),
        day=day or date.min,
        at=at,
        minutes=USUAL_MINUTES if minutes is None else minutes,
        remind=form.value("remind") == "yes",
        repeats=1 if repeats is None else repeats,
    )


def _time(form: Form, name: str) -> time:
    text = form.value(name)
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        wrong = Problem("not_a_time", name, values={"value": text[:20]}) if text else Problem("required", name)
        form.problems.append(wrong)
        return time(0)


def _state(text: str) -> Attended:
    if text not in (Attended.PRESENT, Attended.ABSENT, Attended.OPEN):
        raise Refusal(Problem("choice_unknown", "state"))
    return Attended(text)
