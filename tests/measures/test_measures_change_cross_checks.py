"""The same figures from pingouin, statsmodels and scipy, on random scores."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pingouin
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import ttost_ind, ttost_paired

from service.measures.bands import exact_mcnemar, share_in_band
from service.measures.change import PairedEffect, TTest, paired_effect
from service.measures.complete import Floats
from service.measures.effect_size import d_z, group_sizes, paired_sizes
from service.measures.equivalence import Equivalence, group_equivalence, paired_equivalence
from service.measures.estimate import Estimate, NotEstimable
from service.measures.multiplicity import benjamini_hochberg, holm
from service.measures.sign_flip import SignFlip, sign_flip_test

Check: TypeAlias = Callable[[Any], None]

SCORES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=3, max_size=60)
GROUPS = st.tuples(*(st.lists(st.floats(0, 35, width=32), min_size=2, max_size=40) for _ in range(2)))
P_VALUES = st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.01, 0.05, 1.0]), min_size=1, max_size=40)
COUNTS = st.tuples(st.integers(0, 400), st.integers(0, 400))
SIZES = st.tuples(st.floats(-3, 3), st.integers(3, 500))
SMALL = st.lists(st.integers(-11, 11), min_size=2, max_size=9)


def columns(pairs: list[tuple[int, int]]) -> tuple[Floats, Floats]:
    pre, post = np.array(pairs, dtype=float).T
    return pre, post


def paired_like_pingouin(pairs: list[tuple[int, int]]) -> None:
    pre, post = columns(pairs)
    assume(np.ptp(post - pre) > 0)
    found = paired_effect(pre, post, np.random.default_rng(1))
    assert isinstance(found, PairedEffect)
    assert isinstance(found.test, TTest)
    assert isinstance(found.sizes.d_av, Estimate)
    assert isinstance(found.difference, Estimate)
    test = stats.ttest_rel(post, pre)
    interval = test.confidence_interval()
    assert (found.test.t, found.test.p) == pytest.approx((test.statistic, test.pvalue), rel=1e-9, abs=1e-12)
    assert (found.difference.low, found.difference.high) == pytest.approx((interval.low, interval.high), abs=1e-9)
    # Mind the name: what pingouin calls the paired d is d_av.
    assert found.sizes.d_av.value == pytest.approx(pingouin.compute_effsize(post, pre, paired=True), abs=1e-9)


def groups_like_pingouin(groups: tuple[list[float], list[float]]) -> None:
    first, second = (np.array(group) for group in groups)
    assume(math.hypot(first.std(), second.std()) > 1e-3)
    found = group_sizes(first, second)
    if isinstance(found, NotEstimable):  # only where the groups lie absurdly far apart
        assert abs(first.mean() - second.mean()) > 20 * math.hypot(first.std(), second.std())
        return
    assert found.d.value == pytest.approx(pingouin.compute_effsize(first, second), abs=1e-6)
    # pingouin's correction is the approximation 1 - 3/(4N - 9).
    nearly = pingouin.compute_effsize(first, second, eftype="hedges")
    assert found.g.value == pytest.approx(nearly, rel=0.06 if len(first) + len(second) < 8 else 0.002, abs=1e-6)


def limits_like_scipy(size: tuple[float, int]) -> None:
    """At the limits of d_z, what was seen is just the 2.5% extreme of scipy's distribution."""
    value, n = size
    found, root = d_z(value, n), math.sqrt(n)
    assert isinstance(found, Estimate)
    assert stats.nct.sf(value * root, n - 1, found.low * root) == pytest.approx(0.025, abs=1e-6)
    assert stats.nct.cdf(value * root, n - 1, found.high * root) == pytest.approx(0.025, abs=1e-6)


def flips_like_scipy(differences: list[int]) -> None:
    found = sign_flip_test(differences, np.random.default_rng(1))
    assert isinstance(found, SignFlip)
    theirs = stats.permutation_test(
        (np.array(differences),), lambda x, axis: np.abs(x.sum(axis=axis)), permutation_type="samples",
        n_resamples=np.inf, alternative="greater", vectorized=True,
    )  # fmt: skip
    assert found.p == pytest.approx(float(theirs.pvalue), abs=1e-12)


def mcnemar_like_statsmodels(counts: tuple[int, int]) -> None:
    found = exact_mcnemar(*counts)
    assert not isinstance(found, NotEstimable)
    if sum(counts):
        assert found.p == pytest.approx(mcnemar([[7, counts[0]], [counts[1], 5]], exact=True).pvalue, abs=1e-12)


