"""The pages behind a personal link: one question a page, without script, without cookies, without our name on it."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from service.api.access import public, without_form_token
from service.api.context import services
from service.followup.consent import Purpose
from service.followup.problem import Refusal
from service.measures.instrument import NO_ANSWER
from service.messages.links import Links
from service.usecases.access import NotFound
from service.usecases.ask_for_call import ask_for_call
from service.usecases.open_questionnaire import LinkState, Questionnaire, open_questionnaire
from service.usecases.show_unsubscribe import Leaving, show_unsubscribe
from service.usecases.show_what_is_kept import show_what_is_kept
from service.usecases.submit_answers import submit_answers
from service.usecases.unsubscribe import unsubscribe

blueprint = Blueprint("participant", __name__)

#: No page of this site is for a search engine: most are behind a log-in, the others behind a secret address.
ROBOTS = "User-agent: *\nDisallow: /\n"

STATUS = {
    LinkState.UNKNOWN: HTTPStatus.NOT_FOUND,
    LinkState.EXPIRED: HTTPStatus.GONE,
    LinkState.WITHDRAWN: HTTPStatus.GONE,
    LinkState.NOT_YET: HTTPStatus.OK,
    LinkState.DONE: HTTPStatus.OK,
}


@blueprint.after_request
def keep_to_ourselves(response: Response) -> Response:
    """A link is a secret: no other site, no search engine and no cache may learn it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/v/<token>")
@public
def start(token: str) -> ResponseReturnValue:
    """Who asks, how many questions, and that taking part is free. Looking changes nothing."""
    if _mended(token) != token:
        return redirect(url_for("participant.start", token=_mended(token)))
    view = open_questionnaire(services(), token)
    if view.state is not LinkState.OPEN:
        return _closed(view)
    return _page("start", view, token=token, number=view.first_open)


