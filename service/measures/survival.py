"""How long people stay: Kaplan-Meier with its interval, the number at risk, the median, and the log-rank test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import quantile
from service.measures.risk_table import Floats, Ints, at_risk_at, place, risk_table

#: A half that was multiplied together may come out a hair above a half.
_HALF = 0.5 + 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurve:
    """The share still there from each distinct time on, 1 to 0, with its interval; `n` people in all.

    `at_risk` is just before the time, `events` at it. Between two times the share stays what it was.
    """

    times: Floats
    at_risk: Ints
    events: Ints
    survival: Floats
    se: Floats  # Greenwood
    low: Floats
    high: Floats
    n: int
    level: float


@dataclass(frozen=True, slots=True)
class MedianTime:
    """The first time at which half or fewer are still there, in the unit of the times. The upper limit may lie beyond
    what was seen."""

    value: float
    low: float
    high: float | NotEstimable
    n: int
    level: float = 0.95


def kaplan_meier(times: npt.ArrayLike, events: npt.ArrayLike, level: float = 0.95) -> SurvivalCurve | NotEstimable:
    """The Kaplan-Meier curve (1958) of `times` since the origin; `events` says who left (else: censored).

    S(t) = product of (1 - d/n); Greenwood's variance; the interval is log-log (Kalbfleisch and Prentice):
    S^exp(+-z se(log S)/log S). That interval does not exist at 1 and at 0. Where nobody has left yet the lower limit is
    the exact one for the people still followed (0.025^(1/n), as in Fay, Brittain and Proschan 2013); where nobody is
    left the upper limit is that of the step before, times the exact upper limit of the last step.
    NO_DATA of nobody; OUT_OF_RANGE with the row for a time that is negative or not finite, or an event that is neither
    0 nor 1.
    """
    table = risk_table(times, events, 1)
    if isinstance(table, NotEstimable):
        return table
    left, at_risk = table.left[0], table.at_risk.astype(np.float64)
    survival = np.cumprod(1 - left / at_risk)
    staying = at_risk - left
    greenwood = np.cumsum(np.divide(left, at_risk * staying, out=np.zeros_like(at_risk), where=staying > 0))
    low, high = _log_log(survival, np.sqrt(greenwood), at_risk, level)
    se = survival * np.sqrt(greenwood)
    return SurvivalCurve(table.times, table.at_risk, left, survival, se, low, high, table.n, level)


def survival_at(curve: SurvivalCurve, time: float) -> Estimate | NotEstimable:
    """The share (0 to 1) still there at this time. NOT_REACHED beyond the last time seen, unless everybody has left."""
    if time > curve.times[-1] and curve.survival[-1] > 0:
        return NotEstimable(Reason.NOT_REACHED, {"last": f"{curve.times[-1]:g}", "n": curve.n})
    step = place(curve.times, time)
    if step >= 0 and curve.survival[step] < 1:
        value, low, high = (float(column[step]) for column in (curve.survival, curve.low, curve.high))
        return Estimate(value, low, high, curve.n, curve.level)
    exact = ((1 - curve.level) / 2) ** (1 / number_at_risk(curve, time))
    return Estimate(1.0, exact, 1.0, curve.n, curve.level)


def number_at_risk(curve: SurvivalCurve, time: float) -> int:
    """How many people were still followed just before this time: to stand under the curve."""
    return at_risk_at(curve.times, curve.at_risk, time)


def median_time(curve: SurvivalCurve) -> MedianTime | NotEstimable:
    """The median time to leaving with its interval (Brookmeyer and Crowley 1982, from the log-log limits).

    The first time at which the curve, its lower and its upper limit are at a half or under it. NOT_REACHED when more
    than half are still there at the end; then no median may be made up.
    """
    value = _first_at_half(curve, curve.survival)
    low = _first_at_half(curve, curve.low)
    if value is None or low is None:
        return NotEstimable(Reason.NOT_REACHED, {"n": curve.n})
    high = _first_at_half(curve, curve.high)
    end = NotEstimable(Reason.NOT_REACHED, {"n": curve.n}) if high is None else high
    return MedianTime(value, low, end, curve.n, curve.level)


def _first_at_half(curve: SurvivalCurve, column: Floats) -> float | None:
    # Only from the first event on: the limits before it say how few people were followed, not when they left.
    reached = (column <= _HALF) & (curve.survival < 1)
    return float(curve.times[int(np.argmax(reached))]) if reached.any() else None


def _log_log(survival: Floats, se_log: Floats, at_risk: Floats, level: float) -> tuple[Floats, Floats]:
    tail = (1 - level) / 2
    log = np.log(survival, out=np.full_like(survival, -1.0), where=(survival > 0) & (survival < 1))
    shift = np.exp(-quantile(level) * se_log / log)
    low, high = np.exp(log * shift), np.exp(log / shift)
    whole = survival >= 1
    low[whole], high[whole] = tail ** (1 / at_risk[whole]), 1.0
    if survival[-1] <= 0:  # only the last step can empty the group
        before = high[-2] if high.size > 1 else 1.0
        low[-1], high[-1] = 0.0, before * (1 - tail ** (1 / at_risk[-1]))
    return low, high
