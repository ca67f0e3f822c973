"""Loevinger's H: whether the items of a 0/1 scale order people along one line (Mokken's scalability)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import quantile
from service.measures.item_values import Values, complete_rows
from service.measures.reliability import chosen

#: What lies this close to a perfect scale is one, but for rounding.
_ROUNDING = 1e-12

#: People with every item answered below whom H is not printed (measures.md 4.8).
LEAST_FOR_H = 50


class Strength(StrEnum):
    """Mokken's words for H of a scale: from .3, .4 and .5 on (Mokken 1971, page 185)."""

    NONE = "none"
    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Scalability:
    """H of the scale and of each item against the others; `skipped` items had the same answer from everybody."""

    scale: Estimate
    strength: Strength
    items: Mapping[int, Estimate]
    skipped: tuple[int, ...]


def loevinger(items: Sequence[int], values: Values, level: float = 0.95) -> Scalability | NotEstimable:
    """Loevinger's H (Loevinger 1948; Mokken 1971; measures.md 4.8): the sum of the covariances of all pairs of items
    over the sum of the largest that their shares allow, min(p_i, p_j) - p_i p_j; per item, its own pairs. At most 1.

    `items` are the numbers of the columns of `values` (0 or 1); only people with every item answered count. Interval:
    the standard error of Kuijpers, Van der Ark and Croon (Sociological Methodology 43, 2013: delta method, multinomial
    answers), taken on the scale log(1 - H) so that it stays below 1. Of two items with the same share the first counts
    as the lower one; the coefficient is the same either way.

    TOO_FEW below LEAST_FOR_H people or two items; OUT_OF_RANGE for other values than 0 and 1; NO_VARIANCE when fewer
    than two items differ between people.
    """
    rows = complete_rows(values)
    n = len(rows)
    if ((rows != 0) & (rows != 1)).any():
        return NotEstimable(Reason.OUT_OF_RANGE, {"lowest": 0, "highest": 1})
    if n < LEAST_FOR_H:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": LEAST_FOR_H})
    if len(items) < 2:
        return NotEstimable(Reason.TOO_FEW, {"items": len(items), "needed": 2})
    varies = np.ptp(rows, axis=0) > 0
    used = chosen(items, varies)
    if len(used) < 2:
        return NotEstimable(Reason.NO_VARIANCE, {"n": n, "items": len(used)})
    scale, per_item = _coefficients(rows[:, varies], level)
    return Scalability(scale, _strength(scale.value), dict(zip(used, per_item, strict=True)), chosen(items, ~varies))


def _coefficients(rows: Values, level: float) -> tuple[Estimate, list[Estimate]]:
    """H of the scale and per item. For each, what every person contributes to its two sums gives the standard error."""
    share = rows.mean(axis=0)
    apart = rows - share
    covariance = apart.T @ apart / len(rows)
    np.fill_diagonal(covariance, 0.0)
    largest = np.minimum.outer(share, share) - np.outer(share, share)
    np.fill_diagonal(largest, 0.0)
    slopes = _slopes(share)
    summed = apart.sum(axis=1)
    estimates = []
    for item in range(len(share)):
        seen = apart[:, item] * (summed - apart[:, item])
        bound = apart @ slopes[item]
        estimates.append(_estimate(covariance[item].sum(), largest[item].sum(), seen, bound, level))
    # Every pair stands twice in the matrices, in both sums alike.
    seen = summed**2 - (apart**2).sum(axis=1)
    scale = _estimate(covariance.sum(), largest.sum(), seen, apart @ slopes.sum(axis=0), level)
    return scale, estimates


def _slopes(share: np.ndarray) -> np.ndarray:
    """[item, other]: how the sum of the largest covariances of `item` moves with the share of `other`.

    A pair's largest covariance is low (1 - high), with low and high its two shares: it moves by 1 - high with the
    lower one and by -low with the higher one.
    """
    lower = (share[:, None] < share) | ((share[:, None] == share) & np.tri(len(share), k=-1, dtype=bool).T)
    of_pair = np.where(lower, 1 - share, -share)  # row: the item that moves; column: the other one of the pair
    np.fill_diagonal(of_pair, 0.0)
    slopes: np.ndarray = of_pair.T + np.diag(of_pair.sum(axis=1))
    return slopes


def _estimate(seen_sum: float, largest_sum: float, seen: np.ndarray, bound: np.ndarray, level: float) -> Estimate:
    value = float(seen_sum / largest_sum)
    if value > 1 - _ROUNDING:
        return Estimate(1.0, 1.0, 1.0, len(seen), level)
    influence = (seen - seen.mean() - value * bound) / largest_sum
    error = math.sqrt(float(np.mean(influence**2)) / len(seen))
    reach = math.exp(quantile(level) * error / (1 - value))
    return Estimate(value, 1 - (1 - value) * reach, 1 - (1 - value) / reach, len(seen), level)


def _strength(value: float) -> Strength:
    steps = ((0.5, Strength.STRONG), (0.4, Strength.MEDIUM), (0.3, Strength.WEAK))
    return next((word for least, word in steps if value >= least), Strength.NONE)
