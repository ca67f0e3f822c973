"""The interval of the noncentrality of a t value: what the interval of a standardised difference rests on."""

from __future__ import annotations

import math

from scipy import optimize, special

from service.measures.estimate import NotEstimable, Reason

#: How far from t the root is sought, in standard errors: a wider bracket meets places where scipy has no value.
_BRACKET = 8.0
#: How close the probability at the root must be.
_CLOSE = 1e-8


def noncentrality_interval(t: float, df: float, level: float = 0.95) -> tuple[float, float] | NotEstimable:
    """The noncentralities at which t is just the upper and just the lower limit of what would be seen.

    Solves P(T > t | low) = P(T < t | high) = (1 - level)/2 (Steiger and Fouladi 1997; measures.md 4.3). Needs df > 0.
    NOT_CONVERGED when t is too extreme for its degrees of freedom.
    """
    tail = (1 - level) / 2
    low, high = _root(t, df, 1 - tail), _root(t, df, tail)
    if low is None or high is None:
        return NotEstimable(Reason.NOT_CONVERGED)
    return low, high


def _root(t: float, df: float, probability: float) -> float | None:
    """The noncentrality at which P(T < t) is this probability; None when there is none within reach."""

    def distance(noncentrality: float) -> float:
        found = float(special.nctdtr(df, noncentrality, t))
        if math.isnan(found):  # far in a tail, where the answer is known
            found = 1.0 if noncentrality < t else 0.0
        return found - probability

    reach = _BRACKET * math.sqrt(1 + t * t / (2 * df))
    try:
        root = float(optimize.brentq(distance, t - reach, t + reach, xtol=1e-12, rtol=1e-12))
    except ValueError:  # both ends on the same side
        return None
    return root if abs(distance(root)) < _CLOSE else None
