"""Analysis of covariance: the last score by arm at the same first score, only where the arms started alike.

Where they did not (people chose their arm), adjusting for the first score answers another question and can turn the
sign (Lord's paradox); then the change by arm is compared instead: `comparison`. Source: measures.md 4.6b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from service.measures.comparison import ArmContrast, adjusted
from service.measures.estimate import NotEstimable, Reason
from service.measures.least_squares import LeastSquares, least_squares


class Assignment(StrEnum):
    """How people came into their arm, as the analysis plan says."""

    RANDOMISED = "randomised"
    BASELINE_EQUIVALENT = "baseline_equivalent"  # argued and fixed beforehand in the plan
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Ancova:
    """post ~ 1 + pre + arm (the first arm is the reference), and all pairs of arms with Holm."""

    line: LeastSquares  # terms: "1", "pre", then the arms after the first
    pairs: tuple[ArmContrast, ...]


def ancova(
    pre: ArrayLike,
    post: ArrayLike,
    arm: ArrayLike,
    arms: Sequence[str],
    *,
    assignment: Assignment,
    level: float = 0.95,
) -> Ancova | NotEstimable:
    """Differences between arms in the last score (points, negative is better) at the same first score.

    `arm` holds places in `arms`. People without one of the two scores (NaN) are left out.
    NotEstimable: NOT_COMPARABLE unless the plan says randomised or baseline-equivalent; NO_DATA; ONE_GROUP; TOO_FEW;
    SINGULAR with the "term" (everyone has the same first score, say); NO_VARIANCE; OUT_OF_RANGE for an infinite score
    or an unknown arm. ValueError when the lengths differ (the caller's mistake).
    """
    if assignment is Assignment.OTHER:
        return NotEstimable(Reason.NOT_COMPARABLE)
    before, after = np.asarray(pre, dtype=np.float64), np.asarray(post, dtype=np.float64)
    places = np.asarray(arm, dtype=np.intp)
    if not len(before) == len(after) == len(places):
        raise ValueError("pre, post and arm need one row per person")
    whole = ~(np.isnan(before) | np.isnan(after))
    before, after, places = before[whole], after[whole], places[whole]
    unknown = len(places) and (places.min() < 0 or places.max() >= len(arms))
    if unknown or not (np.isfinite(before).all() and np.isfinite(after).all()):
        return NotEstimable(Reason.OUT_OF_RANGE)
    present = [int(place) for place in np.unique(places)]
    if len(present) == 1:
        return NotEstimable(Reason.ONE_GROUP)
    indicators = (places[:, None] == np.array(present[1:], dtype=np.intp)).astype(np.float64)
    x = np.column_stack([np.ones(len(after)), before, indicators])
    names = [arms[place] for place in present]
    line = least_squares(after, x, ["1", "pre", *names[1:]], level)
    return line if isinstance(line, NotEstimable) else Ancova(line, _pairs(line, names))


def _pairs(line: LeastSquares, names: Sequence[str]) -> tuple[ArmContrast, ...]:
    """Every pair of arms: the first named minus the second."""
    rows = np.vstack([np.zeros(len(names) - 1), np.eye(len(names) - 1)])
    return adjusted(
        [
            (names[one], names[other], line.contrast([0.0, 0.0, *(rows[one] - rows[other])]))
            for one, other in combinations(range(len(names)), 2)
        ]
    )
