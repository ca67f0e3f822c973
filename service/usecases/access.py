"""Who may do what: one table, asked first by every use case in which a person acts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account is for. One account has one role, so that nobody both knows names and reads scores."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    EVALUATOR = "evaluator"


class Action(StrEnum):
    """Everything a person can ask for."""

    SEE_WORKLIST = "see_worklist"
    SEE_PARTICIPANTS = "see_participants"
    CHANGE_PARTICIPANTS = "change_participants"
    ENTER_ANSWERS = "enter_answers"
    READ_REPLIES = "read_replies"
    SEE_FIGURES = "see_figures"
    EXPORT = "export"
    SEE_PROGRAMMES = "see_programmes"
    SEE_CALENDAR = "see_calendar"
    KEEP_CALENDAR = "keep_calendar"
    CHANGE_PROGRAMMES = "change_programmes"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_ALERTS = "see_alerts"
    SET_DUTY = "set_duty"
    PLAN_SIZE = "plan_size"
    LOCK_PLAN = "lock_plan"
    TAKE_SNAPSHOT = "take_snapshot"


ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SEE_WORKLIST: frozenset({Role.COORDINATOR}),
    Action.SEE_PARTICIPANTS: frozenset({Role.COORDINATOR}),
    Action.CHANGE_PARTICIPANTS: frozenset({Role.COORDINATOR}),
    Action.ENTER_ANSWERS: frozenset({Role.COORDINATOR}),
    Action.READ_REPLIES: frozenset({Role.COORDINATOR}),
    Action.SEE_FIGURES: frozenset({Role.COORDINATOR, Role.EVALUATOR, Role.ADMINISTRATOR}),
    Action.EXPORT: frozenset({Role.EVALUATOR}),
    Action.SEE_PROGRAMMES: frozenset({Role.COORDINATOR, Role.EVALUATOR, Role.ADMINISTRATOR}),
    Action.SEE_CALENDAR: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Action.KEEP_CALENDAR: frozenset({Role.COORDINATOR}),
    Action.CHANGE_PROGRAMMES: frozenset({Role.ADMINISTRATOR}),
    Action.MANAGE_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
    Action.SEE_ALERTS: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Action.SET_DUTY: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Action.PLAN_SIZE: frozenset({Role.EVALUATOR, Role.ADMINISTRATOR}),
    Action.LOCK_PLAN: frozenset({Role.EVALUATOR}),
    Action.TAKE_SNAPSHOT: frozenset({Role.EVALUATOR}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts: an account of one organisation."""

    account_id: uuid.UUID
    org_id: uuid.UUID
    name: str
    role: Role


class Denied(Exception):
    """This role may not do this."""


class NotFound(Exception):
    """There is no such thing in this organisation (also when it exists in another)."""


def may(actor: Actor, action: Action) -> bool:
    """Whether the actor's role allows the action."""
    return actor.role in ALLOWED[action]


def require(actor: Actor, action: Action) -> None:
    """Raises Denied when the actor may not."""
    if not may(actor, action):
        raise Denied(f"The role {actor.role.value} may not {action.value}.")
