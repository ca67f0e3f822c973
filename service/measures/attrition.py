"""Who dropped out: how those who left differed, at the first measurement, from those who stayed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import quantile
from service.measures.logistic import Column, Logistic, logistic

#: A variance this much smaller than the square of the values is rounding.
_ROUNDING = 1e-24


@dataclass(frozen=True, slots=True)
class Welch:
    """The mean of those who stayed minus that of those who dropped out, with Welch's t, its degrees and two-sided p."""

    difference: Estimate
    t: float
    df: float
    p: float


@dataclass(frozen=True, slots=True)
class Covariate:
    """One covariate at the first measurement, in both groups. Differences are stayed minus dropped out."""

    name: str
    n_stayed: int
    n_dropped: int
    mean_stayed: float | NotEstimable
    mean_dropped: float | NotEstimable
    standardised: Estimate | NotEstimable
    welch: Welch | NotEstimable


@dataclass(frozen=True, slots=True)
class Attrition:
    """The panel: every covariate by itself, and the odds of dropping out from all of them together."""

    stayed: int
    dropped: int
    covariates: tuple[Covariate, ...]
    odds: Logistic | NotEstimable


def attrition(
    dropped: npt.NDArray[np.bool_], covariates: Mapping[str, Column], level: float = 0.95
) -> Attrition | NotEstimable:
    """The attrition panel (measures.md 4.7).

    `dropped` is true for who has no later score; `covariates` are numbers of the first measurement in the same order
    (score, age, groups and modes as 0/1), NaN where missing. For covariates of 0 and 1 the means are shares. NO_DATA
    without people; where a single part cannot be estimated, that part says why.
    """
    if len(dropped) == 0:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    rows = tuple(_covariate(name, values, dropped, level) for name, values in covariates.items())
    left = int(dropped.sum())
    return Attrition(len(dropped) - left, left, rows, logistic(dropped, covariates, level))


def standardised_difference(stayed: Column, gone: Column, level: float = 0.95) -> Estimate | NotEstimable:
    """Cohen's d: the difference of the means (stayed minus dropped out) in pooled standard deviations.

    Negative: those who dropped out scored higher. Interval from the large-sample standard error of Hedges and Olkin
    1985 (page 86): sqrt((n1 + n2)/(n1 n2) + d^2/(2(n1 + n2))). n is both groups. ONE_GROUP when a group is empty,
    TOO_FEW with one person in a group, NO_VARIANCE when nobody differs within the groups.
    """
    first, second = _known(stayed), _known(gone)
    refused = _refused(first, second)
    if refused is not None:
        return refused
    n1, n2 = len(first), len(second)
    pooled = ((n1 - 1) * first.var(ddof=1) + (n2 - 1) * second.var(ddof=1)) / (n1 + n2 - 2)
    d = float((first.mean() - second.mean()) / math.sqrt(pooled))
    half = quantile(level) * math.sqrt((n1 + n2) / (n1 * n2) + d**2 / (2 * (n1 + n2)))
    return Estimate(d, d - half, d + half, n1 + n2, level)


def welch(stayed: Column, gone: Column, level: float = 0.95) -> Welch | NotEstimable:
    """Welch's test of two means, variances not taken as equal (Welch 1947; df after Satterthwaite), with its interval.

    The difference is stayed minus dropped out, in the covariate's own units; n is both groups. Not estimable for the
    same reasons as the standardised difference.
    """
    first, second = _known(stayed), _known(gone)
    refused = _refused(first, second)
    if refused is not None:
        return refused
    of_first, of_second = float(first.var(ddof=1)) / len(first), float(second.var(ddof=1)) / len(second)
    error = math.sqrt(of_first + of_second)
    share = of_first / (of_first + of_second)  # of the variance; as a share, tiny variances do not underflow
    df = 1 / (share**2 / (len(first) - 1) + (1 - share) ** 2 / (len(second) - 1))
    difference = float(first.mean() - second.mean())
    half = float(special.stdtrit(df, (1 + level) / 2)) * error
    t = difference / error
    estimate = Estimate(difference, difference - half, difference + half, len(first) + len(second), level)
    return Welch(estimate, t, df, 2 * float(special.stdtr(df, -abs(t))))


def _covariate(name: str, values: Column, dropped: npt.NDArray[np.bool_], level: float) -> Covariate:
    stayed, gone = _known(values[~dropped]), _known(values[dropped])
    return Covariate(
        name=name,
        n_stayed=len(stayed),
        n_dropped=len(gone),
        mean_stayed=_mean(stayed),
        mean_dropped=_mean(gone),
        standardised=standardised_difference(stayed, gone, level),
        welch=welch(stayed, gone, level),
    )


def _known(values: Column) -> Column:
    kept: Column = values[np.isfinite(values)]
    return kept


def _mean(values: Column) -> float | NotEstimable:
    return float(values.mean()) if len(values) else NotEstimable(Reason.NO_DATA, {"n": 0})


def _refused(first: Column, second: Column) -> NotEstimable | None:
    smallest = min(len(first), len(second))
    if len(first) + len(second) == 0:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    if smallest == 0:
        return NotEstimable(Reason.ONE_GROUP, {"n": len(first) + len(second)})
    if smallest < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": smallest, "needed": 2})
    if not float(first.var() + second.var()) > _ROUNDING * float(np.abs(first).max() + np.abs(second).max()) ** 2:
        return NotEstimable(Reason.NO_VARIANCE, {"n": len(first) + len(second)})
    return None
