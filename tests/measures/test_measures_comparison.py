"""Comparing arms: what may be compared, what is said when it may not, and that groups of people look alike."""

from __future__ import annotations

import math

import numpy as np
import pytest

from service.measures.ancova import Ancova, Assignment, ancova
from service.measures.clusters import ClusterRobust, cluster_robust
from service.measures.comparison import DifferenceInDifferences, TimeByArm, difference_in_differences, time_by_arm
from service.measures.course import LongScores
from service.measures.estimate import NotEstimable, Reason
from service.measures.reml import Floats
from service.measures.satterthwaite import Contrast, Joint

WAVES = ("m0", "m6", "m12")
ARMS = ("Aan tafel", "Maatje", "Wachtlijst")


def _reason(found: object) -> tuple[Reason, dict[str, int | str]]:
    assert isinstance(found, NotEstimable), found
    return found.reason, dict(found.detail)


def _scores(people: int = 30, arms: int = 3) -> LongScores:
    chance = np.random.default_rng(7)
    person, wave = np.repeat(np.arange(people * arms), 3), np.tile(np.arange(3), people * arms)
    arm = person % arms
    score = 7 + chance.normal(size=people * arms)[person] * 2 - wave * (arm == 0) + chance.normal(size=len(person))
    return LongScores.of(person, wave, score, arm)


def test_two_waves_without_gaps_give_the_pooled_difference_in_differences() -> None:
    whole = _scores(arms=2)
    two = whole.wave < 2
    scores = LongScores.of(whole.person[two], whole.wave[two], whole.score[two], whole.arm[two])
    model = time_by_arm(scores, WAVES[:2], ARMS[:2], primary=1)
    change = scores.score[1::2] - scores.score[::2]
    arm = scores.arm[::2]
    simple = difference_in_differences(change[arm == 0], change[arm == 1])
    assert isinstance(model, TimeByArm)
    assert isinstance(simple, DifferenceInDifferences)
    found = model.pairs[0].contrast
    assert isinstance(found, Contrast)
    assert (found.estimate.value, found.t, found.df) == pytest.approx(
        (simple.pooled.estimate.value, simple.pooled.t, simple.pooled.df), rel=1e-7
    )
    assert model.pairs[0].adjusted_p == found.p


def test_all_pairs_are_compared_at_the_primary_wave_in_the_order_of_the_arms() -> None:
    found = time_by_arm(_scores(), WAVES, ARMS, primary=2)
    assert isinstance(found, TimeByArm)
    assert [(pair.arm, pair.against) for pair in found.pairs] == [
        ("Aan tafel", "Maatje"),
        ("Aan tafel", "Wachtlijst"),
        ("Maatje", "Wachtlijst"),
    ]
    first, none = found.pairs[0], found.pairs[2]
    assert isinstance(first.contrast, Contrast)
    assert isinstance(none.contrast, Contrast)
    assert first.contrast.estimate.high < 0
    assert none.contrast.estimate.low < 0 < none.contrast.estimate.high
    assert first.adjusted_p is not None
    assert first.adjusted_p > first.contrast.p
    assert isinstance(found.joint, Joint)
    assert found.joint.df1 == 4
    assert len(found.courses) == 3


def test_an_arm_without_anybody_at_the_primary_wave_is_not_compared_and_the_others_are() -> None:
    whole = _scores()
    kept = ~((whole.arm == 1) & (whole.wave == 2))
    scores = LongScores.of(whole.person[kept], whole.wave[kept], whole.score[kept], whole.arm[kept])
    found = time_by_arm(scores, WAVES, ARMS, primary=2)
    assert isinstance(found, TimeByArm)
    one, two, three = found.pairs
    assert one.contrast == three.contrast == NotEstimable(Reason.NO_DATA)
    assert one.adjusted_p is None
    assert isinstance(two.contrast, Contrast)
    assert two.adjusted_p == two.contrast.p


def test_one_arm_is_no_comparison() -> None:
    assert _reason(time_by_arm(_scores(arms=1), WAVES, ARMS, primary=1)) == (Reason.ONE_GROUP, {})
    assert _reason(time_by_arm(LongScores.of([], [], []), WAVES, ARMS, primary=1)) == (Reason.NO_DATA, {})
    with pytest.raises(ValueError, match="primary"):
        time_by_arm(_scores(), WAVES, ARMS, primary=0)


@pytest.mark.parametrize(
    ("first", "second", "reason", "detail"),
    [
        pytest.param([], [], Reason.NO_DATA, {}, id="nobody"),
        pytest.param([math.nan], [math.nan], Reason.NO_DATA, {}, id="all missing"),
        pytest.param([1, 2], [], Reason.ONE_GROUP, {}, id="an empty arm"),
        pytest.param([1, 2], [1], Reason.TOO_FEW, {"n": 1, "needed": 2, "arm": 2}, id="one person"),
        pytest.param([1, 1], [1, 1, 1], Reason.NO_VARIANCE, {}, id="all the same"),
        pytest.param([0, 0], [0, 0], Reason.NO_VARIANCE, {}, id="all zero"),
        pytest.param([0.1] * 3, [0.3] * 3, Reason.NO_VARIANCE, {}, id="the same within each arm"),
        pytest.param([1, math.inf], [1, 2], Reason.OUT_OF_RANGE, {}, id="infinite"),
    ],
)
def test_a_difference_that_cannot_be_estimated_has_a_reason(
    first: list[float], second: list[float], reason: Reason, detail: dict[str, int | str]
) -> None:
    assert _reason(difference_in_differences(first, second)) == (reason, detail)


