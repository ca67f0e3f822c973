"""Whether groups leave at the same pace: the log-rank test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from service.measures.estimate import NotEstimable, Reason
from service.measures.risk_table import Floats, risk_table


@dataclass(frozen=True, slots=True)
class LogRank:
    """Chi-square with its degrees of freedom and two-sided p; per group how many left and how many were expected to."""

    chi2: float
    df: int
    p: float
    groups: tuple[str, ...]
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    n: int


def log_rank(times: npt.ArrayLike, events: npt.ArrayLike, groups: npt.ArrayLike) -> LogRank | NotEstimable:
    """The log-rank test (Mantel 1966; Peto and Peto 1972), as R's survdiff: times and events as for kaplan_meier.

    Groups that nobody could be expected to leave do not count for the degrees of freedom. NO_DATA of nobody;
    OUT_OF_RANGE with the row; ONE_GROUP when fewer than two groups were followed at an event; NO_VARIANCE when nobody
    left or everybody left at once; SINGULAR when the groups were never followed together.
    """
    time, event = np.atleast_1d(np.asarray(times)), np.atleast_1d(np.asarray(events))
    table = risk_table(time, event, 1)
    if isinstance(table, NotEstimable):
        return table
    names, member = np.unique(np.atleast_1d(np.asarray(groups)), return_inverse=True)
    if member.shape != time.shape:
        raise ValueError("one group per person")
    moments = table.left[0] > 0
    left, at_risk = table.left[0][moments], table.at_risk[moments]
    shares = np.array([_at_risk(time[member == group], table.times[moments]) for group in range(names.size)]) / at_risk
    observed = np.bincount(member[event == 1], minlength=names.size)
    expected = shares @ left
    counted = expected > 0
    if left.size == 0:
        return NotEstimable(Reason.NO_VARIANCE, {"n": table.n})
    if counted.sum() < 2:
        return NotEstimable(Reason.ONE_GROUP, {"n": table.n})
    weights = left * np.divide(at_risk - left, at_risk - 1, out=np.zeros(at_risk.size), where=at_risk > 1)
    chi2 = _quadratic((observed - expected)[counted], _variance(shares[counted], weights))
    if isinstance(chi2, Reason):
        return NotEstimable(chi2, {"n": table.n})
    df = int(counted.sum()) - 1
    seen, due = tuple(int(count) for count in observed), tuple(float(count) for count in expected)
    return LogRank(chi2, df, float(special.chdtrc(df, chi2)), tuple(map(str, names)), seen, due, table.n)


def _at_risk(times: npt.NDArray[np.generic], moments: Floats) -> npt.NDArray[np.int64]:
    """How many of one group were still followed just before each moment."""
    return times.size - np.searchsorted(np.sort(times), moments, side="left")


def _variance(shares: Floats, weights: Floats) -> Floats:
    """The hypergeometric covariance of observed minus expected, summed over the moments."""
    variance: Floats = np.diag(shares @ weights) - (shares * weights) @ shares.T
    return variance


def _quadratic(gap: Floats, variance: Floats) -> float | Reason:
    """gap' V^-1 gap, without the last group (the gaps add up to zero)."""
    inner = variance[:-1, :-1]
    if not np.any(np.abs(inner) > 1e-12):
        return Reason.NO_VARIANCE
    if np.linalg.matrix_rank(inner, hermitian=True) < inner.shape[0]:
        return Reason.SINGULAR
    return max(0.0, float(gap[:-1] @ np.linalg.solve(inner, gap[:-1])))
