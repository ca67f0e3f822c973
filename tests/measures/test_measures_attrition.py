from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pingouin
import pytest
import statsmodels.api as sm
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from scipy import stats

from service.measures.attrition import Attrition, Welch, attrition, standardised_difference, welch
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.logistic import Column, Logistic, logistic

SEEDS = st.integers(0, 2**32 - 1)
Happened = npt.NDArray[np.bool_]


def leavers(seed: int, n: int, k: int) -> tuple[Happened, dict[str, Column]]:
    """Who left, and k covariates that bear on it: scores, shares and years, on scales far apart."""
    chance = np.random.default_rng(seed)
    kinds = [
        lambda: chance.integers(0, 12, n).astype(float),
        lambda: chance.integers(0, 2, n).astype(float),
        lambda: chance.integers(1925, 1965, n).astype(float),
    ]
    covariates = {f"x{column}": kinds[column % 3]() for column in range(k)}
    odds = sum(chance.normal() * (values - values.mean()) / (values.std() or 1) for values in covariates.values())
    return chance.random(n) < 1 / (1 + np.exp(-odds)), covariates


def same_odds_as_statsmodels(seed: int, n: int, k: int) -> None:
    happened, covariates = leavers(seed, n, k)
    found = logistic(happened, covariates)
    if isinstance(found, NotEstimable):
        assert found.reason in {Reason.ONE_GROUP, Reason.TOO_FEW, Reason.SINGULAR, Reason.SEPARATED, Reason.NO_DATA}
        reject()  # not one of the cases compared
    scaled = {name: (values - values.mean()) / values.std() for name, values in covariates.items()}
    design = sm.add_constant(np.column_stack(list(scaled.values())))
    fitted = sm.Logit(happened.astype(float), design).fit(disp=0, method="newton", maxiter=100, tol=1e-12)
    spread = np.array([values.std() for values in covariates.values()])
    assert [term.log_odds for term in found.terms] == pytest.approx(fitted.params[1:] / spread, rel=1e-6, abs=1e-9)
    assert [term.error for term in found.terms] == pytest.approx(fitted.bse[1:] / spread, rel=1e-6)
    assert [term.p for term in found.terms] == pytest.approx(fitted.pvalues[1:], rel=1e-5, abs=1e-12)
    for term, (low, high) in zip(found.terms, fitted.conf_int()[1:] / spread[:, None], strict=True):
        if isinstance(term.odds_ratio, Estimate):
            assert math.log(term.odds_ratio.low) == pytest.approx(low, rel=1e-6, abs=1e-8)
            assert math.log(term.odds_ratio.high) == pytest.approx(high, rel=1e-6, abs=1e-8)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SEEDS, st.integers(1, 250), st.integers(1, 5))
def test_odds_are_those_of_statsmodels(seed: int, n: int, k: int) -> None:
    same_odds_as_statsmodels(seed, n, k)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(SEEDS, st.integers(1, 400), st.integers(1, 6))
def test_odds_are_those_of_statsmodels_in_five_hundred_cases(seed: int, n: int, k: int) -> None:
    same_odds_as_statsmodels(seed, n, k)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(SEEDS, st.integers(3, 14))
def test_separation_is_found_exactly_where_one_covariate_sorts_the_outcomes(seed: int, n: int) -> None:
    chance = np.random.default_rng(seed)
    happened, values = chance.random(n) < 0.5, chance.integers(0, 6, n).astype(float)
    if happened.all() or not happened.any() or np.ptp(values) == 0:
        return
    here, there = values[happened], values[~happened]
    sorted_out = here.max() <= there.min() or there.max() <= here.min()
    found = logistic(happened, {"score": values})
    assert (isinstance(found, NotEstimable) and found.reason is Reason.SEPARATED) == sorted_out


def test_separation_by_two_covariates_together_is_found() -> None:
    chance = np.random.default_rng(3)
    first, second = chance.normal(size=200), chance.normal(size=200)
    found = logistic(first + second > 0, {"first": first, "second": second})
    assert isinstance(found, NotEstimable)
    assert found.reason is Reason.SEPARATED


def test_a_group_that_nobody_left_is_separated_too() -> None:
    group = np.repeat([0.0, 1.0], 50)
    happened = np.r_[np.arange(50) % 2 == 0, np.zeros(50, dtype=bool)]
    found = logistic(happened, {"group": group})
    assert found == NotEstimable(Reason.SEPARATED, {"n": 100, "events": 25})


