"""The analysis plan of a programme: what is locked and by whom, a form to lock one, and laying down today's figures."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import words
from service.api.access import allow
from service.api.analysis_plan_form import choices, filled, plan_in, reason_in, told
from service.api.context import actor, services
from service.api.forms import Form, sentences
from service.api.language import day
from service.api.saying import in_language
from service.followup.problem import Refusal
from service.usecases.access import Action, NotFound, may
from service.usecases.lock_analysis_plan import PlanForm, lock_analysis_plan
from service.usecases.show_analysis_plan import PlanView, show_analysis_plan
from service.usecases.take_snapshot import Taken, take_snapshot

blueprint = Blueprint("analysis_plan", __name__)


@blueprint.get("/programmas/<uuid:programme_id>/analyseplan")
@allow(Action.SEE_FIGURES)
def plan(programme_id: uuid.UUID) -> ResponseReturnValue:
    """What is locked; with the form for whoever may lock."""
    view = show_analysis_plan(services(), actor(), programme_id)
    return _page(view, filled(view.start))


@blueprint.post("/programmas/<uuid:programme_id>/analyseplan")
@allow(Action.LOCK_PLAN)
def lock(programme_id: uuid.UUID) -> ResponseReturnValue:
    """Lock what was filled in."""
    view, form = show_analysis_plan(services(), actor(), programme_id), Form(request.form)
    try:
        wanted = PlanForm(plan_in(form, view), reason_in(form))
        locked = lock_analysis_plan(services(), actor(), programme_id, wanted)
    except Refusal as refusal:
        form.take(refusal)
        return _page(view, form), 400
    if locked.late:
        flash(
            _("Versie %(n)s ligt vast. Bij de cijfers staat dat dit na de opening van de meting was.", n=locked.version)
        )
    else:
        flash(_("Versie %(n)s ligt vast, voordat de meting open ging.", n=locked.version))
    return redirect(f"/programmas/{programme_id}/analyseplan")


@blueprint.get("/programmas/<uuid:programme_id>/analyseplan/<int:version>.json")
@allow(Action.SEE_FIGURES)
def plan_file(programme_id: uuid.UUID, version: int) -> ResponseReturnValue:
    """One version to the letter, for `peil analyse --plan`."""
    view = show_analysis_plan(services(), actor(), programme_id)
    found = next((one.stored.plan for one in view.versions if one.stored.version == version), None)
    if found is None:
        raise NotFound(version)
    headers = {"Content-Disposition": 'attachment; filename="plan.json"'}
    return Response(found, mimetype="application/json", headers=headers)


@blueprint.post("/programmas/<uuid:programme_id>/peildatum")
@allow(Action.TAKE_SNAPSHOT)
def lay_down(programme_id: uuid.UUID) -> ResponseReturnValue:
    """Lay down the figures of today, and show them."""
    form = Form(request.form)
    try:
        reference_on = form.day("reference_on")
        form.refuse()
        taken = take_snapshot(services(), actor(), programme_id, reference_on)
    except Refusal as refusal:
        view = show_analysis_plan(services(), actor(), programme_id)
        start = filled(view.start)
        start.take(refusal)
        return _page(view, start), 400
    flash(_laid_down(taken))
    return redirect(f"/programmas/{programme_id}/peildata/{taken.snapshot_id}")


def _laid_down(taken: Taken) -> str:
    if taken.planned_on is None:
        return _("De cijfers van vandaag liggen vast.")
    return _("De cijfers van vandaag liggen vast. Dat is vroeg: het plan noemt %(day)s.", day=day(taken.planned_on))


def _page(view: PlanView, form: Form) -> str:
    newest = view.versions[0] if view.versions else None
    return render_template(
        "evaluator/plan.html",
        view=view,
        form=form,
        choices=choices(view),
        newest=newest,
        pairs=told(newest.plan, view) if newest else [],
        primary=in_language(view.primary.title),
        baseline=in_language(view.baseline.title),
        misfits=sentences(view.misfits),
        goal=words.goal(view.line.goal_type),
        early_on=newest.plan.reference_on if newest and _early(view) else None,
        may_lock=may(actor(), Action.LOCK_PLAN),
        may_snapshot=may(actor(), Action.TAKE_SNAPSHOT),
    )


def _early(view: PlanView) -> bool:
    planned = view.versions[0].plan.reference_on
    return planned is not None and view.today < planned
