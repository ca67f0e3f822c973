"""The linear mixed model on all waves: everyone counts as far as they were measured (measures.md 4.5).

y = X b + u_person (+ v_person * time) + e, by restricted maximum likelihood, with Satterthwaite degrees of freedom as
in lme4 and lmerTest (Bates et al. 2015; Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Softw. 82(13)).
It assumes that whoever was not measured is missing at random, given what was measured of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from service.measures.estimate import NotEstimable, Reason
from service.measures.least_squares import NOTHING, dependent_column
from service.measures.reml import Floats, Point, Slopes, Sums, sums
from service.measures.reml_optimum import best, is_singular
from service.measures.satterthwaite import Contrast, Joint, Uncertainty, contrast, joint

Whole = NDArray[np.intp]

#: People without whom a variance between people cannot be estimated.
_LEAST_PEOPLE = 3


@dataclass(frozen=True, slots=True, eq=False)
class MixedModel:
    """A fitted model, in the units of the score (variances: squared) and of the caller's time.

    `random` is the covariance matrix of the random effects (intercept, and slope when asked), `residual` the variance
    within people. `reml` is -2 log restricted likelihood. `singular`: a random effect has no variance of its own, so
    the model is a simpler one than was asked for. `covariance` is that of the terms.
    """

    names: tuple[str, ...]
    terms: tuple[Contrast, ...]
    random: tuple[tuple[float, ...], ...]
    residual: float
    reml: float
    observations: int
    people: int
    singular: bool
    uncertainty: Uncertainty

    @property
    def log_likelihood(self) -> float:
        """The restricted log-likelihood."""
        return -self.reml / 2

    def contrast(self, weights: Sequence[float]) -> Contrast | NotEstimable:
        """The weighted sum of the terms, tested against zero. NO_DATA when every weight is zero."""
        return contrast(self.uncertainty, np.array(weights, dtype=np.float64))

    def joint(self, rows: Sequence[Sequence[float]]) -> Joint | NotEstimable:
        """The F test that all these contrasts are zero together. NO_DATA when every weight is zero."""
        return joint(self.uncertainty, np.array(rows, dtype=np.float64))


def fit(
    y: ArrayLike,
    x: ArrayLike,
    person: ArrayLike,
    names: Sequence[str],
    *,
    slope: ArrayLike | None = None,
    level: float = 0.95,
) -> MixedModel | NotEstimable:
    """Fit y (n) on the columns of x (n, p), named `names`, with a random intercept per person.

    `slope` (n) is the time for a random slope, linked with the intercept: only when the analysis plan asks for it
    (measures.md 9), and only with three waves or more. An observation with a missing value (NaN) is left out.
    ValueError when the lengths differ (the caller's mistake).

    NotEstimable: NO_DATA; TOO_FEW people, waves or observations for these terms (detail "of"); NO_VARIANCE when nothing
    is left over between or within people; SINGULAR with the "term" that the ones before it tell; OUT_OF_RANGE for an
    infinite value; NOT_CONVERGED.
    """
    scores, columns, times = _arrays(y, x, slope, len(names))
    who = np.asarray(person)
    if not len(scores) == len(columns) == len(times) == len(who) or columns.shape[1] != len(names):
        raise ValueError("y, x, person and slope need one row per observation, and names one per column")
    if not _finite(scores, columns, times):
        whole = ~(np.isnan(scores) | np.isnan(columns).any(axis=1) | np.isnan(times))
        scores, columns, times, who = scores[whole], columns[whole], times[whole], who[whole]
        if not _finite(scores, columns, times):
            return NotEstimable(Reason.OUT_OF_RANGE)
    places = _numbered(who)
    waves = times if slope is not None else None
    return _obstacle(scores, columns, places, waves, names) or _fitted(scores, columns, places, waves, names, level)


def _arrays(y: ArrayLike, x: ArrayLike, slope: ArrayLike | None, terms: int) -> tuple[Floats, Floats, Floats]:
    scores = np.asarray(y, dtype=np.float64)
    columns = np.asarray(x, dtype=np.float64)
    times = np.zeros(len(scores)) if slope is None else np.asarray(slope, dtype=np.float64)
    return scores, columns if columns.ndim == 2 else columns.reshape(-1, max(terms, 1)), times


def _finite(*arrays: Floats) -> bool:
    return all(np.isfinite(array).all() for array in arrays)


def _numbered(who: NDArray[Any]) -> Whole:
    """People as 0, 1, 2 ...: without sorting when they come person by person."""
    if len(who) and (who[1:] >= who[:-1]).all():
        return np.concatenate([[0], np.cumsum(who[1:] != who[:-1])]).astype(np.intp)
    return np.unique(who, return_inverse=True)[1].astype(np.intp)


def _obstacle(y: Floats, x: Floats, person: Whole, time: Floats | None, names: Sequence[str]) -> NotEstimable | None:
    """What stands in the way before anything is computed."""
    if not len(y):
        return NotEstimable(Reason.NO_DATA)
    seen = np.bincount(person)
    effects = 1 if time is None else 2
    if len(seen) < _LEAST_PEOPLE:
        return NotEstimable(Reason.TOO_FEW, {"n": len(seen), "needed": _LEAST_PEOPLE, "of": "people"})
    if seen.max() <= effects:
        return NotEstimable(Reason.TOO_FEW, {"n": int(seen.max()), "needed": effects + 1, "of": "waves"})
    if time is not None and len(np.unique(time)) <= effects:
        return NotEstimable(Reason.TOO_FEW, {"n": len(np.unique(time)), "needed": effects + 1, "of": "waves"})
    # With a slope for each person there must be more observations than effects, random and fixed together: below that
    # the likelihood has several tops, and no fit of it can be trusted.
    taken = x.shape[1] + (effects if time is None else effects * len(seen))
    if len(y) <= taken:
        return NotEstimable(Reason.TOO_FEW, {"n": len(y), "needed": taken + 1, "of": "observations"})
    told = dependent_column(x)
    return None if told is None else NotEstimable(Reason.SINGULAR, {"term": names[told]})


def _fitted(
    y: Floats, x: Floats, person: Whole, time: Floats | None, names: Sequence[str], level: float
) -> MixedModel | NotEstimable:
    """The fit of what stands in nobody's way. Works on the residual of least squares, which loses no digits."""
    start = np.linalg.solve(x.T @ x, x.T @ y)
    rest = y - x @ start
    unit = 1.0 if time is None else float(np.sqrt(np.mean(time**2)))
    z = np.ones((len(y), 1)) if time is None else np.column_stack([np.ones(len(y)), time / unit])
    found = sums(x, rest, z, person)
    if _left_within(found) <= NOTHING * float(np.square(y).sum()):
        return NotEstimable(Reason.NO_VARIANCE)
    top = best(found)
    if top is None:
        return NotEstimable(Reason.NOT_CONVERGED)
    lower, point, slopes = top
    residual = point.rss / (found.n - found.p)
    known = _uncertainty(start, point, slopes, residual, n=int(found.people.sum()), level=level)
    terms = tuple(contrast(known, row) for row in np.eye(found.p))
    estimated = tuple(term for term in terms if isinstance(term, Contrast))
    if len(estimated) < len(terms):
        return NotEstimable(Reason.NOT_CONVERGED)
    scaled = lower / np.array([[1.0], [unit]])[: found.q]
    return MixedModel(
        names=tuple(names),
        terms=estimated,
        random=tuple(tuple(float(value) for value in row) for row in residual * scaled @ scaled.T),
        residual=residual,
        reml=point.criterion,
        observations=found.n,
        people=int(found.people.sum()),
        singular=is_singular(lower),
        uncertainty=known,
    )


def _left_within(found: Sums) -> float:
    """The sum of squares that is left when every person has a level (and slope) of their own."""
    inner, p = found.within(), found.p
    explained = inner[:p, p] @ np.linalg.pinv(inner[:p, :p], rcond=1e-9, hermitian=True) @ inner[:p, p]
    return float(inner[p, p] - explained)


def _uncertainty(start: Floats, point: Point, slopes: Slopes, residual: float, *, n: int, level: float) -> Uncertainty:
    """What the contrasts need; the variance parameters are the elements of L and the log of the residual variance."""
    covariance = residual * point.unscaled
    moves = [-residual * point.unscaled @ change @ point.unscaled for change in slopes.fixed]
    values, vectors = np.linalg.eigh(slopes.information)
    kept = values > NOTHING * values.max()
    spread = 2 * (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    return Uncertainty(start + point.beta, covariance, np.array([*moves, covariance]), spread, n, level)
