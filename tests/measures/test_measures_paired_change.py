"""Paired change, its sizes, permutations, bands, reliable change, sameness: what they do and when they say no."""

from __future__ import annotations

import math

import numpy as np
import pytest

from service.measures.bands import band_change, exact_mcnemar, share_in_band, transitions
from service.measures.change import PairedEffect, paired_effect
from service.measures.complete import Scores
from service.measures.effect_size import GroupSizes, PairedSizes, d_z, group_sizes, hedges_j, paired_sizes
from service.measures.equivalence import Equivalence, Sameness, group_equivalence, paired_equivalence
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.instrument import Band, Polarity
from service.measures.multiplicity import benjamini_hochberg, holm
from service.measures.regression_to_mean import Population, RegressionNote, regression_note
from service.measures.reliable_change import WOBBLES, ReliableChange, Wobble, reliable_change, wobble_of
from service.measures.sign_flip import Method, SignFlip, sign_flip_test

NAN = float("nan")
BANDS = (
    Band(9, 10, "severe", {}),
    Band(0, 2, "not", {}),
    Band(3, 8, "moderate", {}),
    Band(11, 11, "very_severe", {}),
)
TOTAL = WOBBLES["djg11", "total"]


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def why(found: object) -> Reason:
    assert isinstance(found, NotEstimable), found
    return found.reason


def effect_of(pre: Scores, post: Scores) -> PairedEffect:
    found = paired_effect(pre, post, chance())
    assert isinstance(found, PairedEffect)
    return found


def test_only_people_with_both_scores_count_and_everybody_is_named() -> None:
    found = effect_of([8, None, 6, 9, NAN], [5, 4, None, 8, NAN])
    assert (found.n, found.people) == (2, 5)
    assert found.mean_difference == pytest.approx(-2)


@pytest.mark.parametrize(
    ("pre", "post", "reason"),
    [
        ([], [], Reason.NO_DATA),
        ([NAN, 3], [2, NAN], Reason.NO_DATA),
        ([9], [6], Reason.TOO_FEW),
        ([9, math.inf], [6, 5], Reason.OUT_OF_RANGE),
        ([9, 1e30], [6, 5], Reason.OUT_OF_RANGE),
    ],
)
def test_too_little_to_go_on_has_a_reason(pre: list[float], post: list[float], reason: Reason) -> None:
    assert why(paired_effect(pre, post, chance())) is reason
    assert why(paired_sizes(pre, post)) is reason
    assert why(paired_equivalence(pre, post, 1)) is reason


def test_other_people_before_than_after_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="as many scores"):
        paired_effect([1, 2], [1], chance())


def test_everybody_a_point_lower_is_a_change_without_an_interval() -> None:
    found = effect_of([9, 8, 7.3], [8, 7, 6.3])
    assert found.mean_difference == pytest.approx(-1)
    assert found.sd_difference == 0
    every = (found.difference, found.test, found.sizes.d_av, found.sizes.d_z, found.sizes.g_av, found.sizes.g_z)
    assert {why(figure) for figure in every} == {Reason.NO_VARIANCE}
    assert found.permutation.p == 0.25


def test_two_pairs_have_sizes_but_no_correction() -> None:
    found = paired_sizes([9, 5], [6, 4])
    assert isinstance(found, PairedSizes)
    assert isinstance(found.d_z, Estimate)
    assert isinstance(found.d_av, Estimate)
    assert (why(found.g_z), why(found.g_av)) == (Reason.TOO_FEW, Reason.TOO_FEW)


def test_three_pairs_can_be_corrected() -> None:
    found = paired_sizes([9, 5, 7], [6, 4, 7])
    assert isinstance(found, PairedSizes)
    assert isinstance(found.d_z, Estimate)
    assert isinstance(found.g_z, Estimate)
    assert found.g_z.value == pytest.approx(found.d_z.value / math.sqrt(math.pi))


def test_lower_afterwards_is_negative_in_every_figure() -> None:
    found = effect_of([11, 9, 8, 10], [6, 7, 8, 7])
    sizes = (found.sizes.d_av, found.sizes.d_z, found.sizes.g_av, found.sizes.g_z, found.difference)
    assert all(isinstance(size, Estimate) and size.value < 0 for size in sizes)


def test_few_people_need_the_permutation_beside_the_interval() -> None:
    rng = chance()
    assert effect_of(rng.normal(size=30), rng.normal(size=30)).is_small
    assert not effect_of(rng.normal(size=31), rng.normal(size=31)).is_small


def test_the_two_paired_sizes_are_different_numbers() -> None:
    found = paired_sizes([2, 5, 8, 11], [1, 4, 6, 10])
    assert isinstance(found, PairedSizes)
    assert isinstance(found.d_av, Estimate)
    assert isinstance(found.d_z, Estimate)
    assert found.d_av.value == pytest.approx(-1.25 / math.sqrt((15 + 14.25) / 2))
    assert found.d_z.value == pytest.approx(-2.5)


