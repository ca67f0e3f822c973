"""Arms compared: both tests of the difference in differences by hand, at the level asked for, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from service.measures.ancova import Ancova, Assignment, ancova
from service.measures.comparison import ArmContrast, DifferenceInDifferences, adjusted, difference_in_differences
from service.measures.complete import complete_pairs, deviation, two_groups, valid_scores
from service.measures.course import LongScores
from service.measures.estimate import Estimate, NotEstimable, Reason

FIRST, SECOND = [-2.0, -1, 0, -3, -1], [0.0, 1, -1]


def test_welch_and_pooled_by_hand() -> None:
    found = difference_in_differences(FIRST, SECOND, level=0.9)
    assert isinstance(found, DifferenceInDifferences)
    for contrast, equal in ((found.welch, False), (found.pooled, True)):
        reference = stats.ttest_ind(FIRST, SECOND, equal_var=equal)
        low, high = reference.confidence_interval(0.9)
        assert (contrast.t, contrast.df, contrast.p) == pytest.approx(
            (reference.statistic, reference.df, reference.pvalue)
        )
        assert (contrast.estimate.low, contrast.estimate.high) == pytest.approx((low, high))
        assert (contrast.estimate.n, contrast.estimate.level) == (8, 0.9)
    for arm, changes in ((found.first, FIRST), (found.second, SECOND)):
        low, high = stats.ttest_1samp(changes, 0).confidence_interval(0.9)
        assert (arm.value, arm.low, arm.high) == pytest.approx((np.mean(changes), low, high))
        assert (arm.n, arm.level) == (len(changes), 0.9)


def test_an_arm_in_which_all_changed_alike_has_an_interval_of_no_width() -> None:
    found = difference_in_differences(FIRST, [1, 1, 1], level=0.9)
    assert isinstance(found, DifferenceInDifferences)
    assert found.second == Estimate(1.0, 1.0, 1.0, 3, 0.9)


@pytest.mark.parametrize(("first", "second"), [([1, 2], [5, 5, 5]), ([5, 5, 5], [1, 2]), ([5, 5, 5, 5], [1, 2, 3])])
def test_one_arm_that_varies_is_enough(first: list[float], second: list[float]) -> None:
    assert isinstance(difference_in_differences(first, second), DifferenceInDifferences)


def test_no_pair_that_could_be_estimated_has_no_adjusted_p() -> None:
    none = NotEstimable(Reason.NO_DATA)
    assert adjusted([("a", "b", none)]) == (ArmContrast("a", "b", none, None),)
    assert adjusted([]) == ()


def test_ancova_at_the_level_asked_for_with_its_terms_by_name() -> None:
    chance = np.random.default_rng(4)
    pre, arm = chance.integers(3, 11, 24), np.tile([0, 1, 2], 8)
    post = np.round(pre * 0.6 - arm + chance.normal(0, 1, 24))
    found = ancova(pre, post, arm, ["a", "b", "c"], assignment=Assignment.RANDOMISED, level=0.9)
    assert isinstance(found, Ancova)
    assert found.line.names == ("1", "pre", "b", "c")
    assert {term.estimate.level for term in found.line.terms} == {0.9}
    by_lists = ancova(
        pre.tolist(), post.tolist(), arm.tolist(), ["a", "b", "c"], assignment=Assignment.RANDOMISED, level=0.9
    )
    assert isinstance(by_lists, Ancova)
    assert by_lists.pairs == found.pairs
    with pytest.raises(ValueError, match=r"^pre, post and arm need one row per person$"):
        ancova(pre[1:], post, arm, ["a", "b", "c"], assignment=Assignment.RANDOMISED)


def test_a_missing_score_is_none_or_nan_and_an_empty_list_is_nobody() -> None:
    assert ancova([None, None], [1.0, 2.0], [0, 1], ["a", "b"], assignment=Assignment.RANDOMISED) == NotEstimable(  # type: ignore[arg-type]
        Reason.NO_DATA
    )
    assert ancova([], [], [], ["a", "b"], assignment=Assignment.RANDOMISED) == NotEstimable(Reason.NO_DATA)
    found = difference_in_differences([None, *FIRST], SECOND)  # type: ignore[arg-type]
    assert found == difference_in_differences(FIRST, SECOND)
    rows = LongScores.of([1, 2], [0, 1], [None, 3])  # type: ignore[arg-type]
    assert (rows.person.tolist(), rows.wave.tolist(), rows.score.tolist()) == ([2], [1], [3.0])
    with pytest.raises(ValueError, match=r"^person, wave, score and arm need one row per measurement$"):
        LongScores.of([1], [0, 1], [2.0, 3.0])


def test_what_is_said_of_scores_that_cannot_be_used() -> None:
    assert two_groups([1, 2, 3], [4, None]) == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})
    assert complete_pairs([1, None], [None, 2]) == NotEstimable(Reason.NO_DATA, {"n": 0, "people": 2})
    assert complete_pairs([1, 2e9, 3], [1, 2, 3]) == NotEstimable(Reason.OUT_OF_RANGE, {"people": 3})
    assert valid_scores([-2e9, None]) == NotEstimable(Reason.OUT_OF_RANGE, {"people": 2})
    assert not isinstance(valid_scores([1e9, -1e9]), NotEstimable)


def test_rounding_is_no_deviation_and_a_hair_more_is() -> None:
    assert deviation(np.array([1e8, 1e8 + 2 * np.spacing(1e8)])) == 0.0
    assert deviation(np.array([0.0, 1.5e-12])) > 0
    assert deviation(np.array([0.1 + 0.2, 0.3])) == 0.0
