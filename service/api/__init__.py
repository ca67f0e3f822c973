"""The web: pages and webhooks that ask use cases and show what they return."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from service.api import (
    access,
    activities,
    administration,
    alerts,
    analysis,
    analysis_plan,
    assisted,
    contact_moments,
    coordinator,
    errors,
    evaluator,
    genuine,
    headers,
    health,
    instruments,
    language,
    menu,
    own_page,
    paper,
    participant,
    participant_life,
    participants,
    planning,
    programme_settings,
    protocols,
    rest_days,
    sign_in,
    texts,
    webhooks,
    why,
)
from service.api.context import STATE, State
from service.usecases.services import Services

#: The largest upload: a list of some ten thousand participants.
MOST_BYTES = 4 * 1024 * 1024

BLUEPRINTS = (
    language.blueprint,
    sign_in.blueprint,
    coordinator.blueprint,
    activities.blueprint,
    contact_moments.blueprint,
    alerts.blueprint,
    participants.blueprint,
    participant_life.blueprint,
    rest_days.blueprint,
    assisted.blueprint,
    paper.blueprint,
    why.blueprint,
    evaluator.blueprint,
    analysis.blueprint,
    analysis_plan.blueprint,
    planning.blueprint,
    instruments.blueprint,
    administration.blueprint,
    texts.blueprint,
    programme_settings.blueprint,
    protocols.blueprint,
    participant.blueprint,
    own_page.blueprint,
    genuine.blueprint,
    webhooks.blueprint,
    health.blueprint,
)


def create_app(services: Services, secret_key: str, *, secure_cookies: bool, practice_url: str | None = None) -> Flask:
    """The application. `secure_cookies` when it is reached over https; `practice_url`: the pretend phone."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,  # a list that was looked at comes back as a field of the form
        SESSION_COOKIE_NAME="__Host-peil" if secure_cookies else "peil",
        SESSION_COOKIE_SECURE=secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,  # a form token lives as long as the session
    )
    app.extensions[STATE] = State(services, practice_url)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    language.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    access.install(app)
    headers.install(app, secure=secure_cookies)
    errors.install(app)
    menu.install(app)
    return app
