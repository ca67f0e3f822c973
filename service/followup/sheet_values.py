"""The values that a protocol is written in: periods, times of day, choices. What cannot be read is a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import time

import yaml

from service.followup.protocol import Period, Unit
from service.followup.sheet import Sheet, Table

#: Ten years in every unit.
_MOST = {Unit.MONTHS: 120, Unit.WEEKS: 522, Unit.DAYS: 3653, Unit.HOURS: 87_672, Unit.MINUTES: 5_260_320}


def read_period(table: Table, key: str) -> Period | None:
    """A period as in "3 months"; None (and a problem) when it is not there or cannot be read."""
    node = table.need(key)
    words = table.sheet.text(node, table.path(key))
    if words is None:
        return None
    match = re.fullmatch(r"([0-9]{1,7}) *(minute|hour|day|week|month)s?", words, re.ASCII)
    if match is None:
        table.sheet.wrong("protocol_bad_period", node, table.path(key), value=words[:40])
        return None
    period = Period(int(match[1]), Unit(match[2] + "s"))
    if period.count > _MOST[period.unit]:
        table.sheet.wrong("protocol_period_long", node, table.path(key), value=words)
        return None
    return period


def read_time(sheet: Sheet, node: yaml.Node | None, where: str) -> time | None:
    """A time of day as in "9:30"; None when there is none, or (with a problem) when it cannot be read."""
    words = sheet.text(node, where)
    if words is None:
        return None
    match = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", words, re.ASCII)
    if match is None:
        sheet.wrong("protocol_time", node, where, value=words[:40])
        return None
    return time(int(match[1]), int(match[2]))


def read_choice(table: Table, key: str, choices: Sequence[str]) -> str:
    """One of these words; the first when nothing is said."""
    node = table.get(key)
    return choices[0] if node is None else choose(table, node, key, choices) or choices[0]


def choose(table: Table, node: yaml.Node, key: str, choices: Sequence[str]) -> str | None:
    """This value as one of these words; None (and a problem) when it is another."""
    word = table.sheet.text(node, table.path(key))
    if word is not None and word.lower() in choices:
        return word.lower()
    if word is not None:
        table.sheet.wrong("protocol_choice", node, table.path(key), value=word[:40], known=listed(choices))
    return None


def listed(words: Iterable[str]) -> str:
    """These words, in order, for a sentence."""
    return ", ".join(sorted(words))
