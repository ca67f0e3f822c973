"""Groups whose people look alike: the sandwich by hand, at the level asked for, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from service.measures.clusters import ENOUGH, ClusterRobust, cluster_robust
from service.measures.estimate import NotEstimable, Reason
from service.measures.satterthwaite import Contrast

CHANCE = np.random.default_rng(8)
GROUPS = np.repeat(np.arange(ENOUGH), 4)
ARM = (GROUPS % 2).astype(float)
X = np.column_stack([np.ones(len(ARM)), ARM])
Y = 3 - 0.8 * ARM + CHANCE.normal(size=ENOUGH)[GROUPS] + CHANCE.normal(size=len(ARM))
NAMES = ("1", "arm")


def test_the_robust_interval_by_hand() -> None:
    found = cluster_robust(Y, X, GROUPS, NAMES, level=0.9)
    assert isinstance(found, ClusterRobust)
    inverse = np.linalg.inv(X.T @ X)
    beta = inverse @ X.T @ Y
    pulls = np.array([X[group == GROUPS].T @ (Y - X @ beta)[group == GROUPS] for group in range(ENOUGH)])
    factor = ENOUGH / (ENOUGH - 1) * (len(Y) - 1) / (len(Y) - 2)
    error = np.sqrt(factor * np.diag(inverse @ pulls.T @ pulls @ inverse))
    for term, value, se in zip(found.terms, beta, error, strict=True):
        assert isinstance(term, Contrast)
        assert (term.estimate.value, term.se, term.df) == pytest.approx((value, se, ENOUGH - 1))
        assert (term.estimate.low, term.estimate.high) == pytest.approx(stats.t.interval(0.9, ENOUGH - 1, value, se))
        assert (term.estimate.n, term.estimate.level) == (len(Y), 0.9)
    assert (found.names, found.clusters, found.too_narrow) == (NAMES, ENOUGH, False)


def test_below_ten_groups_it_says_that_it_is_too_narrow_and_stands_at_95_percent_when_nobody_asks() -> None:
    few = GROUPS < ENOUGH - 1
    found = cluster_robust(Y[few], X[few], GROUPS[few], NAMES)
    assert isinstance(found, ClusterRobust)
    assert (found.clusters, found.too_narrow) == (9, True)
    assert {term.estimate.level for term in found.terms if isinstance(term, Contrast)} == {0.95}


def test_two_groups_are_enough_and_one_is_not() -> None:
    two = cluster_robust(Y, X[:, :1], ARM, NAMES[:1])
    assert isinstance(two, ClusterRobust)
    assert two.clusters == 2
    assert cluster_robust(Y, X, np.zeros(len(Y)), NAMES) == NotEstimable(Reason.ONE_GROUP)


@pytest.mark.parametrize("unit", [1.0, 1e-6, 1e6])
def test_a_term_that_every_group_agrees_on_has_no_interval_in_any_unit(unit: float) -> None:
    """Each group holds the same four scores, so that their means leave nothing over."""
    same = np.tile([1.0, 2.0, 4.0, 5.0], ENOUGH) * unit
    found = cluster_robust(same, X, GROUPS, NAMES)
    assert isinstance(found, ClusterRobust)
    assert found.terms == (NotEstimable(Reason.NO_VARIANCE), NotEstimable(Reason.NO_VARIANCE))


def test_rows_and_groups_of_other_lengths_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match=r"^y, x and cluster need one row per person$"):
        cluster_robust(Y, X, GROUPS[1:], NAMES)
