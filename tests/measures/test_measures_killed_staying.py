"""Who answers and who stays: every interval at the level asked for, and what happens exactly at an edge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.measures.competing import cumulative_incidence, incidence_at
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import wilson
from service.measures.leaving import CAUSES, Exit, Leaving, LeavingCurves, NotFollowed, Stay, leaving_curves
from service.measures.reliability import OnTime, on_time
from service.measures.response_rates import Course, Reach, paired_rate, response_course, response_rates, wave_flow
from service.measures.retention import WaveOutcome
from service.measures.steps import Awaited, settled

START, DAY = datetime(2026, 1, 5, 9, tzinfo=UTC), timedelta(days=1)
COMPLETE, LATE, PARTIAL, REFUSED = WaveOutcome.COMPLETE, WaveOutcome.LATE, WaveOutcome.PARTIAL, WaveOutcome.REFUSED


def test_response_rates_at_the_level_asked_for() -> None:
    outcomes = [COMPLETE] * 5 + [LATE] * 2 + [PARTIAL] + [REFUSED] * 3 + [WaveOutcome.NO_REPLY] * 4
    rates = response_rates(wave_flow("T0", [Course(outcome, Reach.DELIVERED) for outcome in outcomes]), 0.8)
    assert (rates.rr1, rates.rr2) == (wilson(7, 15, 0.8), wilson(8, 15, 0.8))
    assert (rates.coop1, rates.ref1) == (wilson(7, 11, 0.8), wilson(3, 15, 0.8))
    assert rates.rr1 != wilson(7, 15)


def test_the_course_of_a_panel_at_the_level_asked_for() -> None:
    people = [(COMPLETE, COMPLETE)] * 3 + [(COMPLETE, WaveOutcome.NO_REPLY), (LATE, WaveOutcome.PENDING)]
    first, second = response_course(people, 2, 0.8)
    assert (first.cumulative, first.conditional) == (wilson(5, 5, 0.8), NotEstimable(Reason.NO_DATA, {"n": 0}))
    assert second.cumulative == second.conditional == wilson(3, 4, 0.8)
    assert paired_rate(people, 0.8) == wilson(3, 4, 0.8)
    assert on_time([COMPLETE, COMPLETE, LATE, REFUSED], 0.8) == OnTime(wilson(2, 3, 0.8), wilson(2, 4, 0.8))


def test_curves_of_leaving_at_the_level_asked_for() -> None:
    began = date(2026, 1, 1)
    stays = [
        Stay(began, Exit.STOPPED, date(2026, 2, 1)),
        Stay(began, Exit.DECEASED, date(2026, 3, 1)),
        Stay(began),
        Stay(began, Exit.NEVER_STARTED),
    ]
    found = leaving_curves(stays, date(2026, 4, 1), 0.8)
    assert isinstance(found, LeavingCurves)
    assert list(found.incidence) == list(CAUSES)
    assert {found.drop_out.level, *(curve.level for curve in found.incidence.values())} == {0.8}
    assert found.incidence[Leaving.DIED].events.tolist() == [0, 1, 0]
    assert (found.followed, found.not_followed[NotFollowed.NEVER_STARTED]) == (3, 1)


def test_an_incidence_keeps_its_level_and_ends_at_the_last_time_seen() -> None:
    (curve,) = cumulative_incidence([2, 5, 9, 9], [0, 1, 0, 0], 1, 0.8)  # type: ignore[misc] # there are people
    none, last = incidence_at(curve, 3), incidence_at(curve, 9)
    assert isinstance(none, Estimate)
    assert isinstance(last, Estimate)
    assert (none.value, none.low, none.high) == pytest.approx((0, 0, 1 - 0.1 ** (1 / 3)))
    assert last.value == pytest.approx(1 / 3)
    assert none.level == last.level == 0.8
    assert incidence_at(curve, 9.1) == NotEstimable(Reason.NOT_REACHED, {"last": "9", "n": 4})


def test_one_moment_is_a_curve_too() -> None:
    (curve,) = cumulative_incidence([5, 5], [1, 0], 1)  # type: ignore[misc]
    assert incidence_at(curve, 6) == NotEstimable(Reason.NOT_REACHED, {"last": "5", "n": 2})
    (gone,) = cumulative_incidence([5, 5], [1, 1], 1)  # type: ignore[misc]
    assert isinstance(incidence_at(gone, 6), Estimate)


def test_an_answer_in_the_last_moment_of_a_round_belongs_to_it() -> None:
    people = [Awaited(n, START, START + 10 * DAY, START + 10 * DAY) for n in range(10)]
    assert len(settled(people, START + 10 * DAY)) == 10


def test_windows_that_touch_are_one_round() -> None:
    first = [Awaited(n, START, START + 10 * DAY, START + 5 * DAY) for n in range(10)]
    second = [Awaited(20 + n, START + 10 * DAY, START + 20 * DAY, None) for n in range(2)]
    assert settled(first + second, START + 15 * DAY) == frozenset()
    assert len(settled(first + second, START + 20 * DAY)) == 10


def test_people_of_any_kind_can_be_put_in_order() -> None:
    people: list[Awaited] = [Awaited(n if n % 2 else f"{n}", START, START + 10 * DAY, START + DAY) for n in range(10)]
    assert len(settled(people, START + 10 * DAY)) == 10
