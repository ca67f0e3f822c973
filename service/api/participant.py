"""The pages behind a personal link: one question a page, without script, without cookies, without our name on it."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from service.api.access import public, without_form_token
from service.api.context import services
from service.followup.problem import Refusal
from service.measures.instrument import NO_ANSWER
from service.usecases.access import NotFound
from service.usecases.ask_for_call import ask_for_call
from service.usecases.open_questionnaire import LinkState, Questionnaire, open_questionnaire
from service.usecases.submit_answers import submit_answers
from service.usecases.unsubscribe import unsubscribe

blueprint = Blueprint("participant", __name__)

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
    view = open_questionnaire(services(), token)
    if view.state is not LinkState.OPEN:
        return _closed(view)
    return _page("start", view, token=token, number=view.first_open)


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


@blueprint.post("/v/<token>/bellen")
@public
@without_form_token
def call(token: str) -> ResponseReturnValue:
    """Somebody would like to be called, or not."""
    wanted = request.form.get("bellen") == "ja"
    view = open_questionnaire(services(), token)
    if view.state not in (LinkState.OPEN, LinkState.DONE):
        return _closed(view)
    if wanted:
        ask_for_call(services(), token)
    return _page("done", view, token=token, called="yes" if wanted else "no")


@blueprint.get("/uit/<token>")
@public
def leave(token: str) -> ResponseReturnValue:
    """Ask whether e-mail should end; a mail scanner that opens this changes nothing."""
    return render_template("participant/leave.html", token=token, ended=False)


@blueprint.post("/uit/<token>")
@public
@without_form_token
def left(token: str) -> ResponseReturnValue:
    """End e-mail: by our own button, or by the one click of a mail program (RFC 8058)."""
    unsubscribe(services(), token)
    return render_template("participant/leave.html", token=token, ended=True)


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
