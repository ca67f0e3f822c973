"""Making and changing protocols: a form, the same as text, and what a change would do before it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import protocol_words as words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form, sentences
from service.api.language import current
from service.api.protocol_form import draft_from, parts, placed, with_wave, without_wave
from service.followup.problem import Problem, Refusal
from service.followup.protocol_text import Draft, text_of
from service.usecases.access import Action
from service.usecases.change_protocol import change_protocol
from service.usecases.open_protocol import open_protocol
from service.usecases.preview_protocol import preview_protocol
from service.usecases.read_draft import read_draft
from service.usecases.upload_protocol import upload_protocol

blueprint = Blueprint("protocols", __name__)

FORM = ["GET", "POST"]
_TEXT = "tekst"


@blueprint.route("/beheer/protocollen/nieuw", methods=FORM)
@allow(Action.CHANGE_PROGRAMMES)
def new() -> ResponseReturnValue:
    """A new protocol: typed in the form, or as text."""
    if request.method == "GET":
        return _show(None, with_wave(open_protocol(services(), actor(), None, current()).draft))
    draft, problems = _typed()
    if draft is not None and request.form.get("do") != "save":
        return _show(None, draft)
    text = _text() if draft is None else text_of(draft)
    if not problems:
        try:
            uploaded = upload_protocol(services(), actor(), text)
        except Refusal as refusal:
            problems = refusal.problems
        else:
            flash(_("Het protocol is bewaard."))
            for warning in sentences(uploaded.warnings):
                flash(warning, "warn")
            return redirect("/protocollen")
    return _again(None, draft, text, problems)


@blueprint.route("/beheer/protocollen/<uuid:protocol_id>/wijzigen", methods=FORM)
@allow(Action.CHANGE_PROGRAMMES)
def change(protocol_id: uuid.UUID) -> ResponseReturnValue:
    """The next version: typed first, then shown with what it would change. Nothing is kept here."""
    if request.method == "GET":
        return _show(protocol_id, open_protocol(services(), actor(), protocol_id, current()).draft)
    draft, problems = _typed()
    if draft is not None and request.form.get("do") != "save":
        return _show(protocol_id, draft)
    text = _text() if draft is None else text_of(draft)
    if not problems:
        try:
            return _difference(protocol_id, text)
        except Refusal as refusal:
            problems = refusal.problems
    return _again(protocol_id, draft, text, problems)


@blueprint.post("/beheer/protocollen/<uuid:protocol_id>/toepassen")
@allow(Action.CHANGE_PROGRAMMES)
def apply(protocol_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the new version, and move the people of the programmes that were chosen."""
    text, chosen = _text(), request.form.getlist("move")
    try:
        move = [uuid.UUID(one) for one in chosen]
        done = change_protocol(services(), actor(), protocol_id, text, move)
    except ValueError:
        return _again(protocol_id, None, text, [Problem("choice_unknown", "move", values={"value": ""})])
    except Refusal as refusal:
        return _again(protocol_id, None, text, refusal.problems)
    flash(_("Versie %(n)s is bewaard.", n=done.version))
    if done.people:
        flash(
            _(
                "Mensen die verder gaan met deze versie: %(people)s. Meetmomenten verschoven: %(moved)s,"
                " erbij: %(added)s, vervallen: %(gone)s.",
                people=done.people,
                moved=done.moved,
                added=done.added,
                gone=done.cancelled,
            )
        )
    return redirect("/protocollen")


def _typed() -> tuple[Draft | None, Sequence[Problem]]:
    """The form as it was typed, after the button that was pressed; None when it was typed as text."""
    do, remove = request.form.get("do", ""), request.form.get("remove")
    if "text" in request.form:
        if do != "form":
            return None, ()
        try:
            return read_draft(services(), actor(), _text()), ()
        except Refusal as refusal:
            return None, refusal.problems
    draft = draft_from(request.form)
    if remove is not None:
        draft = without_wave(draft, remove)
    return (with_wave(draft) if do == "add" else draft), ()


def _text() -> str:
    """A browser sends another line end than we keep."""
    return request.form.get("text", "").replace("\r\n", "\n").strip("\n") + "\n"


def _show(protocol_id: uuid.UUID | None, draft: Draft) -> str:
    """The form, or the same as text when that was asked for."""
    as_text = request.args.get("als") == _TEXT or request.form.get("do") == _TEXT
    return _page(protocol_id, None if as_text else draft, text_of(draft), ())


def _again(
    protocol_id: uuid.UUID | None, draft: Draft | None, text: str, problems: Sequence[Problem]
) -> ResponseReturnValue:
    """What was typed, with everything that is wrong with it."""
    found = problems if draft is None else [placed(problem, text) for problem in problems]
    return _page(protocol_id, draft, text, found), 400


def _page(protocol_id: uuid.UUID | None, draft: Draft | None, text: str, problems: Sequence[Problem]) -> str:
    opened = open_protocol(services(), actor(), protocol_id, current())
    return render_template(
        "protocols/text.html" if draft is None else "protocols/form.html",
        opened=opened,
        draft=draft,
        text=text,
        form=Form(problems=list(problems)),
        words=words,
        parts=parts,
        languages=[("nl", _("Nederlands")), ("en", _("Engels"))],
    )


def _difference(protocol_id: uuid.UUID, text: str) -> str:
    seen = preview_protocol(services(), actor(), protocol_id, text)
    return render_template(
        "protocols/difference.html",
        seen=seen,
        text=text,
        warnings=sentences(seen.warnings),
        said=[words.sentence(one) for one in seen.differences],
        words=words,
    )
