"""Where the restricted likelihood is highest: a root of its derivative, so that the optimum is exact to rounding."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from service.measures.reml import Floats, Point, Slopes, Sums, differentiate, evaluate, gradient

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
_STEPS, _REACH = 100, 5.0  # steps at most, each at most this many times as far as the place is from zero
#: A step that promises less than this share of the criterion is lost in rounding.
_ROUNDING = 1e-14
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
    return np.inf if point is None else float(gradient(found, _one(ratio), point)[0])


def _curves_up_at_zero(found: Sums) -> bool:
    point = evaluate(found, _one(0.0))
    return point is not None and float(differentiate(found, _one(0.0), point).hessian[0, 0]) >= 0


def _intercept_and_slope(found: Sums) -> Floats | None:
    """Three parameters: Newton steps with the exact derivatives from several starts; the highest top that they reach.

    No bounds are needed: L and its mirror images (a column with the other sign) are the same D.
    """
    places = sorted(_PLACES, key=lambda place: _height(found, _two(np.array(place))))[:_STARTS]
    climbed = [top for place in places if (top := _climbed(found, np.array(place))) is not None]
    if not climbed:
        return None
    height, at = min(climbed, key=lambda top: top[0])
    return _polished(found, _simplest(found, height, _upright(at)))


def _climbed(found: Sums, at: Floats) -> tuple[float, Floats] | None:
    """The criterion and the place where steps no longer help. A step goes down along every axis of the Hessian.

    Where the surface bends the wrong way the size of the bend is taken (Nocedal & Wright 2006, section 3.4); a step
    that does not help is halved.
    """
    point = evaluate(found, _two(at))
    if point is None:
        return None
    for _ in range(_STEPS):
        slopes = differentiate(found, _two(at), point)
        bends, axes = np.linalg.eigh(slopes.hessian)
        along = axes.T @ slopes.gradient
        step = -axes @ (along / np.maximum(np.abs(bends), 1e-8 * np.abs(bends).max(initial=1e-300)))
        far, reach = float(np.linalg.norm(step)), _REACH * (1 + float(np.linalg.norm(at)))
        step *= reach / far if far > reach else 1.0
        moved = _shortened(found, at, point, step, float(slopes.gradient @ step))
        if moved is None:
            break
        at, point = moved
    return point.criterion, at


def _shortened(found: Sums, at: Floats, point: Point, step: Floats, promised: float) -> tuple[Floats, Point] | None:
    """The first of ever smaller steps that goes down by a share of what it promised; None when there is none left."""
    share = 1.0
    while -share * promised > _ROUNDING * abs(point.criterion):
        there = evaluate(found, _two(at + share * step))
        if there is not None and there.criterion <= point.criterion + 1e-4 * share * promised:
            return at + share * step, there
        share /= 2
    return None


def _simplest(found: Sums, height: float, at: Floats) -> Floats:
    """A last element of exactly zero where that is as high to rounding: on such a flat edge climbing stops anywhere."""
    flat = np.array([at[0], at[1], 0.0])
    return flat if _height(found, _two(flat)) <= height + 100 * _ROUNDING * abs(height) else at


def _upright(at: Floats) -> Floats:
    """The mirror image with no negative standard deviation."""
    level, link, trend = at
    turned = -1.0 if level < 0 else 1.0
    return np.array([turned * level, turned * link, abs(trend)])


def _two(at: Floats) -> Floats:
    return np.array([[at[0], 0.0], [at[1], at[2]]])


def _polished(found: Sums, at: Floats) -> Floats | None:
    """Newton steps while they flatten the gradient; at the edge (a variance of zero) the climb has the last word."""
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
