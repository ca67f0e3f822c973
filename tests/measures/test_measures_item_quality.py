from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.instrument import Instrument
from service.measures.intervals import wilson
from service.measures.item_quality import StraightLining, item_drift, item_shares, straight_lining
from service.measures.item_values import Values, item_values
from service.measures.reliability import alpha, on_time
from service.measures.retention import WaveOutcome
from service.measures.scalability import loevinger
from service.measures.scoring_table import MISSING, Codes, codes_of
from service.measures.wave_quality import wave_quality

Instruments = Mapping[str, Instrument]
NAN = np.nan


def coded(instrument: Instrument, *rows: str) -> Codes:
    """Rows such as "13313311331" in the manual's digits (1 no, 2 more or less, 3 yes, . missing), items 1, 2, 3 ..."""
    place = {
        digit: codes_of(instrument).index(code) for digit, code in [("1", "no"), ("2", "more_or_less"), ("3", "yes")]
    }
    order = sorted(item.number for item in instrument.items)
    return np.array(
        [[place.get(row[order.index(item.number)], MISSING) for item in instrument.items] for row in rows],
        dtype=np.int8,
    )


def test_answers_become_lonely_points_in_the_direction_of_each_item(instruments: Instruments) -> None:
    djg11 = instruments["djg11"]
    values = item_values(djg11, coded(djg11, "1.313311331", "22222222222", "31131133113"), djg11.primary)
    assert np.nan_to_num(values, nan=9).tolist() == [[1, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1] * 11, [0] * 11]


def test_answers_to_a_sum_keep_their_value(instruments: Instruments) -> None:
    ucla3 = instruments["ucla3"]
    often = codes_of(ucla3).index("often")
    values = item_values(ucla3, np.array([[often, MISSING, often]], dtype=np.int8), ucla3.primary)
    assert np.nan_to_num(values, nan=9).tolist() == [[3, 9, 3]]


def test_lonely_and_missing_shares_have_their_own_denominators() -> None:
    values = np.array([[1, NAN], [1, NAN], [0, NAN], [NAN, NAN]])
    first, second = item_shares([3, 4], values)
    assert (first.item, first.lonely, first.missing) == (3, wilson(2, 3), wilson(1, 4))
    assert (second.lonely, second.missing) == (NotEstimable(Reason.NO_DATA, {"n": 0}), wilson(4, 4))


def test_shares_of_nobody_and_of_other_values_say_why_there_are_none() -> None:
    (row,) = item_shares([1], np.empty((0, 1)))
    assert row.lonely == row.missing == NotEstimable(Reason.NO_DATA, {"n": 0})
    (row,) = item_shares([1], np.array([[2.0], [1.0]]))
    assert row.lonely == NotEstimable(Reason.OUT_OF_RANGE, {"lowest": 0, "highest": 1})
    assert row.missing == wilson(0, 2)


def test_the_item_that_moved_most_stands_first_whichever_way() -> None:
    earlier = np.array([[1, 0, 1]] * 8 + [[0, 1, 0]] * 4, dtype=float)
    later = earlier.copy()
    later[0, 0] = 0
    later[:8, 1] = 1
    found = item_drift([5, 6, 7], earlier, later)
    assert not isinstance(found, NotEstimable)
    assert [row.item for row in found] == [6, 5, 7]
    most = found[0]
    assert (most.became, most.ceased) == (8, 0)
    assert most.p == pytest.approx(2 / 2**8)
    assert most.p_holm == pytest.approx(3 * 2 / 2**8)
    assert isinstance(most.change, Estimate)
    assert (most.change.value, most.change.n) == (8 / 12, 12)
    assert (found[2].p, found[2].p_holm) == (1, 1)


def test_fewer_lonely_answers_are_a_negative_change() -> None:
    found = item_drift([1], np.ones((10, 1)), np.zeros((10, 1)))
    assert not isinstance(found, NotEstimable)
    assert isinstance(found[0].change, Estimate)
    assert found[0].change.value == found[0].change.low == -1
    assert found[0].change.high < 0


def test_the_interval_of_a_paired_share_is_the_adjusted_wald_of_bonett_and_price() -> None:
    earlier = np.array([[0]] * 6 + [[1]] * 2 + [[0]] * 42, dtype=float)
    later = np.array([[1]] * 6 + [[0]] * 2 + [[0]] * 42, dtype=float)
    found = item_drift([1], earlier, later)
    assert not isinstance(found, NotEstimable)
    assert isinstance(found[0].change, Estimate)
    up, down = 7 / 52, 3 / 52
    half = 1.959963984540054 * math.sqrt((up + down - (up - down) ** 2) / 52)
    assert (found[0].change.low, found[0].change.high) == pytest.approx((up - down - half, up - down + half))


def test_only_people_who_answered_an_item_twice_count_for_it() -> None:
    earlier, later = np.array([[1.0], [NAN], [0.0]]), np.array([[NAN], [1.0], [1.0]])
    found = item_drift([1], earlier, later)
    assert not isinstance(found, NotEstimable)
    assert isinstance(found[0].change, Estimate)
    assert (found[0].change.n, found[0].became) == (1, 1)


def test_an_item_nobody_answered_twice_stands_last_with_the_reason() -> None:
    earlier, later = np.array([[NAN, 1.0]]), np.array([[1.0, 1.0]])
    found = item_drift([1, 2], earlier, later)
    assert not isinstance(found, NotEstimable)
    assert [row.item for row in found] == [2, 1]
    assert found[1].change == NotEstimable(Reason.NO_DATA, {"n": 0})


