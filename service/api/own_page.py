"""A participant's own page: behind its own link or that of a questionnaire, and behind a question only they can answer.

No cookie: what says that the question was answered is a signed field of each form, good for fifteen minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from service.api import own_data, own_words
from service.api.access import public, without_form_token
from service.api.context import services
from service.api.forms import Form
from service.api.own_words import Said
from service.followup.problem import Problem, Refusal
from service.messages.links import Links
from service.usecases.access import NotFound
from service.usecases.add_own_rest_days import add_own_rest_days
from service.usecases.ask_for_erasure import ask_for_erasure
from service.usecases.ask_for_new_address import ask_for_new_address
from service.usecases.cancel_own_rest_days import cancel_own_rest_days
from service.usecases.choose_own_channel import choose_own_channel
from service.usecases.end_own_pause import end_own_pause
from service.usecases.hear_less_often import hear_less_often
from service.usecases.open_own_page import open_own_page
from service.usecases.pause_own_messages import PAUSES, pause_own_messages
from service.usecases.show_own_data import OwnData, show_own_data
from service.usecases.show_own_door import Door, show_own_door
from service.usecases.show_own_page import show_own_page
from service.usecases.steps.own_door import NoPass
from service.usecases.stop_own_messages import stop_own_messages

blueprint = Blueprint("own_page", __name__)

#: The page has two addresses: its own, and one behind the link of a questionnaire.
OWN, QUESTIONS = {"by": "own"}, {"by": "questions"}
VERBS = "<any(pauze, verder, rust, rustweg, vaker, hoe, adres, stop, wissen):verb>"
#: So many messages to come are shown; more would bury the nearest.
SHOWN = 4


@blueprint.after_request
def keep_to_ourselves(response: Response) -> Response:
    """A link is a secret: no other site, no search engine and no cache may learn it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/mijn/<token>", defaults=OWN)
@blueprint.get("/v/<token>/mijn", defaults=QUESTIONS)
@public
def door(token: str, by: str) -> ResponseReturnValue:
    """Who writes, and the question that is asked first. Looking changes nothing."""
    mended = Links.mend(token) or token
    if mended != token:
        return redirect(url_for("own_page.door", by=by, token=mended))
    try:
        found = show_own_door(services(), token)
    except NotFound:
        return _unknown()
    with force_locale(found.language):
        return _door(found, token, by)


@blueprint.get("/mijn/<token>/<path:place>", defaults=OWN)
@blueprint.get("/v/<token>/mijn/<path:place>", defaults=QUESTIONS)
@public
def again(token: str, place: str, by: str) -> ResponseReturnValue:
    """A telephone that opens, by itself, a page that came after a form: to the door."""
    return redirect(url_for("own_page.door", by=by, token=token))


@blueprint.post("/mijn/<token>", defaults=OWN)
@blueprint.post("/v/<token>/mijn", defaults=QUESTIONS)
@public
@without_form_token
def enter(token: str, by: str) -> ResponseReturnValue:
    """The page, for who answers rightly or was here just now."""
    return _behind_the_door(token, by, lambda _found, own_pass: _page(token, by, own_pass))


@blueprint.post(f"/mijn/<token>/{VERBS}", defaults=OWN)
@blueprint.post(f"/v/<token>/mijn/{VERBS}", defaults=QUESTIONS)
@public
@without_form_token
def change(token: str, by: str, verb: str) -> ResponseReturnValue:
    """Do what was asked, and say what changed and how to undo it."""

    def do(view: Door, own_pass: str) -> ResponseReturnValue:
        form = Form(request.form)
        try:
            said = CHANGES[verb](view, token, own_pass, form)
        except Refusal as refusal:
            form.take(refusal)
            return _page(token, by, own_pass, form), HTTPStatus.BAD_REQUEST
        return render_template("own/changed.html", view=view, token=token, by=by, own_pass=own_pass, said=said)

    return _behind_the_door(token, by, do)


@blueprint.post("/mijn/<token>/gegevens", defaults=OWN)
@blueprint.post("/v/<token>/mijn/gegevens", defaults=QUESTIONS)
@public
@without_form_token
def data(token: str, by: str) -> ResponseReturnValue:
    """Everything that is kept, in plain words."""

    def show(_found: Door, own_pass: str) -> str:
        view = show_own_data(services(), token, own_pass)
        sections = own_data.data_sections(view)
        return render_template("own/data.html", view=view, token=token, by=by, sections=sections)

    return _behind_the_door(token, by, show)


@blueprint.post("/mijn/<token>/gegevens/bestand", defaults=OWN)
@blueprint.post("/v/<token>/mijn/gegevens/bestand", defaults=QUESTIONS)
@public
@without_form_token
def file(token: str, by: str) -> ResponseReturnValue:
    """Everything that is kept, as a file for another computer."""
    return _behind_the_door(token, by, lambda _found, own_pass: _file(show_own_data(services(), token, own_pass)))


