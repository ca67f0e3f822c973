"""The course of a score per wave and the paired change of one programme, with intervals. "Change", never "effect"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from service.measures.complete import Floats, Scores, complete_pairs, deviation
from service.measures.effect_size import PairedSizes, paired_sizes
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.sign_flip import SignFlip, sign_flip_test


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` scores in points, its standard deviation and 95% t interval (None below two scores)."""

    n: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Post minus pre of `n` people with two valid scores, in points; improvement is negative (measures.md 4.3)."""

    n: int
    mean_pre: float
    sd_pre: float | None
    mean_post: float
    sd_post: float | None
    difference: float
    sd_difference: float | None
    low: float | None
    high: float | None
    t: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class TTest:
    """A t value with its degrees of freedom and two-sided p of no difference."""

    t: float
    df: float
    p: float


@dataclass(frozen=True, slots=True)
class PairedEffect:
    """Everything a report says about one paired change. Points are post minus pre: improvement is negative.

    n people of `people` had both scores. `difference` and `test` are not estimable when every difference is the same;
    `mean_difference` is then still what happened. The permutation stands beside the interval when `is_small`.
    """

    n: int
    people: int
    mean_pre: float
    sd_pre: float
    mean_post: float
    sd_post: float
    mean_difference: float
    sd_difference: float
    difference: Estimate | NotEstimable
    test: TTest | NotEstimable
    sizes: PairedSizes
    permutation: SignFlip

    @property
    def is_small(self) -> bool:
        """Whether the t interval leans on few people: at most 30 (measures.md 9)."""
        return self.n <= 30


def paired_effect(
    pre: Scores, post: Scores, chance: np.random.Generator, level: float = 0.95
) -> PairedEffect | NotEstimable:
    """The paired change with t interval, t test, d_av, d_z and Hedges' g, and a permutation test (measures.md 4.3).

    None or NaN is a missing score; `chance` draws the permutations above 16 pairs. ValueError when the lengths differ.
    TOO_FEW below two pairs; otherwise as `complete_pairs`.
    """
    pairs, sizes = complete_pairs(pre, post), paired_sizes(pre, post, level)
    if isinstance(pairs, NotEstimable):
        return pairs
    if isinstance(sizes, NotEstimable):
        return sizes
    permutation = sign_flip_test(pairs.differences, chance)
    if isinstance(permutation, NotEstimable):
        return permutation
    return PairedEffect(
        n=pairs.n,
        people=pairs.people,
        mean_pre=float(pairs.pre.mean()),
        sd_pre=deviation(pairs.pre),
        mean_post=float(pairs.post.mean()),
        sd_post=deviation(pairs.post),
        mean_difference=float(pairs.differences.mean()),
        sd_difference=deviation(pairs.differences),
        difference=t_interval(pairs.differences, level),
        test=_one_sample_t(pairs.differences),
        sizes=sizes,
        permutation=permutation,
    )


def t_interval(values: Floats, level: float = 0.95) -> Estimate | NotEstimable:
    """The mean of valid values with its t interval: mean +- t(n - 1) sd / sqrt(n).

    TOO_FEW below two values; NO_VARIANCE when all are the same.
    """
    n = len(values)
    if n < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": 2})
    spread, mean = deviation(values), float(values.mean())
    if spread == 0:
        return NotEstimable(Reason.NO_VARIANCE, {"n": n})
    half = float(special.stdtrit(n - 1, (1 + level) / 2)) * spread / math.sqrt(n)
    return Estimate(mean, mean - half, mean + half, n, level)


def _one_sample_t(differences: Floats) -> TTest | NotEstimable:
    n, spread = len(differences), deviation(differences)
    if spread == 0:
        return NotEstimable(Reason.NO_VARIANCE, {"n": n})
    t = float(differences.mean()) * math.sqrt(n) / spread
    return TTest(t, n - 1, 2 * float(special.stdtr(n - 1, -abs(t))))


def mean_interval(scores: Sequence[float]) -> Mean:
    """Mean, sd (n - 1) and 95% t interval of the scores."""
    n = len(scores)
    if n == 0:
        return Mean(0, None, None, None, None)
    mean = _mean(scores)
    sd = _sd(scores)
    if sd is None:
        return Mean(n, mean, None, None, None)
    half = _half_width(sd, n)
    return Mean(n, mean, sd, mean - half, mean + half)


def paired_change(pre: Sequence[float], post: Sequence[float]) -> PairedChange | None:
    """Paired change with its 95% t interval; None without pairs. ValueError when the lengths differ.

    The standard deviations are None with one pair; t and p are None when every difference is the same.
    """
    differences = [after - before for before, after in zip(pre, post, strict=True)]
    if not differences:
        return None
    of_difference = mean_interval(differences)
    t, p = _t_test(differences)
    return PairedChange(
        n=len(differences),
        mean_pre=_mean(pre),
        sd_pre=_sd(pre),
        mean_post=_mean(post),
        sd_post=_sd(post),
        difference=_mean(differences),
        sd_difference=of_difference.sd,
        low=of_difference.low,
        high=of_difference.high,
        t=t,
        p=p,
    )


def _mean(scores: Sequence[float]) -> float:
    return math.fsum(scores) / len(scores)


def _sd(scores: Sequence[float]) -> float | None:
    """The standard deviation with n - 1; None below two scores."""
    if len(scores) < 2:
        return None
    mean = _mean(scores)
    return math.sqrt(math.fsum((score - mean) ** 2 for score in scores) / (len(scores) - 1))


def _half_width(sd: float, n: int) -> float:
    """Half of the 95% t interval of a mean: t(0.975, n - 1) standard errors."""
    return float(special.stdtrit(n - 1, 0.975)) * sd / math.sqrt(n)


def _t_test(differences: Sequence[float]) -> tuple[float | None, float | None]:
    """t and its two-sided p of the mean difference against zero."""
    n, sd = len(differences), _sd(differences)
    if not sd:
        return None, None
    t = _mean(differences) * math.sqrt(n) / sd
    return t, 2 * float(special.stdtr(n - 1, -abs(t)))
