from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.item_values import Values
from service.measures.reliability import Alpha, alpha, on_time
from service.measures.retention import WaveOutcome
from service.measures.scalability import Scalability, Strength, loevinger

SEEDS = st.integers(0, 2**32 - 1)


def answered(seed: int, n: int, k: int, gaps: float = 0.0) -> Values:
    """0/1 answers of n people to k items that share one trait, with a share of gaps."""
    chance = np.random.default_rng(seed)
    trait, bound = chance.normal(size=(n, 1)), chance.normal(size=k)
    values = (trait + chance.normal(size=(n, k)) > bound).astype(float)
    values[chance.random((n, k)) < gaps] = np.nan
    return values


def numbers(values: Values) -> range:
    return range(1, values.shape[1] + 1)


def same_alpha_as_pingouin(seed: int, n: int, k: int, gaps: float) -> None:
    values = answered(seed, n, k, gaps)
    found = alpha(numbers(values), values)
    if isinstance(found, NotEstimable):
        assert found.reason in {Reason.TOO_FEW, Reason.NO_VARIANCE}
        reject()  # not one of the cases compared
    kept = values[:, [number - 1 for number in found.used]]
    complete = kept[~np.isnan(values).any(axis=1)]
    value, interval = pingouin.cronbach_alpha(pd.DataFrame(complete))
    assert found.estimate.value == pytest.approx(value, abs=1e-9)
    assert (found.estimate.low, found.estimate.high) == pytest.approx(tuple(interval), abs=0.00051)  # it rounds
    assert set(found.used) | set(found.skipped) == set(numbers(values))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 120), st.integers(2, 12), st.sampled_from([0.0, 0.05]))
def test_alpha_is_that_of_pingouin(seed: int, n: int, k: int, gaps: float) -> None:
    same_alpha_as_pingouin(seed, n, k, gaps)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 300), st.integers(2, 12), st.sampled_from([0.0, 0.05]))
def test_alpha_is_that_of_pingouin_in_five_hundred_cases(seed: int, n: int, k: int, gaps: float) -> None:
    same_alpha_as_pingouin(seed, n, k, gaps)


def by_guttman_errors(values: Values, pairs: list[tuple[int, int]]) -> float:
    """H counted the other way: 1 - errors seen / errors expected, an error being yes to the harder item only."""
    seen = expected = 0.0
    share = values.mean(axis=0)
    for first, second in pairs:
        hard, easy = (first, second) if share[first] <= share[second] else (second, first)
        seen += float(((values[:, hard] == 1) & (values[:, easy] == 0)).sum())
        expected += len(values) * float(share[hard] * (1 - share[easy]))
    return 1 - seen / expected


def same_h_as_counted(seed: int, n: int, k: int) -> None:
    values = answered(seed, n, k)
    found = loevinger(numbers(values), values)
    if isinstance(found, NotEstimable):
        assert found.reason in {Reason.TOO_FEW, Reason.NO_VARIANCE}
        reject()  # not one of the cases compared
    kept = values[:, [number - 1 for number in found.items]]
    pairs = list(combinations(range(kept.shape[1]), 2))
    assert found.scale.value == pytest.approx(by_guttman_errors(kept, pairs), abs=1e-9)
    for place, estimate in enumerate(found.items.values()):
        own = [pair for pair in pairs if place in pair]
        assert estimate.value == pytest.approx(by_guttman_errors(kept, own), abs=1e-9)
        assert math.isfinite(estimate.low)
        assert estimate.low <= estimate.value <= estimate.high <= 1


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SEEDS, st.integers(50, 200), st.integers(2, 11))
def test_h_is_one_minus_errors_seen_over_errors_expected(seed: int, n: int, k: int) -> None:
    same_h_as_counted(seed, n, k)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 400), st.integers(2, 11))
def test_h_is_one_minus_errors_seen_over_errors_expected_in_five_hundred_cases(seed: int, n: int, k: int) -> None:
    same_h_as_counted(seed, n, k)


def test_the_interval_of_h_is_as_wide_as_leaving_out_one_person_at_a_time_says() -> None:
    values = answered(11, 400, 6)
    found = loevinger(numbers(values), values)
    assert isinstance(found, Scalability)
    pairs = list(combinations(range(6), 2))
    for estimate, own in [(found.scale, pairs), (found.items[2], [pair for pair in pairs if 1 in pair])]:
        without = np.array([by_guttman_errors(np.delete(values, person, axis=0), own) for person in range(400)])
        jackknife = math.sqrt(399 / 400 * float(((without - without.mean()) ** 2).sum()))
        used = math.log((1 - estimate.low) / (1 - estimate.value)) * (1 - estimate.value) / 1.959964
        assert used == pytest.approx(jackknife, rel=0.03)


def test_fewer_than_thirty_people_get_no_alpha_and_fewer_than_fifty_no_h() -> None:
    values = answered(1, 50, 6)
    assert isinstance(alpha(numbers(values), values[:30]), Alpha)
    assert alpha(numbers(values), values[:29]) == NotEstimable(Reason.TOO_FEW, {"n": 29, "needed": 30})
    assert isinstance(loevinger(numbers(values), values), Scalability)
    assert loevinger(numbers(values), values[:49]) == NotEstimable(Reason.TOO_FEW, {"n": 49, "needed": 50})


