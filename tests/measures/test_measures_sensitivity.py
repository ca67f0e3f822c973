from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from scipy import stats

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.pooling import Pooled, pool
from service.measures.sensitivity import (
    Scores,
    Tipping,
    change_within,
    common_items_change,
    completers_beside_everyone,
    delta_adjusted,
    mean_change,
    tipping_point,
)

SEEDS = st.integers(0, 2**32 - 1)
NAN = np.nan


def programme(seed: int, n: int, leaving: float = 0.25, change: float = -1.0) -> tuple[Scores, Scores]:
    """First and second scores of n people; the lonelier leave sooner."""
    chance = np.random.default_rng(seed)
    pre = chance.normal(6, 2, n)
    post = 6 + 0.7 * (pre - 6) + change + chance.normal(0, 1.5, n)
    post[chance.random(n) < leaving * (1 + (pre > 6)) / 1.5] = NAN
    return pre, post


def estimated(found: Estimate | NotEstimable) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def same_change_as_scipy(seed: int, n: int) -> None:
    pre, post = programme(seed, n)
    both = np.isfinite(post)
    found = mean_change(pre, post)
    if isinstance(found, NotEstimable):
        assert found.reason is (Reason.TOO_FEW if both.any() else Reason.NO_DATA)
        reject()  # not one of the cases compared
    interval = stats.ttest_rel(post[both], pre[both]).confidence_interval()
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-9)
    assert found.value == pytest.approx(float(np.mean((post - pre)[both])))
    assert found.n == both.sum()


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 150))
def test_the_change_is_that_of_scipy(seed: int, n: int) -> None:
    same_change_as_scipy(seed, n)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 500))
def test_the_change_is_that_of_scipy_in_five_hundred_cases(seed: int, n: int) -> None:
    same_change_as_scipy(seed, n)


def same_shift_as_filling_in(seed: int, n: int, delta: float) -> None:
    """Every drop-out filled in from an ordinary regression of statsmodels, plus delta, gives the same mean change."""
    pre, post = programme(seed, n)
    gone = ~np.isfinite(post)
    (found,) = delta_adjusted(pre, post, [delta])
    if isinstance(found.change, NotEstimable):
        assert found.change.reason in {Reason.TOO_FEW, Reason.NO_DATA}
        reject()  # not one of the cases compared
    change = post - pre
    if gone.any():
        line = sm.OLS(change[~gone], sm.add_constant(pre[~gone], has_constant="add")).fit()
        change[gone] = line.predict(sm.add_constant(pre[gone], has_constant="add")) + delta
    assert found.change.value == pytest.approx(float(change.mean()), abs=1e-8)
    assert found.change.n == n
    assert found.change.low < found.change.value < found.change.high


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 150), st.sampled_from([-1.0, 0.0, 0.5, 2.0]))
def test_a_shift_is_that_of_filling_in_every_drop_out(seed: int, n: int, delta: float) -> None:
    same_shift_as_filling_in(seed, n, delta)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 500), st.sampled_from([-1.0, 0.0, 0.5, 2.0]))
def test_a_shift_is_that_of_filling_in_every_drop_out_in_five_hundred_cases(seed: int, n: int, delta: float) -> None:
    same_shift_as_filling_in(seed, n, delta)


@pytest.mark.parametrize("delta", [0.0, 2.0])
def test_the_interval_of_a_shift_is_as_wide_as_drawing_people_again_says(delta: float) -> None:
    pre, post = programme(21, 300)
    chance = np.random.default_rng(22)
    again = []
    for _ in range(1500):
        drawn = chance.integers(0, 300, 300)
        (found,) = delta_adjusted(pre[drawn], post[drawn], [delta])
        again.append(estimated(found.change).value)
    whole = estimated(delta_adjusted(pre, post, [delta])[0].change)
    stayers = int(np.isfinite(post).sum())
    error = (whole.high - whole.value) / float(stats.t.ppf(0.975, stayers - 2))
    assert error == pytest.approx(float(np.std(again)), rel=0.06)


def test_every_half_point_moves_the_change_by_half_the_share_that_left() -> None:
    pre, post = programme(1, 200)
    rows = delta_adjusted(pre, post)
    assert [row.delta for row in rows] == [0.0, 0.5, 1.0]
    values = [estimated(row.change).value for row in rows]
    gone = float((~np.isfinite(post)).mean())
    assert np.diff(values) == pytest.approx([gone / 2, gone / 2])


def test_with_nobody_missing_every_shift_is_the_paired_change() -> None:
    pre, post = programme(2, 60, leaving=0.0)
    assert {row.change for row in delta_adjusted(pre, post)} == {mean_change(pre, post)}


