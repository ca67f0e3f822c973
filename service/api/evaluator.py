"""The figures of programmes, the explanation of how they are computed, and the evaluator's files."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from service.api import saying, words
from service.api.access import allow, signed_in
from service.api.context import actor, services
from service.usecases.access import Action, may
from service.usecases.export_dataset import export_dataset
from service.usecases.show_codebook import show_codebook
from service.usecases.show_programme import show_programme
from service.usecases.show_programmes import show_programmes

blueprint = Blueprint("evaluator", __name__)


@blueprint.get("/programmas")
@allow(Action.SEE_PROGRAMMES)
def programmes() -> ResponseReturnValue:
    """Every programme."""
    return render_template(
        "evaluator/programmes.html",
        lines=show_programmes(services(), actor()),
        goal=words.goal,
        may_change=may(actor(), Action.CHANGE_PROGRAMMES),
    )


@blueprint.get("/programmas/<uuid:programme_id>")
@allow(Action.SEE_FIGURES)
def programme(programme_id: uuid.UUID) -> ResponseReturnValue:
    """One programme in figures."""
    view = show_programme(services(), actor(), programme_id)
    return render_template(
        "evaluator/programme.html",
        view=view,
        f=view.figures,
        goal=words.goal,
        sentence=saying.header_sentence(view),
        course_heading=saying.course_heading(view),
        retention_heading=saying.retention_heading(view),
        title=saying.title_of,
        short=saying.short_title,
        why_hidden=saying.not_shown,
        bands=saying.bands(view),
        which_way=saying.which_way(view.instrument),
        terms=saying.in_language(view.instrument.conditions_of_use),
        may_export=may(actor(), Action.EXPORT),
        sees_calendar=may(actor(), Action.SEE_CALENDAR),
    )


@blueprint.get("/gegevens")
@allow(Action.EXPORT)
def data() -> ResponseReturnValue:
    """What can be downloaded, and under which conditions."""
    found = services().instruments.values()
    return render_template(
        "evaluator/data.html",
        lines=show_programmes(services(), actor()),
        instruments=[(saying.in_language(i.title), i.source, saying.in_language(i.conditions_of_use)) for i in found],
    )


@blueprint.post("/gegevens/bestand")
@allow(Action.EXPORT)
def everything() -> ResponseReturnValue:
    """The whole organisation. A POST, because an export is written down."""
    return _csv(export_dataset(services(), actor()).lines, "peil.csv")


@blueprint.post("/gegevens/bestand/<uuid:programme_id>")
@allow(Action.EXPORT)
def one_programme(programme_id: uuid.UUID) -> ResponseReturnValue:
    """One programme."""
    return _csv(export_dataset(services(), actor(), programme_id).lines, f"peil-{programme_id}.csv")


@blueprint.post("/gegevens/codeboek")
@allow(Action.EXPORT)
def codebook() -> ResponseReturnValue:
    """What every column means."""
    return _csv(iter((show_codebook(services(), actor()),)), "peil-codeboek.csv")


@blueprint.get("/uitleg")
@signed_in
def explanation() -> ResponseReturnValue:
    """How Peil computes."""
    found = services().instruments.values()
    return render_template(
        "evaluator/explanation.html",
        instruments=[(saying.in_language(i.title), i.source, saying.in_language(i.conditions_of_use)) for i in found],
    )


def _csv(lines: Iterator[str], name: str) -> Response:
    encoded = (line.encode() for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(encoded, mimetype="text/csv", headers=headers)
