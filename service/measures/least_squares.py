"""Ordinary least squares with t intervals, and the column that makes a design singular."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.measures.estimate import NotEstimable, Reason
from service.measures.reml import Floats
from service.measures.satterthwaite import Contrast, Joint, Uncertainty, contrast, joint

#: Below this share a column is told by the ones before it, or nothing is left for the residual.
NOTHING = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """A fitted line: `terms` in the order of `names`, residual variance with `df` degrees of freedom.

    `inverse` is (X'X)^-1 and `residuals` one per row: what a robust interval needs.
    """

    names: tuple[str, ...]
    terms: tuple[Contrast, ...]
    residual: float
    df: int
    inverse: Floats
    residuals: Floats
    uncertainty: Uncertainty

    def contrast(self, weights: Sequence[float]) -> Contrast | NotEstimable:
        """The weighted sum of the terms against zero. NO_DATA when every weight is zero."""
        return contrast(self.uncertainty, np.array(weights, dtype=np.float64))

    def joint(self, rows: Sequence[Sequence[float]]) -> Joint | NotEstimable:
        """The F test that all these contrasts are zero together. NO_DATA when every weight is zero."""
        return joint(self.uncertainty, np.array(rows, dtype=np.float64))


def dependent_column(x: Floats) -> int | None:
    """The first column that is zero or a combination of the ones before it (Gram-Schmidt on the scaled x'x)."""
    square = x.T @ x
    scale = np.sqrt(np.diag(square))
    if (scale == 0).any():
        return int(np.argmin(scale != 0))
    left = square / np.outer(scale, scale)
    for column in range(len(left)):
        if left[column, column] < NOTHING:
            return column
        left = left - np.outer(left[:, column], left[column]) / left[column, column]
    return None


def least_squares(y: Floats, x: Floats, names: Sequence[str], level: float = 0.95) -> LeastSquares | NotEstimable:
    """Fit y (n) on the columns of x (n, p). Every value finite; n in the terms is the number of rows.

    NotEstimable: NO_DATA; TOO_FEW rows for these terms; SINGULAR with the "term"; NO_VARIANCE when nothing is left.
    """
    n, p = x.shape
    if n == 0:
        return NotEstimable(Reason.NO_DATA)
    if n <= p:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": p + 1})
    told = dependent_column(x)
    if told is not None:
        return NotEstimable(Reason.SINGULAR, {"term": names[told]})
    beta, *_ = np.linalg.lstsq(x, y, rcond=None)
    residuals = y - x @ beta
    rss, df = float(residuals @ residuals), n - p
    if rss <= NOTHING * float(y @ y):
        return NotEstimable(Reason.NO_VARIANCE)
    inverse = np.linalg.inv(x.T @ x)
    covariance = rss / df * inverse
    # One variance parameter, the log of the residual variance, itself with variance 2 / df: t with df, exactly.
    known = Uncertainty(beta, covariance, covariance[None], np.array([[2 / df]]), n, level)
    terms = tuple(term for row in np.eye(p) if isinstance(term := contrast(known, row), Contrast))
    return LeastSquares(tuple(names), terms, rss / df, df, inverse, residuals, known)