def wilson_like_statsmodels(counts: tuple[int, int]) -> None:
    inside, outside = counts
    assume(inside + outside > 0)
    found = share_in_band([3.0] * inside + [0.0] * outside, 3, 11)
    assert isinstance(found, Estimate)
    assert (found.low, found.high) == pytest.approx(
        proportion_confint(inside, inside + outside, method="wilson"), abs=1e-12
    )


def adjusted_like_pingouin_and_statsmodels(p_values: list[float]) -> None:
    by_holm, by_bh = holm(p_values), benjamini_hochberg(p_values)
    assert not isinstance(by_holm, NotEstimable)
    assert not isinstance(by_bh, NotEstimable)
    assert by_holm == pytest.approx(pingouin.multicomp(p_values, method="holm")[1], abs=1e-12)
    assert by_bh == pytest.approx(multipletests(p_values, method="fdr_bh")[1], abs=1e-12)


def sameness_like_statsmodels(pairs: list[tuple[int, int]]) -> None:
    pre, post = columns(pairs)
    assume(np.ptp(post - pre) > 0)
    found = paired_equivalence(pre, post, 1.5)
    assert isinstance(found, Equivalence)
    p, above, below = ttost_paired(post, pre, -1.5, 1.5)
    ours = (found.p, found.p_not_lower, found.p_not_higher)
    assert ours == pytest.approx((p, above[1], below[1]), abs=1e-9)


def groups_sameness_like_statsmodels(groups: tuple[list[float], list[float]]) -> None:
    first, second = (np.array(group) for group in groups)
    assume(first.std() > 1e-3 and second.std() > 1e-3)
    found = group_equivalence(first, second, 2.0)
    assert isinstance(found, Equivalence)
    p, above, below = ttost_ind(first, second, -2.0, 2.0, usevar="unequal")
    ours = (found.p, found.p_not_lower, found.p_not_higher)
    assert ours == pytest.approx((p, above[1], below[1]), abs=1e-9)
    assert found.df == pytest.approx(above[2], rel=1e-9)


CHECKS = [
    pytest.param(check, given_what, id=check.__name__)
    for check, given_what in (
        (paired_like_pingouin, SCORES),
        (groups_like_pingouin, GROUPS),
        (limits_like_scipy, SIZES),
        (flips_like_scipy, SMALL),
        (mcnemar_like_statsmodels, COUNTS),
        (wilson_like_statsmodels, COUNTS),
        (adjusted_like_pingouin_and_statsmodels, P_VALUES),
        (sameness_like_statsmodels, SCORES),
        (groups_sameness_like_statsmodels, GROUPS),
    )
]


@pytest.mark.parametrize(("check", "drawn"), CHECKS)
def test_the_same_figure_elsewhere(check: Check, drawn: st.SearchStrategy[Any]) -> None:
    settings(max_examples=50, deadline=None, derandomize=True)(given(drawn)(check))()


def test_holm_like_statsmodels() -> None:
    """A few only: statsmodels sweeps all memory at every call."""
    rng = np.random.default_rng(2)
    for size in (1, 2, 9, 40):
        p_values = [float(p) for p in rng.random(size).round(2) / 4]
        assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(("check", "drawn"), CHECKS)
def test_the_same_figure_elsewhere_five_hundred_times(check: Check, drawn: st.SearchStrategy[Any]) -> None:
    settings(max_examples=500, deadline=None, derandomize=True)(given(drawn)(check))()


@pytest.mark.slow
@pytest.mark.parametrize(("n", "correlation"), [(12, 0.3), (40, 0.7)])
def test_the_interval_of_d_av_covers_the_truth_about_as_often_as_it_says(n: int, correlation: float) -> None:
    """It is an approximation (Algina and Keselman 2003): 95% in 2,000 drawn studies, give or take two points."""
    rng, truth, covered = np.random.default_rng(3), -0.5, 0
    for _ in range(2000):
        pre = rng.normal(size=n)
        post = truth + correlation * pre + math.sqrt(1 - correlation**2) * rng.normal(size=n)
        sizes = paired_sizes(pre, post)
        assert not isinstance(sizes, NotEstimable)
        assert isinstance(sizes.d_av, Estimate)
        covered += sizes.d_av.low <= truth <= sizes.d_av.high
    assert covered / 2000 == pytest.approx(0.95, abs=0.02)
