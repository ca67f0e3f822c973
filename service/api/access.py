"""The access check: every route declares its rule by a decorator, and a route without a rule is refused.

The decorators stand closest to the function, under the route: `@blueprint.get("/")`, then
`@allow(Action.SEE_WORKLIST)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, current_app, request
from flask_wtf import CSRFProtect

from service.api.context import actor
from service.usecases.access import Action, require

View = TypeVar("View", bound=Callable[..., object])

RULE = "peil_rule"
NO_FORM_TOKEN = "peil_no_form_token"  # noqa: S105 - the name of an attribute
#: Files anybody may read: style sheet, script, typeface.
STATIC = "static"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may come in: everybody (`public`), whoever is signed in (`action` None), or the roles that may `action`."""

    public: bool = False
    action: Action | None = None


class NoRule(Exception):
    """A route that declares no rule: a mistake of ours, refused until it is mended."""


def allow(action: Action) -> Callable[[View], View]:
    """Only for roles that may do this, by the one table in usecases/access.py."""
    return _rule(Rule(action=action))


def signed_in(view: View) -> View:
    """For everybody who is signed in."""
    return _rule(Rule())(view)


def public(view: View) -> View:
    """For everybody: log-in, personal links, webhooks, health."""
    return _rule(Rule(public=True))(view)


def without_form_token(view: View) -> View:
    """No CSRF token is asked: for webhooks (signed) and personal links (the address itself is the secret)."""
    setattr(view, NO_FORM_TOKEN, True)
    return view


def rule_of(view: object) -> Rule | None:
    """The rule a view declared, if any."""
    found: Rule | None = getattr(view, RULE, None)
    return found


def check() -> None:
    """Before each request: hold the rule of its route. Raises SignInNeeded, Denied or NoRule."""
    if request.endpoint is None or request.endpoint == STATIC:
        return
    rule = rule_of(_view(request.endpoint))
    if rule is None:
        raise NoRule(request.endpoint)
    if rule.public:
        return
    who = actor()
    if rule.action is not None:
        require(who, rule.action)


def install(app: Flask) -> None:
    """Guard every route of the application, and ask a form token of every form that did not opt out."""
    csrf = CSRFProtect(app)
    for view in app.view_functions.values():
        if getattr(view, NO_FORM_TOKEN, False):
            csrf.exempt(view)
    app.before_request(check)


def _view(endpoint: str) -> object:
    return current_app.view_functions[endpoint]


def _rule(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, RULE, rule)
        return view

    return mark
