"""Power at the edges of what can be asked: the last value that counts, the first that does not, and what is said then."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from service.measures.estimate import NotEstimable, Reason
from service.measures.power import (
    LEVEL,
    MOST,
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

NOT_POSSIBLE = NotEstimable(Reason.OUT_OF_RANGE)
TOO_MANY = NotEstimable(Reason.OUT_OF_RANGE, {"most": MOST})
ONE_PERSON = NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})


def test_the_most_people_there_can_be_still_count() -> None:
    assert enrolled(MOST, Loss()) == complete_of(MOST, Loss()) == MOST
    assert enrolled(MOST + 1, Loss()) == complete_of(MOST + 1, Loss()) == NOT_POSSIBLE
    assert enrolled(MOST, Loss(0.5)) == TOO_MANY
    assert isinstance(detectable_change(MOST, 2.0), float)
    assert detectable_change(MOST + 1, 2.0) == NOT_POSSIBLE


def test_losses_that_cannot_be_are_refused() -> None:
    for loss in (
        Loss(1.0),
        Loss(-0.1),
        Loss(0.0, 0.5),
        Loss(0.0, MOST + 1.0),
        Loss(0.0, 2.0, -0.1),
        Loss(0.0, 2.0, 1.1),
    ):
        assert enrolled(10, loss) == complete_of(10, loss) == NOT_POSSIBLE
    assert enrolled(10, Loss(0.0, 3.0, 1.0)) == 30
    assert complete_of(100, Loss(0.1, 3.0, 0.5)) == 45


def test_a_width_that_is_just_reached_is_reached() -> None:
    exact = half_width(20, 2.0)
    assert isinstance(exact, float)
    assert people_for_precision(exact, 2.0) == 20
    assert people_for_precision(0.5, -1.0) == people_for_precision(-0.5, 1.0) == NOT_POSSIBLE
    assert half_width(1, 2.0) == ONE_PERSON
    assert half_width(10, 0.0) == NOT_POSSIBLE


def test_a_change_counts_in_standard_deviations() -> None:
    assert power_of_change(30, 1.0, 2.0) == power_of_change(30, 0.5, 1.0) == pytest.approx(0.754, abs=5e-4)
    assert power_of_change(1, 1.0, 2.0) == ONE_PERSON
    assert power_of_change(30, math.inf, 2.0) == power_of_change(30, 1.0, 0.0) == NOT_POSSIBLE


@pytest.mark.parametrize("power", [LEVEL, 1 - LEVEL, 1.0, 0.01])
def test_a_power_at_or_beyond_the_edges_is_refused(power: float) -> None:
    assert people_for_change(1.0, 2.0, power) == NOT_POSSIBLE
    assert people_per_arm(1.0, 2.0, power) == NOT_POSSIBLE
    assert people_for_equivalence(1.0, 2.0, power) == NOT_POSSIBLE
    assert detectable_change(20, 2.0, power) == detectable_difference(20, 2.0, power) == NOT_POSSIBLE


@pytest.mark.parametrize("power", [0.1, 0.8, 0.94])
def test_what_can_be_noticed_is_noticed_with_just_that_power(power: float) -> None:
    for n in (2, 50):
        found = detectable_change(n, 2.0, power)
        assert isinstance(found, float)
        assert power_of_change(n, found, 2.0) == pytest.approx(power, abs=1e-7)


@pytest.mark.parametrize("covariates", [0, 1])
def test_between_arms_a_covariate_takes_one_degree_of_freedom(covariates: int) -> None:
    found = detectable_difference(20, 2.0, 0.8, covariates)
    assert isinstance(found, float)
    assert people_per_arm(found * (1 + 1e-9), 2.0, 0.8, covariates) == 20
    assert people_per_arm(found * (1 - 1e-6), 2.0, 0.8, covariates) == 21
    assert isinstance(detectable_difference(2, 2.0, covariates=covariates), float)
    assert detectable_difference(1, 2.0, covariates=covariates) == ONE_PERSON


def test_no_covariate_is_what_is_asked_when_nothing_is_said() -> None:
    assert people_for_change(0.5, 1.0) == 34
    assert (people_per_arm(1.8, 1.0), people_per_arm(1.8, 1.0, 0.8, 1)) == (6, 7)
    assert detectable_difference(20, 2.0) == detectable_difference(20, 2.0, 0.8, 0)
    assert people_per_arm(1.0, 2.0) == people_per_arm(1.0, 2.0, 0.8, 0)
    assert people_per_arm(1.0, 2.0, 0.8, -1) == NOT_POSSIBLE


def test_the_sd_of_a_change_follows_from_both_and_their_correlation() -> None:
    assert sd_of_change(3.0, 2.0, 1.0) == pytest.approx(1.0)
    assert sd_of_change(3.0, 2.0, -1.0) == pytest.approx(5.0)
    assert sd_of_change(0.5, 0.5, 0.5) == pytest.approx(0.5)
    assert sd_of_change(2.0, 2.0, 1.0) == NotEstimable(Reason.NO_VARIANCE)
    for refused in ((3.0, -2.0, 0.5), (-3.0, 2.0, 0.5), (3.0, 2.0, 1.5), (3.0, 2.0, -1.5)):
        assert sd_of_change(*refused) == NOT_POSSIBLE


def test_a_perfect_first_measurement_leaves_nothing_over() -> None:
    assert sd_left_by_first(2.0, 0.6) == pytest.approx(1.6)
    assert sd_left_by_first(2.0, 1.0) == sd_left_by_first(2.0, -1.0) == NotEstimable(Reason.NO_VARIANCE)
    for refused in ((-2.0, 0.5), (2.0, 1.5), (2.0, -1.5)):
        assert sd_left_by_first(*refused) == NOT_POSSIBLE


def test_equivalence_is_planned_with_a_margin_around_the_expected_change() -> None:
    power = power_of_equivalence(40, 1.0, 2.0)
    assert isinstance(power, float)
    assert people_for_equivalence(1.0, 2.0, power) == 40
    none, some = people_for_equivalence(1.0, 2.0), people_for_equivalence(1.0, 2.0, change=0.3)
    assert isinstance(none, int)
    assert isinstance(some, int)
    assert some > none
    assert power_of_equivalence(100, 0.01, 1.0) == 0
    assert power_of_equivalence(1, 1.0, 2.0) == ONE_PERSON
    assert power_of_equivalence(40, 1.0, -2.0) == power_of_equivalence(40, 1.0, 2.0, math.nan) == NOT_POSSIBLE
    for margin, sd, change in (
        (math.inf, 2.0, 0.0),
        (-1.0, 2.0, 0.0),
        (1.0, -2.0, 0.0),
        (1.0, 2.0, 1.0),
        (1.0, 2.0, -2.0),
    ):
        assert people_for_equivalence(margin, sd, change=change) == NOT_POSSIBLE


def test_a_power_that_is_just_reached_is_reached() -> None:
    power = power_of_change(34, 0.5, 1.0)
    assert isinstance(power, float)
    assert people_for_change(0.5, 1.0, power) == 34
    assert people_per_arm(1000.0, 1.0, 0.8, 1) == people_per_arm(1000.0, 1.0) == 2


def test_half_a_width_of_a_few_people() -> None:
    assert half_width(5, 2.0) == pytest.approx(stats.t.ppf(0.975, 4) * 2 / math.sqrt(5))