def test_people_without_a_first_score_do_not_count() -> None:
    pre, post = programme(3, 80)
    more = np.r_[pre, [NAN, NAN]], np.r_[post, [3.0, NAN]]
    assert delta_adjusted(*more) == delta_adjusted(pre, post)


def test_completers_stand_beside_everybody() -> None:
    pre, post = programme(4, 120)
    found = completers_beside_everyone(pre, post)
    assert found.part == mean_change(pre, post)
    assert found.everyone == delta_adjusted(pre, post, [0.0])[0].change
    assert found.left_out == int((~np.isfinite(post)).sum())
    assert (estimated(found.everyone).n, estimated(found.part).n) == (120, 120 - found.left_out)


def test_the_change_of_alike_pairs_stands_beside_that_of_all() -> None:
    pre, post = programme(5, 100)
    kept = np.arange(100) % 4 > 0
    found = change_within(pre, post, kept)
    assert found.everyone == mean_change(pre, post)
    assert found.part == mean_change(pre[kept], post[kept])
    assert found.left_out == int(np.isfinite(post)[~kept].sum())
    none = change_within(pre, post, np.zeros(100, dtype=bool))
    assert none.part == NotEstimable(Reason.NO_DATA, {"n": 0, "needed": 2})


@pytest.mark.parametrize("change", [-1.0, 1.0])
def test_at_the_tipping_point_the_interval_touches_zero(change: float) -> None:
    pre, post = programme(6, 150, change=change)
    found = tipping_point(pre, post, widest=11)
    assert isinstance(found, Tipping)
    edge, nothing = (
        estimated(delta_adjusted(pre, post, [d])[0].change) for d in (found.no_conclusion, found.no_change)
    )
    assert (edge.high if change < 0 else edge.low) == pytest.approx(0, abs=1e-8)
    assert nothing.value == pytest.approx(0, abs=1e-12)
    assert 0 < abs(found.no_conclusion) < abs(found.no_change)
    assert (found.no_conclusion > 0) == (change < 0)


def test_no_tipping_point_without_a_conclusion_without_drop_outs_or_beyond_the_scale() -> None:
    pre, post = programme(7, 60, change=0.0)
    gone = int((~np.isfinite(post)).sum())
    assert tipping_point(pre, post, widest=11) == NotEstimable(Reason.NOT_REACHED, {"dropped": gone})
    whole = programme(7, 60, leaving=0.0)
    assert tipping_point(*whole, widest=11) == NotEstimable(Reason.NOT_REACHED, {"dropped": 0})
    pre, post = programme(8, 400, leaving=0.02)
    gone = int((~np.isfinite(post)).sum())
    assert isinstance(tipping_point(pre, post, widest=1000), Tipping)
    assert tipping_point(pre, post, widest=11) == NotEstimable(Reason.NOT_REACHED, {"dropped": gone})


def test_hardly_anybody_says_why_there_is_no_estimate() -> None:
    none = np.zeros(0)
    assert mean_change(none, none) == NotEstimable(Reason.NO_DATA, {"n": 0, "needed": 2})
    assert delta_adjusted(none, none, [0.0])[0].change == NotEstimable(Reason.NO_DATA, {"n": 0, "needed": 2})
    one, two = np.array([5.0, 6.0]), np.array([4.0, NAN])
    assert mean_change(one, two) == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})
    assert delta_adjusted(one, two, [0.0])[0].change == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 3})
    assert tipping_point(one, two, widest=11) == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 3})
    all_gone = delta_adjusted(one, np.array([NAN, NAN]), [0.0])[0].change
    assert all_gone == NotEstimable(Reason.NO_DATA, {"n": 0, "needed": 3})


def test_equal_changes_and_equal_first_scores_say_why_there_is_no_estimate() -> None:
    pre = np.array([3.0, 5.0, 7.0, 9.0])
    assert mean_change(pre, pre - 1) == NotEstimable(Reason.NO_VARIANCE, {"n": 4})
    on_line = delta_adjusted(pre, np.array([2.0, 4.0, 6.0, NAN]), [0.0])[0].change
    assert on_line == NotEstimable(Reason.NO_VARIANCE, {"n": 3})
    same = np.array([5.0, 5.0, 5.0, 9.0])
    apart = delta_adjusted(same, np.array([1.0, 2.0, 6.0, NAN]), [0.0])[0].change
    assert apart == NotEstimable(Reason.SINGULAR, {"term": "baseline"})
    alike = delta_adjusted(np.full(4, 5.0), np.array([1.0, 2.0, 6.0, NAN]), [0.0])[0].change
    assert estimated(alike).value == pytest.approx(-2)
    half = float(stats.t.ppf(0.975, 1)) * math.sqrt(14 / 3)  # residual variance 14 on one degree, three stayers
    assert estimated(alike).high == pytest.approx(-2 + half)


