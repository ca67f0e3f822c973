"""Where the restricted likelihood is highest: a root of its derivative, so that the optimum is exact to rounding."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from service.measures.reml import Floats, Point, Slopes, Sums, differentiate, evaluate

#: Standard deviations of the random intercept, relative to the residual, among which the optimum is first sought.
_GRID = np.concatenate([[0.0], np.logspace(-2, 3, 16)])
#: Where intercept and slope are looked for first, L by columns (intercept, their link, slope): the surface may have
#: more than one top, also one at the edge, so that a single start can end on the lower one.
_PLACES = tuple(
    (level, link * trend, float(np.sqrt(1 - link**2)) * trend)
    for level in (0.0, 0.1, 0.5, 1.5, 5.0, 30.0)
    for link in (-0.95, -0.5, 0.0, 0.5, 0.95)
    for trend in (0.0, 0.05, 0.2, 0.8, 3.0, 20.0)
)
_STARTS = 8  # the best of these places from which is climbed
#: A relative gradient below this is an optimum; a diagonal of L below this is a variance of zero (lme4's isSingular).
_FLAT, _ZERO = 1e-4, 1e-4


def best(found: Sums) -> tuple[Floats, Point, Slopes] | None:
    """L with the highest restricted likelihood, the criterion there and its derivatives; None without convergence."""
    lower = _intercept(found) if found.q == 1 else _intercept_and_slope(found)
    if lower is None:
        return None
    point = evaluate(found, lower)
    return None if point is None else (lower, point, differentiate(found, lower, point))


def is_singular(lower: Floats) -> bool:
    """Whether a random effect has no variance, or is fully told by another: L has a diagonal element of zero."""
    return bool(np.min(np.abs(np.diag(lower))) < _ZERO)


def _intercept(found: Sums) -> Floats | None:
    """One parameter: the best of a grid, then the root of the derivative between its neighbours."""
    heights = [_height(found, _one(ratio)) for ratio in _GRID]
    at = int(np.argmin(heights))
    if not np.isfinite(heights[at]) or at == len(_GRID) - 1:
        return None
    if at <= 1 and _curves_up_at_zero(found):
        low, high = 0.0, float(_GRID[1])
        if at == 0 or heights[0] <= _height(found, _one(high / 2)):
            return _one(0.0)
    low, high = float(_GRID[max(at - 1, 0)]), float(_GRID[at + 1])
    low = low or _ZERO  # the derivative in L is zero at zero: start where it is not
    if _gradient(found, low) >= 0 or _gradient(found, high) <= 0:
        return _one(0.0) if at <= 1 else None
    return _one(float(optimize.brentq(lambda ratio: _gradient(found, ratio), low, high, xtol=1e-13, rtol=1e-13)))


def _one(ratio: float) -> Floats:
    return np.array([[ratio]], dtype=np.float64)


def _height(found: Sums, lower: Floats) -> float:
    point = evaluate(found, lower)
    return np.inf if point is None else point.criterion


def _gradient(found: Sums, ratio: float) -> float:
    point = evaluate(found, _one(ratio))
    return np.inf if point is None else float(differentiate(found, _one(ratio), point).gradient[0])


def _curves_up_at_zero(found: Sums) -> bool:
    point = evaluate(found, _one(0.0))
    return point is not None and float(differentiate(found, _one(0.0), point).hessian[0, 0]) >= 0


def _intercept_and_slope(found: Sums) -> Floats | None:
    """Three parameters: quasi-Newton from several starts with the exact gradient, then Newton steps to the root."""
    tried = [
        optimize.minimize(
            lambda at: _height_and_gradient(found, at),
            np.array(start),
            jac=True,
            method="L-BFGS-B",
            bounds=[(0, None), (None, None), (0, None)],
            options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 500},
        )
        for start in sorted(_PLACES, key=lambda place: _height(found, _two(np.array(place))))[:_STARTS]
    ]
    start = min(tried, key=lambda result: float(result.fun))
    return _polished(found, start.x)


def _height_and_gradient(found: Sums, at: Floats) -> tuple[float, Floats]:
    point = evaluate(found, _two(at))
    if point is None:
        return 1e300, np.zeros(3)
    return point.criterion, differentiate(found, _two(at), point).gradient


def _two(at: Floats) -> Floats:
    return np.array([[at[0], 0.0], [at[1], at[2]]])


def _polished(found: Sums, at: Floats) -> Floats | None:
    """Newton steps while they flatten the gradient; at the edge (a variance of zero) the quasi-Newton answer stands."""
    point = evaluate(found, _two(at))
    if point is None:
        return None
    slopes = differentiate(found, _two(at), point)
    for _ in range(8):
        if is_singular(_two(at)) or np.linalg.eigvalsh(slopes.hessian)[0] <= 0:
            break
        closer = at - np.linalg.solve(slopes.hessian, slopes.gradient)
        there = evaluate(found, _two(closer))
        if there is None:
            break
        then = differentiate(found, _two(closer), there)
        if np.linalg.norm(then.gradient) >= np.linalg.norm(slopes.gradient):
            break
        at, slopes = closer, then
    free = [slopes.gradient[k] for k in range(3) if k == 1 or at[k] > _ZERO or slopes.gradient[k] < 0]
    flat = all(abs(value) <= _FLAT * max(1.0, abs(point.criterion)) for value in free)
    return _two(at) if flat else None
