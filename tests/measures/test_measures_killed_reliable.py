"""Reliable change, regression to the mean and the permutation test: exactly at an edge, at a level, and in words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from service.measures.change import t_interval
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.flow import Assessed, flow
from service.measures.instrument import Polarity
from service.measures.intervals import wilson
from service.measures.multiplicity import holm
from service.measures.regression_to_mean import Population, RegressionNote, regression_note
from service.measures.reliable_change import ReliableChange, Wobble, reliable_change
from service.measures.retention import WaveOutcome
from service.measures.sign_flip import Method, SignFlip, sign_flip_test

WOBBLE = Wobble(1.0, 0.5, 0, 10, "made up")
JUST = WOBBLE.critical()
BETTER_HIGH = Polarity.HIGHER_IS_BETTER


def counted(found: ReliableChange | NotEstimable) -> tuple[int, int, int, int]:
    assert isinstance(found, ReliableChange)
    return found.recovered, found.improved, found.unchanged, found.deteriorated


@pytest.mark.parametrize("polarity", list(Polarity))
def test_a_change_as_large_as_the_wobble_is_not_reliable(polarity: Polarity) -> None:
    found = reliable_change([0.0, JUST, 0.0, 10.0], [JUST, 0.0, 5.0, 5.0], WOBBLE, polarity=polarity)
    assert counted(found) == (0, 1, 2, 1)


def test_room_as_large_as_the_wobble_is_not_enough() -> None:
    found = reliable_change([JUST, 5.0, JUST], [5.0, 5.0, 5.0], WOBBLE)
    assert isinstance(found, ReliableChange)
    assert (found.eligible, found.n, found.people, found.critical) == (wilson(1, 3), 3, 3, JUST)


def test_room_is_counted_towards_the_better_end() -> None:
    up = reliable_change([9.0, 1.0, 1.0], [9.0, 1.0, 1.0], WOBBLE, polarity=BETTER_HIGH)
    down = reliable_change([9.0, 1.0, 1.0], [9.0, 1.0, 1.0], WOBBLE)
    assert isinstance(up, ReliableChange)
    assert isinstance(down, ReliableChange)
    assert (up.eligible, down.eligible) == (wilson(2, 3), wilson(1, 3))


def test_recovered_is_from_the_edge_or_worse_to_better_than_it() -> None:
    assert counted(reliable_change([6.0, 9.0, 8.0], [2.0, 6.0, 5.0], WOBBLE, edge=6)) == (2, 1, 0, 0)
    up = reliable_change([4.0, 1.0, 2.0], [8.0, 4.0, 5.0], WOBBLE, edge=4, polarity=BETTER_HIGH)
    assert counted(up) == (2, 1, 0, 0)


def test_what_cannot_be_is_named() -> None:
    assert reliable_change([1], [1], Wobble(0.0, 0.5, 0, 10, "")) == NotEstimable(
        Reason.OUT_OF_RANGE, {"term": "wobble"}
    )
    assert reliable_change([1], [1], Wobble(1.0, 1.0, 0, 10, "")) == NotEstimable(
        Reason.OUT_OF_RANGE, {"term": "wobble"}
    )
    beyond = NotEstimable(Reason.OUT_OF_RANGE, {"minimum": 0, "maximum": 10})
    assert reliable_change([1, 11], [1, 2], WOBBLE) == reliable_change([1, 2], [-1, 2], WOBBLE) == beyond
    assert isinstance(reliable_change([0, 10], [10, 0], WOBBLE), ReliableChange)


def test_what_a_chosen_group_falls_by_itself_at_the_level_asked_for() -> None:
    scores, everybody = np.array([7.0, 8.0, 10.0, 9.0]), Population(5.0, 0.6, 1000, "made up")
    found, mean = regression_note(scores, everybody, 0.9), t_interval(scores, 0.9)
    assert isinstance(found, RegressionNote)
    assert isinstance(mean, Estimate)
    expected = found.expected
    assert (expected.value, expected.low, expected.high) == pytest.approx(
        (0.4 * (5 - 8.5), 0.4 * (5 - mean.high), 0.4 * (5 - mean.low))
    )
    assert (expected.n, expected.level, found.population) == (4, 0.9, everybody)
    assert found.beyond(-2.0) == pytest.approx(-0.6)


@pytest.mark.parametrize(("correlation", "expected"), [(0.0, -3.5), (1.0, 0.0)])
def test_no_and_a_perfect_correlation_are_correlations(correlation: float, expected: float) -> None:
    found = regression_note([7, 8, 10, 9], Population(5.0, correlation, 1000, ""))
    assert isinstance(found, RegressionNote)
    assert found.expected.value == pytest.approx(expected)


def test_a_correlation_that_cannot_be_is_named() -> None:
    for wrong in (-0.1, 1.1):
        assert regression_note([7, 8], Population(5.0, wrong, 10, "")) == NotEstimable(
            Reason.OUT_OF_RANGE, {"constant": "correlation"}
        )


def test_how_the_permutation_was_done() -> None:
    chance = np.random.default_rng(2)
    sixteen, more = chance.integers(-3, 3, 16), chance.integers(-3, 3, 17)
    exact, drawn = sign_flip_test(sixteen, chance), sign_flip_test(more, chance)
    assert isinstance(exact, SignFlip)
    assert isinstance(drawn, SignFlip)
    assert (exact.method, exact.patterns, exact.n) == (Method.EXACT, 2**16, 16)
    assert (drawn.method, drawn.patterns, drawn.n) == (Method.DRAWN, 9999, 17)


def test_with_very_many_sizes_the_normal_limit_is_used() -> None:
    at_most = np.arange(1, 201) * np.tile([1.0, -1.0], 100)
    found = sign_flip_test(at_most, np.random.default_rng(2))
    assert isinstance(found, SignFlip)
    assert found.method is Method.DRAWN
    more = np.append(at_most, 1500.0)
    normal = sign_flip_test(more, np.random.default_rng(2))
    z = more.sum() / math.sqrt(float(more @ more))
    assert isinstance(normal, SignFlip)
    assert (normal.method, normal.n, normal.patterns) == (Method.NORMAL, 201, 0)
    assert normal.p == pytest.approx(2 * stats.norm.sf(z))


def test_adjusted_p_values_of_whole_numbers_are_not_whole() -> None:
    assert holm([1, 0]) == (1.0, 0.0)


def test_a_flow_names_every_wave_and_everyone_that_is_not_planned() -> None:
    found = flow([Assessed(arm="a", waves={"t0": WaveOutcome.COMPLETE})], ["t0", "t1"], "t0", "t1")
    assert [split.retention.wave for split in found.arms[0].asking.waves] == ["t0", "t1"]
    assert [split.not_planned for split in found.arms[0].asking.waves] == [0, 1]
    with pytest.raises(ValueError, match=r"^unknown waves: t7, t9$"):
        flow([Assessed(waves={"t9": WaveOutcome.LATE, "t7": WaveOutcome.LATE})], ["t0", "t1"], "t0", "t1")
