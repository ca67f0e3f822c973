"""The course of a score per wave and the paired change of one programme, with intervals. "Change", never "effect"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special


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
