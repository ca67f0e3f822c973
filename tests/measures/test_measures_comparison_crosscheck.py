"""The comparisons against statsmodels and scipy on random data: analysis of covariance, Welch, cluster-robust errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS

from service.measures.ancova import Ancova, Assignment, ancova
from service.measures.clusters import ClusterRobust, cluster_robust
from service.measures.comparison import DifferenceInDifferences, difference_in_differences
from service.measures.reml import Floats
from service.measures.satterthwaite import Contrast

quick = settings(max_examples=50, deadline=None, derandomize=True)
thorough = settings(max_examples=500, deadline=None, derandomize=True)


class Drawn(NamedTuple):
    """People with a first and a last score, an arm out of three and a location."""

    pre: Floats
    post: Floats
    arm: Floats
    location: Floats


@st.composite
def trials(draw: st.DrawFn) -> Drawn:
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people, locations = draw(st.integers(9, 60)), draw(st.integers(2, 14))
    arm = chance.permutation(np.arange(people) % 3).astype(float)
    location = chance.permutation(np.arange(people) % locations).astype(float)
    pre = chance.normal(7, 2, people)
    noise = draw(st.sampled_from([0.5, 2, 4]))
    shared = chance.normal(size=locations)[location.astype(int)]
    return Drawn(pre, 0.6 * pre - 0.5 * arm + shared + chance.normal(0, noise, people), arm, location)


def check_ancova(data: Drawn) -> None:
    found = ancova(data.pre, data.post, data.arm, ("a", "b", "c"), assignment=Assignment.RANDOMISED)
    assert isinstance(found, Ancova)
    x = np.column_stack([np.ones_like(data.pre), data.pre, data.arm == 1, data.arm == 2])
    other = OLS(data.post, x).fit()
    terms = found.line.terms
    assert [term.estimate.value for term in terms] == pytest.approx(list(other.params), rel=1e-7, abs=1e-9)
    assert [term.se for term in terms] == pytest.approx(list(other.bse), rel=1e-7)
    assert [term.p for term in terms] == pytest.approx(list(other.pvalues), rel=1e-6, abs=1e-12)
    assert [term.estimate.low for term in terms] == pytest.approx(list(other.conf_int()[:, 0]), rel=1e-6, abs=1e-8)
    last = found.pairs[2].contrast
    assert isinstance(last, Contrast)
    assert last.t == pytest.approx(float(other.t_test([0, 0, 1, -1]).tvalue.item()), rel=1e-6, abs=1e-9)


def check_two_waves(data: Drawn) -> None:
    change = data.post - data.pre
    first, second = change[data.arm == 0], change[data.arm == 2]
    found = difference_in_differences(first, second)
    assert isinstance(found, DifferenceInDifferences)
    for ours, equal in ((found.welch, False), (found.pooled, True)):
        other = stats.ttest_ind(first, second, equal_var=equal)
        interval = other.confidence_interval()
        assert (ours.t, ours.df, ours.p) == pytest.approx((other.statistic, other.df, other.pvalue), rel=1e-7)
        assert (ours.estimate.low, ours.estimate.high) == pytest.approx((interval.low, interval.high), abs=1e-9)


def check_clusters(data: Drawn) -> None:
    x = np.column_stack([np.ones_like(data.pre), data.arm])
    found = cluster_robust(data.post, x, data.location, ["1", "arm"])
    other = OLS(data.post, x).fit(cov_type="cluster", cov_kwds={"groups": data.location}, use_t=True)
    assert isinstance(found, ClusterRobust)
    for place, term in enumerate(found.terms):
        if isinstance(term, Contrast):
            assert term.se == pytest.approx(float(other.bse[place]), rel=1e-6)
            assert term.p == pytest.approx(float(other.pvalues[place]), rel=1e-5, abs=1e-12)


CHECKS = pytest.mark.parametrize(
    "check", [check_ancova, check_two_waves, check_clusters], ids=lambda check: check.__name__
)


@CHECKS
def test_the_comparison_is_that_of_another_library(check: Callable[[Drawn], None]) -> None:
    quick(given(trials())(check))()


@pytest.mark.slow
@CHECKS
def test_the_comparison_is_that_of_another_library_five_hundred_times(check: Callable[[Drawn], None]) -> None:
    thorough(given(trials())(check))()
