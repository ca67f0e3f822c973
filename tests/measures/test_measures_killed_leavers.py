"""Who dropped out, and copies pooled: every field by hand, at the level asked for, and what is said when there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from service.measures.attrition import Attrition, Welch, attrition, standardised_difference, welch
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import quantile
from service.measures.logistic import Logistic, logistic
from service.measures.pooling import Pooled, pool
from service.measures.reliability import LEAST_FOR_ALPHA, Alpha, alpha
from service.measures.survival import SurvivalCurve, kaplan_meier, survival_at

STAYED, GONE = np.array([4.0, 6.0, 5.0, 7.0, 3.0]), np.array([8.0, 5.0, 9.0])


def test_welch_with_its_interval_and_people() -> None:
    found = welch(STAYED, GONE, 0.9)
    reference = stats.ttest_ind(STAYED, GONE, equal_var=False)
    low, high = reference.confidence_interval(0.9)
    assert isinstance(found, Welch)
    assert (found.t, found.df, found.p) == pytest.approx((reference.statistic, reference.df, reference.pvalue))
    assert found.difference.value == pytest.approx(STAYED.mean() - GONE.mean())
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high))
    assert (found.difference.n, found.difference.level) == (8, 0.9)


def test_every_covariate_is_told_by_name_at_the_level_asked_for() -> None:
    dropped = np.array([False] * 5 + [True] * 3)
    columns = {"score": np.append(STAYED, GONE), "age": np.array([70.0, 81, 66, 90, 77, 79, 85, 72])}
    found = attrition(dropped, columns, 0.9)
    assert isinstance(found, Attrition)
    assert (found.stayed, found.dropped) == (5, 3)
    assert [row.name for row in found.covariates] == ["score", "age"]
    assert found.odds == logistic(dropped, columns, 0.9)
    assert isinstance(found.odds, Logistic)
    assert {term.odds_ratio.level for term in found.odds.terms if isinstance(term.odds_ratio, Estimate)} == {0.9}
    for row in found.covariates:
        values = columns[row.name]
        assert row.welch == welch(values[:5], values[5:], 0.9)
        assert row.standardised == standardised_difference(values[:5], values[5:], 0.9)
        assert isinstance(row.standardised, Estimate)
        assert (row.standardised.level, row.standardised.n) == (0.9, 8)


def test_two_people_in_a_group_are_enough_and_an_empty_group_says_how_many_there_are() -> None:
    assert isinstance(welch(GONE[:2], STAYED[:2]), Welch)
    nobody = np.array([])
    for one, other in ((STAYED, nobody), (nobody, STAYED)):
        assert welch(one, other) == NotEstimable(Reason.ONE_GROUP, {"n": 5})
    assert welch(STAYED, GONE[:1]) == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})


@pytest.mark.parametrize("value", [0.3, 1e6, 1e9])
def test_what_differs_by_rounding_only_does_not_differ(value: float) -> None:
    same = np.array([value, value + 3 * np.spacing(value)])
    assert welch(same, same) == NotEstimable(Reason.NO_VARIANCE, {"n": 4})
    assert isinstance(welch(np.array([value, value + 1.0]), np.array([value + 1, value + 3.0])), Welch)
    assert isinstance(welch(np.array([value, value]), np.array([value, value + 3.0])), Welch)


def test_pooled_copies_by_the_rules_of_rubin() -> None:
    found = pool([1.0, 2.0, 4.0], [0.5, 0.7, 0.6], 0.9)
    assert isinstance(found, Pooled)
    within, between = 0.6, (1 + 1 / 3) * np.var([1, 2, 4], ddof=1)
    error, df = math.sqrt(within + between), 2 * (1 + within / between) ** 2
    assert (found.error, found.df) == pytest.approx((error, df))
    assert found.missing_share == pytest.approx(between / (within + between))
    low, high = stats.t.interval(0.9, df, 7 / 3, error)
    assert (found.estimate.value, found.estimate.low, found.estimate.high) == pytest.approx((7 / 3, low, high))
    assert (found.estimate.n, found.estimate.level) == (3, 0.9)


def test_copies_that_cannot_be_pooled_say_how_many_there_were() -> None:
    assert pool([1.0, 2.0], [0.5]) == NotEstimable(Reason.OUT_OF_RANGE, {"n": 2})
    assert pool([], []) == NotEstimable(Reason.NO_DATA, {"n": 0, "needed": 2})
    assert pool([1.0], [0.5]) == NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2})
    assert pool([1.0, 1.0], [0.0, 0.0]) == NotEstimable(Reason.NO_VARIANCE, {"n": 2})
    agreeing = pool([1.0, 1.0, 1.0], [0.5, 0.5, 0.5], 0.9)
    assert isinstance(agreeing, Pooled)
    assert agreeing.df == NotEstimable(Reason.NO_VARIANCE, {"n": 3})
    assert agreeing.estimate.high == pytest.approx(1 + quantile(0.9) * math.sqrt(0.5))


def test_alpha_and_its_interval_by_hand_at_the_level_asked_for() -> None:
    chance = np.random.default_rng(5)
    trait = chance.normal(size=(LEAST_FOR_ALPHA, 1))
    values = (trait + chance.normal(size=(LEAST_FOR_ALPHA, 4)) > 0).astype(float)
    found = alpha([1, 2, 3, 4], values, 0.9)
    assert isinstance(found, Alpha)
    expected = 4 / 3 * (1 - values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1))
    low, high = (1 - (1 - expected) * stats.f.ppf(q, 29, 87) for q in (0.95, 0.05))
    assert (found.estimate.value, found.estimate.low, found.estimate.high) == pytest.approx((expected, low, high))
    assert (found.estimate.n, found.estimate.level) == (LEAST_FOR_ALPHA, 0.9)


def test_before_anybody_left_the_share_that_stays_keeps_its_level() -> None:
    curve = kaplan_meier([2, 5, 9], [0, 1, 0], 0.8)
    assert isinstance(curve, SurvivalCurve)
    found = survival_at(curve, 3)
    assert isinstance(found, Estimate)
    assert (found.value, found.low, found.high) == pytest.approx((1, 0.1 ** (1 / 2), 1))
    assert (found.n, found.level) == (3, 0.8)
