"""What a request knows: the services, and who acts. The cookie holds the opaque token of a staff session only."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, session

from service.usecases.access import Actor
from service.usecases.identify import identify
from service.usecases.services import Services

#: Where the state of the application hangs in Flask's `extensions`.
STATE = "peil"
#: The key of the staff session's token in the signed cookie.
TOKEN = "staff_token"  # noqa: S105 - the name of a key, no secret
#: The key of the language that was chosen in this browser.
LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class State:
    """What create_app was given. `practice_url` is the address of the pretend phone, only in a demonstration."""

    services: Services
    practice_url: str | None


def state() -> State:
    """The state of the running application."""
    found: State = current_app.extensions[STATE]
    return found


def services() -> Services:
    """The services, for the use cases."""
    return state().services


def actor_or_none() -> Actor | None:
    """Who is signed in, asked once per request; None when nobody is."""
    if "actor" not in g:
        token = session.get(TOKEN)
        g.actor = identify(services(), token) if token else None
    found: Actor | None = g.actor
    return found


class SignInNeeded(Exception):
    """Nobody is signed in where somebody must be; errors.py leads to the log-in page."""


def actor() -> Actor:
    """Who is signed in. Raises SignInNeeded."""
    found = actor_or_none()
    if found is None:
        raise SignInNeeded
    return found


def remember(token: str) -> None:
    """Keep the token of a new staff session in the cookie, and of the session before it only the language."""
    _empty()
    session[TOKEN] = token
    session.permanent = False
    g.pop("actor", None)


def staff_token() -> str | None:
    """The token of this browser's staff session."""
    found: str | None = session.get(TOKEN)
    return found


def forget() -> None:
    """Empty the cookie; only the language stays, for whoever logs in next on this browser."""
    _empty()
    g.pop("actor", None)


def _empty() -> None:
    chosen = session.get(LANGUAGE)
    session.clear()
    if chosen is not None:
        session[LANGUAGE] = chosen
