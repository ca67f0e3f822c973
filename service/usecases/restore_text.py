"""An administrator goes back to words of before, or to the standard text: a new version with the old words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.followup.problem import Problem, Refusal
from service.messages.catalogue import Mail, Text
from service.messages.linter import lint
from service.messages.own import read_body
from service.store import own_texts
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services
from service.usecases.steps.texts import Setting, Variant, draft, keep, refuse_locked, setting, standard_of


def restore_text(services: Services, actor: Actor, variant: Variant, version: int | None) -> None:
    """Put this version back; None for the standard text. Words of before are judged by the rules of today.

    Raises Denied, NotFound, Refusal.
    """
    access.require(actor, Action.CHANGE_PROGRAMMES)
    standard = standard_of(services, variant)
    refuse_locked(variant.key)
    with services.transaction(actor.org_id) as session:
        before = own_texts.versions(session, variant.channel, variant.key, variant.language, variant.form)
        wanted = next((one for one in before if one.version == version), None)
        if not before or (version is not None and wanted is None):
            raise Refusal(Problem("text_version_unknown"))
        body = wanted.body if wanted else None
        if body is not None:
            _judge(variant, body, standard, setting(session))
        if body != before[0].body:
            keep(services, session, actor, variant, body, version=before[0].version + 1, action="restore_text")


def _judge(variant: Variant, body: Mapping[str, Any], standard: Text | Mail, around: Setting) -> None:
    try:
        words = read_body(body, standard)
    except (ValueError, TypeError, KeyError) as error:  # saved when this text had another shape
        raise Refusal(Problem("text_version_unknown")) from error
    found = lint(draft(variant, words, standard, around))
    if found.errors:
        raise Refusal(*found.errors)
