"""How well the items of a scale hang together (alpha, KR-20), and how many answers came in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import wilson
from service.measures.item_values import Values, complete_rows
from service.measures.retention import WaveOutcome

#: People with every item answered below whom alpha is not printed (measures.md 4.8).
LEAST_FOR_ALPHA = 30

#: A variance of a sum this much smaller than that of its parts is rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of the items in `used`; those in `skipped` had the same answer from everybody."""

    estimate: Estimate
    used: tuple[int, ...]
    skipped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OnTime:
    """Valid scores inside their window: of all valid scores, and of all waves that are over for somebody."""

    of_answered: Estimate | NotEstimable
    of_due: Estimate | NotEstimable


def alpha(items: Sequence[int], values: Values, level: float = 0.95) -> Alpha | NotEstimable:
    """Cronbach's alpha (Cronbach 1951): k/(k - 1) (1 - sum of item variances / variance of the sum); at most 1.

    On 0/1 items it is KR-20 (Kuder and Richardson 1937; measures.md 4.8). `items` are the numbers of the columns of
    `values`; only people with every item answered count, and n is those people. Interval: Feldt 1965 (Psychometrika
    30:357): (1 - alpha) times the quantiles of F(n - 1, (n - 1)(k - 1)), taken from 1.

    TOO_FEW below LEAST_FOR_ALPHA people or two items; NO_VARIANCE when fewer than two items differ between people or
    their sum does not. A negative alpha is possible, and says that items contradict each other.
    """
    rows = complete_rows(values)
    n = len(rows)
    if n < LEAST_FOR_ALPHA:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": LEAST_FOR_ALPHA})
    if len(items) < 2:
        return NotEstimable(Reason.TOO_FEW, {"items": len(items), "needed": 2})
    varies = np.ptp(rows, axis=0) > 0
    used, skipped = chosen(items, varies), chosen(items, ~varies)
    kept = rows[:, varies]
    of_items = float(kept.var(axis=0, ddof=1).sum())
    of_sum = float(kept.sum(axis=1).var(ddof=1))
    if len(used) < 2 or of_sum <= _ROUNDING * of_items:
        return NotEstimable(Reason.NO_VARIANCE, {"n": n, "items": len(used)})
    k = len(used)
    value = k / (k - 1) * (1 - of_items / of_sum)
    return Alpha(_feldt(min(value, 1.0), n, k, level), used, skipped)


def on_time(outcomes: Sequence[WaveOutcome], level: float = 0.95) -> OnTime:
    """How many valid scores of one wave came inside the window, with Wilson intervals; one outcome per enrolment.

    Waves that somebody left before, or that are still open, are not due. NO_DATA when there is nothing to count of.
    """
    tally = Counter(outcomes)
    timely, late = tally[WaveOutcome.COMPLETE], tally[WaveOutcome.LATE]
    due = len(outcomes) - tally[WaveOutcome.LEFT] - tally[WaveOutcome.PENDING]
    return OnTime(wilson(timely, timely + late, level), wilson(timely, due, level))


def chosen(items: Sequence[int], which: np.ndarray) -> tuple[int, ...]:
    """The numbers of the columns that `which` is true for."""
    return tuple(number for number, flag in zip(items, which, strict=True) if flag)


def _feldt(value: float, n: int, k: int, level: float) -> Estimate:
    tail = (1 - level) / 2
    people, rest = n - 1, (n - 1) * (k - 1)
    low = 1 - (1 - value) * float(special.fdtri(people, rest, 1 - tail))
    high = 1 - (1 - value) * float(special.fdtri(people, rest, tail))
    return Estimate(value, low, high, n, level)
