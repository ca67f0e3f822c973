"""Comparing arms over time: difference in differences, and time x arm from the mixed model (measures.md 4.6).

Only a real comparison arm makes a change an effect; without one, use `course` and call it change. Arms stand in the
caller's order (by name), never by result. A difference is first arm minus second: negative favours the first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from service.measures.course import Course, LongScores, cells
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.least_squares import NOTHING
from service.measures.multiplicity import holm
from service.measures.reml import Floats
from service.measures.satterthwaite import Contrast, Joint, t_test


@dataclass(frozen=True, slots=True)
class DifferenceInDifferences:
    """Difference of two mean changes, in points: `welch` lets the arms vary differently, `pooled` does not."""

    first: Estimate
    second: Estimate
    welch: Contrast
    pooled: Contrast


@dataclass(frozen=True, slots=True)
class ArmContrast:
    """One arm against another; `adjusted_p` is its p after Holm over all pairs that could be estimated."""

    arm: str
    against: str
    contrast: Contrast | NotEstimable
    adjusted_p: float | None


@dataclass(frozen=True, slots=True)
class TimeByArm:
    """All pairs of arms at the primary wave (each the change since the first wave), and the course of every arm.

    `joint` asks whether the arms differ in their change at any wave.
    """

    pairs: tuple[ArmContrast, ...]
    joint: Joint | NotEstimable
    courses: tuple[Course, ...]


def difference_in_differences(
    first: ArrayLike, second: ArrayLike, *, level: float = 0.95
) -> DifferenceInDifferences | NotEstimable:
    """Two-wave difference in differences: the changes (post minus pre) of the people of two arms.

    Welch: df by Satterthwaite 1946; pooled: df = n1 + n2 - 2. A missing change (NaN) is left out.
    NotEstimable: NO_DATA; ONE_GROUP when an arm is empty; TOO_FEW below two people in an arm ("arm" 1 or 2);
    NO_VARIANCE when both arms changed without any difference between people; OUT_OF_RANGE for an infinite value.
    """
    arms = [_present(first), _present(second)]
    obstacle = _obstacle(arms)
    if obstacle is not None:
        return obstacle
    (n1, m1, v1), (n2, m2, v2) = ((len(arm), float(arm.mean()), float(arm.var(ddof=1))) for arm in arms)
    squares = float(sum(arm @ arm for arm in arms))
    if v1 * (n1 - 1) + v2 * (n2 - 1) <= NOTHING * squares:
        return NotEstimable(Reason.NO_VARIANCE)
    error = v1 / n1 + v2 / n2
    df = error**2 / ((v1 / n1) ** 2 / (n1 - 1) + (v2 / n2) ** 2 / (n2 - 1))
    together = (v1 * (n1 - 1) + v2 * (n2 - 1)) / (n1 + n2 - 2) * (1 / n1 + 1 / n2)
    n, difference = n1 + n2, m1 - m2
    return DifferenceInDifferences(
        first=_mean(n1, m1, v1, level),
        second=_mean(n2, m2, v2, level),
        welch=t_test(difference, math.sqrt(error), df, n=n, level=level),
        pooled=t_test(difference, math.sqrt(together), n - 2, n=n, level=level),
    )


def _present(changes: ArrayLike) -> Floats:
    values = np.asarray(changes, dtype=np.float64)
    return values[~np.isnan(values)]


def _obstacle(arms: Sequence[Floats]) -> NotEstimable | None:
    sizes = [len(arm) for arm in arms]
    if not any(sizes):
        return NotEstimable(Reason.NO_DATA)
    if not all(sizes):
        return NotEstimable(Reason.ONE_GROUP)
    if not all(np.isfinite(arm).all() for arm in arms):
        return NotEstimable(Reason.OUT_OF_RANGE)
    if min(sizes) < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": 1, "needed": 2, "arm": sizes.index(1) + 1})
    return None


def _mean(n: int, mean: float, variance: float, level: float) -> Estimate:
    """A mean with its t interval; an arm without variance has an interval of no width."""
    if variance == 0:
        return Estimate(mean, mean, mean, n, level)
    return t_test(mean, math.sqrt(variance / n), n - 1, n=n, level=level).estimate


def time_by_arm(
    scores: LongScores,
    waves: Sequence[str],
    arms: Sequence[str],
    *,
    primary: int,
    times: Sequence[float] | None = None,
    level: float = 0.95,
) -> TimeByArm | NotEstimable:
    """The time x arm contrasts of a mixed model with a mean per arm and wave, on all waves (measures.md 4.5, 4.6a).

    `primary` is the place of the analysis plan's primary wave (not the first: ValueError); `times` as in `course`.
    With two waves and nobody missing it is the pooled difference in differences. A pair with an arm that nobody was
    measured in at the first or the primary wave is NotEstimable (NO_DATA) by itself. NotEstimable as `course`, and
    ONE_GROUP when fewer than two arms have anybody.
    """
    if not 0 < primary < len(waves):
        raise ValueError("the primary wave is one of the waves after the first")
    if len(scores.score) and len(np.unique(scores.arm)) < 2:
        return NotEstimable(Reason.ONE_GROUP)
    found = cells(scores, len(waves), len(arms), times=times, level=level)
    if isinstance(found, NotEstimable):
        return found
    pairs = [
        (arms[one], arms[other], found.contrast(_against(one, other, primary)))
        for one, other in combinations(range(len(arms)), 2)
    ]
    rows = [_against(arm, 0, wave) for arm in range(1, len(arms)) for wave in range(1, len(waves))]
    courses = tuple(found.course(waves, arm) for arm in range(len(arms)))
    return TimeByArm(adjusted(pairs), found.joint(rows), courses)


def _against(one: int, other: int, wave: int) -> dict[tuple[int, int], float]:
    """The change of one arm at a wave minus that of another."""
    return {(one, wave): 1.0, (one, 0): -1.0, (other, wave): -1.0, (other, 0): 1.0}


def adjusted(pairs: Sequence[tuple[str, str, Contrast | NotEstimable]]) -> tuple[ArmContrast, ...]:
    """Pairs of arms with their p after Holm, over those that could be estimated."""
    known = {place: pair[2].p for place, pair in enumerate(pairs) if isinstance(pair[2], Contrast)}
    p = holm(list(known.values()))
    after = {} if isinstance(p, NotEstimable) else dict(zip(known, p, strict=True))
    return tuple(ArmContrast(one, other, found, after.get(place)) for place, (one, other, found) in enumerate(pairs))
