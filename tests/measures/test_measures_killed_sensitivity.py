"""How far a change leans on what cannot be checked: the standard error by hand, and the edges of the tipping point."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.sensitivity import (
    CommonItems,
    Tipping,
    change_within,
    common_items_change,
    completers_beside_everyone,
    delta_adjusted,
    mean_change,
    tipping_point,
)

NAN = np.nan
#: Scores within one point, so that sums of squares stay below 1; the lonelier two left.
PRE = np.array([4.0, 4.1, 4.3, 4.2, 4.6, 4.8])
POST = np.array([3.1, 3.5, 3.2, 3.6, NAN, NAN])


def estimated(found: Estimate | NotEstimable) -> Estimate:
    assert isinstance(found, Estimate)
    return found


@pytest.mark.parametrize("delta", [0.0, 0.5, 1.0])
def test_the_shifted_change_and_its_interval_by_hand(delta: float) -> None:
    stay = PRE[:4]
    line = stats.linregress(stay, POST[:4] - stay)
    off = POST[:4] - stay - line.intercept - line.slope * stay
    residual = float(off @ off) / 2
    squares = float(((stay - stay.mean()) ** 2).sum())
    predicted = line.intercept + line.slope * PRE + delta * np.array([0, 0, 0, 0, 1, 1])
    of_line = residual * (1 / 4 + (PRE.mean() - stay.mean()) ** 2 / squares)
    error = math.sqrt(of_line + predicted.var(ddof=1) / 6)
    (shifted,) = delta_adjusted(PRE, POST, [delta], 0.9)
    found = estimated(shifted.change)
    assert found.value == pytest.approx(predicted.mean())
    assert (found.low, found.high) == pytest.approx(stats.t.interval(0.9, 2, predicted.mean(), error))
    assert (found.n, found.level, shifted.delta) == (6, 0.9, delta)


def test_two_pairs_are_a_change_and_one_is_not() -> None:
    two = mean_change(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    assert (estimated(two).value, estimated(two).n) == (0.5, 2)
    assert mean_change(np.array([1.0]), np.array([1.0])) == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})
    assert mean_change(np.array([1.0]), np.array([NAN])) == NotEstimable(Reason.NO_DATA, {"n": 0, "needed": 2})


def test_both_sides_stand_at_the_level_asked_for() -> None:
    kept = np.array([True, True, True, False, False, False])
    within = change_within(PRE, POST, kept, 0.8)
    assert (within.everyone, within.part) == (mean_change(PRE, POST, 0.8), mean_change(PRE[:3], POST[:3], 0.8))
    assert within.left_out == 1
    beside = completers_beside_everyone(PRE, POST, 0.8)
    assert beside.everyone == delta_adjusted(PRE, POST, [0.0], 0.8)[0].change
    assert beside.part == mean_change(PRE, POST, 0.8)
    whole = completers_beside_everyone(PRE[:4], POST[:4], 0.8)
    assert whole.everyone == whole.part == mean_change(PRE[:4], POST[:4], 0.8)
    assert estimated(whole.part).level == estimated(within.everyone).level == 0.8


def test_first_scores_that_are_all_the_same_tell_nothing_about_anybody_even_half_a_point_away() -> None:
    pre, post = np.array([4.0, 4.0, 4.0, 4.5]), np.array([3.0, 2.0, 4.0, NAN])
    assert delta_adjusted(pre, post, [0.0])[0].change == NotEstimable(Reason.SINGULAR, {"term": "baseline"})
    pre[3] = 4.0
    assert estimated(delta_adjusted(pre, post, [0.0])[0].change).value == pytest.approx(-1.0)


def test_large_scores_along_a_line_leave_nothing_over() -> None:
    pre = np.array([1e6, 1.1e6, 1.7e6, 2.3e6, 3e6])
    post = np.append(np.round(pre[:4] / 3, 6), NAN)
    assert delta_adjusted(pre, post, [0.0])[0].change == NotEstimable(Reason.NO_VARIANCE, {"n": 4})


def test_a_small_rise_tips_too() -> None:
    pre = np.array([4.0, 4.1, 4.3, 4.2, 4.4, 4.2])
    post = pre + np.array([0.3, 0.35, 0.28, 0.33, 0.3, NAN])
    start = estimated(delta_adjusted(pre, post, [0.0])[0].change)
    assert 0 < start.low < start.high < 1
    found = tipping_point(pre, post, 11)
    assert isinstance(found, Tipping)
    assert -2 < found.no_change < found.no_conclusion < 0
    assert estimated(delta_adjusted(pre, post, [found.no_conclusion])[0].change).low == pytest.approx(0, abs=1e-8)


def test_a_conclusion_that_tips_within_half_a_point_and_exactly_at_the_widest() -> None:
    pre = np.array([4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    post = pre - np.array([0.3, 0.4, 0.2, 0.35, NAN, NAN])
    found = tipping_point(pre, post, 11)
    assert isinstance(found, Tipping)
    assert 0 < found.no_conclusion < 1
    assert tipping_point(pre, post, found.no_conclusion) == found
    assert tipping_point(pre, post, found.no_conclusion * 0.999) == NotEstimable(Reason.NOT_REACHED, {"dropped": 2})


def test_common_items_stand_at_the_level_asked_for_and_at_95_percent_when_nobody_asks() -> None:
    earlier = np.array([[1.0, 1, 0], [1, 1, NAN], [0, 1, 1], [1, 0, 1]])
    later = np.array([[1.0, 0, 0], [0, 1, 1], [0, NAN, 1], [1, 0, 1]])
    found, other = common_items_change(earlier, later, 1), common_items_change(earlier, later, 1, 0.8)
    assert (estimated(found.common).value, estimated(found.as_scored).value) == (-0.5, -0.5)
    assert found.affected == 2
    for part in ("common", "as_scored"):
        assert estimated(getattr(found, part)).level == 0.95
        assert estimated(getattr(other, part)).level == 0.8


def test_waves_of_other_shapes_have_nothing_in_common() -> None:
    none = NotEstimable(Reason.OUT_OF_RANGE, {"items": 3})
    assert common_items_change(np.ones((2, 3)), np.ones((2, 4)), 1) == CommonItems(none, none, 0)
