"""Of whom each figure is: who is still to come or waits for a step is no drop-out, and arms keep their own numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from service.measures.analysis.analyse import analyse
from service.measures.analysis.records import Records
from service.measures.analysis.result import Analysis
from service.measures.retention import WaveOutcome
from tests.measures.analysis_scene import Somebody, lonely, plan_of, records_of

WAVES = ("t0", "t3m", "t6m")


def of(records: Records, **changes: object) -> Analysis:
    return analyse(records, plan_of(records, **changes), live=True)


def people(count: int, arm: str = "intervention", seed: int = 1) -> list[Somebody]:
    chance = np.random.default_rng(seed)
    return [Somebody({wave: lonely(int(chance.integers(0, 12))) for wave in WAVES}, arm) for _ in range(count)]


def without_last(one: Somebody, became: WaveOutcome = WaveOutcome.NO_REPLY) -> Somebody:
    return replace(one, answers={**one.answers, "t6m": {}}, outcome={"t6m": became})


@pytest.mark.parametrize("became", [WaveOutcome.PENDING, WaveOutcome.LEFT])
def test_who_is_still_to_come_or_left_is_no_drop_out(became: WaveOutcome) -> None:
    everybody = people(60)
    told = [without_last(one, became) if n < 20 else one for n, one in enumerate(everybody)]
    found = of(records_of(told))
    assert found["attrition.intervention.stayed"].value == 40
    assert found["attrition.intervention.dropped"].value == 0
    assert found["sensitivity.intervention.delta.1"].n == 40
    assert found["sensitivity.intervention.delta.1"].value == pytest.approx(
        found["sensitivity.intervention.delta.0"].value
    )


def test_whose_later_score_waits_for_its_step_is_no_drop_out() -> None:
    everybody = people(60)
    told = [replace(one, waits=frozenset({"t6m"})) if n < 20 else one for n, one in enumerate(everybody)]
    told = [without_last(one) if n >= 45 else one for n, one in enumerate(told)]
    found = of(records_of(told))
    assert found["attrition.intervention.dropped"].value == 15
    assert found["attrition.intervention.stayed"].value == 25
    assert found["course.intervention.t6m.waiting"].value == 20
    assert found["sensitivity.intervention.delta.0"].n == 40


def test_the_change_of_completers_stands_among_the_checks() -> None:
    found = of(records_of(people(30)))
    beside, change = found["sensitivity.intervention.completers"], found["change.intervention.difference"]
    assert beside.value == pytest.approx(change.value)
    assert beside.n == change.n


def test_a_model_counts_the_people_of_each_arm_by_itself() -> None:
    found = of(records_of([*people(50), *people(40, "comparison", 2), *people(35, "waiting_list", 3)]))
    assert found["model.intervention.t6m.change"].n == 50
    assert found["model.comparison.joint"].n == 40
    assert found["contrast.intervention.comparison.model"].n == 90
    assert found["contrast.intervention.waiting_list.model"].n == 85
    assert found["contrast.waiting_list.comparison.did"].n == 75


def test_arms_are_not_compared_when_fewer_than_thirty_pairs_have_both_scores() -> None:
    """Thirty-five have a last score and a first measurement, but six left that one empty."""
    arm = [replace(one, answers={**one.answers, "t0": {}}) if n < 6 else one for n, one in enumerate(people(35))]
    found = of(records_of([*arm, *people(40, "comparison", 2)]))
    did = found["contrast.intervention.comparison.did"]
    assert not did.shown
    assert found.words["goal.basis"] != "comparison"


def test_a_baseline_that_is_not_the_first_wave_is_where_every_change_begins() -> None:
    chance = np.random.default_rng(9)
    told = []
    for _ in range(60):
        level = int(chance.integers(3, 9))
        told.append(
            Somebody({"t0": lonely(level + 2), "t3m": lonely(level), "t6m": lonely(level - int(chance.integers(0, 4)))})
        )
    records = records_of(told, baseline="t3m")
    found = of(records, baseline="t3m")
    change = found["change.intervention.difference"]
    assert not found.faults
    assert found["model.intervention.t6m.change"].value == pytest.approx(change.value, abs=1e-6)
    assert "model.intervention.t3m.change" not in found.figures
    assert found["model.intervention.t0.change"].value == pytest.approx(2.0, abs=1e-6)


def test_an_arm_that_is_not_known_and_an_enrolment_twice_are_faults_and_no_silence() -> None:
    records = records_of([*people(12), *people(2, "control")])
    twice = replace(records, enrolments=(*records.enrolments, records.enrolments[0]))
    assert [(one.fault, one.found) for one in of(records).faults] == [("unknown_arm", "control")]
    assert {one.fault for one in of(twice).faults} == {"unknown_arm", "duplicate_enrolment"}


@pytest.mark.parametrize("size", [1, 2])
def test_an_arm_of_one_or_two_people_shows_no_outcome(size: int) -> None:
    found = of(records_of([*people(40), *people(size, "waiting_list", 4)]))
    shown = [key for key, one in found.figures.items() if ".waiting_list." in key and one.shown]
    assert all(
        key.startswith(("response", "flow", "leaving", "course", "attrition", "like", "reliable", "quality"))
        for key in shown
    )
    assert not [key for key in shown if key.endswith((".mean", ".difference", ".alpha", ".drift", ".smd"))]
    assert found["flow.waiting_list.enrolled"].value == size


def test_a_subscale_as_outcome_counts_who_has_that_subscale() -> None:
    """Four skipped an item of the other subscale and four one of this one: a total may stand without its parts."""
    told = []
    for n, one in enumerate(people(60, seed=7)):
        gone = frozenset({2}) if n < 4 else frozenset({1}) if n < 8 else frozenset()
        answers = {
            wave: {item: code for item, code in codes.items() if item not in gone}
            for wave, codes in one.answers.items()
        }
        told.append(replace(one, answers=answers))
    found = of(records_of(told), outcome="emotional", cutoff_set="")
    assert found["change.intervention.difference"].n == 56
    assert found["course.intervention.t0.valid"].value == 56
    assert found["flow.intervention.analysed"].value == 60
    assert not [key for key in found.figures if key.startswith(("band.", "above.", "transition."))]
