"""A result is plain: finite numbers, the same for the same records in any order, and equal after a trip through JSON."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.analysis.analyse import analyse, digest
from service.measures.analysis.plan import Subgroup
from service.measures.analysis.records import Records
from service.measures.analysis.result import Analysis, as_plain, from_plain
from service.measures.estimate import Reason
from service.measures.regression_to_mean import Population
from service.measures.retention import WaveOutcome
from tests.measures.analysis_scene import Somebody, lonely, made_up, plan_of, records_of


def everything(records: Records) -> Analysis:
    plan = plan_of(
        records,
        margin=1.0,
        subgroups=tuple(Subgroup),
        population=Population(4.0, 0.7, 100, "a study"),
        random_slope=len(records.waves) > 2,
    )
    return analyse(records, plan, live=True)


def as_json(found: Analysis) -> str:
    return json.dumps(as_plain(found), allow_nan=False)


def hold_plain_values(found: Analysis) -> None:
    for figure in found.figures.values():
        assert all(type(one) in (int, float, str) for one in figure.detail.values())
        assert all(one is None or type(one) is float for one in (figure.value, figure.low, figure.high))
        assert (figure.value is None) == (figure.hidden is not None or figure.reason is not None)
        assert figure.hidden is None or not figure.detail
    assert from_plain(json.loads(as_json(found))) == found


def test_a_result_equals_what_is_read_from_its_file() -> None:
    hold_plain_values(everything(made_up(60, 45, skipped=0.03)))


def test_the_order_of_the_records_changes_nothing() -> None:
    records = made_up(40, 35, skipped=0.02)
    people, rows = list(records.enrolments), list(records.measurements)
    random.Random(5).shuffle(people)
    random.Random(6).shuffle(rows)
    shuffled = replace(records, enrolments=tuple(people), measurements=tuple(rows))
    assert digest(shuffled) == digest(records)
    assert as_json(everything(shuffled)) == as_json(everything(records))


@st.composite
def programmes(draw: st.DrawFn) -> Records:
    """Any few people: silent, still to come, left, all alike, in three arms."""
    arms = draw(st.lists(st.sampled_from(["intervention", "waiting_list", "comparison"]), max_size=26))
    spread = draw(st.sampled_from([0, 1, 11]))
    chance = random.Random(draw(st.integers(0, 9)))
    people = []
    for arm in arms:
        answers = {
            wave: {}
            if chance.random() < 0.3
            else lonely(chance.randint(0, spread), frozenset(chance.choices(range(12))))
            for wave in ("t0", "t3m", "t6m")
            if chance.random() < 0.9
        }
        became = {wave: WaveOutcome.PENDING for wave, codes in answers.items() if not codes and chance.random() < 0.5}
        people.append(Somebody(answers, arm, cluster=chance.choice("ab"), outcome=became))
    return records_of(people)


@settings(max_examples=40)
@given(programmes())
def test_whatever_the_records_the_result_is_plain(records: Records) -> None:
    hold_plain_values(everything(records))


@pytest.mark.parametrize("people", [0, 1, 2, 10, 31])
@pytest.mark.parametrize("score", [0, 6, 11])
def test_nobody_and_everybody_the_same_make_no_number_and_no_error(people: int, score: int) -> None:
    records = records_of([Somebody({wave: lonely(score) for wave in ("t0", "t3m", "t6m")})] * people)
    found = everything(records)
    hold_plain_values(found)
    told = [key for key, one in found.figures.items() if one.shown and key.startswith(("course", "change", "model"))]
    assert all(key.endswith((".valid", ".waiting")) for key in told)
    assert Reason.NO_VARIANCE not in {one.reason for one in found.figures.values()}


def test_one_wave_is_no_change_and_is_said_in_the_faults() -> None:
    records = records_of([Somebody({"t0": lonely(3)})] * 12, waves=records_of([]).waves[:1], primary="t0")
    found = analyse(records, plan_of(records), live=True)
    assert [fault.fault for fault in found.faults] == ["plan_same_wave"]


def test_a_primary_wave_that_nobody_reached_leaves_the_course() -> None:
    records = records_of([Somebody({"t0": lonely(n % 9), "t3m": lonely(n % 7)}) for n in range(40)])
    found = everything(records)
    hold_plain_values(found)
    assert found["course.intervention.t0.mean"].n == 40
    assert found["course.intervention.t6m.mean"].value is None
    assert found["change.intervention.difference"].value is None
    assert found.words["goal.verdict"] == "cannot_be_judged"