def test_an_arm_in_which_all_change_alike_is_compared_with_one_that_differs() -> None:
    found = difference_in_differences([1, 1], [1, 2, 3, 5])
    assert isinstance(found, DifferenceInDifferences)
    assert (found.first.low, found.first.high) == (1, 1)
    assert found.welch.df == pytest.approx(3)


def _ancova(assignment: Assignment, pre: list[float], post: list[float], arm: list[int]) -> Ancova | NotEstimable:
    return ancova(pre, post, arm, ARMS, assignment=assignment)


def test_analysis_of_covariance_only_where_the_arms_started_alike() -> None:
    pre, post, arm = [3.0, 5, 7, 4, 6, 9], [2.0, 5, 6, 4, 5, 9], [0, 0, 0, 2, 2, 2]
    assert _reason(_ancova(Assignment.OTHER, pre, post, arm)) == (Reason.NOT_COMPARABLE, {})
    for assignment in (Assignment.RANDOMISED, Assignment.BASELINE_EQUIVALENT):
        found = _ancova(assignment, pre, post, arm)
        assert isinstance(found, Ancova)
        assert [(pair.arm, pair.against) for pair in found.pairs] == [("Aan tafel", "Wachtlijst")]


@pytest.mark.parametrize(
    ("pre", "post", "arm", "reason", "detail"),
    [
        pytest.param([], [], [], Reason.NO_DATA, {}, id="nobody"),
        pytest.param([3, 4, math.nan], [3, 4, 5], [0, 0, 1], Reason.ONE_GROUP, {}, id="one arm has both scores"),
        pytest.param([3, 4, 5], [3, 4, 6], [0, 0, 1], Reason.TOO_FEW, {"n": 3, "needed": 4}, id="three people"),
        pytest.param([4] * 6, [3, 4, 5, 6, 5, 4], [0, 1] * 3, Reason.SINGULAR, {"term": "pre"}, id="one first score"),
        pytest.param([3, 4, 5, 6, 7, 8], [4] * 6, [0, 1] * 3, Reason.NO_VARIANCE, {}, id="one last score"),
        pytest.param([3, 4, 5, 6, math.inf], [4, 5, 4, 5, 6], [0, 1, 0, 1, 0], Reason.OUT_OF_RANGE, {}, id="infinite"),
        pytest.param([3, 4, 5, 6, 7], [4, 5, 4, 5, 6], [0, 1, 0, 1, 3], Reason.OUT_OF_RANGE, {}, id="unknown arm"),
    ],
)
def test_an_adjusted_difference_that_cannot_be_estimated_has_a_reason(
    pre: list[float], post: list[float], arm: list[int], reason: Reason, detail: dict[str, int | str]
) -> None:
    assert _reason(_ancova(Assignment.RANDOMISED, pre, post, arm)) == (reason, detail)


def _grouped(groups: int) -> tuple[Floats, Floats, Floats]:
    chance = np.random.default_rng(11)
    cluster = np.repeat(np.arange(groups, dtype=float), 8)
    arm = cluster % 2
    shared = chance.normal(size=groups).repeat(8)
    return shared + chance.normal(size=len(cluster)), np.column_stack([np.ones_like(arm), arm]), cluster


def test_people_who_share_a_location_make_the_interval_wider() -> None:
    y, x, cluster = _grouped(20)
    robust = cluster_robust(y, x, cluster, ["1", "arm"])
    single = cluster_robust(y, x, np.arange(len(y)), ["1", "arm"])
    assert isinstance(robust, ClusterRobust)
    assert isinstance(single, ClusterRobust)
    wide, narrow = robust.terms[1], single.terms[1]
    assert isinstance(wide, Contrast)
    assert isinstance(narrow, Contrast)
    assert wide.se > 1.5 * narrow.se
    assert (wide.df, robust.clusters, robust.too_narrow) == (19, 20, False)


def test_below_ten_locations_the_interval_says_that_it_is_too_narrow() -> None:
    nine, ten = (cluster_robust(*_grouped(groups), ["1", "arm"]) for groups in (9, 10))
    assert isinstance(nine, ClusterRobust)
    assert isinstance(ten, ClusterRobust)
    assert (nine.too_narrow, ten.too_narrow) == (True, False)


def test_one_location_is_no_cluster_analysis_and_two_that_agree_exactly_have_no_interval() -> None:
    y, x, _ = _grouped(4)
    assert _reason(cluster_robust(y, x, np.zeros(len(y)), ["1", "arm"])) == (Reason.ONE_GROUP, {})
    alike = cluster_robust([1, 2, 3, 1, 2, 3], np.ones((6, 1)), [0, 0, 0, 1, 1, 1], ["1"])
    assert isinstance(alike, ClusterRobust)
    assert _reason(alike.terms[0]) == (Reason.NO_VARIANCE, {})
    assert _reason(cluster_robust([], [], [], ["1"])) == (Reason.NO_DATA, {})
