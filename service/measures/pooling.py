"""Several estimates of one quantity, one per completed copy of the data, pooled into one (Rubin's rules)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import quantile


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pooled estimate (its `n` is the number of copies), standard error, and degrees of freedom of its t interval.

    `df` is NO_VARIANCE when the copies agree exactly: the interval is then the normal one. `missing_share` is the part
    of the variance that comes from what was missing (0 to 1).
    """

    estimate: Estimate
    error: float
    df: float | NotEstimable
    missing_share: float


def pool(estimates: Sequence[float], variances: Sequence[float], level: float = 0.95) -> Pooled | NotEstimable:
    """Rubin's rules (Rubin 1987; measures.md 4.7): the mean, and variance = mean variance + (1 + 1/m) variance between.

    df = (m - 1)(1 + 1/r)^2, r the between part over the within part. `variances` are squared standard errors.
    NO_DATA without copies, TOO_FEW with one, OUT_OF_RANGE when the lengths differ, or a number is not finite or a
    variance negative, NO_VARIANCE when every variance is 0 and the copies agree.
    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    m = len(q)
    if m != len(u) or not (np.isfinite(q).all() and np.isfinite(u).all() and (u >= 0).all()):
        return NotEstimable(Reason.OUT_OF_RANGE, {"n": m})
    if m < 2:
        return NotEstimable(Reason.TOO_FEW if m else Reason.NO_DATA, {"n": m, "needed": 2})
    value, within = float(q.mean()), float(u.mean())
    between = (1 + 1 / m) * float(q.var(ddof=1))
    total = within + between
    if total == 0:
        return NotEstimable(Reason.NO_VARIANCE, {"n": m})
    error, share = math.sqrt(total), between / total
    df, half = _degrees(m, share), quantile(level) * error
    if isinstance(df, float):
        half = float(special.stdtrit(df, (1 + level) / 2)) * error
    return Pooled(Estimate(value, value - half, value + half, m, level), error, df, share)


def _degrees(m: int, share: float) -> float | NotEstimable:
    """(m - 1)/share^2, which is Rubin's formula; beyond a thousand million the t distribution is the normal one."""
    if share < math.sqrt((m - 1) / 1e9):
        return NotEstimable(Reason.NO_VARIANCE, {"n": m})
    return (m - 1) / share**2