@blueprint.get("/v")
@blueprint.get("/V")
@blueprint.get("/v/")
@blueprint.get("/V/")
@blueprint.get("/v/<path:written>")
@blueprint.get("/V/<path:written>")
@public
def mangled(written: str = "") -> ResponseReturnValue:
    """An address that was taken over with a slash, a capital or a piece of a sentence: to the questions anyhow."""
    token = Links.mend(written)
    if token is None:
        return _closed(open_questionnaire(services(), written))
    return redirect(url_for("participant.start", token=token))


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Keep search engines away from every page."""
    return Response(ROBOTS, mimetype="text/plain")


@blueprint.get("/v/<token>/vraag/<int:number>")
@public
def question(token: str, number: int) -> ResponseReturnValue:
    """One question with the answer that was given to it, if any."""
    view = open_questionnaire(services(), token)
    if view.state is not LinkState.OPEN:
        return _closed(view)
    if not 1 <= number <= len(view.items):
        return redirect(url_for("participant.question", token=token, number=view.first_open))
    return _question(view, token, number)


@blueprint.post("/v/<token>/vraag/<int:number>")
@public
@without_form_token
def answer(token: str, number: int) -> ResponseReturnValue:
    """Keep the answer and go on."""
    view = open_questionnaire(services(), token)
    code = request.form.get("antwoord", "")
    if view.state is LinkState.DONE:
        return redirect(url_for("participant.done", token=token), HTTPStatus.SEE_OTHER)
    if view.state is not LinkState.OPEN or not 1 <= number <= len(view.items):
        return _closed(view) if view.state is not LinkState.OPEN else redirect(_at(token, view.first_open))
    try:
        finished = submit_answers(services(), token, {view.items[number - 1].number: code})
    except (Refusal, NotFound):
        view = open_questionnaire(services(), token)
        if view.state is not LinkState.OPEN:
            return _closed(view)
        return _question(view, token, number, unclear=True), HTTPStatus.BAD_REQUEST
    if finished:
        return redirect(url_for("participant.done", token=token), HTTPStatus.SEE_OTHER)
    onward = number + 1 if number < len(view.items) else open_questionnaire(services(), token).first_open
    return redirect(_at(token, onward), HTTPStatus.SEE_OTHER)


@blueprint.get("/v/<token>/klaar")
@public
def done(token: str) -> ResponseReturnValue:
    """Thanks, and the question whether somebody should call."""
    view = open_questionnaire(services(), token)
    everything = view.state is LinkState.OPEN and len(view.given or {}) >= len(view.items)
    if view.state is LinkState.OPEN and not everything:
        return redirect(_at(token, view.first_open))
    if view.state not in (LinkState.OPEN, LinkState.DONE):
        return _closed(view)
    return _page("done", view, token=token, called="")


@blueprint.get("/v/<token>/bewaren")
@public
def kept(token: str) -> ResponseReturnValue:
    """What we keep about this person and for whom, without anything that tells who looks along what it is about."""
    view = open_questionnaire(services(), token)
    if view.state not in (LinkState.OPEN, LinkState.DONE, LinkState.NOT_YET):
        return _closed(view)
    number = request.args.get("vraag", 0, int)
    back = _at(token, number) if 1 <= number <= len(view.items) else url_for("participant.start", token=token)
    found = show_what_is_kept(services(), token)
    with force_locale(view.language):
        agreed = [(_permission(one.purpose), one.since) for one in found.agreed]
    return _page("kept", view, token=token, held=found.holdings, agreed=agreed, back=back)


@blueprint.post("/v/<token>/bellen")
@public
@without_form_token
def call(token: str) -> ResponseReturnValue:
    """Somebody would like to be called, or not."""
    wanted = request.form.get("bellen", "")
    view = open_questionnaire(services(), token)
    if view.state not in (LinkState.OPEN, LinkState.DONE):
        return _closed(view)
    if wanted not in ("ja", "nee"):  # nobody pressed one of the two: ask again
        return redirect(url_for("participant.done", token=token), HTTPStatus.SEE_OTHER)
    if wanted == "ja":
        ask_for_call(services(), token)
    return _page("done", view, token=token, called=wanted)


@blueprint.get("/uit/<path:token>")
@public
def leave(token: str) -> ResponseReturnValue:
    """Ask whether e-mail should end; a mail scanner that opens this changes nothing."""
    return _leaving(token)


@blueprint.post("/uit/<token>")
@public
@without_form_token
def left(token: str) -> ResponseReturnValue:
    """End e-mail: by our own button, or by the one click of a mail program (RFC 8058); by nothing else."""
    by_program = b"one-click" in request.get_data().lower()
    if not by_program and request.form.get("stoppen") != "ja":
        return _leaving(token), HTTPStatus.BAD_REQUEST
    unsubscribe(services(), token)
    return _leaving(token, ended=True)


def _leaving(token: str, *, ended: bool = False) -> str:
    token = token.rstrip("/.,;:!?)]}>'\"\u2019\u201d \u2026")  # what stood behind the address in a sentence
    view: Leaving = show_unsubscribe(services(), token)
    with force_locale(view.language):
        return render_template("participant/leave.html", view=view, token=token, ended=ended)


def _mended(token: str) -> str:
    return Links.mend(token) or token


def _permission(purpose: Purpose) -> str:
    return {
        Purpose.QUESTIONS: _("u vragen stellen en uw antwoorden bewaren"),
        Purpose.SMS: _("u sms’en sturen"),
        Purpose.EMAIL: _("u e-mails sturen"),
        Purpose.PHONE: _("u bellen"),
        Purpose.ENCOURAGEMENT: _("u af en toe een bericht sturen om mee te blijven doen"),
        Purpose.SHARING: _("uw antwoorden, zonder uw naam, gebruiken om de hulp te verbeteren"),
    }[purpose]


def _at(token: str, number: int) -> str:
    return url_for("participant.question", token=token, number=number)


def _question(view: Questionnaire, token: str, number: int, *, unclear: bool = False) -> str:
    item = view.items[number - 1]
    return _page(
        "question",
        view,
        token=token,
        number=number,
        item=item,
        chosen=(view.given or {}).get(item.number),
        no_answer=NO_ANSWER,
        unclear=unclear,
    )


def _closed(view: Questionnaire) -> ResponseReturnValue:
    return _page("closed", view), STATUS[view.state]


def _page(name: str, view: Questionnaire, **values: object) -> str:
    with force_locale(view.language):
        return render_template(f"participant/{name}.html", view=view, **values)
