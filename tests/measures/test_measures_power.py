"""How many people a plan takes: against statsmodels, against trying it out, and with impossible wishes."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower, TTestPower

from service.__main__ import main
from service.measures.estimate import NotEstimable, Reason
from service.measures.power import (
    Loss,
    complete_of,
    detectable_change,
    detectable_difference,
    enrolled,
    half_width,
    people_for_change,
    people_for_equivalence,
    people_for_precision,
    people_per_arm,
    power_of_change,
    power_of_equivalence,
    sd_left_by_first,
    sd_of_change,
)
from service.measures.study_size import Aim, Line, Wish, answer
from tests.measures.referee import Referee

powers = st.sampled_from([0.6, 0.8, 0.9])


def agrees_with_statsmodels(n: int, d: float, power: float, referee: Referee) -> None:
    """Power, the number of people and the detectable change, for pairs and for two arms."""
    ours = power_of_change(n, d, 1.0)
    assert isinstance(ours, float)
    people = people_for_change(d, 1.0, power)
    assert isinstance(people, int)
    assert power_of_change(people, d, 1.0) >= power  # type: ignore[operator]
    assert people == 2 or power_of_change(people - 1, d, 1.0) < power  # type: ignore[operator]
    found = detectable_change(max(n, 3), 1.0, power)
    assert isinstance(found, float)
    assert power_of_change(max(n, 3), found, 1.0) == pytest.approx(power, abs=1e-7)
    per_arm = people_per_arm(d, 1.0, power)
    assert isinstance(per_arm, int)
    theirs = float(TTestPower().power(effect_size=d, nobs=n, alpha=0.05))
    theirs_per_arm = float(TTestIndPower().power(effect_size=d, nobs1=per_arm, alpha=0.05))
    if math.isnan(theirs) or math.isnan(theirs_per_arm):
        referee.has_no_answer("scipy's noncentral t has holes")
    assert ours == pytest.approx(theirs, abs=1e-7)
    assert theirs_per_arm >= power - 1e-9
    referee.agreed()


@pytest.mark.parametrize(
    ("cases", "most"), [(40, 400), pytest.param(500, 5000, marks=pytest.mark.slow)], ids=["quick", "500 times"]
)
def test_power_and_numbers_agree_with_an_independent_library(cases: int, most: int) -> None:
    referee, chosen = Referee(), settings(max_examples=cases, deadline=None, derandomize=True)
    # Sizes at which n people say something: far above it the power is 1, and scipy has no figure.
    drawn = given(st.integers(2, most), st.floats(0.1, 8), powers)
    chosen(drawn(lambda n, t, power: agrees_with_statsmodels(n, min(max(t / math.sqrt(n), 0.05), 3), power, referee)))()
    referee.judged_all_but(0.02, least=cases)


@pytest.mark.parametrize(
    ("n", "margin", "change"), [(36, 0.5, 0.0), (36, 0.5, 0.1), (10, 1.0, 0.2), (3, 1.0, 0.0), (2, 5.0, 0.0), (200, 0.3, 0.05)]
)  # fmt: skip
def test_the_power_of_equivalence_is_what_trying_it_out_gives(n: int, margin: float, change: float) -> None:
    chance, times = np.random.default_rng(1), 200_000
    sd = np.sqrt(chance.chisquare(n - 1, times) / (n - 1))
    mean = chance.normal(change, 1 / math.sqrt(n), times)
    both = np.abs(mean) + stats.t.ppf(0.95, n - 1) * sd / math.sqrt(n) < margin
    assert power_of_equivalence(n, margin, 1.0, change) == pytest.approx(both.mean(), abs=0.005)


def test_equivalence_takes_the_smallest_number_that_is_enough() -> None:
    assert people_for_equivalence(0.5, 1.0) == 36
    assert power_of_equivalence(35, 0.5, 1.0) < 0.8 <= power_of_equivalence(36, 0.5, 1.0)  # type: ignore[operator]


@given(st.floats(0.1, 5), st.floats(0.1, 5))
def test_the_interval_is_as_narrow_as_asked_and_with_one_person_less_it_is_not(wanted: float, sd: float) -> None:
    n = people_for_precision(wanted, sd)
    assert isinstance(n, int)
    assert half_width(n, sd) <= wanted  # type: ignore[operator]
    assert n == 2 or half_width(n - 1, sd) > wanted  # type: ignore[operator]


def test_drop_out_and_groups_take_more_people() -> None:
    assert enrolled(52, Loss()) == 52
    assert enrolled(52, Loss(drop_out=0.3)) == 75
    assert enrolled(52, Loss(drop_out=0.3, per_group=11, icc=0.05)) == 112
    assert complete_of(75, Loss(drop_out=0.3)) == 52
    assert enrolled(70, Loss(drop_out=0.3)) == 100  # and not 101 by a rounding error


@given(st.integers(0, 5000), st.floats(0, 0.9), st.floats(1, 30), st.floats(0, 0.3))
def test_whoever_enrols_what_is_advised_keeps_enough(
    complete: int, drop_out: float, per_group: float, icc: float
) -> None:
    loss = Loss(drop_out, per_group, icc)
    people = enrolled(complete, loss)
    assert isinstance(people, int)
    assert complete_of(people, loss) >= complete  # type: ignore[operator]


def test_the_first_measurement_takes_spread_away() -> None:
    assert sd_of_change(3.0, 3.0, 0.5) == pytest.approx(3.0)
    assert sd_left_by_first(3.0, 0.6) == pytest.approx(2.4)
    difference = people_per_arm(1.0, sd_of_change(3.0, 3.0, 0.6), 0.8)  # type: ignore[arg-type]
    adjusted = people_per_arm(1.0, sd_left_by_first(3.0, 0.6), 0.8, covariates=1)  # type: ignore[arg-type]
    assert adjusted < difference  # type: ignore[operator]
    assert detectable_difference(64, 1.0) == pytest.approx(0.499, abs=1e-3)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_a_spread_or_size_that_cannot_be_is_named(wrong: float) -> None:
    found: list[object] = [
        half_width(10, wrong),
        people_for_precision(wrong, 1.0),
        people_for_precision(1.0, wrong),
        power_of_change(10, 1.0, wrong),
        people_for_change(1.0, wrong),
        detectable_change(10, wrong),
        people_per_arm(1.0, wrong),
        detectable_difference(10, wrong),
        power_of_equivalence(10, wrong, 1.0),
        people_for_equivalence(wrong, 1.0),
        sd_of_change(wrong, 1.0, 0.5),
        sd_left_by_first(wrong, 0.5),
    ]
    assert all(isinstance(one, NotEstimable) and one.reason is Reason.OUT_OF_RANGE for one in found)


@pytest.mark.parametrize("n", [-1, 0, 1])
def test_fewer_than_two_people_show_nothing(n: int) -> None:
    found: list[object] = [
        half_width(n, 1.0), power_of_change(n, 1.0, 1.0), detectable_change(n, 1.0), power_of_equivalence(n, 1.0, 1.0),
        detectable_difference(n, 1.0),
    ]  # fmt: skip
    assert all(isinstance(one, NotEstimable) and one.reason is Reason.TOO_FEW for one in found)


def test_what_no_programme_can_reach_is_named_and_nothing_hangs() -> None:
    assert isinstance(people_for_change(1e-9, 1.0), NotEstimable)
    assert isinstance(people_for_precision(1e-9, 1.0), NotEstimable)
    assert isinstance(people_for_change(0.0, 1.0), NotEstimable)
    assert isinstance(people_for_change(1.0, 1.0, power=1.0), NotEstimable)
    assert isinstance(people_for_equivalence(1.0, 1.0, change=1.0), NotEstimable)
    assert isinstance(enrolled(10, Loss(drop_out=1.0)), NotEstimable)
    assert isinstance(complete_of(10, Loss(icc=2.0)), NotEstimable)
    assert isinstance(sd_of_change(1.0, 1.0, 1.0), NotEstimable)
    assert isinstance(sd_left_by_first(1.0, 1.0), NotEstimable)
    assert isinstance(enrolled(1_000_000, Loss(drop_out=0.5)), NotEstimable)
    assert power_of_change(1_000_000, 1.0, 1.0) == pytest.approx(1.0)
    assert power_of_change(2, 1e6, 1.0) == pytest.approx(1.0, abs=1e-4)


def test_an_answer_stands_among_its_neighbours() -> None:
    found = answer(Wish(Aim.CHANGE, 1.0, 2.5, loss=Loss(0.25)))
    assert found.line == Line(0.25, 52, 70)
    assert [line.drop_out for line in found.lines] == [0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5]
    both_arms = answer(Wish(Aim.ARMS, 0.5, 1.0)).line
    assert (both_arms.complete, both_arms.enrol) == (128, 128)


def test_what_so_many_people_can_show() -> None:
    line = answer(Wish(Aim.PEOPLE, 40, 2.5, loss=Loss(0.25))).line
    assert (line.enrol, line.complete) == (40, 30)
    assert line.precision == pytest.approx(0.93, abs=0.005)
    nobody = answer(Wish(Aim.PEOPLE, 2, 2.5, loss=Loss(0.9))).line
    assert isinstance(nobody.change, NotEstimable)


def test_the_command_says_what_the_function_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["power", "--change", "1", "--named-sd", "djg11", "--drop-out", "0.3", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["expected"] == {"drop_out": 0.3, "enrol": 75, "complete": 52}
    assert main(["power", "--people", "2", "--sd", "1", "--drop-out", "0.9"]) == 1
    assert "too_few" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["--change", "x"], ["--people", "2.5"], ["--change", "0"], []])
def test_the_command_refuses_what_cannot_be(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["power", *wrong, "--sd", "1"])
    assert stopped.value.code == 2
    assert "peil power" in capsys.readouterr().err