def test_the_correction_is_exact_and_fades_with_size() -> None:
    assert hedges_j(2) == pytest.approx(1 / math.sqrt(math.pi))
    assert hedges_j(4) == pytest.approx(math.sqrt(2 / math.pi))
    assert hedges_j(130) == pytest.approx(0.99421779354, abs=1e-10)  # the approximation 1 - 3/(4m - 1) says 0.99421965
    assert hedges_j(1e6) == pytest.approx(1, abs=1e-6)
    with pytest.raises(ValueError, match="degree"):
        hedges_j(1)


def test_an_unbelievable_size_is_named_not_guessed() -> None:
    assert why(d_z(1e9, 3)) is Reason.NOT_CONVERGED
    assert why(d_z(0.5, 1)) is Reason.TOO_FEW


@pytest.mark.parametrize("n", [2, 3, 10, 1000, 1_000_000])
@pytest.mark.parametrize("size", [-3.0, -0.2, 0.0, 0.5, 8.0])
def test_the_interval_holds_the_size(size: float, n: int) -> None:
    found = d_z(size, n)
    assert isinstance(found, Estimate)
    assert found.low < size < found.high


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([], [], Reason.NO_DATA),
        ([1, 2, 3], [NAN, NAN], Reason.ONE_GROUP),
        ([], [1, 2, 3], Reason.ONE_GROUP),
        ([1, 2, 3], [4], Reason.TOO_FEW),
        ([1, 1], [2, 2, 2], Reason.NO_VARIANCE),
        ([1, math.inf], [], Reason.OUT_OF_RANGE),
    ],
)
def test_two_groups_that_cannot_be_compared(first: list[float], second: list[float], reason: Reason) -> None:
    assert why(group_sizes(first, second)) is reason
    assert why(group_equivalence(first, second, 1)) is reason


def test_unequal_groups_pool_their_spread() -> None:
    found = group_sizes([1, 3], [5, 6, 7, 8])
    assert isinstance(found, GroupSizes)
    assert found.d.value == pytest.approx(-4.5 / math.sqrt((2 + 5) / 4))
    assert found.g.value == pytest.approx(found.d.value * hedges_j(4))
    assert (found.n_first, found.n_second, found.d.n) == (2, 4, 6)


# Permutation


def flip(differences: Scores, seed: int = 1, patterns: int = 9999) -> SignFlip:
    found = sign_flip_test(differences, chance(seed), patterns=patterns)
    assert isinstance(found, SignFlip)
    return found


def test_all_patterns_are_counted_in_a_small_group() -> None:
    found = flip([-1, -2, -3, 1])  # -5: as far are the sums of -7, -5 (twice with -1 and 1 exchanged) and their mirrors
    assert (found.method, found.patterns, found.n) == (Method.EXACT, 16, 4)
    assert found.p == pytest.approx(6 / 16)
    assert flip([-1.0] * 10).p == pytest.approx(2 / 1024)
    assert flip([0, 0, 0]).p == 1


def test_chance_is_an_argument_so_the_same_seed_gives_the_same_p() -> None:
    differences = chance(7).integers(-4, 4, 25)
    assert flip(differences, 5) == flip(differences, 5)
    assert flip(differences, 5).method is Method.DRAWN


def test_drawn_patterns_come_near_the_exact_p() -> None:
    sixteen = [-3, -2, -2, -1, 0, 0, 1, -1, -4, 2, 0, -1, 1, -2, 3, -1]
    # A seventeenth person without change alters nothing but the method.
    assert flip([*sixteen, 0], patterns=200_000).p == pytest.approx(flip(sixteen).p, abs=0.004)


def test_a_crowd_takes_the_limit() -> None:
    found = flip(chance().normal(0.2, 1, 1000))
    assert found.method is Method.NORMAL
    assert 0 < found.p < 0.05


def test_drawn_p_is_never_zero() -> None:
    assert flip([-1.0] * 40).p == pytest.approx(1 / 10_000)


def test_a_share_counts_both_edges() -> None:
    found = share_in_band([2, 3, 8, 9, NAN], 3, 8)
    assert isinstance(found, Estimate)
    assert (found.value, found.n) == (0.5, 4)
    assert why(share_in_band([1], 8, 3)) is Reason.OUT_OF_RANGE
    assert why(share_in_band([NAN], 3, 8)) is Reason.NO_DATA


def test_nobody_changing_sides_is_no_evidence() -> None:
    none = exact_mcnemar(0, 0)
    assert not isinstance(none, NotEstimable)
    assert none.p == 1
    assert why(exact_mcnemar(-1, 2)) is Reason.OUT_OF_RANGE