def test_separation_is_found_among_very_many_people_and_one_exception_undoes_it() -> None:
    chance = np.random.default_rng(13)
    x, group = chance.normal(size=20_000), chance.integers(0, 2, 20_000).astype(float)
    happened = (chance.random(20_000) < 0.3) & (group == 0)
    found = logistic(happened, {"x": x, "group": group})
    assert found == NotEstimable(Reason.SEPARATED, {"n": 20_000, "events": int(happened.sum())})
    happened[np.flatnonzero(group)[0]] = True
    assert isinstance(logistic(happened, {"x": x, "group": group}), Logistic)


def test_one_person_far_out_is_not_taken_for_separation() -> None:
    x = np.r_[np.arange(400.0) % 20, 5000.0]
    happened = np.r_[np.random.default_rng(12).random(400) < np.arange(400) % 20 / 20, True]
    found = logistic(happened, {"x": x})
    assert isinstance(found, Logistic)
    assert found.n == 401
    assert found.intercept + 5000 * found.terms[0].log_odds > 30


def test_odds_without_people_with_one_outcome_or_too_few_say_why_there_are_none() -> None:
    nobody = np.zeros(0)
    assert logistic(nobody > 0, {"x": nobody}) == NotEstimable(Reason.NO_DATA, {"n": 0})
    x = np.arange(10.0)
    assert logistic(x > 99, {"x": x}) == NotEstimable(Reason.ONE_GROUP, {"n": 10, "events": 0})
    assert logistic(x >= 0, {"x": x}) == NotEstimable(Reason.ONE_GROUP, {"n": 10, "events": 10})
    assert logistic(x[:2] > 0, {"x": x[:2]}) == NotEstimable(Reason.TOO_FEW, {"n": 2, "needed": 3})
    assert logistic(x > 3, {"x": np.full(10, np.nan)}) == NotEstimable(Reason.NO_DATA, {"n": 0})


def test_a_constant_or_repeated_covariate_is_named() -> None:
    x, happened = np.arange(20.0), np.arange(20) % 3 == 0
    constant = logistic(happened, {"x": x, "same": np.full(20, 2026.0)})
    repeated = logistic(happened, {"x": x, "twice": 2 * x + 1})
    assert constant == NotEstimable(Reason.SINGULAR, {"term": "same"})
    assert repeated == NotEstimable(Reason.SINGULAR, {"term": "twice"})
    assert logistic(happened, {"none": np.zeros(20)}) == NotEstimable(Reason.SINGULAR, {"term": "none"})


def test_people_with_a_missing_covariate_are_left_out_and_n_says_so() -> None:
    happened, covariates = leavers(5, 120, 2)
    whole = logistic(happened[:100], {name: values[:100] for name, values in covariates.items()})
    covariates["x0"][100:] = np.nan
    found = logistic(happened, covariates)
    assert isinstance(found, Logistic)
    assert found == whole
    assert found.n == 100


def test_a_model_without_covariates_has_the_odds_of_the_share() -> None:
    found = logistic(np.arange(40) < 10, {})
    assert isinstance(found, Logistic)
    assert found.intercept == pytest.approx(math.log(10 / 30))
    assert (found.terms, found.events, found.per_term) == ((), 10, 10)


def test_odds_too_large_for_a_number_are_out_of_range() -> None:
    happened, covariates = leavers(8, 200, 1)
    found = logistic(happened, {"tiny": covariates["x0"] * 1e-6})
    assert isinstance(found, Logistic)
    assert found.terms[0].odds_ratio == NotEstimable(Reason.OUT_OF_RANGE, {"term": "tiny"})


def test_the_number_of_leavers_per_term_is_that_of_the_smaller_group() -> None:
    happened, covariates = leavers(9, 300, 3)
    for outcome in (happened, ~happened):
        found = logistic(outcome, covariates)
        assert isinstance(found, Logistic)
        assert found.per_term == min(happened.sum(), (~happened).sum()) / 3


def test_a_million_people_are_no_obstacle() -> None:
    happened, covariates = leavers(10, 1_000_000, 3)
    assert isinstance(attrition(happened, covariates), Attrition)


