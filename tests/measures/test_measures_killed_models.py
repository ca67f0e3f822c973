"""Contrasts tested together, and the models they come from: degrees of freedom by hand, levels, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from service.measures.comparison import time_by_arm
from service.measures.course import Course, LongScores, cells, course
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.least_squares import LeastSquares, dependent_column, least_squares
from service.measures.satterthwaite import Contrast, Joint, Uncertainty, contrast, joint, t_test


def known(dfs: tuple[float, ...], scale: float = 1.0) -> Uncertainty:
    """Independent terms, each with a variance of its own that is known with so many degrees of freedom."""
    variances = np.arange(1, len(dfs) + 1) * scale**2
    moves = np.array([np.diag(np.where(np.arange(len(dfs)) == place, variances, 0)) for place in range(len(dfs))])
    beta = np.sqrt(variances) * np.arange(1, len(dfs) + 1)
    return Uncertainty(beta, np.diag(variances), moves, np.diag([2 / df for df in dfs]), 20, 0.9)


def together(found: Uncertainty) -> Joint:
    test = joint(found, np.eye(len(found.beta)))
    assert isinstance(test, Joint)
    return test


@pytest.mark.parametrize(
    ("dfs", "df2"),
    [
        ((6.0, 6.0), 6.0),
        ((1.5, 1.5), 1.5),
        ((6.0, 10.0), 2 * 2.75 / 0.75),
        ((6.0, 6.5), 2 * (1.5 + 6.5 / 4.5) / (1.5 + 6.5 / 4.5 - 2)),
        ((2.5, 10.0), 2 * 6.25 / 4.25),
        ((2.0, 10.0), 2.0),
        ((1.0, 10.0), 2.0),
        ((4.0, 6.0, 10.0), 2 * 4.75 / 1.75),
    ],
)
def test_directions_with_unlike_degrees_of_freedom_are_pooled(dfs: tuple[float, ...], df2: float) -> None:
    """The df2 whose F has the mean of the separate F's: E(F) = df/(df - 2)."""
    found = together(known(dfs))
    f = sum(place**2 for place in range(1, len(dfs) + 1)) / len(dfs)
    assert (found.f, found.df1, found.df2) == pytest.approx((f, len(dfs), df2))
    assert found.p == pytest.approx(stats.f.sf(f, len(dfs), df2))


def test_the_unit_of_the_score_changes_no_joint_test() -> None:
    one, other = together(known((6.0, 10.0))), together(known((6.0, 10.0), 1e-7))
    assert (one.f, one.df1, one.df2, one.p) == pytest.approx((other.f, other.df1, other.df2, other.p))


def test_nothing_to_test_is_no_test() -> None:
    none = NotEstimable(Reason.NO_DATA)
    assert joint(known((6.0, 10.0)), np.zeros((2, 2))) == none
    assert joint(known((6.0, 10.0)), np.empty((0, 2))) == none
    assert contrast(known((6.0, 10.0)), np.zeros(2)) == none


def test_a_row_that_says_the_same_twice_counts_once() -> None:
    found = joint(known((6.0, 10.0)), np.array([[1.0, 0.0], [2.0, 0.0]]))
    assert isinstance(found, Joint)
    assert (found.f, found.df1, found.df2) == pytest.approx((1.0, 1, 6.0))


def test_a_line_tests_its_terms_together_as_f_does() -> None:
    chance = np.random.default_rng(3)
    x = np.column_stack([np.ones(30), chance.normal(size=(30, 2))])
    y = x @ [1.0, 0.4, -0.2] + chance.normal(size=30)
    line = least_squares(y, x, ["1", "a", "b"], 0.9)
    assert isinstance(line, LeastSquares)
    found = line.joint([[0, 1, 0], [0, 0, 1]])
    left, all_of = float(line.residuals @ line.residuals), float(((y - y.mean()) ** 2).sum())
    f = (all_of - left) / 2 / (left / 27)
    assert isinstance(found, Joint)
    assert (found.f, found.df1, found.df2) == pytest.approx((f, 2, 27))
    assert found.p == pytest.approx(stats.f.sf(f, 2, 27))
    assert line.joint([[0, 0, 0]]) == NotEstimable(Reason.NO_DATA)
    assert {term.estimate.level for term in line.terms} == {0.9}


def panel(arms: int, people: int = 12) -> LongScores:
    """Three waves of people who differ in level and in slope; the second arm falls faster."""
    chance = np.random.default_rng(11)
    who, when = np.repeat(np.arange(people), 3), np.tile(np.arange(3), people)
    arm = who % arms
    level, slope = chance.normal(6, 2, people)[who], chance.normal(-0.5, 0.8, people)[who]
    score = level + (slope - arm) * when + chance.normal(0, 0.5, len(who))
    return LongScores.of(who, when, score, arm)


WAVES = ("T0", "T1", "T2")


