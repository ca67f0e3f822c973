"""Reads warning_signs.yaml, and what an organisation adds to it, into the lists that raise an alert."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import yaml

from service.followup.reply_words import plain_words
from service.followup.warning_signs import Signs, WarningSigns, squeeze

KINDS = ("suicide", "danger")
LISTS = ("words", "phrases", "patterns")


class SignsUnreadable(ValueError):
    """The file cannot be used; the message lists what is wrong, a line each."""


def read_warning_signs(text: str, more: str = "") -> WarningSigns:
    """The lists in this text, with those of `more` added. Raises SignsUnreadable.

    `more` may hold `suicide` and `danger` with words and phrases; it only adds, so that nobody can switch a sign off.
    """
    wrong: list[str] = []
    found = _mapping(text, "the list", wrong)
    extra, more_wrong = read_added(more)
    wrong += more_wrong
    signs = {
        kind: _signs(_lists(found.get(kind), kind, wrong), extra[kind], found.get("parts"), wrong) for kind in KINDS
    }
    try:
        reviewed = date.fromisoformat(str(found.get("reviewed_on")))
    except ValueError:
        wrong.append("reviewed_on: write a date such as 2026-11-24.")
        reviewed = date.min
    if wrong:
        raise SignsUnreadable("\n".join(wrong))
    return WarningSigns(signs["suicide"], signs["danger"], reviewed)


def read_added(more: str) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    """What an installation adds, and what is wrong with it (a line each)."""
    wrong: list[str] = []
    added = _mapping(more, "it", wrong) if more.strip() else {}
    wrong += [f"`{key}` is not known; use suicide and danger." for key in added if key not in KINDS]
    lists = {kind: _lists(added.get(kind), kind, wrong) for kind in KINDS}
    wrong += [f"{kind}: patterns cannot be added, only words and phrases." for kind in KINDS if lists[kind]["patterns"]]
    return lists, wrong


def _mapping(text: str, where: str, wrong: list[str]) -> Mapping[str, object]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        wrong.append(f"{where} is no YAML: {problem}")
        return {}
    if not isinstance(found, dict):
        wrong.append(f"{where} must hold `suicide:` and `danger:`, each with words and phrases.")
        return {}
    return found


def _lists(entry: object, kind: str, wrong: list[str]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {name: [] for name in LISTS}
    if entry is None:
        return lists
    if not isinstance(entry, dict) or not entry.keys() <= set(LISTS):
        wrong.append(f"{kind} may hold {', '.join(LISTS)} and nothing else.")
        return lists
    for name, values in entry.items():
        if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
            wrong.append(f"{kind}: {name} must be a list of texts, each on a line that starts with `- `.")
        else:
            lists[name] = values
    return lists


def _signs(own: Mapping[str, list[str]], extra: Mapping[str, list[str]], parts: object, wrong: list[str]) -> Signs:
    names = parts if isinstance(parts, dict) else {}
    expressions = []
    for pattern in own["patterns"]:
        whole = re.sub(r"\{([a-z]+)\}", lambda part: str(names.get(part[1], part[0])), pattern)
        try:
            re.compile(whole)
        except re.error as problem:
            wrong.append(f"the pattern {pattern!r} cannot be read: {problem}")
        else:
            expressions.append(whole)
    return Signs(
        words=tuple(plain_words(word).replace(" ", "") for word in own["words"] + extra["words"]),
        phrases=tuple(tuple(squeeze(plain_words(one)).split()) for one in own["phrases"] + extra["phrases"]),
        pattern=re.compile("|".join(expressions)) if expressions else None,
    )
