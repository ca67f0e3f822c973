"""What a new plan changes: a specification table. Nothing that started changes, and nobody gets a wave twice."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.followup.planning import MessageKind, Plan, PlannedMeasurement, PlannedMessage
from service.followup.quiet_hours import to_local
from service.followup.replanning import PAUSED, REPLANNED, Fate, MessageNow, WaveNow, compare

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)


def wave(opens: int, *, key: str = "t1", status: str = "scheduled", reason: str = "", sent: bool = False) -> WaveNow:
    messages = tuple(
        MessageNow(uuid.uuid4(), f"{key}:{name}", 0, "planned", "", day(opens + later), day(opens + 21))
        for name, later in (("invite", 0), ("reminder", 3))
    )
    if sent:
        messages = (replace(messages[0], state="accepted"), messages[1])
    target = day(opens).date()
    return WaveNow(uuid.uuid4(), key, status, reason, target, day(opens), day(opens + 21), messages)


def plan(*opens: int, key: str = "t1", names: tuple[tuple[str, int], ...] = (("invite", 0), ("reminder", 3))) -> Plan:
    measurements, messages = [], []
    for place, start in enumerate(opens):
        own = key if not place else f"{key}{place}"
        closes = day(start + 21)
        measurements.append(PlannedMeasurement(own, place, day(start).date(), day(start), closes))
        for name, later in names:
            kind = MessageKind(name.removesuffix("_2"))
            due = day(start + later)
            messages.append(PlannedMessage(f"{own}:{name}", kind, own, to_local(due, ZONE), due, closes))
    return Plan(tuple(measurements), tuple(messages))


def gone(present: WaveNow) -> WaveNow:
    messages = tuple(replace(one, state="cancelled", reason=REPLANNED) for one in present.messages)
    return replace(present, status="cancelled", reason=REPLANNED, messages=messages)


STAYS, MOVES, ADDED, CANCELLED = Fate.STAYS, Fate.MOVES, Fate.ADDED, Fate.CANCELLED
NOTHING = Plan((), ())

TABLE = [
    ("the same plan", [wave(30)], plan(30), STAYS, [STAYS, STAYS]),
    ("a wave that moves", [wave(30)], plan(40), MOVES, [MOVES, MOVES]),
    ("a wave that is new", [], plan(30), ADDED, [ADDED, ADDED]),
    ("a wave that went", [wave(30)], NOTHING, CANCELLED, [CANCELLED, CANCELLED]),
    ("a wave that moves into the past is not asked", [wave(30)], plan(-30), CANCELLED, [CANCELLED, CANCELLED]),
    ("a wave that moves to now", [wave(30)], plan(-2), MOVES, [MOVES, MOVES]),
    ("a reminder that would be past is not caught up on", [wave(30)], plan(-5), MOVES, [MOVES, CANCELLED]),
    ("an open wave stays where it is", [wave(-1, status="open")], plan(30), STAYS, []),
    ("a wave that opens now stays", [wave(0)], plan(30), STAYS, []),
    ("an answered wave stays", [wave(-60, status="complete")], plan(30), STAYS, []),
    ("an open wave that the plan does not have stays", [wave(-1, status="open")], NOTHING, STAYS, []),
    ("a message that left makes a wave started", [wave(30, sent=True)], plan(40), STAYS, []),
    ("a withdrawn person is not planned again", [wave(30, status="cancelled", reason="withdrawn")], plan(40), STAYS, []),
    ("what an earlier change took away comes back", [gone(wave(30))], plan(40), ADDED, [ADDED, ADDED]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("present", "new", "fate", "messages"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_becomes_of_a_wave(present: list[WaveNow], new: Plan, fate: Fate, messages: list[Fate]) -> None:
    (change,) = compare(present, new, NOW, ZONE)
    assert change.fate is fate
    assert [one.fate for one in change.messages] == messages


def test_what_was_taken_away_and_is_not_planned_is_not_told_again() -> None:
    assert compare([gone(wave(30))], NOTHING, NOW, ZONE) == ()


def test_what_comes_back_gets_another_turn() -> None:
    (change,) = compare([gone(wave(30))], plan(40), NOW, ZONE)
    assert [one.turn for one in change.messages] == [1, 1]
    assert all(one.old is None for one in change.messages)


def test_another_ladder_keeps_the_invitation_and_changes_the_rest() -> None:
    (change,) = compare([wave(30)], plan(30, names=(("invite", 0), ("last_reminder", 7))), NOW, ZONE)
    assert [(one.fate, one.new.key if one.new else one.old and one.old.key) for one in change.messages] == [
        (STAYS, "t1:invite"), (ADDED, "t1:last_reminder"), (CANCELLED, "t1:reminder"),
    ]  # fmt: skip


def test_a_pause_that_somebody_asked_for_lasts() -> None:
    present = wave(30)
    paused = replace(present.messages[0], reason=PAUSED, due_at=day(45))
    (change,) = compare([replace(present, messages=(paused,))], plan(40, names=(("invite", 0),)), NOW, ZONE)
    (message,) = change.messages
    assert message.new is not None
    assert message.new.due_at == day(45)
    assert message.new.local_at == to_local(day(45), ZONE)


def test_what_was_cancelled_for_another_reason_stays_cancelled() -> None:
    present = wave(30)
    stopped = tuple(replace(one, state="suppressed", reason="stopped") for one in present.messages)
    (change,) = compare([replace(present, messages=stopped)], plan(40), NOW, ZONE)
    assert (change.fate, change.messages) == (STAYS, ())


statuses = st.sampled_from(["scheduled", "open", "partial", "complete", "late", "missed", "excused", "cancelled"])


@given(st.lists(st.tuples(st.integers(-60, 60), statuses), max_size=4), st.lists(st.integers(-60, 60), max_size=4))
def test_nothing_that_started_changes_and_no_wave_is_there_twice(
    present: list[tuple[int, str]], opens: list[int]
) -> None:
    keys = [f"t1{place or ''}" for place in range(len(present))]
    here = [wave(start, key=key, status=status) for (start, status), key in zip(present, keys, strict=True)]
    changes = compare(here, plan(*opens), NOW, ZONE)
    assert len({change.wave for change in changes}) == len(changes)
    assert {one.wave for one in here} <= {change.wave for change in changes}
    for change in changes:
        if change.old is not None and change.old.started(NOW):
            assert (change.fate, change.new, change.messages) == (Fate.STAYS, None, ())
        elif change.new is not None:
            assert change.new.closes_at > NOW


@given(st.lists(st.integers(1, 60), max_size=4))
def test_a_change_that_was_made_changes_nothing_more(opens: list[int]) -> None:
    """Applying is what the plan says: comparing again finds nothing to do."""
    new = plan(*opens)
    applied = [
        WaveNow(
            uuid.uuid4(), one.wave, "scheduled", "", one.target_on, one.opens_at, one.closes_at,
            tuple(MessageNow(uuid.uuid4(), m.key, 0, "planned", "", m.due_at, m.expires_at)
                  for m in new.messages if m.wave == one.wave),
        )
        for one in new.measurements
    ]  # fmt: skip
    assert {change.fate for change in compare(applied, new, NOW, ZONE)} <= {Fate.STAYS}
