"""What counts as success: the goal decides which evidence is asked for, and the evidence which words may be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from service.measures.equivalence import Equivalence, Sameness
from service.measures.estimate import Estimate, NotEstimable, Reason


class GoalType(StrEnum):
    """What an intervention is for."""

    REDUCE = "reduce"
    STABILISE = "stabilise"
    PREVENT_ONSET = "prevent_onset"


class Verdict(StrEnum):
    """What may be said about the goal."""

    REACHED = "reached"
    NOT_SHOWN = "not_shown"  # it may have been reached, or not: the figures cannot tell
    OPPOSITE = "opposite"  # loneliness rose, or rose more than in the comparison arm
    CANNOT_BE_JUDGED = "cannot_be_judged"  # `why` says what is missing


class Basis(StrEnum):
    """What the verdict rests on. Only with a comparison may a text say "effect"; otherwise it says "change"."""

    COMPARISON = "comparison"
    MARGIN = "margin"
    CHANGE = "change"
    NOTHING = "nothing"


class Fact(StrEnum):
    """What the figures show; the rules are written in these."""

    CONTRAST_LOWER = "contrast_lower"  # the whole interval of the contrast lies below 0
    CONTRAST_HIGHER = "contrast_higher"
    CONTRAST_OPEN = "contrast_open"  # it holds 0
    WITHIN_MARGIN = "within_margin"  # equivalence with a margin fixed beforehand
    BELOW_MARGIN = "below_margin"  # with such a margin: a rise as large as the margin is excluded, and it fell
    MARGIN_OPEN = "margin_open"  # a margin was fixed, and neither of the two is shown
    CHANGE_LOWER = "change_lower"  # the whole interval of the change lies below 0
    CHANGE_HIGHER = "change_higher"
    CHANGE_OPEN = "change_open"  # it holds 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures of one programme, in points; negative is less lonely (turn the sign where higher is better).

    `change` is of the n people with both scores. `equivalence` and `contrast` (programme minus comparison, of the
    change) are None when the analysis plan has no margin, no comparison arm. `smallest_arm` people stand in the smaller
    arm of the contrast.
    """

    change: Estimate | NotEstimable
    equivalence: Equivalence | NotEstimable | None = None
    contrast: Estimate | NotEstimable | None = None
    smallest_arm: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, what it rests on, and (only when it cannot be judged) why."""

    verdict: Verdict
    basis: Basis
    why: NotEstimable | None = None


@dataclass(frozen=True, slots=True)
class Least:
    """The fewest people for a verdict on a change, and per arm for one on a contrast (measures.md 4.9: no test between
    groups of fewer than 30)."""

    change: int = 10
    arm: int = 30


_BY_COMPARISON = (
    (Fact.CONTRAST_LOWER, Verdict.REACHED, Basis.COMPARISON),
    (Fact.CONTRAST_HIGHER, Verdict.OPPOSITE, Basis.COMPARISON),
)
_KEEP = (
    *_BY_COMPARISON,
    (Fact.WITHIN_MARGIN, Verdict.REACHED, Basis.MARGIN),
    (Fact.BELOW_MARGIN, Verdict.REACHED, Basis.MARGIN),
    (Fact.CONTRAST_OPEN, Verdict.NOT_SHOWN, Basis.COMPARISON),
    (Fact.CHANGE_HIGHER, Verdict.OPPOSITE, Basis.CHANGE),
    (Fact.MARGIN_OPEN, Verdict.NOT_SHOWN, Basis.MARGIN),
)
#: Per goal, in order: the first fact that the figures show decides. A goal to stabilise or prevent has no row for a
#: change that is open or lower: without a margin or a comparison that proves nothing (measures.md 9).
RULES: Mapping[GoalType, tuple[tuple[Fact, Verdict, Basis], ...]] = MappingProxyType(
    {
        GoalType.REDUCE: (
            *_BY_COMPARISON,
            (Fact.CONTRAST_OPEN, Verdict.NOT_SHOWN, Basis.COMPARISON),
            (Fact.CHANGE_LOWER, Verdict.REACHED, Basis.CHANGE),
            (Fact.CHANGE_HIGHER, Verdict.OPPOSITE, Basis.CHANGE),
            (Fact.CHANGE_OPEN, Verdict.NOT_SHOWN, Basis.CHANGE),
        ),
        GoalType.STABILISE: _KEEP,
        GoalType.PREVENT_ONSET: _KEEP,
    }
)
_LEAST = Least()


def judge(goal: GoalType, evidence: Evidence, least: Least = _LEAST) -> Judgement:
    """Whether the goal was reached, by the table RULES.

    Figures about too few people show nothing. When no row decides, the goal cannot be judged; `why` is the reason of
    the figure that is missing, or NO_DATA with `missing` = "margin_or_comparison".
    """
    shown = facts(evidence, least)
    for fact, verdict, basis in RULES[goal]:
        if fact in shown:
            return Judgement(verdict, basis)
    return Judgement(Verdict.CANNOT_BE_JUDGED, Basis.NOTHING, _why(evidence, least))


def facts(evidence: Evidence, least: Least = _LEAST) -> frozenset[Fact]:
    """What the figures show, leaving out those about too few people."""
    shown: set[Fact] = set()
    if isinstance(evidence.contrast, Estimate) and evidence.smallest_arm >= least.arm:
        shown.add(_side(evidence.contrast, Fact.CONTRAST_LOWER, Fact.CONTRAST_HIGHER, Fact.CONTRAST_OPEN))
    if isinstance(evidence.change, Estimate) and evidence.change.n >= least.change:
        shown.add(_side(evidence.change, Fact.CHANGE_LOWER, Fact.CHANGE_HIGHER, Fact.CHANGE_OPEN))
    if isinstance(evidence.equivalence, Equivalence) and evidence.equivalence.difference.n >= least.change:
        shown.add(_by_margin(evidence.equivalence, fell=Fact.CHANGE_LOWER in shown))
    return frozenset(shown)


def _side(figure: Estimate, lower: Fact, higher: Fact, still_open: Fact) -> Fact:
    if figure.high < 0:
        return lower
    return higher if figure.low > 0 else still_open


def _by_margin(equivalence: Equivalence, *, fell: bool) -> Fact:
    if equivalence.sameness is Sameness.EQUIVALENT:
        return Fact.WITHIN_MARGIN
    return Fact.BELOW_MARGIN if fell and equivalence.is_not_higher else Fact.MARGIN_OPEN


def _why(evidence: Evidence, least: Least) -> NotEstimable:
    if isinstance(evidence.change, NotEstimable):
        return evidence.change
    if evidence.change.n < least.change:
        return NotEstimable(Reason.TOO_FEW, {"n": evidence.change.n, "needed": least.change})
    for figure in (evidence.equivalence, evidence.contrast):
        if isinstance(figure, NotEstimable):
            return figure
    if evidence.contrast is not None:
        return NotEstimable(Reason.TOO_FEW, {"n": evidence.smallest_arm, "needed": least.arm})
    return NotEstimable(Reason.NO_DATA, {"missing": "margin_or_comparison"})
