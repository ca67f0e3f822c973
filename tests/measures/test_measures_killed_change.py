"""A change told whole: every field of it by hand, and what is said when there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from service.measures.bands import transitions
from service.measures.change import Mean, PairedChange, mean_interval, paired_change
from service.measures.complete import two_groups
from service.measures.equivalence import Equivalence, group_equivalence, paired_equivalence
from service.measures.estimate import NotEstimable, Reason
from service.measures.instrument import Band
from service.measures.reliable_change import wobble_of

PRE, POST = [6, 8, 5, 9, 7], [5, 8, 3, 6, 6]


def test_every_figure_of_a_paired_change() -> None:
    found = paired_change(PRE, POST)
    assert isinstance(found, PairedChange)
    reference = stats.ttest_rel(POST, PRE)
    low, high = reference.confidence_interval()
    assert (found.n, found.mean_pre, found.mean_post) == (5, 7.0, 5.6)
    assert found.difference == pytest.approx(-1.4)
    assert (found.sd_pre, found.sd_post) == pytest.approx((math.sqrt(2.5), math.sqrt(3.3)))
    assert found.sd_difference == pytest.approx(math.sqrt(1.3))
    assert (found.low, found.high) == pytest.approx((low, high))
    assert (found.t, found.p) == pytest.approx((reference.statistic, reference.pvalue))


def test_one_pair_has_a_difference_and_nothing_else() -> None:
    assert paired_change([3], [1]) == PairedChange(1, 3.0, None, 1.0, None, -2.0, None, None, None, None, None)
    assert paired_change([], []) is None


def test_the_mean_of_a_few_scores() -> None:
    found = mean_interval([1, 2, 6])
    assert (found.n, found.mean) == (3, 3.0)
    assert (found.sd, found.low, found.high) == pytest.approx(
        (math.sqrt(7), *stats.t.interval(0.95, 2, 3, math.sqrt(7 / 3)))
    )
    assert mean_interval([4]) == Mean(1, 4.0, None, None, None)
    assert mean_interval([]) == Mean(0, None, None, None, None)


def test_a_score_in_no_band_is_refused_with_the_number_of_pairs() -> None:
    bands = [Band(0, 2, "low", {}), Band(3, 8, "high", {})]
    assert transitions(PRE, POST, bands) == NotEstimable(Reason.OUT_OF_RANGE, {"n": 5})
    assert transitions(PRE, POST, []) == NotEstimable(Reason.OUT_OF_RANGE, {"n": 5})


def test_two_pairs_are_enough_for_equivalence_and_one_is_not() -> None:
    found = paired_equivalence([1, 2], [2, 2], 3.0)
    assert isinstance(found, Equivalence)
    assert (found.difference.value, found.difference.n, found.df) == (0.5, 2, 1)
    assert paired_equivalence([1, None], [2, 2], 3.0) == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})


def test_equivalence_without_variance_says_of_how_many() -> None:
    assert group_equivalence([1, 1], [2, 2, 2], 3.0) == NotEstimable(Reason.NO_VARIANCE, {"n": 5})
    assert paired_equivalence([1, 2, 3], [2, 3, 4], 3.0) == NotEstimable(Reason.NO_VARIANCE, {"n": 3})


@pytest.mark.parametrize(("margin", "alpha"), [(0.0, 0.05), (math.inf, 0.05), (1.0, 0.0), (1.0, 0.5)])
def test_a_margin_or_level_that_cannot_be_is_refused(margin: float, alpha: float) -> None:
    assert paired_equivalence(PRE, POST, margin, alpha) == NotEstimable(Reason.OUT_OF_RANGE, {"term": "margin"})


def test_equivalence_of_a_small_margin_at_another_level() -> None:
    found = paired_equivalence(PRE, POST, 0.5, 0.1)
    assert isinstance(found, Equivalence)
    changes = np.subtract(POST, PRE)
    low, high = stats.ttest_1samp(changes, 0).confidence_interval(0.8)
    assert (found.difference.low, found.difference.high, found.difference.level) == pytest.approx((low, high, 0.8))
    assert found.p_not_lower == pytest.approx(stats.ttest_1samp(changes, -0.5, alternative="greater").pvalue)
    assert found.p_not_higher == pytest.approx(stats.ttest_1samp(changes, 0.5, alternative="less").pvalue)


def test_a_score_without_constants_is_named() -> None:
    assert wobble_of("djg6", "social") == NotEstimable(Reason.NO_DATA, {"instrument": "djg6", "score": "social"})


def test_of_two_empty_groups_the_first_is_named() -> None:
    assert two_groups([None], [None, None]) == NotEstimable(Reason.NO_DATA, {"n": 0, "people": 1})
    assert two_groups([1.0, 2.0], []) == NotEstimable(Reason.ONE_GROUP)
