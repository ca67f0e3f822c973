"""What the mixed model does with data that is not a textbook's: every answer is a figure or a reason."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import stats

from service.measures.course import Course, LongScores, course
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.mixed_model import MixedModel, fit
from service.measures.reml import Floats
from service.measures.satterthwaite import Contrast, Joint

WAVES = ("m0", "m3", "m6", "m12")


def _line(times: ArrayLike) -> Floats:
    column = np.asarray(times, dtype=np.float64)
    return np.column_stack([np.ones_like(column), column])


def _reason(found: object) -> tuple[Reason, dict[str, int | str]]:
    assert isinstance(found, NotEstimable), found
    return found.reason, dict(found.detail)


def _drawn(people: int, waves: int, *, seed: int = 1, between: float = 2.0, slope: float = 0.0) -> LongScores:
    chance = np.random.default_rng(seed)
    person, wave = np.repeat(np.arange(people), waves), np.tile(np.arange(waves), people)
    level, trend = chance.normal(size=people) * between, chance.normal(size=people) * slope
    score = 6 + level[person] + trend[person] * wave - 0.2 * wave + chance.normal(size=people * waves)
    return LongScores.of(person, wave, score)


def test_with_two_waves_and_nobody_missing_it_is_the_paired_t_test() -> None:
    chance = np.random.default_rng(3)
    pre = chance.normal(6, 2, 40)
    post = pre - 0.4 + chance.normal(0, 1, 40)
    model = fit(np.concatenate([pre, post]), _line([0] * 40 + [1] * 40), [*range(40), *range(40)], ["1", "t"])
    assert isinstance(model, MixedModel)
    paired = stats.ttest_rel(post, pre)
    change = model.terms[1]
    assert (change.t, change.df, change.p) == pytest.approx((paired.statistic, 39, paired.pvalue), rel=1e-7)
    assert change.estimate.value == pytest.approx(float((post - pre).mean()))
    assert change.estimate.n == 40


def test_people_may_come_in_any_order_and_be_called_anything() -> None:
    scores = _drawn(30, 3)
    shuffled = np.random.default_rng(5).permutation(90)
    names = np.array([f"enrolment {number}" for number in scores.person])
    straight = fit(scores.score, _line(scores.wave), scores.person, ["1", "t"])
    mixed = fit(scores.score[shuffled], _line(scores.wave[shuffled]), names[shuffled], ["1", "t"])
    assert isinstance(straight, MixedModel)
    assert isinstance(mixed, MixedModel)
    assert mixed.reml == pytest.approx(straight.reml)
    assert mixed.terms[1].df == pytest.approx(straight.terms[1].df)


def test_a_missing_score_is_left_out_and_its_person_stays() -> None:
    scores = _drawn(30, 3)
    gaps = scores.score.copy()
    gaps[4] = math.nan
    kept = np.arange(90) != 4
    with_gap = fit(gaps, _line(scores.wave), scores.person, ["1", "t"])
    without = fit(scores.score[kept], _line(scores.wave[kept]), scores.person[kept], ["1", "t"])
    assert isinstance(with_gap, MixedModel)
    assert isinstance(without, MixedModel)
    assert (with_gap.observations, with_gap.people, with_gap.reml) == (89, 30, without.reml)


def test_the_unit_of_the_score_changes_no_test() -> None:
    scores = _drawn(30, 4, slope=0.5)
    one = fit(scores.score, _line(scores.wave), scores.person, ["1", "t"], slope=scores.wave)
    other = fit(scores.score * 1e4, _line(scores.wave), scores.person, ["1", "t"], slope=scores.wave)
    assert isinstance(one, MixedModel)
    assert isinstance(other, MixedModel)
    assert [(t.t, t.df) for t in other.terms] == [pytest.approx((t.t, t.df), rel=1e-6) for t in one.terms]
    assert other.random[1][1] == pytest.approx(one.random[1][1] * 1e8, rel=1e-6)


def test_the_unit_of_time_changes_no_test_of_a_random_slope() -> None:
    scores = _drawn(30, 4, slope=0.5)
    waves, days = scores.wave.astype(float), scores.wave * 90.0
    one = fit(scores.score, _line(waves), scores.person, ["1", "t"], slope=waves)
    other = fit(scores.score, _line(days), scores.person, ["1", "t"], slope=days)
    assert isinstance(one, MixedModel)
    assert isinstance(other, MixedModel)
    assert [(t.t, t.df) for t in other.terms] == [pytest.approx((t.t, t.df), rel=1e-6) for t in one.terms]
    assert not one.singular


def test_a_random_slope_that_is_not_there_is_singular_or_nearly_nothing() -> None:
    scores = _drawn(25, 3, seed=2)
    model = fit(scores.score, _line(scores.wave), scores.person, ["1", "t"], slope=scores.wave)
    assert isinstance(model, MixedModel)
    assert model.singular or model.random[1][1] < 0.1


@pytest.mark.parametrize(
    ("y", "times", "person", "reason", "detail"),
    [
        pytest.param([], [], [], Reason.NO_DATA, {}, id="nobody"),
        pytest.param([math.nan] * 4, [0, 1, 0, 1], [1, 1, 2, 2], Reason.NO_DATA, {}, id="all missing"),
        pytest.param([5], [0], [1], Reason.TOO_FEW, {"n": 1, "needed": 3, "of": "people"}, id="one score"),
        pytest.param(
            [5, 6, 7, 6],
            [0, 1] * 2,
            [1, 1, 2, 2],
            Reason.TOO_FEW,
            {"n": 2, "needed": 3, "of": "people"},
            id="two people",
        ),
        pytest.param(
            [5, 6, 7, 3], [0] * 4, [1, 2, 3, 4], Reason.TOO_FEW, {"n": 1, "needed": 2, "of": "waves"}, id="one wave"
        ),
        pytest.param([5, 6, 7, 3, 4, 5], [0] * 6, [1, 1, 2, 2, 3, 3], Reason.SINGULAR, {"term": "t"}, id="one time"),
        pytest.param([5] * 6, [0, 1] * 3, [1, 1, 2, 2, 3, 3], Reason.NO_VARIANCE, {}, id="all the same"),
        pytest.param([0] * 6, [0, 1] * 3, [1, 1, 2, 2, 3, 3], Reason.NO_VARIANCE, {}, id="all zero"),
        pytest.param([5, 5, 7, 7, 9, 9], [0, 1] * 3, [1, 1, 2, 2, 3, 3], Reason.NO_VARIANCE, {}, id="nobody changes"),
        pytest.param([5, 4, 7, 6, 9, 8], [0, 1] * 3, [1, 1, 2, 2, 3, 3], Reason.NO_VARIANCE, {}, id="all change alike"),
        pytest.param([5, 6, 7, math.inf], [0, 1] * 2, [1, 1, 2, 2], Reason.OUT_OF_RANGE, {}, id="infinite"),
    ],
)
def test_what_cannot_be_estimated_has_a_reason(
    y: list[float], times: list[float], person: list[int], reason: Reason, detail: dict[str, int | str]
) -> None:
    found = fit(y, _line(times), person, ["1", "t"])
    assert _reason(found) == (reason, detail)


def test_as_many_terms_as_observations_are_too_many() -> None:
    x = [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    found = fit([5, 6, 7, 8], x, [1, 1, 2, 3], ["1", "t", "arm"])
    assert _reason(found) == (Reason.TOO_FEW, {"n": 4, "needed": 5, "of": "observations"})


def test_a_random_slope_needs_three_waves() -> None:
    two = _drawn(20, 2)
    found = fit(two.score, _line(two.wave), two.person, ["1", "t"], slope=two.wave)
    assert _reason(found) == (Reason.TOO_FEW, {"n": 2, "needed": 3, "of": "waves"})


def test_columns_of_another_length_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="one row per observation"):
        fit([1.0, 2.0], [[1.0]], [1, 2], ["1"])


def test_a_contrast_and_a_joint_test_of_nothing_have_a_reason() -> None:
    scores = _drawn(20, 3)
    model = fit(scores.score, _line(scores.wave), scores.person, ["1", "t"])
    assert isinstance(model, MixedModel)
    assert _reason(model.contrast([0, 0])) == (Reason.NO_DATA, {})
    assert _reason(model.joint([[0, 0], [0, 0]])) == (Reason.NO_DATA, {})


def test_a_row_given_twice_counts_once_in_a_joint_test_and_one_row_is_the_square_of_t() -> None:
    scores = _drawn(20, 3)
    model = fit(scores.score, _line(scores.wave), scores.person, ["1", "t"])
    assert isinstance(model, MixedModel)
    found, change = model.joint([[0, 1], [0, 2]]), model.terms[1]
    assert isinstance(found, Joint)
    assert (found.df1, found.f, found.df2, found.p) == pytest.approx((1, change.t**2, change.df, change.p))


def test_the_course_has_a_mean_with_its_people_per_wave_and_the_change_since_the_first() -> None:
    scores = _drawn(50, 4)
    kept = (scores.wave < 2) | (scores.person % 2 == 0)
    found = course(LongScores.of(scores.person[kept], scores.wave[kept], scores.score[kept]), WAVES)
    assert isinstance(found, Course)
    means = [point.mean for point in found.points]
    assert [mean.n for mean in means if isinstance(mean, Estimate)] == [50, 50, 25, 25]
    assert all(mean.low < mean.value < mean.high for mean in means if isinstance(mean, Estimate))
    first, last, change = means[0], means[3], found.changes[2]
    assert isinstance(first, Estimate)
    assert isinstance(last, Estimate)
    assert isinstance(change, Contrast)
    assert change.estimate.value == pytest.approx(last.value - first.value)
    assert isinstance(found.joint, Joint)
    assert found.joint.df1 == 3


def test_a_wave_without_anybody_has_no_mean_and_the_others_do() -> None:
    scores = _drawn(20, 2)
    found = course(scores, WAVES)
    assert isinstance(found, Course)
    assert [isinstance(point.mean, Estimate) for point in found.points] == [True, True, False, False]
    assert found.changes[1:] == (NotEstimable(Reason.NO_DATA), NotEstimable(Reason.NO_DATA))


def test_a_person_twice_in_one_wave_or_an_unknown_wave_is_refused() -> None:
    twice = LongScores.of([1, 1, 2], [0, 0, 1], [3, 4, 5])
    assert _reason(course(twice, WAVES)) == (Reason.OUT_OF_RANGE, {"of": "person-wave", "n": 1})
    unknown = LongScores.of([1, 1, 2], [0, 4, 1], [3, 4, 5])
    assert _reason(course(unknown, WAVES)) == (Reason.OUT_OF_RANGE, {"of": "wave"})
    assert _reason(course(LongScores.of([], [], []), WAVES)) == (Reason.NO_DATA, {})


def test_a_million_rows_are_fitted() -> None:
    scores = _drawn(200_000, 5)
    model = fit(scores.score, np.column_stack([np.ones(10**6), scores.wave]), scores.person, ["1", "t"])
    assert isinstance(model, MixedModel)
    assert model.random[0][0] == pytest.approx(4, rel=0.02)
