"""Every figure of one programme: live, and as it was laid down on a reference date; as a page and as a file."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from service.api import saying
from service.api.access import allow
from service.api.analysis_page import Labels, course_chart, key_figures, parts_of, retention_chart
from service.api.context import actor, services
from service.api.language import current
from service.api.words import arm_names
from service.measures.analysis.result import as_plain
from service.messages.results.names import names_of
from service.messages.results.sentences import sentences
from service.usecases.access import Action, may
from service.usecases.show_analysis import AnalysisView, show_analysis
from service.usecases.show_snapshot import show_snapshot

blueprint = Blueprint("analysis", __name__)

#: The sentences above the figures; what they rest on stands at the end of the page.
_NAMED = ("head.alone",)  # those that begin with their heading
_OPENING = ("head.moment", "head.plan", "head.alone")


@blueprint.get("/programmas/<uuid:programme_id>/analyse")
@allow(Action.SEE_FIGURES)
def live(programme_id: uuid.UUID) -> ResponseReturnValue:
    """The figures of this moment."""
    view = show_analysis(services(), actor(), programme_id)
    return _page(view, f"/programmas/{programme_id}/analyse.json")


@blueprint.get("/programmas/<uuid:programme_id>/peildata/<uuid:snapshot_id>")
@allow(Action.SEE_FIGURES)
def snapshot(programme_id: uuid.UUID, snapshot_id: uuid.UUID) -> ResponseReturnValue:
    """The figures of a reference date, as they were laid down."""
    view = show_snapshot(services(), actor(), programme_id, snapshot_id)
    return _page(view, f"/programmas/{programme_id}/peildata/{snapshot_id}.json")


@blueprint.get("/programmas/<uuid:programme_id>/analyse.json")
@allow(Action.SEE_FIGURES)
def live_file(programme_id: uuid.UUID) -> ResponseReturnValue:
    """The same figures for a program to read."""
    return _file(show_analysis(services(), actor(), programme_id))


@blueprint.get("/programmas/<uuid:programme_id>/peildata/<uuid:snapshot_id>.json")
@allow(Action.SEE_FIGURES)
def snapshot_file(programme_id: uuid.UUID, snapshot_id: uuid.UUID) -> ResponseReturnValue:
    """The figures of a reference date for a program to read."""
    return _file(show_snapshot(services(), actor(), programme_id, snapshot_id))


def _page(view: AnalysisView, json_url: str) -> str:
    analysis, language = view.analysis, current()
    names = names_of(
        view.instrument, view.waves, language, outcome=analysis.head.outcome, cutoff_set=analysis.head.cutoff_set
    )
    told = sentences(analysis, names, language, services().render.catalogue.results, plan_late=view.late)
    arm = analysis.head.arms[0] if analysis.head.arms and not analysis.faults else ""
    return render_template(
        "evaluator/analysis.html",
        view=view,
        analysis=analysis,
        at=datetime.fromisoformat(analysis.head.as_of),
        leading=next((passage.text for passage in told if passage.key == f"change.{arm}"), ""),
        opening=[passage for passage in told if passage.key in _OPENING],
        named=_NAMED,
        faults=[passage.text for passage in told if passage.key.startswith("faults")],
        keys=key_figures(analysis, arm) if arm else [],
        parts=parts_of(analysis, told, Labels(names)) if arm else [],
        course=course_chart(analysis, arm, view.instrument, view.waves, names) if arm else None,
        retention=retention_chart(analysis, arm_names()),
        instrument_title=saying.in_language(view.instrument.title),
        terms=saying.in_language(view.instrument.conditions_of_use),
        json_url=json_url,
        may_export=may(actor(), Action.EXPORT),
        may_snapshot=may(actor(), Action.TAKE_SNAPSHOT),
    )


def _file(view: AnalysisView) -> Response:
    text = json.dumps(as_plain(view.analysis), ensure_ascii=False, allow_nan=False, indent=1)
    return Response(text, mimetype="application/json")
