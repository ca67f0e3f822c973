"""Sizes and shares: the limits by their definition, every field at the level asked for, and what is said without them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from scipy import special, stats

from service.measures.bands import BandChange, McNemar, band_change, exact_mcnemar, share_in_band
from service.measures.change import PairedEffect, TTest, paired_effect, t_interval
from service.measures.effect_size import GroupSizes, PairedSizes, d_z, group_sizes, hedges_j, paired_sizes
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.instrument import Instrument
from service.measures.intervals import SharesCompared, clopper_pearson, compare_shares, newcombe, wilson
from service.measures.noncentral_t import noncentrality_interval
from service.measures.scoring_table import MISSING, WrongMatrix, codes_of, score_table

PRE, POST = np.array([6.0, 8, 5, 9, 7, 8]), np.array([5.0, 8, 3, 6, 6, 9])
ONE_PAIR = NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})


def estimated(found: Estimate | NotEstimable) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def seen_beyond(noncentrality: float, df: float, t: float) -> float:
    return float(special.nctdtr(df, noncentrality, t))


def test_a_paired_effect_at_the_level_asked_for() -> None:
    found = paired_effect(PRE, POST, np.random.default_rng(1), 0.9)
    assert isinstance(found, PairedEffect)
    reference = stats.ttest_rel(POST, PRE)
    low, high = reference.confidence_interval(0.9)
    difference = estimated(found.difference)
    assert (difference.low, difference.high, difference.n, difference.level) == pytest.approx((low, high, 6, 0.9))
    assert isinstance(found.test, TTest)
    assert (found.test.t, found.test.df, found.test.p) == pytest.approx((reference.statistic, 5, reference.pvalue))
    assert found.sizes == paired_sizes(PRE, POST, 0.9)
    assert estimated(found.sizes.g_av).level == 0.9


def test_everybody_the_same_is_said_with_the_number_of_people() -> None:
    none = NotEstimable(Reason.NO_VARIANCE, {"n": 6})
    found = paired_effect(PRE, PRE - 1, np.random.default_rng(1))
    assert isinstance(found, PairedEffect)
    assert found.difference == found.test == none
    assert found.sizes == PairedSizes(none, none, none, none)
    assert t_interval(np.array([2.0])) == ONE_PAIR
    assert group_sizes([1, 1], [2, 2, 2]) == NotEstimable(Reason.NO_VARIANCE, {"n": 5})


def test_one_pair_has_no_size_and_two_have_no_correction() -> None:
    assert paired_sizes([6], [5]) == d_z(-0.5, 1) == ONE_PAIR
    two = paired_sizes([6, 8], [5, 8])
    assert isinstance(two, PairedSizes)
    assert estimated(two.d_z).n == 2
    assert two.g_av == two.g_z == NotEstimable(Reason.TOO_FEW, {"n": 2, "needed": 3})


def test_a_paired_size_has_the_limits_of_its_noncentrality() -> None:
    found = d_z(-0.6, 20, 0.9)
    root = math.sqrt(20)
    size = estimated(found)
    assert seen_beyond(size.low * root, 19, -0.6 * root) == pytest.approx(0.95)
    assert seen_beyond(size.high * root, 19, -0.6 * root) == pytest.approx(0.05)
    assert (size.value, size.n, size.level) == (-0.6, 20, 0.9)
    sizes = paired_sizes(PRE, POST, 0.9)
    assert isinstance(sizes, PairedSizes)
    z, av, corrected = estimated(sizes.d_z), estimated(sizes.d_av), estimated(sizes.g_av)
    assert z == d_z(z.value, 6, 0.9)
    assert (av.low / av.value, av.high / av.value) == pytest.approx((z.low / z.value, z.high / z.value))
    assert corrected.value == pytest.approx(av.value * hedges_j(5))


def test_the_size_between_groups_has_the_limits_of_its_noncentrality() -> None:
    first, second = [4, 6, 5, 7, 3, 5], [8, 5, 9, 7]
    found = group_sizes(first, second, 0.9)
    assert isinstance(found, GroupSizes)
    pooled = math.sqrt((5 * np.var(first, ddof=1) + 3 * np.var(second, ddof=1)) / 8)
    d, root = found.d, math.sqrt(6 * 4 / 10)
    assert d.value == pytest.approx((5 - 7.25) / pooled)
    assert seen_beyond(d.low * root, 8, d.value * root) == pytest.approx(0.95)
    assert seen_beyond(d.high * root, 8, d.value * root) == pytest.approx(0.05)
    assert (d.n, d.level, found.n_first, found.n_second) == (10, 0.9, 6, 4)
    assert (found.g.low, found.g.high, found.g.level) == pytest.approx((d.low * hedges_j(8), d.high * hedges_j(8), 0.9))


def test_a_size_beyond_computing_is_named_in_all_four() -> None:
    pre = np.array([1.0, 4.0, 2.0, 7.0])
    found = paired_sizes(pre, pre + 5 + np.array([0, 1, 2, 1]) * 6e-5)
    assert isinstance(found, PairedSizes)
    assert {
        size.reason for size in (found.d_av, found.d_z, found.g_av, found.g_z) if isinstance(size, NotEstimable)
    } == {Reason.NOT_CONVERGED}


def test_the_correction_is_never_more_than_one_and_95_percent_is_what_nobody_asks_for() -> None:
    assert all(0.999 < hedges_j(10.0**power) <= 1 for power in range(4, 16))
    assert noncentrality_interval(2.0, 10) == noncentrality_interval(2.0, 10, 0.95)


def test_a_band_of_one_score_and_its_share() -> None:
    assert share_in_band(PRE, 8, 8, 0.9) == wilson(2, 6, 0.9)
    assert share_in_band(PRE, 8, 7) == NotEstimable(Reason.OUT_OF_RANGE)
    assert exact_mcnemar(-1, 2) == NotEstimable(Reason.OUT_OF_RANGE, {"entered": -1, "left": 2})


def test_who_entered_and_who_left_a_band() -> None:
    found = band_change([8, 8, 8, 8, 8, 2, 2, 2], [8, 8, 8, 2, 2, 8, 2, 2], 5, 11, 0.9)
    assert found == BandChange(wilson(5, 8, 0.9), wilson(4, 8, 0.9), McNemar(1, 2, 1.0), 8, 8)  # type: ignore[arg-type]


def test_shares_keep_their_people_and_level() -> None:
    exact = estimated(clopper_pearson(3, 12, 0.9))
    low, high = stats.binomtest(3, 12).proportion_ci(0.9, "exact")
    assert (exact.value, exact.low, exact.high, exact.n, exact.level) == pytest.approx((0.25, low, high, 12, 0.9))
    found = compare_shares(3, 12, 9, 15, 0.9)
    assert isinstance(found, SharesCompared)
    assert found.difference == newcombe(3, 12, 9, 15, 0.9)
    one, other = estimated(wilson(3, 12, 0.9)), estimated(wilson(9, 15, 0.9))
    low = -0.35 - math.hypot(0.25 - one.low, other.high - 0.6)
    high = -0.35 + math.hypot(one.high - 0.25, 0.6 - other.low)
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high))
    assert (found.difference.n, found.difference.level) == (27, 0.9)


def test_a_matrix_keeps_codes_of_one_meaning_together_and_names_the_cell_that_is_wrong(
    instruments: Mapping[str, Instrument],
) -> None:
    for instrument in instruments.values():
        worth = [instrument.accepted_codes[code] for code in codes_of(instrument)]
        assert worth == sorted(worth)
    djg6 = instruments["djg6"]
    most = len(codes_of(djg6)) - 1
    codes = np.full((2, 6), most, np.int8)
    codes[0, 0], codes[1, 3] = MISSING, most + 1
    with pytest.raises(WrongMatrix) as refused:
        score_table(djg6, codes)
    assert str(refused.value) == f"Row 1, item {djg6.items[3].number}: {most + 1} stands for no code."
    codes[1, 3] = most
    table = score_table(djg6, codes)
    assert (table.band.dtype.name, table.missing.dtype.name) == ("int8", "int16")
    assert table.missing.tolist() == [1, 0]
