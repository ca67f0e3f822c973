"""Which scores count in a comparison: those that are there, and of pairs those with both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.measures.estimate import NotEstimable, Reason

Floats: TypeAlias = NDArray[np.float64]
#: Scores in points; None or NaN where there is none.
Scores: TypeAlias = Sequence[float | None] | Sequence[float] | Floats | NDArray[np.integer[Any]]

#: No questionnaire scores this high: it is a slip in the data, and its square would not fit in a number.
_HIGHEST = 1e9
#: Values that differ by less than this part are the same value, written down by a computer.
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Pairs:
    """The people with a valid score at both moments, in order. `people` is how many were given, with or without."""

    pre: Floats
    post: Floats
    people: int

    @property
    def n(self) -> int:
        """How many pairs."""
        return len(self.pre)

    @property
    def differences(self) -> Floats:
        """Post minus pre, in points: improvement is negative on a scale where higher is lonelier."""
        return self.post - self.pre


def valid_scores(scores: Scores) -> Floats | NotEstimable:
    """The scores that are there. NO_DATA without one; OUT_OF_RANGE for infinity or more than 1e9 points."""
    values = np.asarray(scores, dtype=np.float64)
    kept: Floats = values[~np.isnan(values)]
    return _unusable(kept, len(values)) or kept


def complete_pairs(pre: Scores, post: Scores) -> Pairs | NotEstimable:
    """The pairs with both scores; `pre` and `post` hold the same people in the same order.

    ValueError when the lengths differ: then they are not the same people. NO_DATA without a pair; OUT_OF_RANGE for
    infinity or more than 1e9 points.
    """
    before, after = np.asarray(pre, dtype=np.float64), np.asarray(post, dtype=np.float64)
    if len(before) != len(after):
        raise ValueError(f"pairs need as many scores before as after, not {len(before)} and {len(after)}")
    both = ~(np.isnan(before) | np.isnan(after))
    pairs = Pairs(before[both], after[both], len(before))
    return _unusable(np.concatenate([pairs.pre, pairs.post]), len(before)) or pairs


def two_groups(first: Scores, second: Scores) -> tuple[Floats, Floats] | NotEstimable:
    """The valid scores of two separate groups, at least two in each.

    ONE_GROUP when one has none and the other has; TOO_FEW below two in a group; otherwise as `valid_scores`.
    """
    one, other = valid_scores(first), valid_scores(second)
    if isinstance(one, NotEstimable) or isinstance(other, NotEstimable):
        return _why_not(one, other)
    smallest = min(len(one), len(other))
    return NotEstimable(Reason.TOO_FEW, {"n": smallest, "needed": 2}) if smallest < 2 else (one, other)


def deviation(values: Floats) -> float:
    """The standard deviation (n - 1) of two values or more; exactly 0.0 when they are the same but for rounding."""
    largest = max(1.0, float(np.abs(values).max()))
    return 0.0 if np.ptp(values) <= _SAME * largest else float(values.std(ddof=1))


def _why_not(one: Floats | NotEstimable, other: Floats | NotEstimable) -> NotEstimable:
    """Why two groups cannot be compared, when at least one has no usable scores."""
    wrong = [group for group in (one, other) if isinstance(group, NotEstimable)]
    for group in wrong:
        if group.reason is not Reason.NO_DATA:
            return group
    return wrong[0] if len(wrong) == 2 else NotEstimable(Reason.ONE_GROUP)


def _unusable(values: Floats, people: int) -> NotEstimable | None:
    if not len(values):
        return NotEstimable(Reason.NO_DATA, {"n": 0, "people": people})
    if np.abs(values).max() > _HIGHEST:
        return NotEstimable(Reason.OUT_OF_RANGE, {"people": people})
    return None
