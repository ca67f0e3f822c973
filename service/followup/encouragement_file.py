"""Reads the encouragement of a protocol: what people hear between the questions, and how often."""

from __future__ import annotations

import yaml

from service.followup.encouragement import too_close
from service.followup.protocol import TRY_STARTS, EncouragementPlan, Period, Unit, Word
from service.followup.sheet import Table
from service.followup.sheet_values import choose, read_period

#: The texts that may be sent between the questions.
TEXTS = ("enc_start", "enc_expect", "enc_missed", "enc_role")
DEFAULT_LESS = Period(2, Unit.MONTHS)
_KEYS = ("steps", "then", "less")


def read_encouragement(top: Table) -> EncouragementPlan | None:
    """The plan; None when the file has none ("none", or the key left out). Too many messages are a problem."""
    node = top.get("encouragement")
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value == "none"):
        return None
    table = top.sheet.table(node, "encouragement", _KEYS)
    if table is None:
        return None
    steps = _read_steps(table)
    texts, every = _read_then(table)
    less = DEFAULT_LESS if table.get("less") is None else _calendar(table, "less")
    if steps is None or texts is None or less is None:
        return None
    plan = EncouragementPlan(steps, texts, every, less)
    if not steps and not texts:
        table.sheet.wrong("protocol_encouragement_empty", node, "encouragement")
    elif any(too_close(plan, start.date()) for start in TRY_STARTS[::30]):
        table.sheet.wrong("protocol_encouragement_often", node, "encouragement")
    return plan


def _read_steps(table: Table) -> tuple[Word, ...] | None:
    """None when one of them cannot be read."""
    where = table.path("steps")
    read: list[Word] = []
    rows = table.sheet.rows(table.get("steps"), where)
    for row in rows:
        step = table.sheet.table(row, where, ("text", "after"))
        if step is None:
            continue
        node = step.need("text")
        text = choose(step, node, "text", TEXTS) if node is not None else None
        after = _calendar(step, "after")
        if text is not None and after is not None:
            read.append(Word(text, after))
    return tuple(read) if len(read) == len(rows) else None


def _read_then(table: Table) -> tuple[tuple[str, ...] | None, Period | None]:
    """The texts that go on in turn, and how often; nothing when the file has no `then`."""
    node = table.get("then")
    if node is None:
        return (), None
    then = table.sheet.table(node, table.path("then"), ("texts", "every"))
    if then is None:
        return None, None
    rows = then.sheet.rows(then.need("texts"), then.path("texts"))
    texts = [choose(then, row, "texts", TEXTS) for row in rows]
    every = _calendar(then, "every")
    if every is None or not rows or None in texts:
        return None, None
    return tuple(text for text in texts if text is not None), every


def _calendar(table: Table, key: str) -> Period | None:
    """A period of days, weeks or months; words are planned by the calendar."""
    period = read_period(table, key)
    if period is None:
        return None
    if period.elapsed or period.count == 0:
        table.sheet.wrong("protocol_encouragement_period", table.get(key), table.path(key))
        return None
    return period
