"""Shares, retention and change against published and independently computed figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.change import mean_interval, paired_change
from service.measures.retention import WaveOutcome, share, wave_retention


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775327999),
        (3, 10, 0.1077912674, 0.6032218525),
        (9, 12, 0.4676946651, 0.9110583316),
        (45, 63, 0.5929728343, 0.8109680801),
        (100, 138, 0.6447903915, 0.7923173520),
    ],
)
def test_the_wilson_interval_is_that_of_r(count: int, of: int, low: float, high: float) -> None:
    found = share(count, of)
    assert (found.count, found.of) == (count, of)
    assert found.share == pytest.approx(count / of, abs=1e-12)
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)


def test_a_share_of_nobody_is_no_share() -> None:
    assert (share(0, 0).share, share(0, 0).low, share(0, 0).high) == (None, None, None)


@pytest.mark.parametrize(("count", "of"), [(-1, 3), (4, 3), (1, 0)])
def test_a_count_outside_its_denominator_is_a_mistake(count: int, of: int) -> None:
    with pytest.raises(ValueError, match="count"):
        share(count, of)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_share_and_stays_between_nothing_and_everything(pair: tuple[int, int]) -> None:
    found = share(*pair)
    assert found.low is not None
    assert found.share is not None
    assert found.high is not None
    assert 0 <= found.low <= found.share <= found.high <= 1


@given(st.lists(st.sampled_from(list(WaveOutcome)), max_size=60))
def test_the_counts_of_a_wave_add_up(outcomes: list[WaveOutcome]) -> None:
    wave = wave_retention("t1", outcomes)
    closed = wave.complete + wave.late + wave.partial + wave.no_reply + wave.refused + wave.unreachable
    assert wave.closed == closed
    assert wave.closed + wave.left + wave.pending == wave.enrolled == len(outcomes)
    assert (wave.response.count, wave.response.of) == (wave.complete + wave.late, wave.closed)


def test_an_open_window_and_a_death_before_it_are_in_no_denominator() -> None:
    wave = wave_retention("t1", [WaveOutcome.COMPLETE, WaveOutcome.NO_REPLY, WaveOutcome.PENDING, WaveOutcome.LEFT])
    assert (wave.response.count, wave.response.of) == (1, 2)


def test_the_mean_of_nobody_and_of_one_person_has_no_interval() -> None:
    assert (mean_interval([]).n, mean_interval([]).mean) == (0, None)
    one = mean_interval([7])
    assert (one.n, one.mean, one.sd, one.low, one.high) == (1, 7.0, None, None, None)


def test_the_t_interval_of_a_mean() -> None:
    found = mean_interval([2, 4, 4, 6])  # sd 1.632993, t(3) = 3.182446
    assert found.mean == pytest.approx(4)
    assert found.sd == pytest.approx(1.6329931619, abs=1e-9)
    assert found.low == pytest.approx(4 - 3.1824463053 * 1.6329931619 / 2, abs=1e-8)
    assert found.high == pytest.approx(4 + 3.1824463053 * 1.6329931619 / 2, abs=1e-8)


def test_paired_change_of_two_lists_of_other_lengths_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        paired_change([1, 2], [1])


def test_no_pairs_no_change() -> None:
    assert paired_change([], []) is None


def test_one_pair_and_equal_differences_have_no_test() -> None:
    one = paired_change([9], [6])
    assert one is not None
    assert (one.difference, one.sd_pre, one.sd_difference, one.low, one.t, one.p) == (-3, None, None, None, None, None)
    same = paired_change([9, 8, 7], [8, 7, 6])
    assert same is not None
    assert (same.difference, same.sd_difference, same.low, same.high, same.t) == (-1, 0, -1, -1, None)


def test_lower_afterwards_is_a_negative_change() -> None:
    found = paired_change([11, 9, 8, 10], [6, 7, 8, 7])
    assert found is not None
    assert found.difference == pytest.approx(-2.5)
    assert found.t is not None
    assert found.t < 0


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=2, max_size=50))
def test_the_change_is_the_difference_of_the_means_and_inside_its_interval(pairs: list[tuple[int, int]]) -> None:
    found = paired_change([before for before, _ in pairs], [after for _, after in pairs])
    assert found is not None
    assert math.isclose(found.difference, found.mean_post - found.mean_pre, abs_tol=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.difference <= found.high
