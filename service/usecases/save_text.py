"""An administrator says something in the organisation's own words: a new version, which the next message carries."""

from __future__ import annotations

from service.followup.problem import Problem, Refusal
from service.messages.linter import lint
from service.messages.own import write_body
from service.store import own_texts
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services
from service.usecases.steps.texts import (
    Variant,
    Written,
    draft,
    keep,
    read_written,
    refuse_locked,
    setting,
    standard_of,
)


def save_text(
    services: Services, actor: Actor, variant: Variant, written: Written, *, seen: int
) -> tuple[Problem, ...]:
    """Keep a new version and return what it costs. `seen` is the newest version that the writer saw (0: none).

    Words equal to those in use are not saved again. Raises Denied, NotFound, Refusal.
    """
    access.require(actor, Action.CHANGE_PROGRAMMES)
    standard = standard_of(services, variant)
    refuse_locked(variant.key)
    words = read_written(written, standard)
    with services.transaction(actor.org_id) as session:
        found = lint(draft(variant, words, standard, setting(session)))
        if found.errors:
            raise Refusal(*found.errors)
        body = write_body(words)
        before = own_texts.versions(session, variant.channel, variant.key, variant.language, variant.form)
        if (before[0].body if before else None) == body:
            return found.warnings
        if (before[0].version if before else 0) != seen:
            raise Refusal(Problem("text_changed_meanwhile"))
        keep(services, session, actor, variant, body, version=seen + 1, action="save_text")
    return found.warnings