def _behind_the_door(token: str, by: str, show: Callable[[Door, str], ResponseReturnValue]) -> ResponseReturnValue:
    """Show it to who has a pass or answers the question now; to anybody else the question."""
    try:
        found = show_own_door(services(), token)
    except NotFound:
        return _unknown()
    with force_locale(found.language):
        own_pass, form = request.form.get("pas", ""), Form(request.form)
        try:
            if not own_pass:
                own_pass = open_own_page(services(), token, form.value("antwoord"))
            return show(found, own_pass)
        except Refusal as refusal:
            form.take(refusal)
            return _door(found, token, by, form), HTTPStatus.FORBIDDEN
        except NoPass:
            return _door(found, token, by, late=True), HTTPStatus.FORBIDDEN


# Every change has the same form: who writes, the link, the pass, and what was filled in.
# ruff: noqa: ARG001


def _pause(view: Door, token: str, own_pass: str, form: Form) -> Said:
    weeks = _whole(form, "weken")
    pause_own_messages(services(), token, own_pass, weeks)
    return own_words.paused(weeks)


def _end_pause(view: Door, token: str, own_pass: str, form: Form) -> Said:
    end_own_pause(services(), token, own_pass)
    return own_words.pause_ended()


def _rest(view: Door, token: str, own_pass: str, form: Form) -> Said:
    first_on, last_on = _day(form, "van"), _day(form, "tot")
    if first_on is None or last_on is None:
        raise Refusal(Problem("rest_days_missing", "tot"))
    add_own_rest_days(services(), token, own_pass, first_on, last_on)
    return own_words.rest_days_kept(first_on, last_on)


def _no_rest(view: Door, token: str, own_pass: str, form: Form) -> Said:
    cancel_own_rest_days(services(), token, own_pass, form.identity("periode"))
    return own_words.rest_days_ended()


def _how_often(view: Door, token: str, own_pass: str, form: Form) -> Said:
    how_often = form.value("vaak")
    hear_less_often(services(), token, own_pass, how_often)
    return own_words.how_often_kept(how_often)


def _channel(view: Door, token: str, own_pass: str, form: Form) -> Said:
    channel = form.value("hoe")
    choose_own_channel(services(), token, own_pass, channel)
    return own_words.channel_kept(channel, view)


def _address(view: Door, token: str, own_pass: str, form: Form) -> Said:
    ask_for_new_address(services(), token, own_pass)
    return own_words.address_asked(view)


def _stop(view: Door, token: str, own_pass: str, form: Form) -> Said:
    by_start = stop_own_messages(services(), token, own_pass)
    return own_words.stopped(view, by_start=by_start)


def _erase(view: Door, token: str, own_pass: str, form: Form) -> Said:
    ask_for_erasure(services(), token, own_pass)
    return own_words.erasure_asked(view)


Change = Callable[[Door, str, str, Form], Said]
CHANGES: dict[str, Change] = {
    "pauze": _pause,
    "verder": _end_pause,
    "rust": _rest,
    "rustweg": _no_rest,
    "vaker": _how_often,
    "hoe": _channel,
    "adres": _address,
    "stop": _stop,
    "wissen": _erase,
}


def _whole(form: Form, name: str) -> int:
    written = form.value(name)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0


def _day(form: Form, name: str) -> date | None:
    """A day as a browser's own field gives it, or as people write it: 31-12-2026."""
    written = form.value(name)
    try:
        return date.fromisoformat(written)
    except ValueError:
        parts = written.replace("/", "-").replace(".", "-").replace(" ", "-").split("-")
    try:
        found_day, month, year = (int(part) for part in parts)
        return date(year, month, found_day)
    except (ValueError, OverflowError):
        return None


def _door(found: Door, token: str, by: str, form: Form | None = None, *, late: bool = False) -> str:
    return render_template("own/door.html", view=found, token=token, by=by, form=form or Form(), late=late)


def _page(token: str, by: str, own_pass: str, form: Form | None = None) -> str:
    view = show_own_page(services(), token, own_pass)
    ahead = [own_words.ahead_line(one) for one in view.ahead[:SHOWN]]
    return render_template(
        "own/page.html",
        view=view,
        token=token,
        by=by,
        own_pass=view.own_pass,
        ahead=ahead,
        nothing=own_words.nothing_ahead(view),
        pauses=[(weeks, own_words.weeks(weeks)) for weeks in PAUSES],
        often=own_words.how_often_choices(),
        ways=[(one, own_words.way(one)) for one in view.channels],
        form=form or Form(),
    )


def _file(view: OwnData) -> Response:
    content = {
        "van": view.sender.organisation,
        "gemaakt_op": view.at.isoformat(),
        "uitleg": own_data.about_the_file(view.sender.phone),
        "gegevens": view.tables,
    }
    response = Response(json.dumps(content, ensure_ascii=False, indent=2, default=str), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    return response


def _unknown() -> ResponseReturnValue:
    with force_locale("nl"):
        return render_template(
            "own/unknown.html", view=None, title=_("Deze link kennen wij niet.")
        ), HTTPStatus.NOT_FOUND
