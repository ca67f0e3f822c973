"""How many people a wanted precision or a change to be noticed takes, and what a given number of people can show.

All lengths in points of the score; n counts people with both measurements (`enrolled` turns that into people to
enrol). Two-sided at 5%, unless it says otherwise. Nothing here looks at data of a programme: the standard deviation
comes in from a named source, and is never estimated from the group that is being planned.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from service.measures.estimate import NotEstimable, Reason

#: More people than any programme has; a plan that needs more is no plan.
MOST = 1_000_000
LEVEL = 0.95
Numbers = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


@dataclass(frozen=True, slots=True)
class Loss:
    """What makes a number of people count for less.

    `drop_out`: the expected share (0 up to, not including, 1) without a second measurement. `per_group` people with
    two measurements share a group whose members resemble each other by `icc`, the intraclass correlation (0 to 1).
    """

    drop_out: float = 0.0
    per_group: float = 1.0
    icc: float = 0.0

    @property
    def design_effect(self) -> float:
        """1 + (m - 1) ICC (Kish 1965, Survey Sampling; Donner & Klar 2000)."""
        return 1 + (self.per_group - 1) * self.icc

    @property
    def sound(self) -> bool:
        """Whether the numbers can be."""
        return 0 <= self.drop_out < 1 and 1 <= self.per_group <= MOST and 0 <= self.icc <= 1


def enrolled(complete: int, loss: Loss) -> int | NotEstimable:
    """People to enrol so that `complete` independent people with two measurements remain:
    complete x design effect / (1 - drop-out), rounded up. OUT_OF_RANGE for a loss that cannot be, or above a million.
    """
    if not loss.sound or not 0 <= complete <= MOST:
        return NotEstimable(Reason.OUT_OF_RANGE)
    return _at_most(math.ceil(complete * loss.design_effect / (1 - loss.drop_out) - 1e-9))


def complete_of(people: int, loss: Loss) -> int | NotEstimable:
    """For how many independent people with two measurements this number of enrolled people counts; rounded down."""
    if not loss.sound or not 0 <= people <= MOST:
        return NotEstimable(Reason.OUT_OF_RANGE)
    return math.floor(people * (1 - loss.drop_out) / loss.design_effect + 1e-9)


def half_width(n: int, sd: float) -> float | NotEstimable:
    """Half of the expected 95% t interval of a mean change: t(.975, n - 1) sd / sqrt(n) (measures.md 4.9).

    TOO_FEW below two people; OUT_OF_RANGE for an sd that is not above zero.
    """
    if not _positive(sd):
        return NotEstimable(Reason.OUT_OF_RANGE)
    if n < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": 2})
    return float(special.stdtrit(n - 1, (1 + LEVEL) / 2)) * sd / math.sqrt(n)


def people_for_precision(wanted: float, sd: float) -> int | NotEstimable:
    """The smallest n whose expected 95% interval is at most `wanted` points to either side."""
    if not _positive(wanted, sd):
        return NotEstimable(Reason.OUT_OF_RANGE)

    def enough(n: int) -> bool:
        width = half_width(n, sd)
        return isinstance(width, float) and width <= wanted

    return _smallest(enough)


def power_of_change(n: int, change: float, sd: float) -> float | NotEstimable:
    """The chance that a paired t test notices a true mean change: noncentral t with n - 1 df and
    noncentrality d_z sqrt(n), d_z = change / sd of the differences, both tails (Cohen 1988, ch. 2).
    """
    if not _positive(sd) or not math.isfinite(change):
        return NotEstimable(Reason.OUT_OF_RANGE)
    if n < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": 2})
    return _power(n - 1, change / sd * math.sqrt(n))


def people_for_change(change: float, sd: float, power: float = 0.8) -> int | NotEstimable:
    """The smallest n with at least this power. d_z .2, .3, .4, .5, .8 take 199, 90, 52, 34, 15 (measures.md 4.9)."""
    if not _positive(abs(change), sd) or not LEVEL > power > 1 - LEVEL:
        return NotEstimable(Reason.OUT_OF_RANGE)
    return _smallest(lambda n: _power(n - 1, change / sd * math.sqrt(n)) >= power)


def detectable_change(n: int, sd: float, power: float = 0.8) -> float | NotEstimable:
    """The smallest true mean change (in points, above zero) that n people notice with this power."""
    return _detectable(n - 1, lambda n_of: sd / math.sqrt(n_of), n, sd, power)


def people_per_arm(difference: float, sd: float, power: float = 0.8, covariates: int = 0) -> int | NotEstimable:
    """The smallest n per arm, two equal arms, that notices this difference with at least this power.

    Difference in differences: `sd` is that of the change (`sd_of_change`). ANCOVA, only where randomised: `sd` is what
    the first measurement leaves over (`sd_left_by_first`) and `covariates` is 1, one degree of freedom less
    (Borm, Fransen & Lemmens 2007, J Clin Epidemiol 60:1234). Independent t test with 2n - 2 - covariates df.
    """
    if not _positive(abs(difference), sd) or not LEVEL > power > 1 - LEVEL or covariates < 0:
        return NotEstimable(Reason.OUT_OF_RANGE)

    def enough(n: int) -> bool:
        df = 2 * n - 2 - covariates
        return df >= 1 and _power(df, difference / sd * math.sqrt(n / 2)) >= power

    return _smallest(enough)


def detectable_difference(per_arm: int, sd: float, power: float = 0.8, covariates: int = 0) -> float | NotEstimable:
    """The smallest true difference between two equal arms that n per arm notice with this power."""
    return _detectable(2 * per_arm - 2 - covariates, lambda n: sd * math.sqrt(2 / n), per_arm, sd, power)


def sd_of_change(sd_first: float, sd_second: float, correlation: float) -> float | NotEstimable:
    """The sd of the differences: sqrt(s1^2 + s2^2 - 2 r s1 s2)."""
    if not _positive(sd_first, sd_second) or not -1 <= correlation <= 1:
        return NotEstimable(Reason.OUT_OF_RANGE)
    variance = sd_first**2 + sd_second**2 - 2 * correlation * sd_first * sd_second
    return math.sqrt(variance) if variance > 0 else NotEstimable(Reason.NO_VARIANCE)


def sd_left_by_first(sd_second: float, correlation: float) -> float | NotEstimable:
    """The sd that the first measurement leaves over in the second: s2 sqrt(1 - r^2)."""
    if not _positive(sd_second) or not -1 <= correlation <= 1:
        return NotEstimable(Reason.OUT_OF_RANGE)
    return sd_second * math.sqrt(1 - correlation**2) if abs(correlation) < 1 else NotEstimable(Reason.NO_VARIANCE)


def power_of_equivalence(n: int, margin: float, sd: float, change: float = 0.0) -> float | NotEstimable:
    """The chance that two one-sided paired t tests at 5% show the change to lie within +-margin.

    Exact: given the estimated sd, both tests succeed when the mean lies within margin - t s / sqrt(n); averaged over
    the chi distribution of s (Phillips 1990, J Pharmacokinet Biopharm 18:137; Owen's Q).
    """
    if not _positive(margin, sd) or not math.isfinite(change):
        return NotEstimable(Reason.OUT_OF_RANGE)
    if n < 2:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": 2})
    df, error = n - 1, sd / math.sqrt(n)
    t = float(special.stdtrit(df, LEVEL))
    room = margin / error / t  # with a larger estimated sd than this no mean can succeed
    return _over_sd(
        df,
        lambda s: special.ndtr((margin - change) / error - t * s) - special.ndtr((-margin - change) / error + t * s),
        room,
    )


def people_for_equivalence(margin: float, sd: float, power: float = 0.8, change: float = 0.0) -> int | NotEstimable:
    """The smallest n with at least this power to show equivalence. OUT_OF_RANGE when the change reaches the margin."""
    if not _positive(margin, sd) or not LEVEL > power > 1 - LEVEL or not abs(change) < margin:
        return NotEstimable(Reason.OUT_OF_RANGE)

    def enough(n: int) -> bool:
        found = power_of_equivalence(n, margin, sd, change)
        return isinstance(found, float) and found >= power

    return _smallest(enough)


def _power(df: int, noncentrality: float) -> float:
    """Both tails of the noncentral t beyond the two-sided 5% point."""
    t, shift = float(special.stdtrit(df, (1 + LEVEL) / 2)), abs(noncentrality)
    return _over_sd(df, lambda s: special.ndtr(shift - t * s) + special.ndtr(-shift - t * s))


def _over_sd(df: int, chance: Callable[[Numbers], Numbers], most: float = math.inf) -> float:
    """The mean of a chance given s = estimated / true sd, over the distribution of s (that of chi / sqrt(df)).

    Up to s = `most`. Gauss-Legendre between the outermost 1e-12; scipy's own noncentral t is nan at many places.
    """
    least, largest = np.sqrt(special.chdtri(df, [1 - 1e-12, 1e-12]) / df)
    most = min(float(largest), most)
    if most <= least:
        return 0.0
    s = least + (_NODES + 1) / 2 * (most - least)
    height = math.log(2) + df / 2 * math.log(df / 2) - float(special.gammaln(df / 2))
    density = np.exp(height + (df - 1) * np.log(s) - df * s**2 / 2)
    return float(np.clip((most - least) / 2 * np.sum(_WEIGHTS * density * chance(s)), 0, 1))


def _smallest(enough: Callable[[int], bool]) -> int | NotEstimable:
    """The smallest n from 2 on for which it is enough; enough must stay enough."""
    high = 2
    while not enough(high):
        if high >= MOST:
            return NotEstimable(Reason.OUT_OF_RANGE, {"most": MOST})
        high = min(2 * high, MOST)
    low = max(high // 2, 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _detectable(df: int, error: Callable[[int], float], n: int, sd: float, power: float) -> float | NotEstimable:
    if not _positive(sd) or not LEVEL > power > 1 - LEVEL or n > MOST:
        return NotEstimable(Reason.OUT_OF_RANGE)
    if df < 1:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": 2})
    top = 2.0
    while _power(df, top) < power:
        top *= 2
    return float(optimize.brentq(lambda shift: _power(df, shift) - power, 0, top, xtol=1e-10)) * error(n)


def _positive(*numbers: float) -> bool:
    return all(math.isfinite(number) and number > 0 for number in numbers)


def _at_most(people: int) -> int | NotEstimable:
    return people if people <= MOST else NotEstimable(Reason.OUT_OF_RANGE, {"most": MOST})
