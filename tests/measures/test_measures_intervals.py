"""Intervals of shares and of their difference: the edges, and statsmodels and scipy as referees."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import SharesCompared, clopper_pearson, compare_shares, newcombe, wilson

SHARES = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def agrees(first: tuple[int, int], second: tuple[int, int]) -> None:
    for function, method in ((wilson, "wilson"), (clopper_pearson, "beta")):
        found = function(*first)
        assert isinstance(found, Estimate)
        assert (found.low, found.high) == pytest.approx(proportion_confint(*first, method=method), abs=1e-9)
        assert 0 <= found.low <= found.value <= found.high <= 1
    compared = compare_shares(*first, *second)
    assert isinstance(compared, SharesCompared)
    difference = compared.difference
    assert -1 <= difference.low <= difference.value <= difference.high <= 1
    low, high = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (difference.low, difference.high) == pytest.approx((low, high), abs=1e-9)
    table = [[count, of - count] for count, of in (first, second)]
    assert compared.fisher_p == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-8)
    if sum(row[0] for row in table) and sum(row[1] for row in table):
        referee = stats.chi2_contingency(table, correction=False)
        assert (compared.chi2, compared.chi2_p) == pytest.approx((referee.statistic, referee.pvalue), abs=1e-9)
    else:
        assert compared.chi2 == compared.chi2_p == NotEstimable(Reason.NO_VARIANCE, {"n": first[1] + second[1]})


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SHARES, SHARES)
def test_intervals_and_tests_are_those_of_statsmodels_and_scipy(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    agrees(first, second)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(SHARES, SHARES)
def test_and_the_same_five_hundred_times(first: tuple[int, int], second: tuple[int, int]) -> None:
    agrees(first, second)


@pytest.mark.parametrize("function", [wilson, clopper_pearson])
def test_a_share_of_nobody_or_that_cannot_be_says_so(function: Callable[[int, int], Estimate | NotEstimable]) -> None:
    assert function(0, 0) == NotEstimable(Reason.NO_DATA, {"n": 0})
    assert function(4, 3) == NotEstimable(Reason.OUT_OF_RANGE, {"count": 4, "of": 3})
    assert function(-1, 3) == NotEstimable(Reason.OUT_OF_RANGE, {"count": -1, "of": 3})


def test_a_difference_is_not_estimable_for_the_reason_of_the_share_that_is_not() -> None:
    assert newcombe(0, 0, 1, 2) == newcombe(1, 2, 0, 0) == NotEstimable(Reason.NO_DATA, {"n": 0})
    assert compare_shares(1, 2, 3, 2) == NotEstimable(Reason.OUT_OF_RANGE, {"count": 3, "of": 2})


def test_one_person_in_each_group() -> None:
    found = compare_shares(1, 1, 0, 1)
    assert isinstance(found, SharesCompared)
    assert (found.difference.value, found.difference.high, found.difference.n) == (1.0, 1.0, 2)
    assert (found.chi2, found.fisher_p) == (2.0, 1.0)


def test_the_first_share_minus_the_second() -> None:
    more, fewer = newcombe(8, 10, 2, 10), newcombe(2, 10, 8, 10)
    assert isinstance(more, Estimate)
    assert isinstance(fewer, Estimate)
    assert more.value == pytest.approx(0.6)
    assert (fewer.low, fewer.high) == pytest.approx((-more.high, -more.low))


def test_a_million_people_in_each_group() -> None:
    found = compare_shares(500_000, 1_000_000, 501_000, 1_000_000)
    assert isinstance(found, SharesCompared)
    assert isinstance(found.chi2_p, float)
    assert found.fisher_p == pytest.approx(found.chi2_p, rel=0.01)
    assert math.isfinite(found.difference.low)


def test_another_level_is_another_interval() -> None:
    wide = wilson(3, 10, 0.99)
    assert isinstance(wide, Estimate)
    assert (wide.low, wide.high) == pytest.approx(proportion_confint(3, 10, alpha=0.01, method="wilson"))
    assert wide.level == 0.99


@pytest.mark.parametrize("level", [0.0, 1.0, 1.5])
def test_a_level_that_is_none_is_a_mistake(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, level)
