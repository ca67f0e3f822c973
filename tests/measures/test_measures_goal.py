"""What counts as success: the table of rules, row by row, and what may never be called success."""

from __future__ import annotations

import itertools

import pytest

from service.measures.equivalence import Equivalence
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.goal import RULES, Basis, Evidence, Fact, GoalType, Judgement, Least, Verdict, facts, judge

FELL = Estimate(-1.2, -2.0, -0.4, 40)
ROSE = Estimate(1.2, 0.4, 2.0, 40)
OPEN = Estimate(-0.1, -0.5, 0.3, 40)
WITHIN = Equivalence(Estimate(-0.1, -0.4, 0.2, 40, 0.9), 1.0, 0.05, 39, 0.001, 0.001)
UNSURE = Equivalence(Estimate(0.5, -0.5, 1.5, 40, 0.9), 1.0, 0.05, 39, 0.001, 0.2)
WELL_BELOW = Equivalence(Estimate(-1.2, -1.9, -0.5, 40, 0.9), 1.0, 0.05, 39, 0.6, 0.001)
KEEP = (GoalType.STABILISE, GoalType.PREVENT_ONSET)
NONE = NotEstimable(Reason.NO_VARIANCE)


def verdict(goal: GoalType, evidence: Evidence) -> tuple[Verdict, Basis]:
    found = judge(goal, evidence)
    return found.verdict, found.basis


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence(FELL), (Verdict.REACHED, Basis.CHANGE)),
        (Evidence(ROSE), (Verdict.OPPOSITE, Basis.CHANGE)),
        (Evidence(OPEN), (Verdict.NOT_SHOWN, Basis.CHANGE)),
        (Evidence(OPEN, WITHIN), (Verdict.NOT_SHOWN, Basis.CHANGE)),
        (Evidence(ROSE, contrast=FELL, smallest_arm=30), (Verdict.REACHED, Basis.COMPARISON)),
        (Evidence(FELL, contrast=ROSE, smallest_arm=30), (Verdict.OPPOSITE, Basis.COMPARISON)),
        (Evidence(FELL, contrast=OPEN, smallest_arm=30), (Verdict.NOT_SHOWN, Basis.COMPARISON)),
        # No test between groups of fewer than 30: then it is a change, and not an effect.
        (Evidence(FELL, contrast=OPEN, smallest_arm=29), (Verdict.REACHED, Basis.CHANGE)),
        (Evidence(FELL, contrast=NONE, smallest_arm=30), (Verdict.REACHED, Basis.CHANGE)),
    ],
)
def test_to_reduce_the_contrast_decides_and_otherwise_the_change(
    evidence: Evidence, expected: tuple[Verdict, Basis]
) -> None:
    assert verdict(GoalType.REDUCE, evidence) == expected


@pytest.mark.parametrize("goal", KEEP)
@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence(OPEN, WITHIN), (Verdict.REACHED, Basis.MARGIN)),
        (Evidence(ROSE, WITHIN), (Verdict.REACHED, Basis.MARGIN)),
        (Evidence(FELL, WELL_BELOW), (Verdict.REACHED, Basis.MARGIN)),
        (Evidence(OPEN, WELL_BELOW), (Verdict.NOT_SHOWN, Basis.MARGIN)),
        (Evidence(OPEN, UNSURE), (Verdict.NOT_SHOWN, Basis.MARGIN)),
        (Evidence(ROSE, UNSURE), (Verdict.OPPOSITE, Basis.CHANGE)),
        (Evidence(ROSE), (Verdict.OPPOSITE, Basis.CHANGE)),
        (Evidence(ROSE, contrast=FELL, smallest_arm=30), (Verdict.REACHED, Basis.COMPARISON)),
        (Evidence(OPEN, WITHIN, contrast=ROSE, smallest_arm=30), (Verdict.OPPOSITE, Basis.COMPARISON)),
        (Evidence(ROSE, contrast=OPEN, smallest_arm=30), (Verdict.NOT_SHOWN, Basis.COMPARISON)),
    ],
)
def test_to_keep_it_the_same_takes_a_margin_or_a_comparison(
    goal: GoalType, evidence: Evidence, expected: tuple[Verdict, Basis]
) -> None:
    assert verdict(goal, evidence) == expected


