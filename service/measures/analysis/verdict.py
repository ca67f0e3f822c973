"""Whether the goal was reached, what the change would have been by itself, and whether it stayed within the margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from service.measures.analysis.arm_view import ARMS, ArmView
from service.measures.analysis.checks import completers
from service.measures.analysis.courses import LEAST
from service.measures.analysis.result import Figure, Unit
from service.measures.analysis.sheet import Sheet
from service.measures.equivalence import Equivalence, paired_equivalence
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.goal import Evidence, judge
from service.measures.instrument import Polarity
from service.measures.regression_to_mean import regression_note


def fill_equivalence(sheet: Sheet, view: ArmView) -> None:
    """`equivalence.<arm>`: the change against the margin of the plan; nothing without a margin."""
    found = _equivalence(view)
    if found is None:
        return
    key = f"equivalence.{view.arm}.difference"
    if isinstance(found, NotEstimable):
        sheet.outcome(key, found, Unit.POINTS, view.change)
        return
    detail = {"margin": found.margin, "p": found.p, "df": found.df, "level": found.difference.level}
    sheet.outcome(key, found.difference, Unit.POINTS, view.change, of=len(view.people), detail=detail)
    sheet.say(f"equivalence.{view.arm}", str(found.sameness), key)


def fill_regression(sheet: Sheet, view: ArmView) -> None:
    """`regression.<arm>.expected`: what the group would move by itself; only when the plan names its population."""
    if view.plan.population is None:
        return
    pre, post = view.pairs(view.plan.outcome)
    found = regression_note(np.where(np.isnan(post), np.nan, pre), view.plan.population)
    expected = found if isinstance(found, NotEstimable) else found.expected
    sheet.outcome(f"regression.{view.arm}.expected", expected, Unit.POINTS, view.both_means)


def judge_goal(sheet: Sheet, views: Sequence[ArmView], figures: dict[str, Figure]) -> None:
    """The words `goal.verdict`, `goal.basis` and `goal.why`, from figures that are shown: a verdict on a hidden change
    would tell which way it went."""
    view = views[0]
    if view.arm != ARMS[0]:  # a programme is not judged by those who did not get it
        sheet.words["goal.verdict"], sheet.words["goal.basis"] = "cannot_be_judged", "nothing"
        sheet.words["goal.why"] = str(Reason.NO_DATA)
        return
    change = figures[f"change.{view.arm}.difference"]
    if change.hidden is not None:
        sheet.words["goal.verdict"], sheet.words["goal.basis"] = "cannot_be_judged", "nothing"
        sheet.words["goal.why"] = str(change.hidden)
        return
    worse = view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE
    contrast, smallest = _contrast(views, figures)
    evidence = Evidence(
        change=_turned(completers(view), worse=worse),
        equivalence=_turned_margin(_equivalence(view), worse=worse),
        contrast=None if contrast is None else _turned(contrast, worse=worse),
        smallest_arm=smallest,
    )
    found = judge(view.records.goal, evidence)
    sheet.words["goal.verdict"], sheet.words["goal.basis"] = str(found.verdict), str(found.basis)
    if found.why is not None:
        missing = found.why.detail.get("missing")
        sheet.words["goal.why"] = str(missing or found.why.reason)


def _equivalence(view: ArmView) -> Equivalence | NotEstimable | None:
    if view.plan.margin is None:
        return None
    return paired_equivalence(*view.pairs(view.plan.outcome), view.plan.margin)


def _contrast(views: Sequence[ArmView], figures: dict[str, Figure]) -> tuple[Estimate | None, int]:
    """The contrast with the comparison arm (else the waiting list) when it is shown, and its smaller arm."""
    one = views[0]
    for other in reversed(views[1:]):
        key = f"contrast.{one.arm}.{other.arm}"
        smallest = min(one.pair_count(), other.pair_count())
        for name in ("model", "did"):
            found = figures.get(f"{key}.{name}")
            if found is not None and found.value is not None and smallest >= LEAST:
                low, high = found.low, found.high
                assert low is not None
                assert high is not None
                return Estimate(found.value, low, high, found.n or 0), smallest
    return None, 0


def _turned(found: Estimate | NotEstimable, *, worse: bool) -> Estimate | NotEstimable:
    """With the sign that the rules of a goal read: negative is less lonely."""
    if worse or isinstance(found, NotEstimable):
        return found
    return replace(found, value=-found.value, low=-found.high, high=-found.low)


def _turned_margin(found: Equivalence | NotEstimable | None, *, worse: bool) -> Equivalence | NotEstimable | None:
    if worse or not isinstance(found, Equivalence):
        return found
    turned = _turned(found.difference, worse=False)
    assert isinstance(turned, Estimate)
    return replace(found, difference=turned, p_not_lower=found.p_not_higher, p_not_higher=found.p_not_lower)
