"""Logistic regression: the odds of a yes-or-no outcome from covariates, with Wald intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import quantile

Column = npt.NDArray[np.float64]

_MOST_STEPS = 50
_CONVERGED = 1e-10  # the largest step of a coefficient of a standardised column
_MOST_CERTAIN = 30.0  # log odds beyond which a fitted person is as good as certain: look for separation
_RANK = 1e-9
_ROUNDING = 1e-6  # how far on the wrong side the linear programme may leave a row
_ROWS_AT_A_TIME = 2000  # rows given to the linear programme at first, and added where it offends others


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its log odds per unit of the covariate, standard error, Wald p, and odds ratio with its interval.

    The odds ratio is OUT_OF_RANGE when it, or its interval, is too large to be a number.
    """

    name: str
    log_odds: float
    error: float
    p: float
    odds_ratio: Estimate | NotEstimable


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted model: the intercept in log odds, the terms, how many people, and how many of them had the outcome.

    `per_term` is the smaller of the two groups per term: under 10 the odds ratios run too far from 1 (Peduzzi 1996).
    """

    intercept: float
    intercept_error: float
    terms: tuple[Term, ...]
    n: int
    events: int
    per_term: float


def logistic(
    outcome: npt.NDArray[np.bool_], covariates: Mapping[str, Column], level: float = 0.95
) -> Logistic | NotEstimable:
    """Maximum likelihood by Newton's method (iteratively reweighted least squares; McCullagh and Nelder 1989).

    `outcome` is true where it happened; `covariates` are numbers (groups as 0/1 columns), NaN where missing: people
    with a missing covariate are left out, and n says how many stayed.

    NO_DATA without people; ONE_GROUP when it happened to all or none; TOO_FEW with no more people than coefficients;
    SINGULAR when a covariate is constant or follows from the others (named in `term`); SEPARATED when some combination
    of covariates tells the outcomes apart, wholly or at the edge (Albert and Anderson 1984: found by linear
    programming, Konis 2007): the odds then have no bound. NOT_CONVERGED otherwise.
    """
    names = tuple(covariates)
    table = np.column_stack([np.ones(len(outcome)), *(np.asarray(covariates[name], dtype=float) for name in names)])
    kept = np.isfinite(table).all(axis=1)
    table, happened = table[kept], outcome[kept]
    refused = _refused(table, happened) or _dependent(table, names)
    if refused is not None:
        return refused
    centre, spread = table[:, 1:].mean(axis=0), table[:, 1:].std(axis=0)
    scaled = np.column_stack([table[:, 0], (table[:, 1:] - centre) / spread])
    fitted = _newton(scaled, happened)
    if fitted is None or np.abs(scaled @ fitted[0]).max() > _MOST_CERTAIN:
        if _separated(scaled, happened):
            return NotEstimable(Reason.SEPARATED, {"n": len(happened), "events": int(happened.sum())})
        if fitted is None:
            return NotEstimable(Reason.NOT_CONVERGED, {"n": len(happened)})
    back = np.diag(np.concatenate([[1.0], 1 / spread]))
    back[0, 1:] = -centre / spread
    coefficients, variance = back @ fitted[0], back @ fitted[1] @ back.T
    return _result(names, coefficients, np.sqrt(np.diag(variance)), happened, level)


def _refused(table: Column, happened: npt.NDArray[np.bool_]) -> NotEstimable | None:
    n, events = len(happened), int(happened.sum())
    if n == 0:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    if events in (0, n):
        return NotEstimable(Reason.ONE_GROUP, {"n": n, "events": events})
    if n <= table.shape[1]:
        return NotEstimable(Reason.TOO_FEW, {"n": n, "needed": table.shape[1] + 1})
    return None


def _dependent(table: Column, names: tuple[str, ...]) -> NotEstimable | None:
    """The first covariate that is constant, or a sum of multiples of those before it."""
    basis = np.ones((len(table), 1)) / math.sqrt(len(table))
    for column, name in enumerate(names, start=1):
        values = table[:, column] / (np.abs(table[:, column]).max() or 1.0)
        rest = values - basis @ (basis.T @ values)
        rest -= basis @ (basis.T @ rest)  # twice: once leaves rounding behind
        length = float(np.linalg.norm(rest))
        if length <= _RANK * math.sqrt(len(table)):
            return NotEstimable(Reason.SINGULAR, {"term": name})
        basis = np.column_stack([basis, rest / length])
    return None


def _newton(table: Column, happened: npt.NDArray[np.bool_]) -> tuple[Column, Column] | None:
    """The coefficients and their variance; None when the steps do not end."""
    outcome = happened.astype(float)
    coefficients: Column = np.zeros(table.shape[1])
    for _ in range(_MOST_STEPS):
        odds = table @ coefficients
        chance = special.expit(odds)
        information = (table * (chance * (1 - chance))[:, None]).T @ table
        try:
            variance: Column = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            return None
        step = variance @ (table.T @ (outcome - chance))
        if not (np.isfinite(step).all() and (np.diag(variance) > 0).all()):
            return None
        if np.abs(step).max() < _CONVERGED:
            return coefficients, variance
        coefficients = _no_worse(table, outcome, coefficients, step)
    return None


def _no_worse(table: Column, outcome: Column, coefficients: Column, step: Column) -> Column:
    """A step that overshoots is halved until the likelihood does not fall."""
    now = _likelihood(table, outcome, coefficients)
    for _ in range(_MOST_STEPS):
        further = coefficients + step
        if _likelihood(table, outcome, further) >= now - abs(now) * 1e-12:
            break
        step = step / 2
    return further


def _likelihood(table: Column, outcome: Column, coefficients: Column) -> float:
    odds = table @ coefficients
    return float(np.sum(outcome * odds - np.logaddexp(0.0, odds)))


def _separated(table: Column, happened: npt.NDArray[np.bool_]) -> bool:
    """Whether a combination of the columns is nowhere on the wrong side of the outcome, and somewhere on the right.

    If there is one, so are its multiples, and the programme stretches it to its bounds; if not, only zero is left.
    """
    signed = np.unique(np.where(happened[:, None], table, -table), axis=0)
    gain = signed.sum(axis=0)
    if not gain.any():
        return False
    rows = signed[:: max(1, len(signed) // _ROWS_AT_A_TIME)]
    while True:  # ends: every round adds rows that the one before offended
        found = optimize.linprog(-gain / np.abs(gain).max(), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1))
        if found.status != 0 or np.abs(found.x).max() <= 0.5:
            return False
        side = signed @ found.x
        if side.min() >= -_ROUNDING:
            return True
        worst = np.argsort(side)[:_ROWS_AT_A_TIME]
        rows = np.vstack([rows, signed[worst[side[worst] < -_ROUNDING]]])


def _result(
    names: tuple[str, ...], coefficients: Column, errors: Column, happened: npt.NDArray[np.bool_], level: float
) -> Logistic:
    n, events = len(happened), int(happened.sum())
    return Logistic(
        intercept=float(coefficients[0]),
        intercept_error=float(errors[0]),
        terms=tuple(
            _term(name, float(value), float(error), n, level)
            for name, value, error in zip(names, coefficients[1:], errors[1:], strict=True)
        ),
        n=n,
        events=events,
        per_term=min(events, n - events) / max(len(names), 1),
    )


def _term(name: str, value: float, error: float, n: int, level: float) -> Term:
    half = quantile(level) * error
    p = 2 * float(special.ndtr(-abs(value / error)))
    if abs(value) + half > math.log(1e15):
        return Term(name, value, error, p, NotEstimable(Reason.OUT_OF_RANGE, {"term": name}))
    return Term(
        name, value, error, p, Estimate(math.exp(value), math.exp(value - half), math.exp(value + half), n, level)
    )