def same_difference_as_scipy_and_pingouin(seed: int, n1: int, n2: int) -> None:
    chance = np.random.default_rng(seed)
    stayed = chance.normal(6, chance.uniform(0.5, 4), n1).round(1)
    gone = chance.normal(7, chance.uniform(0.5, 4), n2).round(1)
    tested, d = welch(stayed, gone), standardised_difference(stayed, gone)
    if isinstance(tested, NotEstimable):
        assert tested == d
        assert tested.reason in {Reason.NO_DATA, Reason.ONE_GROUP, Reason.TOO_FEW, Reason.NO_VARIANCE}
        reject()  # not one of the cases compared
    assert isinstance(d, Estimate)
    reference = stats.ttest_ind(stayed, gone, equal_var=False)
    interval = reference.confidence_interval()
    assert (tested.t, tested.df, tested.p) == pytest.approx((reference.statistic, reference.df, reference.pvalue))
    assert (tested.difference.low, tested.difference.high) == pytest.approx((interval.low, interval.high))
    assert d.value == pytest.approx(pingouin.compute_effsize(stayed, gone, eftype="cohen"))
    assert d.high - d.value == pytest.approx(d.value - d.low)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 60), st.integers(0, 60))
def test_welch_and_the_standardised_difference_are_those_of_scipy_and_pingouin(seed: int, n1: int, n2: int) -> None:
    same_difference_as_scipy_and_pingouin(seed, n1, n2)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 300), st.integers(0, 300))
def test_welch_and_the_standardised_difference_agree_in_five_hundred_cases(seed: int, n1: int, n2: int) -> None:
    same_difference_as_scipy_and_pingouin(seed, n1, n2)


def test_the_interval_of_the_standardised_difference_is_that_of_hedges_and_olkin() -> None:
    stayed, gone = np.array([1.0, 2, 3, 4, 5, 6]), np.array([4.0, 5, 6, 7])
    found = standardised_difference(stayed, gone)
    assert isinstance(found, Estimate)
    pooled = math.sqrt((17.5 + 5) / 8)
    d = -2 / pooled
    half = 1.959963984540054 * math.sqrt(10 / 24 + d**2 / 20)
    assert (found.value, found.low, found.high, found.n) == pytest.approx((d, d - half, d + half, 10))


def test_those_who_left_with_higher_scores_give_a_negative_difference() -> None:
    found = attrition(np.array([True] * 3 + [False] * 3), {"score": np.array([9.0, 10, 11, 1, 2, 4])})
    assert isinstance(found, Attrition)
    (row,) = found.covariates
    assert (found.stayed, found.dropped, row.n_stayed, row.n_dropped) == (3, 3, 3, 3)
    assert (row.mean_stayed, row.mean_dropped) == pytest.approx((7 / 3, 10))
    assert isinstance(row.welch, Welch)
    assert isinstance(row.standardised, Estimate)
    assert row.welch.t < 0 > row.standardised.value
    assert found.odds == NotEstimable(Reason.SEPARATED, {"n": 6, "events": 3})


def test_the_panel_of_nobody_has_no_data() -> None:
    assert attrition(np.zeros(0, dtype=bool), {"x": np.zeros(0)}) == NotEstimable(Reason.NO_DATA, {"n": 0})


def test_the_panel_where_nobody_left_or_nothing_is_known_says_so_per_part() -> None:
    found = attrition(np.zeros(5, dtype=bool), {"score": np.arange(5.0), "unknown": np.full(5, np.nan)})
    assert isinstance(found, Attrition)
    score, unknown = found.covariates
    assert (score.mean_stayed, score.mean_dropped) == (2, NotEstimable(Reason.NO_DATA, {"n": 0}))
    assert score.welch == score.standardised == NotEstimable(Reason.ONE_GROUP, {"n": 5})
    assert unknown.welch == unknown.standardised == NotEstimable(Reason.NO_DATA, {"n": 0})
    assert isinstance(found.odds, NotEstimable)


def test_groups_of_one_or_without_variance_have_no_test() -> None:
    three = np.array([1.0, 2.0, 3.0])
    assert welch(three, np.array([2.0])) == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})
    assert welch(np.full(3, 0.1), np.full(4, 0.3)) == NotEstimable(Reason.NO_VARIANCE, {"n": 7})
    assert isinstance(welch(three, np.full(4, 0.3)), Welch)


def test_a_higher_level_gives_a_wider_interval() -> None:
    stayed, gone = np.arange(10.0), np.arange(3.0, 9.0)
    for function in (standardised_difference, lambda *given: welch(*given).difference):  # type: ignore[union-attr]
        found = [function(stayed, gone, level) for level in (0.8, 0.95, 0.99)]
        widths = [estimate.high - estimate.low for estimate in found if isinstance(estimate, Estimate)]
        assert len(widths) == 3
        assert all(narrow < wide for narrow, wide in pairwise(widths))
