"""What stands around every staff page: the menu of the role, and the strip that says when nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext as _

from service.api.context import actor_or_none, services, state
from service.api.language import current
from service.api.words import due
from service.usecases.access import Action, Actor, Role, may


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main menu; `key` is what a page sets as `here`."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Silence:
    """What is not sent, and why."""

    what: str
    why: str


def entries(actor: Actor) -> list[Entry]:
    """The menu of this role, in a fixed order."""
    every = (
        (Action.SEE_WORKLIST, Entry("today", _("Vandaag"), "/")),
        (Action.SEE_PROGRAMMES, Entry("programmes", _("Programma’s"), "/programmas")),
        (Action.SEE_PARTICIPANTS, Entry("participants", _("Deelnemers"), "/deelnemers")),
        (Action.EXPORT, Entry("data", _("Gegevens"), "/gegevens")),
        (Action.PLAN_SIZE, Entry("planning", _("Plannen"), "/plannen")),
        (Action.MANAGE_ACCOUNTS, Entry("administration", _("Beheer"), "/beheer")),
    )
    return [entry for action, entry in every if may(actor, action)]


def role_name(role: Role) -> str:
    """The role as it stands behind a name."""
    return {
        Role.ADMINISTRATOR: _("beheerder"),
        Role.COORDINATOR: _("coördinator"),
        Role.EVALUATOR: _("evaluator"),
    }[role]


def silent_channels() -> Silence | None:
    """What is not sent because a way of sending is not set up; None when both are."""
    found = services()
    if not found.sms.ready and not found.email.ready:
        return Silence(_("Er wordt niets verstuurd."), _("Er is nog geen sms-dienst en geen e-maildienst ingesteld."))
    if not found.sms.ready:
        return Silence(_("Er worden geen sms’en verstuurd."), _("Er is nog geen sms-dienst ingesteld."))
    if not found.email.ready:
        return Silence(_("Er worden geen e-mails verstuurd."), _("Er is nog geen e-maildienst ingesteld."))
    return None


def install(app: Flask) -> None:
    """Make these known to every template."""
    app.add_template_filter(due)

    @app.context_processor
    def around() -> dict[str, object]:
        return {
            "who": actor_or_none,
            "menu": entries,
            "role_name": role_name,
            "silent_channels": silent_channels,
            "practice": state,
            "now": services().now,
            "get_locale_code": current,
        }
