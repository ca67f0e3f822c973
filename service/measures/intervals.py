"""Intervals of a share and of the difference of two shares, and the two tests of such a difference."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from service.measures.estimate import Estimate, NotEstimable, Reason

#: How much more probable than the table seen a table may come out, by rounding, and still be "no more probable".
_ROUNDING = 1 + 1e-7


@dataclass(frozen=True, slots=True)
class SharesCompared:
    """Two shares of separate groups: the first minus the second, and two-sided tests of no difference.

    `chi2` is Pearson's, 1 degree of freedom, without continuity correction; it and its p are not estimable where
    everybody or nobody counts (nothing varies). Fisher's exact p always exists.
    """

    difference: Estimate
    chi2: float | NotEstimable
    chi2_p: float | NotEstimable
    fisher_p: float


def quantile(level: float) -> float:
    """The standard normal quantile of a two-sided interval: 1.96 for 0.95. ValueError unless 0 < level < 1."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    return float(special.ndtri((1 + level) / 2))


def wilson(count: int, of: int, level: float = 0.95) -> Estimate | NotEstimable:
    """A share (0 to 1) with its Wilson score interval (Wilson 1927; measures.md 4.2).

    (p + z^2/2n +- z sqrt(p(1 - p)/n + z^2/4n^2)) / (1 + z^2/n). NO_DATA of nobody; OUT_OF_RANGE when count is not
    between 0 and `of`.
    """
    missing = _refused(count, of)
    if missing is not None:
        return missing
    z, p = quantile(level), count / of
    weight = 1 + z**2 / of
    centre = (p + z**2 / (2 * of)) / weight
    half = z / weight * math.sqrt(p * (1 - p) / of + z**2 / (4 * of**2))
    # At the edges the interval touches 0 and 1 exactly; floating point would miss them by a hair.
    low = 0.0 if count == 0 else centre - half
    high = 1.0 if count == of else centre + half
    return Estimate(p, low, high, of, level)


def clopper_pearson(count: int, of: int, level: float = 0.95) -> Estimate | NotEstimable:
    """A share (0 to 1) with its exact interval, from the beta distribution (Clopper and Pearson 1934).

    Covers at least `level`, so it is wider than Wilson's. NO_DATA of nobody; OUT_OF_RANGE when count is not between 0
    and `of`.
    """
    missing = _refused(count, of)
    if missing is not None:
        return missing
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(special.betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(special.betaincinv(count + 1, of - count, 1 - tail))
    return Estimate(count / of, low, high, of, level)


def newcombe(count_1: int, of_1: int, count_2: int, of_2: int, level: float = 0.95) -> Estimate | NotEstimable:
    """The first share minus the second (-1 to 1) with Newcombe's interval from two Wilson intervals.

    Newcombe 1998, Statistics in Medicine 17:873, method 10, without continuity correction. `n` is both groups. For
    separate groups only: paired shares need McNemar. Not estimable for the reason of the share that is not.
    """
    first, second = wilson(count_1, of_1, level), wilson(count_2, of_2, level)
    if isinstance(first, NotEstimable):
        return first
    if isinstance(second, NotEstimable):
        return second
    difference = first.value - second.value
    low = difference - math.hypot(first.value - first.low, second.high - second.value)
    high = difference + math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(difference, max(low, -1.0), min(high, 1.0), of_1 + of_2, level)


def compare_shares(
    count_1: int, of_1: int, count_2: int, of_2: int, level: float = 0.95
) -> SharesCompared | NotEstimable:
    """Two shares of separate groups compared (measures.md 4.2). Not estimable when one of the two shares is not."""
    difference = newcombe(count_1, of_1, count_2, of_2, level)
    if isinstance(difference, NotEstimable):
        return difference
    chi2, p = _chi_square(count_1, of_1, count_2, of_2)
    return SharesCompared(difference, chi2, p, _fisher(count_1, of_1, count_2, of_2))


def _refused(count: int, of: int) -> NotEstimable | None:
    if not 0 <= count <= of:
        return NotEstimable(Reason.OUT_OF_RANGE, {"count": count, "of": of})
    return NotEstimable(Reason.NO_DATA, {"n": 0}) if of == 0 else None


def _chi_square(
    count_1: int, of_1: int, count_2: int, of_2: int
) -> tuple[float, float] | tuple[NotEstimable, NotEstimable]:
    """Pearson's statistic of a 2 x 2 table, N(ad - bc)^2 over the product of the four margins, and its p."""
    n, counted = of_1 + of_2, count_1 + count_2
    if counted in (0, n):
        none = NotEstimable(Reason.NO_VARIANCE, {"n": n})
        return none, none
    cross = count_1 * (of_2 - count_2) - count_2 * (of_1 - count_1)
    chi2 = n * cross**2 / (of_1 * of_2 * counted * (n - counted))
    return chi2, float(special.chdtrc(1, chi2))


def _fisher(count_1: int, of_1: int, count_2: int, of_2: int) -> float:
    """Fisher's exact p: the probability, margins fixed, of all tables no more probable than the one seen."""
    counted = count_1 + count_2
    cells = np.arange(max(0, counted - of_2), min(of_1, counted) + 1)
    logs = _log_choose(of_1, cells) + _log_choose(of_2, counted - cells)
    weights = np.exp(logs - logs.max())
    seen = weights[count_1 - cells[0]]
    return min(1.0, float(weights[weights <= seen * _ROUNDING].sum() / weights.sum()))


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    chosen: np.ndarray = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return chosen
