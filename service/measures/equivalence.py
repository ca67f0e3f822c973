"""Has it stayed the same? Two one-sided tests against a margin that was fixed before anybody looked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from scipy import special

from service.measures.complete import Scores, complete_pairs, deviation, two_groups
from service.measures.estimate import Estimate, NotEstimable, Reason


class Sameness(StrEnum):
    """What the two tests say. A test of difference that finds nothing proves nothing, so it is not among them."""

    EQUIVALENT = "equivalent"  # the whole interval lies within the margin
    NOT_SHOWN = "not_shown"  # it may have stayed the same, or not


@dataclass(frozen=True, slots=True)
class Equivalence:
    """A difference in points against a margin. `difference` has the 1 - 2 alpha interval that the tests rest on.

    `p_not_lower` and `p_not_higher` test that the difference is not below -margin and not above +margin; the larger of
    the two is the p of equivalence.
    """

    difference: Estimate
    margin: float
    alpha: float
    df: float
    p_not_lower: float
    p_not_higher: float

    @property
    def p(self) -> float:
        """The p of equivalence."""
        return max(self.p_not_lower, self.p_not_higher)

    @property
    def sameness(self) -> Sameness:
        """Whether equivalence is shown. What cannot be judged is a NotEstimable and never gets here."""
        return Sameness.EQUIVALENT if self.p < self.alpha else Sameness.NOT_SHOWN

    @property
    def is_not_higher(self) -> bool:
        """Whether it is shown that the difference is below +margin: loneliness did not rise by as much as that."""
        return self.p_not_higher < self.alpha


def paired_equivalence(pre: Scores, post: Scores, margin: float, alpha: float = 0.05) -> Equivalence | NotEstimable:
    """Whether the mean change of the pairs lies within +-margin points (Schuirmann 1987; measures.md 9).

    t with n - 1 degrees of freedom. OUT_OF_RANGE for a margin that is not above 0 or an alpha not between 0 and 0.5;
    TOO_FEW below two pairs; NO_VARIANCE when every change is the same; otherwise as `complete_pairs`.
    """
    pairs = complete_pairs(pre, post)
    if isinstance(pairs, NotEstimable):
        return pairs
    if pairs.n < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": pairs.n, "needed": 2})
    error = deviation(pairs.differences) / math.sqrt(pairs.n)
    return _judge(float(pairs.differences.mean()), error, pairs.n - 1, pairs.n, margin, alpha)


def group_equivalence(first: Scores, second: Scores, margin: float, alpha: float = 0.05) -> Equivalence | NotEstimable:
    """Whether two separate groups differ by less than `margin` points: first minus second, Welch's t.

    NO_VARIANCE when nobody differs within a group; OUT_OF_RANGE as in `paired_equivalence`; otherwise as `two_groups`.
    """
    groups = two_groups(first, second)
    if isinstance(groups, NotEstimable):
        return groups
    one, other = groups
    squares = [deviation(group) ** 2 / len(group) for group in (one, other)]
    n, total = len(one) + len(other), sum(squares)
    if total == 0:
        return NotEstimable(Reason.NO_VARIANCE, {"n": n})
    shares = [square / total for square in squares]
    df = 1 / (shares[0] ** 2 / (len(one) - 1) + shares[1] ** 2 / (len(other) - 1))
    return _judge(float(one.mean() - other.mean()), math.sqrt(total), df, n, margin, alpha)


def _judge(value: float, error: float, df: float, n: int, margin: float, alpha: float) -> Equivalence | NotEstimable:
    if not (0 < margin < math.inf and 0 < alpha < 0.5):
        return NotEstimable(Reason.OUT_OF_RANGE, {"term": "margin"})
    if error == 0:
        return NotEstimable(Reason.NO_VARIANCE, {"n": n})
    half = float(special.stdtrit(df, 1 - alpha)) * error
    return Equivalence(
        difference=Estimate(value, value - half, value + half, n, 1 - 2 * alpha),
        margin=margin,
        alpha=alpha,
        df=df,
        p_not_lower=float(special.stdtr(df, -(value + margin) / error)),
        p_not_higher=float(special.stdtr(df, (value - margin) / error)),
    )