def test_a_course_with_times_has_a_slope_per_person_and_one_without_has_not() -> None:
    plain, sloped = course(panel(1), WAVES, level=0.9), course(panel(1), WAVES, times=(0, 1, 2), level=0.9)
    assert isinstance(plain, Course)
    assert isinstance(sloped, Course)
    assert (len(plain.model.random), len(sloped.model.random)) == (1, 2)
    assert [point.wave for point in plain.points] == list(WAVES)
    for found in (plain, sloped):
        assert {point.mean.level for point in found.points if isinstance(point.mean, Estimate)} == {0.9}
        assert {change.estimate.level for change in found.changes if isinstance(change, Contrast)} == {0.9}


def test_a_cell_model_is_at_95_percent_when_nobody_asks() -> None:
    found = cells(panel(1), 3, 1)
    assert not isinstance(found, NotEstimable)
    assert {term.estimate.level for term in found.model.terms} == {0.95}
    assert found.measured == {(0, 0): 12, (0, 1): 12, (0, 2): 12}


def test_an_arm_or_wave_that_is_not_in_the_lists_is_named() -> None:
    assert course(panel(2), WAVES) == NotEstimable(Reason.OUT_OF_RANGE, {"of": "arm"})
    assert course(panel(1), WAVES[:2]) == NotEstimable(Reason.OUT_OF_RANGE, {"of": "wave"})
    twice = LongScores.of([1, 1, 2, 2, 3, 3], [0, 0, 0, 1, 0, 1], [5.0, 6, 4, 3, 7, 5])
    assert course(twice, WAVES) == NotEstimable(Reason.OUT_OF_RANGE, {"of": "person-wave", "n": 1})


def test_two_arms_and_two_waves_have_one_contrast_so_that_f_is_its_square() -> None:
    scores = panel(2)
    early = scores.wave < 2
    pair = LongScores(scores.person[early], scores.wave[early], scores.score[early], scores.arm[early])
    found = time_by_arm(pair, WAVES[:2], ("a", "b"), primary=1, level=0.9)
    assert not isinstance(found, NotEstimable)
    one = found.pairs[0].contrast
    assert isinstance(one, Contrast)
    assert isinstance(found.joint, Joint)
    assert (found.joint.f, found.joint.df1, found.joint.p) == pytest.approx((one.t**2, 1, one.p))
    assert one.estimate.level == 0.9


def test_an_arm_without_people_has_no_course_and_the_others_have_a_slope_when_asked() -> None:
    found = time_by_arm(panel(2), WAVES, ("a", "b", "nobody"), primary=2, times=(0, 1, 2))
    assert not isinstance(found, NotEstimable)
    none = NotEstimable(Reason.NO_DATA)
    assert found.courses[2].joint == none
    assert [pair.contrast for pair in found.pairs[1:]] == [none, none]
    assert [pair.adjusted_p for pair in found.pairs[1:]] == [None, None]
    assert len(found.courses[0].model.random) == 2
    with pytest.raises(ValueError, match=r"^the primary wave is one of the waves after the first$"):
        time_by_arm(panel(2), WAVES, ("a", "b"), primary=3)


@pytest.mark.parametrize("unit", [1e-7, 1.0, 1e7])
def test_the_unit_of_a_column_makes_it_no_other_column(unit: float) -> None:
    months = np.arange(12.0)
    x = np.column_stack([np.ones(12), months * unit, months % 3])
    assert dependent_column(x) is None
    assert dependent_column(np.column_stack([x, months * unit + 2])) == 3
    assert dependent_column(np.column_stack([np.ones(12), np.zeros(12)])) == 1


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_a_line_says_what_it_is_of_and_leaves_nothing_over_when_it_is_exact(unit: float) -> None:
    months = np.arange(12.0)
    x = np.column_stack([np.ones(12), months])
    off = np.tile([0.5, -0.5, 0.0], 4)
    line = least_squares((3 + months + off) * unit, x, ["1", "month"])
    assert isinstance(line, LeastSquares)
    reference = stats.linregress(months, (3 + months + off) * unit)
    assert (line.names, line.df) == (("1", "month"), 10)
    assert line.residual == pytest.approx(float(line.residuals @ line.residuals) / 10)
    slope = line.terms[1]
    assert (slope.estimate.value, slope.se, slope.p) == pytest.approx(
        (reference.slope, reference.stderr, reference.pvalue)
    )
    assert (slope.estimate.n, slope.estimate.level, slope.df) == pytest.approx((12, 0.95, 10))
    assert least_squares((3 + months / 7) * unit, x, ["1", "month"]) == NotEstimable(Reason.NO_VARIANCE)


def test_a_variance_that_is_known_for_certain_has_degrees_without_end() -> None:
    for variance in (0.25, 4.0):
        certain = Uncertainty(np.ones(1), np.array([[variance]]), np.array([[[variance]]]), np.zeros((1, 1)), 9, 0.95)
        found = contrast(certain, np.ones(1))
        assert isinstance(found, Contrast)
        assert found.df == pytest.approx(2e12)
        assert found.p == pytest.approx(2 * stats.norm.sf(1 / np.sqrt(variance)))
    assert t_test(1.0, 0.5, 10, n=11) == t_test(1.0, 0.5, 10, n=11, level=0.95)
