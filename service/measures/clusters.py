"""An interval that knows that people of one group (a location, a course) look alike: cluster-robust least squares.

The sandwich of Liang & Zeger 1986 with the usual small-sample factor G/(G-1) (n-1)/(n-p) (CR1) and t with G - 1 degrees
of freedom (Cameron & Miller 2015, J. Human Resources 50(2)). It needs many groups: below ten it is too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from service.measures.estimate import NotEstimable, Reason
from service.measures.least_squares import least_squares
from service.measures.satterthwaite import Contrast, t_test

#: From this many groups on the interval is trusted (measures.md 9); below it the figure says "te smal".
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class ClusterRobust:
    """The terms with robust intervals (n: rows), the number of groups, and whether the intervals are too narrow."""

    names: tuple[str, ...]
    terms: tuple[Contrast | NotEstimable, ...]
    clusters: int
    too_narrow: bool


def cluster_robust(
    y: ArrayLike, x: ArrayLike, cluster: ArrayLike, names: Sequence[str], *, level: float = 0.95
) -> ClusterRobust | NotEstimable:
    """Least squares of y (n) on the columns of x (n, p), one number or name in `cluster` (n) per row's group.

    Two-wave difference in differences: y the changes, x a column of ones and one of the arm. A row with a missing value
    (NaN) is left out. A term that no group contradicts has no robust interval: NO_VARIANCE by itself. NotEstimable: as
    `least_squares`; ONE_GROUP with one cluster; OUT_OF_RANGE for an infinite value. ValueError when the lengths differ
    (the caller's mistake).
    """
    scores, groups = np.asarray(y, dtype=np.float64), np.asarray(cluster)
    columns = np.asarray(x, dtype=np.float64).reshape(len(scores), len(names))
    if len(groups) != len(scores):
        raise ValueError("y, x and cluster need one row per person")
    whole = ~(np.isnan(scores) | np.isnan(columns).any(axis=1))
    scores, columns, groups = scores[whole], columns[whole], groups[whole]
    if not (np.isfinite(scores).all() and np.isfinite(columns).all()):
        return NotEstimable(Reason.OUT_OF_RANGE)
    line = least_squares(scores, columns, names, level)
    if isinstance(line, NotEstimable):
        return line
    places = np.unique(groups, return_inverse=True)[1]
    count, (n, p) = int(places.max()) + 1, columns.shape
    if count < 2:
        return NotEstimable(Reason.ONE_GROUP)
    pulls = np.column_stack([np.bincount(places, weights=column * line.residuals) for column in columns.T])
    factor = count / (count - 1) * (n - 1) / (n - p)
    variances = factor * np.diag(line.inverse @ (pulls.T @ pulls) @ line.inverse)
    nothing = 1e-10 * np.diag(line.inverse) * line.residual
    terms = tuple(
        NotEstimable(Reason.NO_VARIANCE)
        if variance <= least
        else t_test(float(value), float(np.sqrt(variance)), count - 1, n=n, level=level)
        for value, variance, least in zip(line.uncertainty.beta, variances, nothing, strict=True)
    )
    return ClusterRobust(tuple(names), terms, count, count < ENOUGH)