def test_a_band_change_counts_who_went_in_and_out() -> None:
    found = band_change([9, 9, 3, 1, NAN], [9, 4, 10, 10, 10], 9, 11)
    assert not isinstance(found, NotEstimable)
    assert (found.test.entered, found.test.left, found.n, found.people) == (2, 1, 4, 5)
    assert (found.before.value, found.after.value) == (0.5, 0.75)
    assert why(band_change([], [], 9, 11)) is Reason.NO_DATA
    assert why(band_change([1], [1], 11, 9)) is Reason.OUT_OF_RANGE


def test_transitions_run_from_the_lowest_band_and_add_up() -> None:
    found = transitions([11, 9, 5, 2, 1, None], [9, 5, 5, 3, 0, 4], BANDS)
    assert not isinstance(found, NotEstimable)
    assert found.keys == ("not", "moderate", "severe", "very_severe")
    assert found.counts == ((1, 1, 0, 0), (0, 1, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))
    assert (found.before, found.after) == ((2, 1, 1, 1), (1, 3, 1, 0))
    assert (found.lower, found.same, found.higher, found.n, found.people) == (2, 2, 1, 5, 6)


def test_a_score_in_no_band_or_two_is_out_of_range() -> None:
    assert why(transitions([2.5], [3], BANDS)) is Reason.OUT_OF_RANGE
    assert why(transitions([2], [3], (*BANDS, Band(2, 3, "twice", {})))) is Reason.OUT_OF_RANGE
    assert why(transitions([2], [3], ())) is Reason.OUT_OF_RANGE
    assert why(transitions([], [], BANDS)) is Reason.NO_DATA


# Reliable change


def test_four_points_are_reliable_and_three_are_not() -> None:
    found = reliable_change([9, 9, 9, 2, 2, None], [5, 6, 9, 6, 5, 1], TOTAL)
    assert isinstance(found, ReliableChange)
    assert (found.recovered, found.improved, found.unchanged, found.deteriorated) == (0, 1, 3, 1)
    assert (found.n, found.people) == (5, 6)


def test_recovered_is_reliable_and_across_the_edge() -> None:
    found = reliable_change([9, 9, 3, 3], [2, 4, 2, 0], TOTAL, edge=3)
    assert isinstance(found, ReliableChange)
    assert (found.recovered, found.improved, found.unchanged) == (1, 1, 2)


def test_who_starts_near_the_floor_cannot_improve_reliably() -> None:
    found = reliable_change([0, 3, 4, 11], [0, 3, 4, 11], TOTAL)
    assert isinstance(found, ReliableChange)
    assert (found.eligible.value, found.eligible.n) == (0.5, 4)


def test_room_to_improve_is_counted_from_the_lowest_score_there_is() -> None:
    found = reliable_change([3, 5, 6, 9], [3, 5, 6, 9], WOBBLES["ucla3", "total"])  # from 3 to 9, more than 2.267
    assert isinstance(found, ReliableChange)
    assert found.eligible.value == 0.5


def test_where_higher_is_better_everything_turns() -> None:
    well = Wobble(20, 0.84, 0, 100, "made up")  # more than 22.2 points
    found = reliable_change([20, 20, 90, 90], [60, 45, 60, 95], well, edge=50, polarity=Polarity.HIGHER_IS_BETTER)
    assert isinstance(found, ReliableChange)
    assert (found.recovered, found.improved, found.deteriorated, found.unchanged) == (1, 1, 1, 1)
    assert found.eligible.value == 0.5


def test_constants_are_named_provisional_and_never_made_up() -> None:
    assert all(wobble.source and wobble.provisional for wobble in WOBBLES.values())
    assert why(wobble_of("ons_direct", "level")) is Reason.NO_DATA
    assert wobble_of("djg11", "total") is TOTAL
    assert [math.floor(wobble.critical()) + 1 for wobble in WOBBLES.values()] == [4, 3, 3, 3, 3]


def test_scores_off_the_scale_and_impossible_constants_are_out_of_range() -> None:
    assert why(reliable_change([12], [3], TOTAL)) is Reason.OUT_OF_RANGE
    assert why(reliable_change([3], [-1], TOTAL)) is Reason.OUT_OF_RANGE
    assert why(reliable_change([3], [3], Wobble(1, 1, 0, 11, "x"))) is Reason.OUT_OF_RANGE
    assert why(reliable_change([3], [3], Wobble(0, 0.5, 0, 11, "x"))) is Reason.OUT_OF_RANGE
    assert why(reliable_change([3], [3], Wobble(1, -0.1, 0, 11, "x"))) is Reason.OUT_OF_RANGE
    assert isinstance(reliable_change([0], [11], Wobble(0.5, 0, 0, 11, "x")), ReliableChange)
    assert why(reliable_change([], [], TOTAL)) is Reason.NO_DATA


# The same or not


