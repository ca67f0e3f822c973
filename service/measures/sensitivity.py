"""How far a change leans on what cannot be checked: who dropped out, who skipped an item, how answers were given.

All changes are post minus pre in points: improvement is negative. NaN in the input is a missing score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.item_values import Values

Scores = npt.NDArray[np.float64]

#: Points added to the change of those who dropped out (measures.md 4.7).
DELTAS = (0.0, 0.5, 1.0)

#: Pairs without which the line through baseline and change has no degree of freedom left.
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Shifted:
    """The change of everybody, were the drop-outs' change `delta` points higher than their baseline predicts."""

    delta: float
    change: Estimate | NotEstimable


@dataclass(frozen=True, slots=True)
class Tipping:
    """How much worse (in points) drop-outs must have done before the conclusion no longer stands.

    `no_conclusion`: the interval reaches zero; `no_change`: the estimate itself is zero. Negative deltas tip a
    deterioration.
    """

    no_conclusion: float
    no_change: float


@dataclass(frozen=True, slots=True)
class Beside:
    """An estimate in some of the people beside the one in all, and how many people the first leaves out."""

    everyone: Estimate | NotEstimable
    part: Estimate | NotEstimable
    left_out: int


@dataclass(frozen=True, slots=True)
class CommonItems:
    """The change on the items that each person answered both times, beside the change of the scores as published.

    `affected` people skipped an item in one wave that they answered in the other.
    """

    common: Estimate | NotEstimable
    as_scored: Estimate | NotEstimable
    affected: int


def mean_change(pre: Scores, post: Scores, level: float = 0.95) -> Estimate | NotEstimable:
    """The mean of post minus pre in people with both, with its t interval (measures.md 4.3).

    NO_DATA without pairs, TOO_FEW with one, NO_VARIANCE when everybody changed alike.
    """
    changes = post - pre
    changes = changes[np.isfinite(changes)]
    n = len(changes)
    if n < 2:
        return NotEstimable(Reason.TOO_FEW if n else Reason.NO_DATA, {"n": n, "needed": 2})
    if np.ptp(changes) == 0:
        return NotEstimable(Reason.NO_VARIANCE, {"n": n})
    return _t_interval(float(changes.mean()), float(changes.std(ddof=1)) / math.sqrt(n), n - 1, n, level)


def completers_beside_everyone(pre: Scores, post: Scores, level: float = 0.95) -> Beside:
    """The change in people with both scores (`part`) beside that of everybody with a first score (delta of 0)."""
    left_out = int((np.isfinite(pre) & ~np.isfinite(post)).sum())
    return Beside(_shifted(pre, post, 0.0, level), mean_change(pre, post, level), left_out)


def change_within(pre: Scores, post: Scores, kept: npt.NDArray[np.bool_], level: float = 0.95) -> Beside:
    """The change in the pairs that are `kept`, beside that in all pairs: constant mode, no helper who delivers, ..."""
    pairs = np.isfinite(pre) & np.isfinite(post)
    part = mean_change(pre[kept], post[kept], level)
    return Beside(mean_change(pre, post, level), part, int((pairs & ~kept).sum()))


def delta_adjusted(
    pre: Scores, post: Scores, deltas: Sequence[float] = DELTAS, level: float = 0.95
) -> tuple[Shifted, ...]:
    """The change of everybody with a first score, for each delta (pattern-mixture model; measures.md 4.7).

    Drop-outs are given the change that the stayers' straight line predicts from their first score (delta of 0: missing
    at random; the maximum-likelihood estimate of Anderson 1957), plus delta points. Standard error: residual variance
    [1/n_c + (mean pre of all - of stayers)^2 / SS pre of stayers] + variance over people of (slope x pre + delta x
    dropped) / n; t with n_c - 2 degrees. With nobody missing it is the paired t interval for every delta. `n` is
    everybody with a first score.

    NO_DATA without first scores or pairs; TOO_FEW below three pairs; NO_VARIANCE when the stayers all changed alike
    along the line; SINGULAR when the stayers' first scores are all the same and the drop-outs' are not.
    """
    return tuple(Shifted(delta, _shifted(pre, post, delta, level)) for delta in deltas)


