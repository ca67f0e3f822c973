"""Reads the reminder ladder of a protocol: at most two reminders, then a call; for everybody and for single arms.

Two spellings are read: `reminders` (a list, of which the last may be the last message), and `reminder` (one), in which
the first stored versions were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import yaml

from service.followup.participation import Arm
from service.followup.protocol import MOST_REMINDERS, TRY_STARTS, Ladder, Period, Protocol, Reminder
from service.followup.sheet import Table
from service.followup.sheet_values import read_choice, read_period

LADDER_KEYS = ("reminder", "reminders", "call")


def read_ladders(top: Table) -> tuple[Ladder, Mapping[Arm, Ladder]]:
    """The ladder of everybody, and the ladders of arms that have their own; what an arm leaves out is everybody's."""
    general = _read_ladder(top, Ladder((), None))
    arms = top.sheet.table(top.get("arms"), "arms", tuple(Arm))
    own: dict[Arm, Ladder] = {}
    for key, node in arms.items() if arms else ():
        table = top.sheet.table(node, f"arms.{key}", LADDER_KEYS)
        if table is not None and key in list(Arm):
            own[Arm(key)] = _read_ladder(table, general)
    return general, own


def check_ladders(top: Table, protocol: Protocol) -> None:
    """No reminder of a wave that has closed already."""
    node = top.get("reminders") or top.get("reminder")
    for arm in Arm:
        for wave in protocol.waves:
            late = any(
                any(one.after.added_to(start) >= wave.window.added_to(start) for start in TRY_STARTS[::30])
                for one in protocol.ladder_of(arm).reminders
                if arm in wave.arms
            )
            known = {(problem.key, problem.values.get("wave")) for problem in top.sheet.problems}
            if late and ("protocol_reminder_late", wave.key) not in known:
                top.sheet.wrong("protocol_reminder_late", node, "reminders.after", wave=wave.key)


def _read_ladder(table: Table, given: Ladder) -> Ladder:
    """`given` says what applies for whatever the file leaves out; "none" takes it away."""
    one, several, call = (table.get(key) for key in LADDER_KEYS)
    if one is not None and several is not None:
        table.sheet.wrong("protocol_reminder_twice", one, table.path("reminder"))
    reminders = given.reminders
    if several is not None:
        reminders = () if _is_none(several) else _read_reminders(table, several)
    elif one is not None:
        after = _read_after(table, one, "reminder")
        reminders = () if after is None else (Reminder(after),)
    return Ladder(reminders, given.call_after if call is None else _read_after(table, call, "call"))


def _read_reminders(table: Table, node: yaml.Node) -> tuple[Reminder, ...]:
    where, sheet = table.path("reminders"), table.sheet
    rows = sheet.rows(node, where)
    if len(rows) > MOST_REMINDERS:
        sheet.wrong("protocol_reminders_many", rows[MOST_REMINDERS], where, most=MOST_REMINDERS)
    read: list[Reminder] = []
    for row in rows:
        step = sheet.table(row, where, ("after", "last"))
        after = read_period(step, "after") if step else None
        if step is None or after is None:
            continue
        if after.count == 0:
            sheet.wrong("protocol_zero", row, step.path("after"))
        read.append(Reminder(after, last=read_choice(step, "last", ("false", "true")) == "true"))
    for earlier, later in pairwise(read):
        if earlier.last:
            sheet.wrong("protocol_last_is_last", node, where)
        if any(later.after.added_to(start) <= earlier.after.added_to(start) for start in TRY_STARTS[::30]):
            sheet.wrong("protocol_reminders_order", node, where)
    return tuple(read)


def _read_after(table: Table, node: yaml.Node, key: str) -> Period | None:
    """The `after` of one step; None when the file says "none"."""
    if _is_none(node):
        return None
    step = table.sheet.table(node, table.path(key), ("after",))
    after = read_period(step, "after") if step else None
    if after is not None and after.count == 0:
        table.sheet.wrong("protocol_zero", node, f"{table.path(key)}.after")
    return after


def _is_none(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value == "none"