def test_drift_without_people_or_between_unlike_tables_says_why_there_is_none() -> None:
    assert item_drift([1], np.empty((0, 1)), np.empty((0, 1))) == NotEstimable(Reason.NO_DATA, {"n": 0, "items": 1})
    unlike = NotEstimable(Reason.OUT_OF_RANGE, {"items": 1})
    assert item_drift([1], np.ones((2, 1)), np.ones((3, 1))) == unlike
    assert item_drift([1], np.ones((2, 2)), np.ones((2, 2))) == unlike
    assert item_drift([1], np.full((2, 1), 2.0), np.ones((2, 1))) == unlike


def same_drift_as_statsmodels(seed: int, n: int, k: int) -> None:
    chance = np.random.default_rng(seed)
    share, again = chance.random(k), chance.random(k)
    earlier: Values = (chance.random((n, k)) < share).astype(float)
    later: Values = (chance.random((n, k)) < again).astype(float)
    found = item_drift(range(k), earlier, later)
    assert not isinstance(found, NotEstimable)
    rows = sorted(found, key=lambda row: row.item)
    table = [[[0, row.became], [row.ceased, 0]] for row in rows]
    exact = [float(mcnemar(cells, exact=True).pvalue) if cells != [[0, 0], [0, 0]] else 1.0 for cells in table]
    assert [row.p for row in rows] == pytest.approx(exact, rel=1e-9)
    assert [row.p_holm for row in rows] == pytest.approx(pingouin.multicomp(exact, method="holm")[1], rel=1e-9)
    sizes = [abs(row.change.value) for row in found if isinstance(row.change, Estimate)]
    assert sizes == sorted(sizes, reverse=True)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 200), st.integers(1, 11))
def test_drift_is_tested_as_statsmodels_does(seed: int, n: int, k: int) -> None:
    same_drift_as_statsmodels(seed, n, k)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 500), st.integers(1, 11))
def test_drift_is_tested_as_statsmodels_does_in_five_hundred_cases(seed: int, n: int, k: int) -> None:
    same_drift_as_statsmodels(seed, n, k)


@pytest.mark.parametrize("key", ["djg11", "djg6"])
def test_one_answer_throughout_is_flagged_and_counted_by_answer(key: str, instruments: Instruments) -> None:
    instrument = instruments[key]
    k = len(instrument.items)
    rows = ["3" * k, "1" * k, "2" * k, "3" * k, "3" * (k - 1) + "1", "3" * (k - 1) + "."]
    found = straight_lining(instrument, coded(instrument, *rows))
    assert isinstance(found, StraightLining)
    assert (found.share.value, found.share.n) == (5 / 6, 6)  # the one with a gap is alike in what is there
    assert found.by_code == {"yes": 3, "no": 1, "more_or_less": 1}


def test_people_without_a_valid_score_do_not_count_as_straight_liners(instruments: Instruments) -> None:
    djg11 = instruments["djg11"]
    found = straight_lining(djg11, coded(djg11, "333333333..", "13313311331"))
    assert isinstance(found, StraightLining)
    assert (found.share.value, found.share.n, found.by_code) == (0, 1, {})
    nobody = NotEstimable(Reason.NO_DATA, {"n": 0})
    assert straight_lining(djg11, coded(djg11, "...........")) == nobody
    assert straight_lining(djg11, np.empty((0, 11), dtype=np.int8)) == nobody


@pytest.mark.parametrize("key", ["ucla3", "ons_direct"])
def test_a_scale_that_points_one_way_has_no_straight_lining(key: str, instruments: Instruments) -> None:
    codes = np.zeros((5, len(instruments[key].items)), dtype=np.int8)
    assert straight_lining(instruments[key], codes) == NotEstimable(Reason.ONE_GROUP, {"directions": 1})


def test_a_million_answers_are_looked_at_in_seconds(instruments: Instruments) -> None:
    djg11 = instruments["djg11"]
    codes = np.random.default_rng(1).integers(-1, 3, size=(1_000_000, 11)).astype(np.int8)
    values = item_values(djg11, codes, djg11.primary)
    assert isinstance(straight_lining(djg11, codes), StraightLining)
    assert len(item_shares(djg11.primary.items, values)) == 11
    drift = item_drift(djg11.primary.items, values, values[::-1])
    assert not isinstance(drift, NotEstimable)


def test_one_wave_is_judged_at_a_time(instruments: Instruments) -> None:
    djg11 = instruments["djg11"]
    codes = np.random.default_rng(5).integers(0, 3, size=(60, 11)).astype(np.int8)
    outcomes = [WaveOutcome.COMPLETE] * 50 + [WaveOutcome.LATE] * 10 + [WaveOutcome.NO_REPLY] * 5
    found = wave_quality(djg11, codes, outcomes)
    assert list(found.scales) == ["emotional", "social", "total"]
    for rule in djg11.scores:
        values = item_values(djg11, codes, rule)
        assert found.scales[rule.key].alpha == alpha(rule.items, values)
        assert found.scales[rule.key].scalability == loevinger(rule.items, values)
    assert [row.item for row in found.items] == list(djg11.primary.items)
    assert found.straight_lining == straight_lining(djg11, codes)
    assert found.on_time == on_time(outcomes)


@pytest.mark.parametrize("key", ["djg11", "djg6", "ucla3", "ons_direct"])
def test_a_wave_that_nobody_answered_is_judged_without_a_figure(key: str, instruments: Instruments) -> None:
    instrument = instruments[key]
    found = wave_quality(instrument, np.empty((0, len(instrument.items)), dtype=np.int8), [])
    assert all(
        isinstance(part, NotEstimable) for scale in found.scales.values() for part in (scale.alpha, scale.scalability)
    )
    assert all(isinstance(row.lonely, NotEstimable) for row in found.items)
    assert isinstance(found.straight_lining, NotEstimable)
    assert isinstance(found.on_time.of_due, NotEstimable)