def tipping_point(pre: Scores, post: Scores, widest: float, level: float = 0.95) -> Tipping | NotEstimable:
    """The delta at which the interval of `delta_adjusted` reaches zero, and the one at which the estimate does.

    `widest` is the largest possible change in points (11 for the eleven items): NOT_REACHED when even that does not
    tip the conclusion, nobody dropped out, or there is none to tip (the interval holds zero at delta 0). Otherwise
    not estimable for the reasons of `delta_adjusted`.
    """
    start = _shifted(pre, post, 0.0, level)
    if isinstance(start, NotEstimable):
        return start
    gone = int((np.isfinite(pre) & ~np.isfinite(post)).sum())
    if gone == 0 or start.low <= 0 <= start.high:
        return NotEstimable(Reason.NOT_REACHED, {"dropped": gone})
    no_change = -start.value * start.n / gone
    improved = start.high < 0

    def edge(delta: float) -> float:
        shifted = _shifted(pre, post, delta, level)
        assert isinstance(shifted, Estimate)  # it was at 0, and delta does not bear on that
        return shifted.high if improved else shifted.low

    # Between 0 and no_change the edge crosses zero exactly once: a straight line plus a hyperbola.
    no_conclusion = float(optimize.brentq(edge, 0.0, no_change, xtol=1e-10))
    if abs(no_conclusion) > widest:
        return NotEstimable(Reason.NOT_REACHED, {"dropped": gone})
    return Tipping(no_conclusion, no_change)


def common_items_change(earlier: Values, later: Values, most_missing: int, level: float = 0.95) -> CommonItems:
    """The change on common items only, so that "weet niet" at the second wave does not look like improvement.

    Rows are people, columns items (`item_values`). People count when both scores are valid (no more than
    `most_missing` items missing in each). Sums, never prorated (measures.md 1.4, 9). NO_DATA and further as
    `mean_change`; OUT_OF_RANGE when the waves are not of one shape.
    """
    if earlier.shape != later.shape:
        none = NotEstimable(Reason.OUT_OF_RANGE, {"items": earlier.shape[-1]})
        return CommonItems(none, none, 0)
    gaps, gaps_later = np.isnan(earlier), np.isnan(later)
    valid = (gaps.sum(axis=1) <= most_missing) & (gaps_later.sum(axis=1) <= most_missing)
    earlier, later, gaps, gaps_later = earlier[valid], later[valid], gaps[valid], gaps_later[valid]
    common = np.nansum(np.where(gaps | gaps_later, 0.0, later - earlier), axis=1)
    scored = np.nansum(later, axis=1), np.nansum(earlier, axis=1)
    affected = int((gaps != gaps_later).any(axis=1).sum())
    return CommonItems(
        mean_change(np.zeros(len(common)), common, level), mean_change(scored[1], scored[0], level), affected
    )


def _shifted(pre: Scores, post: Scores, delta: float, level: float) -> Estimate | NotEstimable:
    known = np.isfinite(pre)
    first, change = pre[known], post[known] - pre[known]
    gone = ~np.isfinite(change)
    if not gone.any():
        return mean_change(pre, post, level)
    stayers, n = first[~gone], len(first)
    if len(stayers) < _LEAST:
        return NotEstimable(Reason.TOO_FEW if len(stayers) else Reason.NO_DATA, {"n": len(stayers), "needed": _LEAST})
    if np.ptp(stayers) == 0 and np.ptp(first) > 0:
        return NotEstimable(Reason.SINGULAR, {"term": "baseline"})
    apart = stayers - stayers.mean()
    squares = float(apart @ apart)
    changes = change[~gone]
    slope = float(apart @ changes) / squares if squares > 0 else 0.0
    off_line = changes - changes.mean() - slope * apart
    residual = float(off_line @ off_line) / (len(stayers) - 2)
    if residual <= 1e-20 * max(1.0, float(np.abs(changes).max())) ** 2:
        return NotEstimable(Reason.NO_VARIANCE, {"n": len(stayers)})
    reach = float(first.mean() - stayers.mean())
    value = float(changes.mean()) + slope * reach + delta * float(gone.mean())
    of_line = residual * (1 / len(stayers) + (reach**2 / squares if squares > 0 else 0.0))
    error = math.sqrt(of_line + float((slope * first + delta * gone).var(ddof=1)) / n)
    return _t_interval(value, error, len(stayers) - 2, n, level)


def _t_interval(value: float, error: float, df: int, n: int, level: float) -> Estimate:
    half = float(special.stdtrit(df, (1 + level) / 2)) * error
    return Estimate(value, value - half, value + half, n, level)
