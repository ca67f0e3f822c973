"""Differences in standard deviations: paired (d_av and d_z, named) and between two groups, with exact intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from service.measures.complete import Scores, complete_pairs, deviation, two_groups
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.noncentral_t import noncentrality_interval


@dataclass(frozen=True, slots=True)
class PairedSizes:
    """One change in four named standardisations; negative is improvement. They are different numbers: always say which.

    d_av (the headline, comparable with a difference between groups) divides by the root mean square of the two standard
    deviations; d_z divides by the standard deviation of the differences. g_av and g_z are these times Hedges' J.
    """

    d_av: Estimate | NotEstimable
    d_z: Estimate | NotEstimable
    g_av: Estimate | NotEstimable
    g_z: Estimate | NotEstimable


@dataclass(frozen=True, slots=True)
class GroupSizes:
    """The first group minus the second, in pooled standard deviations. `g` is `d` times Hedges' J."""

    d: Estimate
    g: Estimate
    n_first: int
    n_second: int


def hedges_j(df: float) -> float:
    """Hedges' exact correction for small groups: Gamma(m/2) / (sqrt(m/2) Gamma((m - 1)/2)), m = df (Hedges 1981).

    Between 0 and 1; ValueError when df <= 1, where it does not exist.
    """
    if df <= 1:
        raise ValueError(f"the correction needs more than one degree of freedom, not {df}")
    logarithm = special.gammaln(df / 2) - special.gammaln((df - 1) / 2) - math.log(df / 2) / 2
    return min(1.0, math.exp(logarithm))


def d_z(value: float, n: int, level: float = 0.95) -> Estimate | NotEstimable:
    """A published d_z of n pairs with its noncentral-t interval: limits of the noncentrality of d_z sqrt(n), / sqrt(n).

    TOO_FEW below two pairs; NOT_CONVERGED when d_z is beyond what can be computed.
    """
    if n < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": 2})
    limits = noncentrality_interval(value * math.sqrt(n), n - 1, level)
    if isinstance(limits, NotEstimable):
        return limits
    low, high = limits
    return Estimate(value, low / math.sqrt(n), high / math.sqrt(n), n, level)


def paired_sizes(pre: Scores, post: Scores, level: float = 0.95) -> PairedSizes | NotEstimable:
    """The standardised change of the pairs that have both scores (measures.md 4.3).

    d_av = diff / sqrt((sd_pre^2 + sd_post^2) / 2). Its interval is that of d_z times sd_diff / that root: the
    noncentral t interval of Algina and Keselman 2003 (Educational and Psychological Measurement 63:537), an
    approximation. Hedges' J takes n - 1 degrees of freedom and needs three pairs. TOO_FEW below two pairs; each size is
    NO_VARIANCE when every difference is the same; otherwise as `complete_pairs`.
    """
    pairs = complete_pairs(pre, post)
    if isinstance(pairs, NotEstimable):
        return pairs
    if pairs.n < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": pairs.n, "needed": 2})
    spread = deviation(pairs.differences)
    if spread == 0:
        none = NotEstimable(Reason.NO_VARIANCE, {"n": pairs.n})
        return PairedSizes(none, none, none, none)
    size_z = d_z(float(pairs.differences.mean()) / spread, pairs.n, level)
    root_mean_square = math.hypot(deviation(pairs.pre), deviation(pairs.post)) / math.sqrt(2)
    size_av = _times(size_z, spread / root_mean_square)
    return PairedSizes(size_av, size_z, _corrected(size_av), _corrected(size_z))


def group_sizes(first: Scores, second: Scores, level: float = 0.95) -> GroupSizes | NotEstimable:
    """The difference of two separate groups, first minus second, in pooled standard deviations (Hedges 1981).

    d = (mean_1 - mean_2) / s_pooled, interval from the noncentral t with n_1 + n_2 - 2 degrees of freedom; g = J d, its
    limits too. NO_VARIANCE when nobody differs within a group; NOT_CONVERGED when the groups lie too far apart to
    compute; otherwise as `two_groups`.
    """
    groups = two_groups(first, second)
    if isinstance(groups, NotEstimable):
        return groups
    one, other = groups
    df = len(one) + len(other) - 2
    pooled = math.sqrt(((len(one) - 1) * deviation(one) ** 2 + (len(other) - 1) * deviation(other) ** 2) / df)
    if pooled == 0:
        return NotEstimable(Reason.NO_VARIANCE, {"n": df + 2})
    return _between(float(np.mean(one) - np.mean(other)) / pooled, len(one), len(other), level)


def _between(value: float, n_first: int, n_second: int, level: float) -> GroupSizes | NotEstimable:
    root, df = math.sqrt(n_first * n_second / (n_first + n_second)), n_first + n_second - 2
    limits = noncentrality_interval(value * root, df, level)
    if isinstance(limits, NotEstimable):
        return limits
    d = Estimate(value, limits[0] / root, limits[1] / root, df + 2, level)
    return GroupSizes(d, _scaled(d, hedges_j(df)), n_first, n_second)


def _corrected(size: Estimate | NotEstimable) -> Estimate | NotEstimable:
    if isinstance(size, NotEstimable):
        return size
    if size.n < 3:
        return NotEstimable(Reason.TOO_FEW, {"n": size.n, "needed": 3})
    return _scaled(size, hedges_j(size.n - 1))


def _times(size: Estimate | NotEstimable, factor: float) -> Estimate | NotEstimable:
    return size if isinstance(size, NotEstimable) else _scaled(size, factor)


def _scaled(size: Estimate, factor: float) -> Estimate:
    return Estimate(size.value * factor, size.low * factor, size.high * factor, size.n, size.level)
