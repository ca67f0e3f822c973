"""What a person reads when something is not possible: what happened, and what to do. Never a name, never a trace."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from service.api.context import SignInNeeded
from service.api.forms import sentences
from service.followup.problem import Refusal, Unavailable
from service.usecases.access import Denied, NotFound

SIGN_IN = "/inloggen"
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """A heading and what to do."""

    title: str
    text: str


def page_for(status: int) -> Page:
    """The words for a status, in the language of the request."""
    pages = {
        400: Page(
            _("Dit lukte niet"),
            _("We konden niet lezen wat u stuurde. Ga terug, vernieuw de pagina en probeer het opnieuw."),
        ),
        403: Page(
            _("Deze pagina is niet voor u"),
            _("Uw account heeft een andere taak. Hebt u dit nodig, vraag het dan aan uw beheerder."),
        ),
        404: Page(
            _("Deze pagina bestaat niet"), _("Controleer het adres, of ga terug naar het begin en zoek van daaruit.")
        ),
        405: Page(_("Dit kan hier niet"), _("Ga terug naar de vorige pagina en probeer het opnieuw.")),
        413: Page(
            _("Dit bestand is te groot"), _("Het mag hoogstens 4 MB zijn. Deel de lijst op en probeer het opnieuw.")
        ),
        503: Page(
            _("We kunnen de gegevens nu niet bereiken"),
            _("Er gaat niets verloren. Probeer het over een paar minuten opnieuw."),
        ),
    }
    return pages.get(
        status,
        Page(_("Er ging iets mis bij ons"), _("Probeer het nog eens. Blijft het misgaan, bel dan uw beheerder.")),
    )


def show(status: int, page: Page | None = None) -> ResponseReturnValue:
    """The page for a status; it asks nothing of the database."""
    words = page or page_for(status)
    return render_template("errors/page.html", page=words, status=status), status


def install(app: Flask) -> None:
    """Lead every kind of failure to its page."""
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(Denied, lambda _error: show(HTTPStatus.FORBIDDEN))
    app.register_error_handler(NotFound, lambda _error: show(HTTPStatus.NOT_FOUND))
    app.register_error_handler(Unavailable, lambda _error: show(HTTPStatus.SERVICE_UNAVAILABLE))
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, lambda _error: _stale())
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _sign_in(_error: Exception) -> ResponseReturnValue:
    path = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else ""
    return redirect(f"{SIGN_IN}?next={quote(path)}" if path else SIGN_IN)


def _refused(error: Refusal) -> ResponseReturnValue:
    """What no form could show: the sentences by themselves."""
    return show(HTTPStatus.BAD_REQUEST, Page(_("Dit lukte niet"), " ".join(sentences(error.problems))))


def _stale() -> ResponseReturnValue:
    text = _("De pagina stond te lang open. Ga terug, vernieuw de pagina en probeer het opnieuw.")
    return show(HTTPStatus.BAD_REQUEST, Page(_("Dit lukte niet"), text))


def _http(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, HTTPException):
        return show(HTTPStatus.INTERNAL_SERVER_ERROR)
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return error
    return show(status)


def _unexpected(error: Exception) -> ResponseReturnValue:
    # The kind of failure and where; never its text, which may hold what a person gave us.
    LOG.error("unexpected %s at %s", type(error).__name__, request.endpoint, extra={"trace": _places(error)})
    return show(HTTPStatus.INTERNAL_SERVER_ERROR)


def _places(error: BaseException) -> list[str]:
    places: list[str] = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        places.append(f"{code.co_filename}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return places
