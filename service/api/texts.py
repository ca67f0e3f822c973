"""What people receive, and saying it in one's own words: the list, one text, keeping it, and going back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import text_words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form, sentences
from service.followup.problem import Refusal
from service.usecases.access import Action, may
from service.usecases.restore_text import restore_text
from service.usecases.save_text import save_text
from service.usecases.show_text import show_text
from service.usecases.show_texts import TextLine, show_texts
from service.usecases.steps.texts import Variant, Written

blueprint = Blueprint("texts", __name__)

TEXT = "/teksten/<any(sms,email):channel>/<key>/<language>/<form>"
FIELDS = ("text", "one", "subject", "paragraphs", "button")


@blueprint.get("/teksten")
@allow(Action.SEE_PROGRAMMES)
def overview() -> ResponseReturnValue:
    """Every text, by the moment it is sent."""
    lines = show_texts(services(), actor())
    sections = [(moment, _by_key(found)) for moment, found in groupby(lines, key=lambda line: line.moment)]
    return render_template("texts/list.html", sections=sections, words=text_words)


@blueprint.get(TEXT)
@allow(Action.SEE_PROGRAMMES)
def one(channel: str, key: str, language: str, form: str) -> ResponseReturnValue:
    """One text in one language and form."""
    return _page(Variant(channel, key, language, form), None, Form())


@blueprint.post(TEXT)
@allow(Action.CHANGE_PROGRAMMES)
def change(channel: str, key: str, language: str, form: str) -> ResponseReturnValue:
    """Look at what is written, or keep it as a new version."""
    variant = Variant(channel, key, language, form)
    filled = Form(request.form)
    written = Written(**{name: request.form.get(name, "") for name in FIELDS})
    if filled.value("do") != "save":
        return _page(variant, written, filled)
    try:
        save_text(services(), actor(), variant, written, seen=filled.number("seen") or 0)
    except Refusal as refusal:
        filled.take(refusal)
        return _page(variant, written, filled), 400
    flash(_("Bewaard. Vanaf nu krijgen mensen deze tekst."))
    return redirect(_address(variant))


@blueprint.post(f"{TEXT}/terug")
@allow(Action.CHANGE_PROGRAMMES)
def back(channel: str, key: str, language: str, form: str) -> ResponseReturnValue:
    """Go back to a version of before; without a number, to the standard text."""
    variant = Variant(channel, key, language, form)
    filled = Form(request.form)
    version = filled.number("version")
    try:
        filled.refuse()
        restore_text(services(), actor(), variant, version)
    except Refusal as refusal:
        filled.take(refusal)
        return _page(variant, None, filled), 400
    flash(_("De standaardtekst geldt weer.") if version is None else _("Versie %(n)s geldt weer.", n=version))
    return redirect(_address(variant))


def _by_key(lines: Iterable[TextLine]) -> dict[str, dict[str, TextLine]]:
    """Each text once, with the ways in which it is sent."""
    found: dict[str, dict[str, TextLine]] = {}
    for line in lines:
        found.setdefault(line.key, {})[line.channel] = line
    return found


def _page(variant: Variant, written: Written | None, form: Form) -> str:
    page = show_text(services(), actor(), variant, written)
    # A text that is only looked at says what is wrong with it too: better before it is saved than after.
    form.problems = form.problems or (list(page.problems) if written else [])
    return render_template(
        "texts/text.html",
        page=page,
        form=form,
        variant=variant,
        words=text_words,
        address=_address,
        warnings=sentences(page.warnings),
        previewed=written is not None,
        may_change=may(actor(), Action.CHANGE_PROGRAMMES) and page.lock is None,
    )


def _address(variant: Variant) -> str:
    return f"/teksten/{variant.channel}/{variant.key}/{variant.language}/{variant.form}"
