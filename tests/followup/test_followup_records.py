"""What counts in the figures of a programme at one moment, and what every row of its file says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from service.followup.records import Measured, Spell, reach, records
from service.followup.replanning import REPLANNED
from service.measures.analysis.records import AgeGroup, Records
from service.measures.leaving import Exit
from service.measures.response_rates import Reach
from service.measures.retention import WaveOutcome
from tests.followup.records_scene import (
    DJG6,
    NOW,
    OPENS,
    PROGRAMME,
    PROTOCOL,
    SILENT,
    Small,
    measured,
    record_of,
    small,
    spell,
)

SIX = dict.fromkeys((item.number for item in DJG6.items), "yes")


def of(spells: list[Spell], found: list[Measured], now: datetime = NOW) -> Records:
    rows = Small(spells, found).rows(now)
    return records(PROTOCOL, DJG6, PROGRAMME, rows, now)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"messages": 0, "arrived": 0}, Reach.NOT_INVITED),
        ({"arrived": 0}, Reach.INVITED),
        ({}, Reach.DELIVERED),
        ({"messages": 0, "arrived": 0, "status_reason": "declined"}, Reach.DELIVERED),
        ({"answered": True}, Reach.STARTED),
    ],
)
def test_how_far_a_wave_came(changes: dict[str, object], expected: Reach) -> None:
    assert reach(replace(SILENT, **changes)) is expected  # type: ignore[arg-type]


def test_an_enrolment_without_a_planned_wave_is_enrolled_and_every_wave_has_a_row() -> None:
    one = spell(1)
    rows = Small([one], []).rows()
    assert [row.wave for row in rows] == ["t0", "t1", "t2", "na"]
    assert {(row.status, row.outcome, row.opened_on, row.reach) for row in rows} == {("", None, None, None)}
    found = of([one], [])
    assert [person.key for person in found.enrolments] == ["P001/1"]
    assert found.measurements == ()
    assert [wave.key for wave in found.waves] == ["t0", "t1", "t2", "na"]
    assert (found.baseline, found.primary) == ("t0", "t1")


def test_a_programme_without_anybody_has_its_waves() -> None:
    assert [wave.key for wave in of([], []).waves] == ["t0", "t1", "t2", "na"]


def test_what_a_changed_plan_took_away_counts_in_nothing_and_keeps_its_row() -> None:
    one = spell(1)
    gone = measured(one, "t0", status="cancelled", status_reason=REPLANNED)
    old = measured(one, "t1", SIX)
    old = replace(old, row=replace(old.row, wave="old"))
    rows = Small([one], [gone, old]).rows()
    assert [(row.wave, row.outcome, row.wave_number) for row in rows] == [
        ("old", None, None), ("t0", None, 1), ("t1", None, 2), ("t2", None, 3), ("na", None, 4),
    ]  # fmt: skip
    assert of([one], [gone, old]).measurements == ()


def test_an_open_window_is_pending_also_when_the_answers_are_in() -> None:
    one = spell(1)
    found = of([one], [measured(one, "t1", SIX)], OPENS["t1"] + timedelta(days=3))
    assert record_of(found, "P001/1", "t1").outcome is WaveOutcome.PENDING
    assert record_of(found, "P001/1", "t1").reach is Reach.STARTED


def test_figures_move_in_steps_of_ten_people_of_one_arm() -> None:
    """Nine people of one arm and eleven of another: together they are twenty, apart only the eleven count."""
    few = [spell(number) for number in range(1, 10)]
    many = [spell(number, arm="comparison") for number in range(10, 21)]
    found = of([*few, *many], [measured(one, wave, SIX) for one in [*few, *many] for wave in ("t0", "t1")])
    arms = {person.key: person.arm for person in found.enrolments}
    for wave in ("t0", "t1"):
        counting = [arms[one.enrolment] for one in found.measurements if one.wave == wave and one.in_course]
        assert counting == ["comparison"] * 11
    assert {arms[one.enrolment] for one in found.measurements if one.in_change} == {"comparison"}


def test_a_pair_counts_when_both_scores_are_there_and_the_later_window_is_closed() -> None:
    people = [spell(number) for number in range(1, 14)]
    found = [measured(one, "t0", SIX) for one in people[:12]] + [measured(one, "t1", SIX) for one in people[1:]]
    before = of(people, found, OPENS["t1"] + timedelta(days=13))
    assert not [one for one in before.measurements if one.in_change]
    after = of(people, found)
    both = {f"P{number:03d}/1" for number in range(2, 13)}
    for wave in ("t0", "t1"):
        assert {one.enrolment for one in after.measurements if one.in_change and one.wave == wave} == both
    assert sum(one.in_course for one in after.measurements if one.wave == "t1") == 12


def test_received_follows_the_attendance_of_the_arm_where_it_is_kept() -> None:
    people = [
        spell(1, noted=True, present=True),
        spell(2, noted=True),
        spell(3),
        spell(4, arm="comparison"),
        spell(5, arm="comparison", exit_kind="never_started", exited_on=date(2026, 4, 1)),
    ]
    assert [person.received for person in of(people, []).enrolments] == [True, False, False, True, False]


def test_an_enrolment_says_who_left_when_and_how_old_the_person_was() -> None:
    people = [
        spell(1, birth_year=1951, exit_kind="moved", exited_on=date(2026, 5, 1)),
        spell(2, birth_year=1952),
        spell(3, birth_year=None),
    ]
    rows = Small(people, []).rows(programme=replace(PROGRAMME, ends_on=date(2026, 12, 1)))
    first, second, third = records(PROTOCOL, DJG6, PROGRAMME, rows, NOW).enrolments
    assert (first.exit_kind, first.exit_on, first.planned_end) == (Exit.MOVED, date(2026, 5, 1), date(2026, 12, 1))
    assert (first.age_group, second.age_group, third.age_group) == (AgeGroup.OLDER, AgeGroup.YOUNGER, AgeGroup.UNKNOWN)
    assert {person.cluster for person in (first, second, third)} == {"Buurthuis"}


def test_a_second_enrolment_of_a_person_is_another_one() -> None:
    people = [spell(1), replace(spell(2), pseudonym="P001", number=2)]
    found = of(people, [measured(people[0], "t0", SIX), measured(people[1], "t0")])
    assert [person.key for person in found.enrolments] == ["P001/1", "P001/2"]
    assert [one.enrolment for one in found.measurements] == ["P001/1", "P001/2"]


def test_the_rows_of_the_file_say_what_the_wave_is_for() -> None:
    rows = small().rows()
    told = {row.wave: (row.wave_number, row.wave_role, row.wave_days, row.wave_title_en) for row in rows}
    assert told == {
        "t0": (1, "baseline", 0.0, "Start"),
        "t1": (2, "primary", 60.875, "Later"),
        "t2": (3, "", 91.3125, "Only they"),
        "na": (4, "", 7.0, "Afterwards"),
    }
    assert {row.as_of for row in rows} == {NOW}
    assert {(row.goal, row.site) for row in rows} == {("reduce", "Buurthuis")}


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = small().rows()
    assert records(PROTOCOL, DJG6, PROGRAMME, rows, NOW) == records(PROTOCOL, DJG6, PROGRAMME, rows[::-1], NOW)