def test_people_who_skipped_an_item_do_not_count() -> None:
    values = answered(2, 60, 5)
    whole = alpha(numbers(values), values[:40])
    values[40:, 3] = np.nan
    assert alpha(numbers(values), values) == whole


def test_an_item_with_one_and_the_same_answer_is_skipped_and_named() -> None:
    values = answered(3, 80, 5)
    values[:, 2] = 1
    without = np.delete(values, 2, axis=1)
    found, bare = alpha([3, 4, 7, 8, 9], values), alpha([3, 4, 8, 9], without)
    assert isinstance(found, Alpha)
    assert isinstance(bare, Alpha)
    assert (found.skipped, found.used, found.estimate) == ((7,), (3, 4, 8, 9), bare.estimate)
    h = loevinger([3, 4, 7, 8, 9], values)
    assert isinstance(h, Scalability)
    assert (h.skipped, tuple(h.items)) == ((7,), (3, 4, 8, 9))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_anybody_is_too_few(n: int) -> None:
    values = np.ones((n, 4))
    assert alpha(numbers(values), values) == NotEstimable(Reason.TOO_FEW, {"n": n, "needed": 30})
    assert loevinger(numbers(values), values) == NotEstimable(Reason.TOO_FEW, {"n": n, "needed": 50})


def test_nothing_but_gaps_is_too_few() -> None:
    values = np.full((100, 4), np.nan)
    assert alpha(numbers(values), values) == NotEstimable(Reason.TOO_FEW, {"n": 0, "needed": 30})
    assert loevinger(numbers(values), values) == NotEstimable(Reason.TOO_FEW, {"n": 0, "needed": 50})


def test_one_item_is_no_scale() -> None:
    values = answered(4, 60, 1)
    assert alpha([1], values) == NotEstimable(Reason.TOO_FEW, {"items": 1, "needed": 2})
    assert loevinger([1], values) == NotEstimable(Reason.TOO_FEW, {"items": 1, "needed": 2})


def test_items_that_never_vary_or_cancel_out_have_no_variance() -> None:
    same = np.ones((60, 4))
    assert alpha(numbers(same), same) == NotEstimable(Reason.NO_VARIANCE, {"n": 60, "items": 0})
    assert loevinger(numbers(same), same) == NotEstimable(Reason.NO_VARIANCE, {"n": 60, "items": 0})
    first = np.arange(60) % 2
    opposite = np.column_stack([first, 1 - first]).astype(float)
    assert alpha([1, 2], opposite) == NotEstimable(Reason.NO_VARIANCE, {"n": 60, "items": 2})


def test_a_perfect_scale_has_an_alpha_and_an_h_of_one() -> None:
    first = (np.arange(60) % 2).astype(float)
    same = np.column_stack([first] * 4)
    of_alpha, of_h = alpha(numbers(same), same), loevinger(numbers(same), same)
    assert isinstance(of_alpha, Alpha)
    assert isinstance(of_h, Scalability)
    assert (of_alpha.estimate.value, of_alpha.estimate.high) == pytest.approx((1, 1))
    assert (of_h.scale, of_h.strength) == (Estimate(1, 1, 1, 60), Strength.STRONG)


def test_h_is_for_yes_and_no_only() -> None:
    values = answered(5, 60, 3) + 1
    assert loevinger([1, 2, 3], values) == NotEstimable(Reason.OUT_OF_RANGE, {"lowest": 0, "highest": 1})


def test_a_narrower_level_gives_a_narrower_interval() -> None:
    values = answered(6, 100, 5)
    wide, narrow = alpha(numbers(values), values), alpha(numbers(values), values, 0.8)
    assert isinstance(wide, Alpha)
    assert isinstance(narrow, Alpha)
    assert wide.estimate.low < narrow.estimate.low < narrow.estimate.high < wide.estimate.high


def test_a_million_people_are_no_obstacle() -> None:
    values = np.tile(answered(7, 1000, 11), (1000, 1))
    assert isinstance(alpha(numbers(values), values), Alpha)
    assert isinstance(loevinger(numbers(values), values), Scalability)


def test_on_time_counts_of_answers_and_of_everybody_due() -> None:
    late_and_timely = [WaveOutcome.COMPLETE] * 6 + [WaveOutcome.LATE] * 2
    rest = [WaveOutcome.NO_REPLY, WaveOutcome.PARTIAL, WaveOutcome.LEFT, WaveOutcome.PENDING]
    found = on_time(late_and_timely + rest)
    assert isinstance(found.of_answered, Estimate)
    assert isinstance(found.of_due, Estimate)
    assert (found.of_answered.value, found.of_answered.n) == (6 / 8, 8)
    assert (found.of_due.value, found.of_due.n) == (6 / 10, 10)


def test_on_time_of_a_wave_that_is_still_open_has_no_data() -> None:
    found = on_time([WaveOutcome.PENDING, WaveOutcome.LEFT])
    assert found.of_answered == found.of_due == NotEstimable(Reason.NO_DATA, {"n": 0})
