"""Why people leave, as shares over time: cumulative incidence by Aalen and Johansen when one end excludes another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import quantile
from service.measures.risk_table import Floats, Ints, RiskTable, at_risk_at, place, risk_table


@dataclass(frozen=True, slots=True, eq=False)
class IncidenceCurve:
    """The share that has left for one cause by each distinct time, 0 to 1, with its interval; `n` people in all.

    `staying` is the share that has left for no cause at all: staying and the curves of all causes add up to 1.
    """

    times: Floats
    at_risk: Ints
    events: Ints
    incidence: Floats
    se: Floats
    low: Floats
    high: Floats
    staying: Floats
    n: int
    level: float


def cumulative_incidence(
    times: npt.ArrayLike, causes: npt.ArrayLike, kinds: int, level: float = 0.95
) -> tuple[IncidenceCurve, ...] | NotEstimable:
    """One Aalen-Johansen curve per cause (1978). `causes` is 0 for censored, else 1 to `kinds`.

    I_k(t) = sum of S(t-) d_k/n, with S Kaplan-Meier's for leaving for any cause. Unlike one minus a Kaplan-Meier curve
    that censors the other causes, it does not pretend that who died could still have dropped out. Variance by the delta
    method (Marubini and Valsecchi 1995, 10.12; Choudhury 2002), interval on log(-log I). Where nobody has left for the
    cause yet, the upper limit is the exact one for the people still followed. NO_DATA of nobody; OUT_OF_RANGE with the
    row for a time or cause that cannot be.
    """
    table = risk_table(times, causes, kinds)
    if isinstance(table, NotEstimable):
        return table
    staying = np.cumprod(1 - table.left.sum(axis=0) / table.at_risk)
    return tuple(_curve(table, kind, staying, level) for kind in range(kinds))


def incidence_at(curve: IncidenceCurve, time: float) -> Estimate | NotEstimable:
    """The share (0 to 1) that has left for this cause by this time. NOT_REACHED beyond the last time seen, unless
    everybody has left."""
    if time > curve.times[-1] and curve.staying[-1] > 0:
        return NotEstimable(Reason.NOT_REACHED, {"last": f"{curve.times[-1]:g}", "n": curve.n})
    step = place(curve.times, time)
    if step >= 0 and (curve.incidence[step] > 0 or curve.staying[step] <= 0):
        value, low, high = (float(column[step]) for column in (curve.incidence, curve.low, curve.high))
        return Estimate(value, low, high, curve.n, curve.level)
    followed = at_risk_at(curve.times, curve.at_risk, time)
    return Estimate(0.0, 0.0, 1 - ((1 - curve.level) / 2) ** (1 / followed), curve.n, curve.level)


def _curve(table: RiskTable, kind: int, staying: Floats, level: float) -> IncidenceCurve:
    events = table.left[kind]
    before = np.concatenate(([1.0], staying[:-1]))
    incidence = np.minimum(np.cumsum(before * events / table.at_risk), 1.0)
    if staying[-1] <= 0 and events.sum() == table.left.sum():
        incidence[-1] = 1.0  # everybody left for this one cause: adding up would miss it by a hair
    se = np.sqrt(_variance(table, events, incidence, before))
    low, high = _limits(incidence, se, table.at_risk.astype(np.float64), level)
    return IncidenceCurve(table.times, table.at_risk, events, incidence, se, low, high, staying, table.n, level)


def _variance(table: RiskTable, events: Ints, incidence: Floats, before: Floats) -> Floats:
    """Sum over s <= t of (I(t) - I(s))^2 d/(n(n - d)) + S(s-)^2 d_k(n - d_k)/n^3 - 2(I(t) - I(s)) S(s-) d_k/n^2.

    Written out in running sums, so that it takes one pass.
    """
    n, left = table.at_risk.astype(np.float64), table.left.sum(axis=0)
    after = n - left
    hazard = np.divide(left, n * after, out=np.zeros_like(n), where=after > 0)
    own = before * events / n**2
    within = np.cumsum(before * own * (n - events) / n)
    spread = incidence**2 * np.cumsum(hazard) - 2 * incidence * np.cumsum(incidence * hazard)
    spread += np.cumsum(incidence**2 * hazard)
    across = incidence * np.cumsum(own) - np.cumsum(incidence * own)
    variance: Floats = np.maximum(within + spread - 2 * across, 0.0)
    return variance


def _limits(incidence: Floats, se: Floats, at_risk: Floats, level: float) -> tuple[Floats, Floats]:
    tail = (1 - level) / 2
    inside = (incidence > 0) & (incidence < 1)
    log = np.log(incidence, out=np.full_like(incidence, -1.0), where=inside)
    shift = np.exp(quantile(level) * np.divide(se, -incidence * log, out=np.zeros_like(se), where=inside))
    low, high = np.exp(log * shift), np.exp(log / shift)
    none = incidence <= 0
    low[none], high[none] = 0.0, 1 - tail ** (1 / at_risk[none])
    if incidence[-1] >= 1:  # only the last step can take everybody
        before = low[-2] if low.size > 1 else 0.0
        low[-1], high[-1] = 1 - (1 - before) * (1 - tail ** (1 / at_risk[-1])), 1.0
    return low, high
