"""Curves of staying and leaving at their edges: the first event, the last person, one moment, and the exact variance."""

from __future__ import annotations

import numpy as np
import pytest

from service.measures.competing import IncidenceCurve, cumulative_incidence
from service.measures.estimate import NotEstimable, Reason
from service.measures.log_rank import log_rank
from service.measures.response_rates import Course, Reach, wave_flow
from service.measures.retention import WaveOutcome, wave_retention
from service.measures.risk_table import RiskTable, risk_table
from service.measures.survival import MedianTime, SurvivalCurve, kaplan_meier, median_time


def curve_of(times: list[float], events: list[int], level: float = 0.95) -> SurvivalCurve:
    found = kaplan_meier(times, events, level)
    assert isinstance(found, SurvivalCurve)
    return found


def incidence_of(times: list[float], causes: list[int], kinds: int) -> tuple[IncidenceCurve, ...]:
    found = cumulative_incidence(times, causes, kinds)
    assert not isinstance(found, NotEstimable)
    return found


def test_a_wave_keeps_its_name() -> None:
    assert wave_flow("T2", [Course(WaveOutcome.LATE, Reach.INVITED)]).wave == "T2"
    assert wave_retention("T2", [WaveOutcome.LATE]).wave == "T2"


def test_a_median_begins_with_the_first_who_left_and_keeps_its_level() -> None:
    found = median_time(curve_of([1, 2, 3, 4, 5], [0, 1, 1, 1, 1], 0.96))
    assert isinstance(found, MedianTime)
    assert (found.low, found.value, found.n, found.level) == (2, 3, 5, 0.96)


def test_when_nobody_is_left_the_last_limit_is_that_of_the_step_before() -> None:
    two = curve_of([1, 2], [1, 1])
    assert two.survival.tolist() == [0.5, 0]
    assert (two.low[-1], two.high[-1]) == pytest.approx((0, two.high[0] * (1 - 0.025)))
    at_once = curve_of([4, 4, 4], [1, 1, 1])
    assert (at_once.low[0], at_once.high[0]) == pytest.approx((0, 1 - 0.025 ** (1 / 3)))


def test_everybody_leaving_for_one_cause_is_exactly_everybody() -> None:
    for people in range(1, 40):
        (curve,) = incidence_of(list(range(people)), [1] * people, 1)
        assert (curve.incidence[-1], curve.high[-1]) == (1, 1)
        assert curve.incidence.max() <= 1
    (at_once,) = incidence_of([5, 5], [1, 1], 1)
    assert at_once.low[0] == pytest.approx(0.025 ** (1 / 2))


def test_the_variance_is_the_double_sum_of_the_delta_method() -> None:
    times, causes = [1.0, 2, 2, 3, 4, 5, 6], [1, 2, 1, 0, 1, 2, 1]
    curves = incidence_of(times, causes, 2)
    moments = sorted(set(times))
    n = [sum(time >= moment for time in times) for moment in moments]
    for kind, curve in enumerate(curves, start=1):
        for place in range(len(moments)):
            variance = 0.0
            for s, moment in enumerate(moments[: place + 1]):
                all_of = sum(t == moment and c > 0 for t, c in zip(times, causes, strict=True))
                own = sum(t == moment and c == kind for t, c in zip(times, causes, strict=True))
                before = curve.staying[s - 1] if s else 1.0
                gap = curve.incidence[place] - curve.incidence[s]
                variance += gap**2 * all_of / (n[s] * (n[s] - all_of)) if n[s] > all_of else 0
                variance += before**2 * own * (n[s] - own) / n[s] ** 3 - 2 * gap * before * own / n[s] ** 2
            assert curve.se[place] ** 2 == pytest.approx(variance, abs=1e-12)


def test_half_a_cause_and_a_negative_time_are_refused_by_row() -> None:
    assert risk_table([1.0, 2.0], [0.5, 1.0], 1) == NotEstimable(Reason.OUT_OF_RANGE, {"row": 1, "n": 2})
    assert risk_table([1.0, -2.0], [0.0, 1.0], 1) == NotEstimable(Reason.OUT_OF_RANGE, {"row": 2, "n": 2})
    with pytest.raises(ValueError, match=r"^one time and one cause per person$"):
        risk_table(np.array([1, 2]), np.array([1]), 1)


def test_whole_days_and_moments_are_counted_alike_with_one_cause_and_with_two() -> None:
    days, causes = [3, 1, 3, 7, 100_000, 200_000, 1], [1, 0, 1, 0, 1, 1, 1]
    for kinds in (1, 2):
        for times in (days, [float(day) for day in days], [float(day) / 8 for day in days]):
            found = risk_table(times, causes, kinds)
            assert isinstance(found, RiskTable)
            assert found.at_risk.tolist() == [7, 5, 3, 2, 1]
            assert found.left[0].tolist() == [1, 2, 0, 1, 1]
            assert [part.dtype.name for part in (found.times, found.at_risk, found.left)] == [
                "float64",
                "int64",
                "int64",
            ]


def test_a_comparison_of_leaving_that_cannot_be_made_says_of_how_many() -> None:
    assert log_rank([1, 2, 3], [0, 0, 0], ["a", "b", "a"]) == NotEstimable(Reason.NO_VARIANCE, {"n": 3})
    assert log_rank([5, 5, 5], [1, 1, 1], ["a", "b", "a"]) == NotEstimable(Reason.NO_VARIANCE, {"n": 3})
    assert log_rank([1, 2, 3], [1, 1, 0], ["a", "a", "a"]) == NotEstimable(Reason.ONE_GROUP, {"n": 3})
    with pytest.raises(ValueError, match=r"^one group per person$"):
        log_rank([1, 2, 3], [1, 1, 0], ["a", "b"])
