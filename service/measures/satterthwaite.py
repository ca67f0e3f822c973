"""Contrasts of estimates whose covariance is itself estimated: Satterthwaite's degrees of freedom, as in lmerTest.

df = 2 v^2 / (g' A g): v the variance of the contrast, g its gradient in the variance parameters, A their covariance.
Source: Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Softw. 82(13); several rows: Fai & Cornelius 1996.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.reml import Floats

#: A direction with less than this share of the largest variance is not a direction.
_NOTHING = 1e-10


@dataclass(frozen=True, slots=True)
class Contrast:
    """An estimate tested against zero: standard error, t, its degrees of freedom and two-sided p."""

    estimate: Estimate
    se: float
    df: float
    t: float
    p: float


@dataclass(frozen=True, slots=True)
class Joint:
    """Several contrasts tested together: F with df1 and df2, and its p."""

    f: float
    df1: int
    df2: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """Terms, their covariance, how it moves with each variance parameter, and the covariance of those parameters."""

    beta: Floats  # (p,)
    covariance: Floats  # (p, p)
    moves: Floats  # (r, p, p)
    spread: Floats  # (r, r)
    n: int  # people
    level: float


def t_test(value: float, se: float, df: float, *, n: int, level: float = 0.95) -> Contrast:
    """A value with its standard error (above zero) as a t test with its interval. `n` is what it rests on."""
    t = value / se
    half = float(special.stdtrit(df, (1 + level) / 2)) * se
    return Contrast(
        Estimate(value, value - half, value + half, n, level), se, df, t, 2 * float(special.stdtr(df, -abs(t)))
    )


def contrast(found: Uncertainty, weights: Floats) -> Contrast | NotEstimable:
    """The weighted sum of the terms against zero."""
    variance = float(weights @ found.covariance @ weights)
    if variance <= 0:
        return NotEstimable(Reason.NO_DATA)
    df = _degrees(found, weights, variance)
    return t_test(float(weights @ found.beta), math.sqrt(variance), df, n=found.n, level=found.level)


def _degrees(found: Uncertainty, weights: Floats, variance: float) -> float:
    gradient = found.moves @ weights @ weights
    wobble = float(gradient @ found.spread @ gradient)
    return 2 * variance**2 / max(wobble, 1e-12 * variance**2)


def joint(found: Uncertainty, rows: Floats) -> Joint | NotEstimable:
    """All rows zero together: independent directions of the rows, each with its own df, pooled as lmerTest does."""
    values, vectors = np.linalg.eigh(rows @ found.covariance @ rows.T)
    kept = values > _NOTHING * max(float(values.max(initial=0.0)), 0.0)
    if not kept.any() or values.max() <= 0:
        return NotEstimable(Reason.NO_DATA)
    directions = vectors[:, kept].T @ rows
    squares = (directions @ found.beta) ** 2 / values[kept]
    dfs = [_degrees(found, row, float(value)) for row, value in zip(directions, values[kept], strict=True)]
    count, df2 = len(dfs), _pooled(dfs)
    f = float(squares.sum()) / count
    return Joint(f, count, df2, float(special.fdtrc(count, df2, f)))


def _pooled(dfs: list[float]) -> float:
    """One df2 for F: the F of this mean; 2 when a direction has no mean."""
    if max(dfs) - min(dfs) < 1e-8:
        return sum(dfs) / len(dfs)
    if min(dfs) <= 2:
        return 2.0
    mean = sum(df / (df - 2) for df in dfs)
    return 2 * mean / (mean - len(dfs))