def test_an_item_skipped_at_the_second_wave_does_not_look_like_improvement() -> None:
    earlier = np.ones((12, 4))
    later = earlier.copy()
    later[:8, 3] = NAN  # lonely before, "weet niet" now
    later[8, 0] = 0.0
    found = common_items_change(earlier, later, most_missing=1)
    assert estimated(found.as_scored).value == pytest.approx(-9 / 12)
    assert estimated(found.common).value == pytest.approx(-1 / 12)
    assert found.affected == 8


def test_common_items_count_people_with_two_valid_scores_only() -> None:
    earlier = np.array([[1.0, 1, 1], [NAN, NAN, 1], [1, NAN, 0], [0, 0, 0]])
    later = np.array([[0.0, 0, 1], [1, 1, 1], [NAN, 1, 1], [1, 1, 1]])
    found = common_items_change(earlier, later, most_missing=1)
    assert estimated(found.common).value == pytest.approx((-2 + 1 + 3) / 3)
    assert estimated(found.common).n == 3
    assert estimated(found.as_scored).value == pytest.approx((-2 + 1 + 3) / 3)
    assert found.affected == 1


def test_common_items_of_nobody_or_of_unlike_waves_say_why_there_are_none() -> None:
    nobody = common_items_change(np.empty((0, 4)), np.empty((0, 4)), 1)
    assert nobody.common == nobody.as_scored == NotEstimable(Reason.NO_DATA, {"n": 0, "needed": 2})
    unlike = common_items_change(np.ones((3, 4)), np.ones((3, 3)), 1)
    assert unlike.common == unlike.as_scored == NotEstimable(Reason.OUT_OF_RANGE, {"items": 4})


def test_a_million_people_take_seconds() -> None:
    pre, post = programme(9, 1_000_000)
    assert isinstance(delta_adjusted(pre, post)[2].change, Estimate)
    assert isinstance(tipping_point(pre, post, widest=11), Tipping)


def test_copies_that_agree_are_pooled_with_the_normal_interval() -> None:
    found = pool([-1.0, -1.0, -1.0], [0.04, 0.04, 0.04])
    assert isinstance(found, Pooled)
    assert found.df == NotEstimable(Reason.NO_VARIANCE, {"n": 3})
    assert found.error == pytest.approx(0.2)
    assert found.missing_share == 0
    assert found.estimate.high == pytest.approx(-1 + 1.959963984540054 * 0.2)


def test_copies_that_differ_only_between_themselves_have_one_degree_less_than_copies() -> None:
    found = pool([1.0, 2.0, 3.0], [0.0, 0.0, 0.0])
    assert isinstance(found, Pooled)
    assert (found.df, found.missing_share) == (2, 1)
    assert found.error == pytest.approx(math.sqrt(4 / 3))
    assert found.estimate.high == pytest.approx(2 + float(stats.t.ppf(0.975, 2)) * math.sqrt(4 / 3))


@pytest.mark.parametrize(
    ("estimates", "variances", "reason"),
    [
        ([], [], Reason.NO_DATA),
        ([1.0], [1.0], Reason.TOO_FEW),
        ([1.0, 2.0], [1.0], Reason.OUT_OF_RANGE),
        ([1.0, NAN], [1.0, 1.0], Reason.OUT_OF_RANGE),
        ([1.0, 2.0], [1.0, -1.0], Reason.OUT_OF_RANGE),
        ([1.0, 2.0], [1.0, math.inf], Reason.OUT_OF_RANGE),
        ([1.0, 1.0], [0.0, 0.0], Reason.NO_VARIANCE),
    ],
)
def test_what_cannot_be_pooled_says_why(estimates: list[float], variances: list[float], reason: Reason) -> None:
    found = pool(estimates, variances)
    assert isinstance(found, NotEstimable)
    assert found.reason is reason


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(-11, 11), st.floats(0, 5)), min_size=2, max_size=30))
def test_pooling_never_gives_a_figure_that_is_none(copies: list[tuple[float, float]]) -> None:
    found = pool([value for value, _ in copies], [variance for _, variance in copies])
    if isinstance(found, Pooled):
        figures = [found.estimate.low, found.estimate.value, found.estimate.high, found.error, found.missing_share]
        assert all(math.isfinite(figure) for figure in figures)
        assert found.estimate.low <= found.estimate.value <= found.estimate.high
