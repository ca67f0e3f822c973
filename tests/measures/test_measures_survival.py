"""Kaplan-Meier, log-rank and cumulative incidence: the degenerate cases, and lifelines and statsmodels as referees."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from service.measures.competing import IncidenceCurve, cumulative_incidence, incidence_at
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.log_rank import LogRank, log_rank
from service.measures.survival import MedianTime, SurvivalCurve, kaplan_meier, median_time, number_at_risk, survival_at

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import AalenJohansenFitter, KaplanMeierFitter
    from lifelines.statistics import multivariate_logrank_test
    from lifelines.utils import median_survival_times
    from statsmodels.duration.survfunc import CumIncidenceRight

pytestmark = pytest.mark.filterwarnings("ignore")  # the referees warn about pandas and about their own edges

CAUSES = 3
SPELLS = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=80)
ENDS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, CAUSES)), min_size=1, max_size=80)
GROUPED = st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(0, 3)), min_size=2, max_size=80)


def _curve(found: SurvivalCurve | NotEstimable) -> SurvivalCurve:
    assert isinstance(found, SurvivalCurve)
    return found


def _causes(found: tuple[IncidenceCurve, ...] | NotEstimable) -> tuple[IncidenceCurve, ...]:
    assert not isinstance(found, NotEstimable)
    return found


def same(found: Estimate | NotEstimable, value: float, low: float, high: float, n: int) -> None:
    assert isinstance(found, Estimate)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=1e-12)
    assert (found.n, found.level) == (n, 0.95)


def agrees_with_lifelines(spells: Sequence[tuple[int, bool]]) -> None:
    times, events = [spell[0] for spell in spells], [spell[1] for spell in spells]
    curve = _curve(kaplan_meier(times, events))
    fitter = KaplanMeierFitter().fit(times, events)
    assert curve.survival == pytest.approx(fitter.survival_function_at_times(curve.times).to_numpy(), abs=1e-12)
    inside = (curve.survival > 0) & (curve.survival < 1)
    limits = fitter.confidence_interval_.loc[curve.times].to_numpy()
    assert curve.low[inside] == pytest.approx(limits[inside, 0], abs=1e-10)
    assert curve.high[inside] == pytest.approx(limits[inside, 1], abs=1e-10)
    assert curve.at_risk.tolist() == fitter.event_table.loc[curve.times, "at_risk"].tolist()
    median = median_time(curve)
    # A half that lifelines multiplied to a hair above a half is a half.
    if not np.any(np.abs(fitter.survival_function_.to_numpy() - 0.5) < 1e-9):
        assert (median.value if isinstance(median, MedianTime) else np.inf) == fitter.median_survival_time_


def agrees_with_statsmodels(ends: Sequence[tuple[int, int]]) -> None:
    times, causes = np.array([end[0] for end in ends], dtype=float), np.array([end[1] for end in ends])
    assume(causes.max() == CAUSES)  # statsmodels makes no curve for a cause above the last one it sees
    curves, referee = _causes(cumulative_incidence(times, causes, CAUSES)), CumIncidenceRight(times, causes)
    at = np.searchsorted(curves[0].times, referee.times)
    before_the_end = curves[0].staying[at] > 0  # at the end its variance is not a number
    for place, curve in enumerate(curves):
        assert curve.incidence[at] == pytest.approx(referee.cinc[place], abs=1e-12)
        assert curve.se[at][before_the_end] == pytest.approx(referee.cinc_se[place][before_the_end], abs=1e-7)


def agrees_with_lifelines_on_causes(order: Sequence[int], causes: Sequence[int]) -> None:
    times = np.array(order, dtype=float) + 1  # no ties: lifelines shakes tied times apart
    for place, curve in enumerate(_causes(cumulative_incidence(times, causes, CAUSES))):
        if not curve.events.any():
            continue
        fitter = AalenJohansenFitter(calculate_variance=True).fit(times, causes, event_of_interest=place + 1)
        inside = (curve.incidence > 0) & (curve.incidence < 1) & (curve.staying > 0)
        assert curve.incidence == pytest.approx(fitter.cumulative_density_.to_numpy()[1:, 0], abs=1e-12)
        assert curve.se[inside] == pytest.approx(np.sqrt(fitter.variance_.to_numpy()[1:][inside]).ravel(), abs=1e-7)
        limits = fitter.confidence_interval_.to_numpy()[1:][inside]
        assert curve.low[inside] == pytest.approx(limits[:, 0], abs=1e-6)
        assert curve.high[inside] == pytest.approx(limits[:, 1], abs=1e-6)


def agrees_with_lifelines_on_groups(people: Sequence[tuple[int, bool, int]]) -> None:
    times, events, groups = zip(*people, strict=True)
    found = log_rank(times, events, groups)
    if isinstance(found, NotEstimable):
        assert found.reason in {Reason.ONE_GROUP, Reason.NO_VARIANCE, Reason.SINGULAR}
        reject()  # not one of the cases compared
    assert sum(found.observed) == pytest.approx(sum(found.expected), abs=1e-9) == sum(events)
    assume(found.df == len(set(groups)) - 1)  # lifelines cannot leave a group out
    referee = multivariate_logrank_test(times, groups, events)
    assert (found.chi2, found.p) == pytest.approx((referee.test_statistic, referee.p_value), rel=1e-6, abs=1e-9)


ORDERED = st.integers(1, 60).flatmap(
    lambda n: st.tuples(st.permutations(range(n)), st.lists(st.integers(0, CAUSES), min_size=n, max_size=n))
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SPELLS)
def test_the_curve_is_that_of_lifelines(spells: list[tuple[int, bool]]) -> None:
    agrees_with_lifelines(spells)


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(ENDS)
def test_the_incidence_is_that_of_statsmodels_also_with_ties(ends: list[tuple[int, int]]) -> None:
    agrees_with_statsmodels(ends)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(ORDERED)
def test_the_incidence_and_its_limits_are_those_of_lifelines(ends: tuple[list[int], list[int]]) -> None:
    agrees_with_lifelines_on_causes(*ends)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(GROUPED)
def test_the_log_rank_test_is_that_of_lifelines(people: list[tuple[int, bool, int]]) -> None:
    agrees_with_lifelines_on_groups(people)


@pytest.mark.slow
class TestFiveHundredTimes:
    @settings(max_examples=500, deadline=None, derandomize=True)
    @given(SPELLS)
    def test_the_curve(self, spells: list[tuple[int, bool]]) -> None:
        agrees_with_lifelines(spells)

    @settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
    @given(ENDS)
    def test_the_incidence_with_ties(self, ends: list[tuple[int, int]]) -> None:
        agrees_with_statsmodels(ends)

    @settings(max_examples=500, deadline=None, derandomize=True)
    @given(ORDERED)
    def test_the_incidence_and_its_limits(self, ends: tuple[list[int], list[int]]) -> None:
        agrees_with_lifelines_on_causes(*ends)

    @settings(max_examples=500, deadline=None, derandomize=True)
    @given(GROUPED)
    def test_the_log_rank_test(self, people: list[tuple[int, bool, int]]) -> None:
        agrees_with_lifelines_on_groups(people)


@settings(deadline=None, derandomize=True)
@given(ENDS)
def test_who_stays_and_every_cause_add_up_to_everybody(ends: list[tuple[int, int]]) -> None:
    curves = _causes(cumulative_incidence([days for days, _ in ends], [cause for _, cause in ends], CAUSES))
    assert sum(curve.incidence for curve in curves) + curves[0].staying == pytest.approx(np.ones(curves[0].times.size))


@settings(deadline=None, derandomize=True)
@given(SPELLS)
def test_whole_days_counted_and_any_times_sorted_give_the_same_curve(spells: list[tuple[int, bool]]) -> None:
    times, events = zip(*spells, strict=True)
    counted, ordered = _curve(kaplan_meier(times, events)), _curve(kaplan_meier(np.array(times, dtype=float), events))
    for column in ("times", "at_risk", "events", "survival", "se", "low", "high"):
        assert np.array_equal(getattr(counted, column), getattr(ordered, column))


@settings(deadline=None, derandomize=True)
@given(SPELLS)
def test_the_curve_falls_inside_its_limits_and_nothing_is_not_a_number(spells: list[tuple[int, bool]]) -> None:
    curve = _curve(kaplan_meier([days for days, _ in spells], [event for _, event in spells]))
    for column in (curve.survival, curve.low, curve.high, curve.se):
        assert np.isfinite(column).all()
    assert all(later <= before for before, later in pairwise(curve.survival))
    assert ((curve.low >= 0) & (curve.low <= curve.survival) & (curve.survival <= curve.high) & (curve.high <= 1)).all()


@settings(deadline=None, derandomize=True)
@given(ENDS)
def test_the_incidence_rises_inside_its_limits_and_nothing_is_not_a_number(ends: list[tuple[int, int]]) -> None:
    for curve in _causes(cumulative_incidence([days for days, _ in ends], [cause for _, cause in ends], CAUSES)):
        for column in (curve.incidence, curve.low, curve.high, curve.se):
            assert np.isfinite(column).all()
        assert all(later >= before for before, later in pairwise(curve.incidence))
        low, high = curve.low - 1e-12, curve.high + 1e-12
        assert ((low >= -1e-12) & (low <= curve.incidence) & (curve.incidence <= high) & (high <= 1 + 2e-12)).all()


@settings(deadline=None, derandomize=True)
@given(SPELLS)
def test_with_one_cause_the_incidence_is_what_kaplan_meier_leaves_over(spells: list[tuple[int, bool]]) -> None:
    times, events = zip(*spells, strict=True)
    curve = _curve(kaplan_meier(times, events))
    (only,) = _causes(cumulative_incidence(times, np.array(events, dtype=int), 1))
    assert only.incidence == pytest.approx(1 - curve.survival, abs=1e-12)
    there = curve.survival > 0
    assert only.se[there] == pytest.approx(curve.se[there], abs=1e-7)  # Greenwood's


def test_nobody_is_no_curve() -> None:
    none = NotEstimable(Reason.NO_DATA, {"n": 0})
    assert (kaplan_meier([], []), cumulative_incidence([], [], 2), log_rank([], [], [])) == (none, none, none)


@pytest.mark.parametrize("times", [[3, -1, 5], [3, float("nan"), 5], [3, float("inf"), 5]])
def test_a_time_that_cannot_be_is_named_with_its_row(times: list[float]) -> None:
    found = NotEstimable(Reason.OUT_OF_RANGE, {"row": 2, "n": 3})
    assert kaplan_meier(times, [1, 1, 0]) == found
    assert cumulative_incidence(times, [1, 1, 0], 1) == found
    assert log_rank(times, [1, 1, 0], [1, 1, 2]) == found


def test_a_cause_that_is_not_there_is_named_with_its_row() -> None:
    assert cumulative_incidence([1, 2], [1, 4], 3) == NotEstimable(Reason.OUT_OF_RANGE, {"row": 2, "n": 2})


@pytest.mark.parametrize("event", [2, -1, float("nan"), 0.5])
def test_an_event_that_is_neither_yes_nor_no_is_named_with_its_row(event: float) -> None:
    found = NotEstimable(Reason.OUT_OF_RANGE, {"row": 3, "n": 3})
    assert kaplan_meier([1, 2, 3], [0, 1, event]) == log_rank([1, 2, 3], [0, 1, event], [1, 2, 1]) == found


def test_any_kind_of_whole_number_is_a_time() -> None:
    plain = _curve(kaplan_meier([1, 2, 2], [1, 0, 1]))
    for kind in ("uint8", "uint64", "int32", "float32"):
        other = _curve(kaplan_meier(np.array([1, 2, 2], dtype=kind), np.array([True, False, True])))
        assert np.array_equal(other.survival, plain.survival)
    assert _curve(kaplan_meier([-0.0, 0.0, 5.5], [1, 0, 1])).times.tolist() == [0.0, 5.5]  # one zero
    assert _curve(kaplan_meier([3, 10**12], [1, 1])).survival.tolist() == [0.5, 0.0]  # no table of a billion days


def test_columns_of_other_lengths_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="per person"):
        kaplan_meier([1, 2], [1])
    with pytest.raises(ValueError, match="one group per person"):
        log_rank([1, 2], [1, 0], [1])


def test_while_nobody_has_left_the_limit_is_the_exact_one_of_who_is_followed() -> None:
    curve = _curve(kaplan_meier([10, 20, 20, 30], [0, 0, 0, 0]))
    same(survival_at(curve, 5), 1.0, 0.025 ** (1 / 4), 1.0, n=4)
    same(survival_at(curve, 20), 1.0, 0.025 ** (1 / 3), 1.0, n=4)
    same(survival_at(curve, 21), 1.0, 0.025, 1.0, n=4)  # only one of them is still followed
    assert curve.low == pytest.approx([0.025 ** (1 / n) for n in (4, 3, 1)])
    assert survival_at(curve, 31) == NotEstimable(Reason.NOT_REACHED, {"last": "30", "n": 4})
    assert median_time(curve) == NotEstimable(Reason.NOT_REACHED, {"n": 4})


def test_when_everybody_left_at_once_the_limit_is_the_exact_one() -> None:
    curve = _curve(kaplan_meier([7] * 20, [1] * 20))
    same(survival_at(curve, 7), 0.0, 0.0, 1 - 0.025 ** (1 / 20), n=20)
    assert survival_at(curve, 400) == survival_at(curve, 7)  # nobody is left to come back
    assert median_time(curve) == MedianTime(7.0, 7.0, 7.0, 20)
    assert float(curve.se[0]) == 0


def test_the_last_of_several_to_leave_cannot_widen_the_upper_limit() -> None:
    curve = _curve(kaplan_meier([1, 2, 3], [1, 1, 1]))
    assert curve.high[2] == pytest.approx(curve.high[1] * 0.975)
    assert curve.survival.tolist() == pytest.approx([2 / 3, 1 / 3, 0])


def test_one_person_and_day_zero() -> None:
    stayed, left = _curve(kaplan_meier([0], [0])), _curve(kaplan_meier([0], [1]))
    same(survival_at(stayed, 0), 1.0, 0.025, 1.0, n=1)
    same(survival_at(left, 0), 0.0, 0.0, 0.975, n=1)
    assert number_at_risk(left, 0) == 1
    assert median_time(left) == MedianTime(0.0, 0.0, NotEstimable(Reason.NOT_REACHED, {"n": 1}), 1)


def test_who_is_censored_on_the_day_another_leaves_was_still_at_risk() -> None:
    curve = _curve(kaplan_meier([5, 5, 9], [1, 0, 0]))
    assert curve.survival.tolist() == pytest.approx([2 / 3, 2 / 3])
    assert (number_at_risk(curve, 5), number_at_risk(curve, 5.5)) == (3, 1)


def test_the_upper_limit_of_a_median_may_not_be_reached() -> None:
    found = median_time(_curve(kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0])))
    assert isinstance(found, MedianTime)
    assert found.value == 2
    assert found.high == NotEstimable(Reason.NOT_REACHED, {"n": 4})


def test_a_half_is_a_half_also_when_it_was_multiplied_together() -> None:
    found = median_time(_curve(kaplan_meier(list(range(1, 15)), [1] * 7 + [0] * 7)))
    assert isinstance(found, MedianTime)
    assert found.value == 7


def test_the_limits_of_a_median_are_those_of_lifelines() -> None:
    numbers = np.random.default_rng(5)
    times, events = numbers.integers(1, 400, 300), numbers.random(300) < 0.7
    found, fitter = median_time(_curve(kaplan_meier(times, events))), KaplanMeierFitter().fit(times, events)
    assert isinstance(found, MedianTime)
    low, high = median_survival_times(fitter.confidence_interval_).to_numpy().ravel()
    assert (found.low, found.high) == (low, high)


def test_another_level_is_another_interval() -> None:
    narrow, wide = (survival_at(_curve(kaplan_meier([1, 2, 3], [1, 0, 1], level)), 1) for level in (0.5, 0.99))
    assert isinstance(narrow, Estimate)
    assert isinstance(wide, Estimate)
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high
    assert (narrow.level, wide.level) == (0.5, 0.99)


@pytest.mark.parametrize(
    ("times", "events", "groups", "reason"),
    [
        pytest.param([1, 2, 3], [1, 1, 0], ["a", "a", "a"], Reason.ONE_GROUP, id="one group"),
        pytest.param([1, 2, 3], [0, 0, 0], ["a", "b", "b"], Reason.NO_VARIANCE, id="nobody left"),
        pytest.param([4, 4], [1, 1], ["a", "b"], Reason.NO_VARIANCE, id="all at once"),
        pytest.param(
            [1, 5, 6], [0, 1, 1], ["a", "b", "b"], Reason.ONE_GROUP, id="one group was gone before anybody left"
        ),
        pytest.param([1, 1, 5, 5], [1, 0, 1, 1], ["a", "b", "c", "c"], None, id="three groups"),
        pytest.param([3], [1], ["a"], Reason.ONE_GROUP, id="one person"),
    ],
)
def test_a_comparison_that_cannot_be_made_says_why(
    times: list[int], events: list[int], groups: list[str], reason: Reason | None
) -> None:
    found = log_rank(times, events, groups)
    assert (found.reason if isinstance(found, NotEstimable) else None) is reason


def test_two_groups_of_the_same_people_do_not_differ() -> None:
    found = log_rank([1, 2, 3] * 2, [1, 1, 0] * 2, ["a"] * 3 + ["b"] * 3)
    assert isinstance(found, LogRank)
    assert (found.chi2, found.p) == pytest.approx((0, 1))
    assert (found.df, found.groups, found.observed, found.n) == (1, ("a", "b"), (2, 2), 6)


def test_a_cause_that_nobody_left_for_has_a_limit_by_who_is_followed() -> None:
    dropped, died = _causes(cumulative_incidence([10, 20, 30], [1, 0, 0], 2))
    same(incidence_at(died, 15), 0.0, 0.0, 1 - 0.025 ** (1 / 2), n=3)
    assert incidence_at(died, 31) == NotEstimable(Reason.NOT_REACHED, {"last": "30", "n": 3})
    found = incidence_at(dropped, 15)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(1 / 3)


def test_when_everybody_left_for_one_cause_it_is_everybody() -> None:
    one, none = _causes(cumulative_incidence([3, 4, 4], [1, 1, 1], 2))
    # Who stays has at most the limit of the step before, times the exact limit of the two who left last.
    same(incidence_at(one, 4), 1.0, 1 - (1 - float(one.low[0])) * (1 - 0.025 ** (1 / 2)), 1.0, n=3)
    assert 0 < float(one.low[1]) < 1
    same(incidence_at(none, 9), 0.0, 0.0, 1 - 0.025 ** (1 / 2), n=3)
    same(incidence_at(one, 1), 0.0, 0.0, 1 - 0.025 ** (1 / 3), n=3)


@pytest.mark.parametrize("whole", [True, False], ids=["whole days", "any time"])
def test_a_million_people_are_no_obstacle(whole: bool) -> None:
    numbers = np.random.default_rng(7)
    times = numbers.integers(0, 730, 1_000_000) if whole else numbers.exponential(300, 1_000_000)
    causes = numbers.integers(0, 4, 1_000_000)
    curve = _curve(kaplan_meier(times, causes == 1))
    assert curve.n == 1_000_000
    assert np.isfinite(curve.low).all()
    assert np.isfinite(curve.high).all()
    for cause in _causes(cumulative_incidence(times, causes, CAUSES)):
        assert np.isfinite(cause.low).all()
        assert np.isfinite(cause.high).all()