@pytest.mark.parametrize("goal", KEEP)
@pytest.mark.parametrize("change", [OPEN, FELL])
def test_finding_no_rise_proves_nothing_without_a_margin(goal: GoalType, change: Estimate) -> None:
    found = judge(goal, Evidence(change))
    assert found == Judgement(
        Verdict.CANNOT_BE_JUDGED, Basis.NOTHING, NotEstimable(Reason.NO_DATA, {"missing": "margin_or_comparison"})
    )


@pytest.mark.parametrize("goal", list(GoalType))
def test_few_people_and_missing_figures_are_not_judged_and_say_why(goal: GoalType) -> None:
    few = Estimate(-5, -6, -4, 9)
    assert judge(goal, Evidence(few)).why == NotEstimable(Reason.TOO_FEW, {"n": 9, "needed": 10})
    assert judge(goal, Evidence(NONE)) == Judgement(Verdict.CANNOT_BE_JUDGED, Basis.NOTHING, NONE)


def test_the_figure_that_failed_is_the_reason() -> None:
    assert judge(GoalType.STABILISE, Evidence(OPEN, NONE)).why == NONE
    small = Evidence(OPEN, contrast=OPEN, smallest_arm=12)
    assert judge(GoalType.STABILISE, small).why == NotEstimable(Reason.TOO_FEW, {"n": 12, "needed": 30})


def test_the_least_people_are_those_asked_for() -> None:
    ten = Estimate(-1.2, -2.0, -0.4, 10)
    assert verdict(GoalType.REDUCE, Evidence(ten)) == (Verdict.REACHED, Basis.CHANGE)
    assert judge(GoalType.REDUCE, Evidence(ten), Least(change=11)).why == NotEstimable(
        Reason.TOO_FEW, {"n": 10, "needed": 11}
    )
    open_change = Evidence(Estimate(-0.1, -0.5, 0.3, 10))
    assert judge(GoalType.STABILISE, open_change).why == NotEstimable(
        Reason.NO_DATA, {"missing": "margin_or_comparison"}
    )


def test_ten_people_are_enough_for_a_change_and_nine_are_not() -> None:
    def same(n: int) -> Equivalence:
        return Equivalence(Estimate(-0.1, -0.4, 0.2, n, 0.9), 1.0, 0.05, n - 1, 0.001, 0.001)

    def change(n: int) -> Estimate:
        return Estimate(-0.1, -0.5, 0.3, n)

    assert facts(Evidence(change(10), same(10))) == {Fact.CHANGE_OPEN, Fact.WITHIN_MARGIN}
    assert facts(Evidence(change(9), same(9))) == set()


def test_an_interval_that_touches_nothing_is_open() -> None:
    assert facts(Evidence(Estimate(-1, -2, 0.0, 40))) == {Fact.CHANGE_OPEN}
    assert facts(Evidence(Estimate(1, 0.0, 2, 40))) == {Fact.CHANGE_OPEN}


def test_every_evidence_has_a_verdict_and_only_a_comparison_makes_an_effect() -> None:
    """All combinations: the words follow the evidence."""
    changes: tuple[Estimate | NotEstimable, ...] = (FELL, ROSE, OPEN, NONE, Estimate(-5, -6, -4, 9))
    margins: tuple[Equivalence | NotEstimable | None, ...] = (None, NONE, WITHIN, UNSURE, WELL_BELOW)
    contrasts: tuple[Estimate | NotEstimable | None, ...] = (None, NONE, FELL, ROSE, OPEN)
    for goal, change, margin, contrast, arm in itertools.product(GoalType, changes, margins, contrasts, (10, 30)):
        found = judge(goal, Evidence(change, margin, contrast, arm))
        assert (found.why is not None) == (found.verdict is Verdict.CANNOT_BE_JUDGED)
        if found.basis is Basis.COMPARISON:
            assert isinstance(contrast, Estimate)
            assert arm == 30
        if goal in KEEP and found.verdict is Verdict.REACHED:
            assert found.basis in {Basis.MARGIN, Basis.COMPARISON}


def test_every_goal_has_rules_and_no_fact_stands_twice() -> None:
    for goal in GoalType:
        order = [fact for fact, _, _ in RULES[goal]]
        assert len(set(order)) == len(order)