def test_a_tight_change_round_nothing_is_equivalent_and_a_loose_one_is_not() -> None:
    pre = np.full(40, 5.0)
    tight = paired_equivalence(pre, pre + np.tile([-0.5, 0.5], 20), 0.5)
    loose = paired_equivalence(pre[:8], pre[:8] + np.tile([-4, 4], 4), 0.5)
    assert isinstance(tight, Equivalence)
    assert isinstance(loose, Equivalence)
    assert (tight.sameness, loose.sameness) == (Sameness.EQUIVALENT, Sameness.NOT_SHOWN)
    assert tight.difference.level == pytest.approx(0.9)


def test_the_verdict_is_that_of_the_interval() -> None:
    rng = chance()
    for _ in range(50):
        found = paired_equivalence(rng.normal(5, 1, 12), rng.normal(5, 1, 12), 0.8)
        assert isinstance(found, Equivalence)
        inside = max(-found.difference.low, found.difference.high) < 0.8
        assert (found.sameness is Sameness.EQUIVALENT) == inside
        assert found.is_not_higher == (found.difference.high < 0.8)


@pytest.mark.parametrize(("margin", "alpha"), [(0, 0.05), (-1, 0.05), (NAN, 0.05), (math.inf, 0.05), (1, 0), (1, 0.5)])
def test_without_a_real_margin_there_is_no_test(margin: float, alpha: float) -> None:
    assert why(paired_equivalence([1, 2, 3], [2, 2, 2], margin, alpha)) is Reason.OUT_OF_RANGE
    assert why(group_equivalence([1, 2, 3], [2, 2, 4], margin, alpha)) is Reason.OUT_OF_RANGE


def test_two_groups_are_held_to_the_same_level() -> None:
    found = group_equivalence([1, 2, 3], [2, 2, 4], 1)
    assert isinstance(found, Equivalence)
    assert (found.alpha, found.difference.n) == (0.05, 6)
    assert found.difference.level == pytest.approx(0.9)


def test_everybody_the_same_cannot_be_judged() -> None:
    assert why(paired_equivalence([1, 2, 3], [1, 2, 3], 1)) is Reason.NO_VARIANCE


# Regression to the mean


def test_a_high_start_is_expected_to_fall_and_a_low_one_to_rise() -> None:
    everyone = Population(4.0, 0.6, 1000, "made up")
    high, low = regression_note([8, 10], everyone), regression_note([1, 3], everyone)
    assert isinstance(high, RegressionNote)
    assert isinstance(low, RegressionNote)
    assert high.expected.value == pytest.approx(-2)
    assert low.expected.value == pytest.approx(0.8)
    assert high.expected.low < high.expected.value < high.expected.high
    assert high.beyond(-3) == pytest.approx(-1)


def test_a_note_needs_a_group_and_a_possible_correlation() -> None:
    fine, impossible = Population(4, 0.6, 10, "x"), Population(4, 1.2, 10, "x")
    assert why(regression_note([], fine)) is Reason.NO_DATA
    assert why(regression_note([9], fine)) is Reason.TOO_FEW
    assert why(regression_note([9, 9], fine)) is Reason.NO_VARIANCE
    assert why(regression_note([9, 8], impossible)) is Reason.OUT_OF_RANGE
    assert why(regression_note([9, 8], Population(4, NAN, 10, "x"))) is Reason.OUT_OF_RANGE


# Several tests


def test_the_order_given_is_kept_and_equal_stays_equal() -> None:
    assert holm([0.04, 0.01, 0.04]) == pytest.approx((0.08, 0.03, 0.08))
    assert benjamini_hochberg([0.04, 0.01, 0.04]) == pytest.approx((0.04, 0.03, 0.04))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert (holm([]), benjamini_hochberg([])) == ((), ())


@pytest.mark.parametrize("p", [-0.1, 1.1, NAN])
def test_what_is_no_p_is_named_by_its_place(p: float) -> None:
    for found in (holm([0.5, p]), benjamini_hochberg([0.5, p])):
        assert found == NotEstimable(Reason.OUT_OF_RANGE, {"place": 1})


def test_a_million_people_are_no_obstacle() -> None:
    rng = chance()
    pre, post = rng.integers(0, 12, 1_000_000), rng.integers(0, 12, 1_000_000)
    assert isinstance(paired_effect(pre, post, rng), PairedEffect)
    assert isinstance(paired_effect(rng.normal(size=1_000_000), rng.normal(size=1_000_000), rng), PairedEffect)
    assert isinstance(group_sizes(pre, post), GroupSizes)
    assert isinstance(reliable_change(pre, post, TOTAL, edge=3), ReliableChange)
    assert isinstance(paired_equivalence(pre, post, 0.5), Equivalence)
    assert not isinstance(transitions(pre, post, BANDS), NotEstimable)
