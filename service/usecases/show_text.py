"""One text in every language and form: what people receive now, beside the standard; and what was saved before."""

from __future__ import annotations

from dataclasses import dataclass

from service.followup.addresses import as_dialled
from service.followup.problem import Problem, Refusal
from service.messages.catalogue import Mail, Text
from service.messages.email_page import plain_part
from service.messages.fills import FILL, ORDINARY
from service.messages.known import ALWAYS, Lock, Moment, allowed_values, locked, moment, needed_values
from service.messages.linter import lint
from service.messages.sms_parts import Size, measure
from service.store import own_texts
from service.store.own_texts import SavedText
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services
from service.usecases.steps.texts import Setting, Variant, Written, draft, read_written, setting, standard_of, variants


@dataclass(frozen=True, slots=True)
class Look:
    """A text with values in it: as most people get it, and with the longest names. `size` is None for a mail."""

    subject: str
    ordinary: str
    longest: str
    size: Size | None


@dataclass(frozen=True, slots=True)
class Current:
    """One language and form: the words that are sent now, and which version they are (None: the standard text)."""

    variant: Variant
    words: Text | Mail
    version: int | None
    look: Look


@dataclass(frozen=True, slots=True)
class TextPage:
    """Everything on the pages of one text. `versions`, `warnings` and `problems` are about the one that is looked at;
    `saved` is the number of versions it has, `shown` what stands in its form."""

    moment: Moment
    lock: Lock | None
    every: list[Current]
    chosen: Current
    standard: Text | Mail
    versions: list[SavedText]
    shown: Written
    look: Look | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    values: tuple[str, ...]
    needed: frozenset[str]

    @property
    def saved(self) -> int:
        """The newest version there is; 0 when nothing was ever saved."""
        return self.versions[0].version if self.versions else 0


def show_text(services: Services, actor: Actor, variant: Variant, written: Written | None = None) -> TextPage:
    """The page of one text; `written` is what somebody is writing and did not save. Raises Denied, NotFound."""
    access.require(actor, Action.SEE_PROGRAMMES)
    standard = standard_of(services, variant)
    with services.transaction(actor.org_id) as session:
        around = setting(session)
        newest = {(o.channel, o.key, o.language, o.form): o for o in own_texts.newest(session)}
        versions = own_texts.versions(session, variant.channel, variant.key, variant.language, variant.form)
    render = services.render.speaking_as(newest.values())
    every = []
    for one in variants(services, variant.channel, variant.key):
        words = render.words(one.channel, one.key, one.language, one.form)
        version = render.version(one.channel, one.key, one.language, one.form)
        every.append(Current(one, words, version, _look(one, words, around)))
    chosen = next(one for one in every if one.variant == variant)
    shown = written or write(chosen.words)
    fixed = _in_fixed_parts(standard)
    look, problems, warnings = _judge(variant, shown, standard, around)
    return TextPage(
        moment=moment(variant.key),
        lock=locked(variant.key),
        every=every,
        chosen=chosen,
        standard=standard,
        versions=versions,
        shown=shown,
        look=look,
        problems=problems,
        warnings=warnings,
        values=tuple(sorted(allowed_values(variant.key, standard.names) - (fixed - ALWAYS))),
        needed=needed_values(standard.names) - fixed,
    )


def _in_fixed_parts(standard: Text | Mail) -> frozenset[str]:
    """The values that a mail has anyhow: in its footer, and the link under its button."""
    if not isinstance(standard, Mail):
        return frozenset()
    found = frozenset[str]().union(*(one.names for one in standard.footer))
    return found | ({"link"} if standard.button else frozenset())


def write(words: Text | Mail) -> Written:
    """A text as it stands in the form."""
    if isinstance(words, Mail):
        return Written(
            subject=words.subject.forms[0],
            paragraphs="\n\n".join(one.forms[0] for one in words.paragraphs),
            button=words.button.forms[0] if words.button else "",
        )
    return Written(text=words.forms[0], one=words.forms[1] if len(words.forms) > 1 else "")


def _judge(
    variant: Variant, written: Written, standard: Text | Mail, around: Setting
) -> tuple[Look | None, tuple[Problem, ...], tuple[Problem, ...]]:
    try:
        words = read_written(written, standard)
    except Refusal as refusal:
        return None, tuple(refusal.problems), ()
    found = lint(draft(variant, words, standard, around))
    unknown = words.names - allowed_values(variant.key, standard.names)
    return None if unknown else _look(variant, words, around), found.errors, found.warnings


def _look(variant: Variant, words: Text | Mail, around: Setting) -> Look:
    own = {"organisation": around.organisation.short_name, "phone": as_dialled(around.organisation.phone)}
    ordinary = {**FILL[variant.language], **ORDINARY[variant.language], **own}
    longest = {**FILL[variant.language]}
    if len(own["organisation"]) > len(str(longest["organisation"])):
        longest["organisation"] = own["organisation"]
    if isinstance(words, Mail):
        subject = words.subject.fill(ordinary)
        return Look(subject, plain_part(words, ordinary), plain_part(words, longest), None)
    filled = words.fill(longest)
    return Look("", words.fill(ordinary), filled, measure(filled))
