"""Restricted likelihood of a linear mixed model with one level of grouping, from sums per design pattern.

y_i = X_i b + Z_i u_i + e_i for person i, u_i ~ N(0, s2 D), e_i ~ N(0, s2 I), with Z = [1] or [1, time] and D = L L'.
By Woodbury's identity everything that the likelihood needs of a person is Z'Z, Z'X and Z'y, and people who share a
Z'Z (the same waves) can be added up beforehand: one evaluation costs the same for a hundred people as for a million.
Source of the profiled criterion: Bates et al. 2015, J. Stat. Softw. 67(1), section 3.4; derivatives by matrix calculus.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

#: Every pair of so many things once, the first not after the second.
_PAIRS = {size: np.triu_indices(size) for size in (1, 2, 3)}


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What the likelihood needs: `m` = p + 1 columns are those of X and y; `patterns` share a Z'Z of q by q."""

    n: int
    p: int
    q: int
    total: Floats  # (m, m): [X y]'[X y]
    zz: Floats  # (patterns, q, q)
    people: Floats  # (patterns,): how many share it
    products: Floats  # (patterns * q * q, m * m): sum over people of (Z'[X y])_a (Z'[X y])_b'

    def within(self) -> Floats:
        """[X y]'[X y] when every person has a level (and slope) of their own: the limit of a large D."""
        return self.total - _added(self, np.linalg.pinv(self.zz, rcond=1e-9, hermitian=True))


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The criterion (-2 log restricted likelihood, profiled over b and s2) at one D, with what it was made of."""

    criterion: float
    beta: Floats
    unscaled: Floats  # C: the covariance of b is s2 C
    rss: float


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """First derivatives at one L, one per element of L on and below the diagonal, and what the second ones need."""

    narrow: Floats  # (patterns, q, q): N = (I + D Z'Z)^-1
    led: Floats  # (r, patterns, q, q): N dD
    inner: Floats  # (r, patterns, q, q): Z'Z N dD
    weighed: Floats  # (q, q): the sum over people of Z'Z N
    size: Floats  # (r,): of log |V| + log |X'V^-1X|
    rss: Floats  # (r,)
    pulled: Floats  # (r, p): dX'V^-1 (y - X b)
    fixed: Floats  # (r, p, p): dX'V^-1X
    moved: Floats  # (r, p, p): C dX'V^-1X


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Derivatives at one L: of the profiled criterion, of X'V^-1X, and the Hessian of the deviance in (L, log s2)."""

    gradient: Floats  # (r,)
    hessian: Floats  # (r, r), of the profiled criterion
    information: Floats  # (r + 1, r + 1): second derivatives of -2 log restricted likelihood in (L, log s2)
    fixed: Floats  # (r, p, p): dX'V^-1X per element of L


def sums(x: Floats, y: Floats, z: Floats, person: NDArray[np.intp]) -> Sums:
    """Add up per person (numbered from 0, every number in use) and then per pattern. x (n, p), y (n,), z (n, q)."""
    columns, random = np.vstack([x.T, y]), list(np.ascontiguousarray(z.T))  # one column after another
    q, m = len(random), len(columns)
    per_person = np.column_stack([_summed(person, one, column) for one in random for column in columns])
    squares = np.empty((len(per_person), q * q))
    for a, b in combinations_with_replacement(range(q), 2):
        squares[:, a * q + b] = squares[:, b * q + a] = _summed(person, random[a], random[b])
    order, starts = _patterns(squares)
    sorted_people = per_person[order]
    blocks = [sorted_people[i:j] for i, j in pairwise([*starts, len(order)])]
    crossed = np.array([block.T @ block for block in blocks]).reshape(len(blocks), q, m, q, m)
    return Sums(
        n=len(y),
        p=m - 1,
        q=q,
        total=columns @ columns.T,
        zz=squares[order[starts]].reshape(-1, q, q),
        people=np.diff([*starts, len(order)]).astype(np.float64),
        products=crossed.transpose(0, 1, 3, 2, 4).reshape(len(blocks) * q * q, m * m),
    )


def _summed(person: NDArray[np.intp], one: Floats, other: Floats) -> Floats:
    """Per person the sum of the products. A random intercept is a column of ones: nothing to multiply."""
    summed: Floats = np.bincount(person, weights=other if (one == 1).all() else one * other)  # type: ignore[assignment]
    return summed


def _patterns(squares: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """People in the order of their Z'Z, and where each new one starts. Rounded: sums of times carry rounding errors."""
    keys = np.round(squares, 9)
    order = np.lexsort(keys.T)
    new = np.any(np.diff(keys[order], axis=0) != 0, axis=1)
    return order, np.concatenate([[0], np.flatnonzero(new) + 1])


def evaluate(found: Sums, lower: Floats) -> Point | None:
    """The profiled criterion at D = lower lower'; None where it has no value (no residual, or X'V^-1X not positive)."""
    shrink = np.eye(found.q) + lower @ lower.T @ found.zz
    weights = np.linalg.solve(shrink, np.broadcast_to(lower @ lower.T, shrink.shape))
    inner = found.total - _added(found, weights)
    p, free = found.p, found.n - found.p
    sign, size = np.linalg.slogdet(inner[:p, :p])
    if sign <= 0:
        return None
    unscaled = np.linalg.inv(inner[:p, :p])
    beta = unscaled @ inner[:p, p]
    rss = float(inner[p, p] - inner[:p, p] @ beta)
    if rss <= 0:
        return None
    spread = float(found.people @ np.linalg.slogdet(shrink)[1])
    return Point(spread + float(size) + free * (1 + np.log(2 * np.pi * rss / free)), beta, unscaled, rss)


def _added(found: Sums, weights: Floats) -> Floats:
    """The sum over people of (Z'[X y])' W (Z'[X y]), one W (q by q) per pattern: weights (..., patterns, q, q)."""
    m, several = found.p + 1, weights.shape[:-3]
    summed: Floats = (weights.reshape(*several, -1) @ found.products).reshape(*several, m, m)
    return summed


def gradient(found: Sums, lower: Floats, point: Point) -> Floats:
    """First derivatives of the profiled criterion in the elements of L on and below the diagonal (column by column)."""
    return _profiled(found, point, _steps(found, lower, point))


def differentiate(found: Sums, lower: Floats, point: Point) -> Slopes:
    """First and second derivatives in the elements of L on and below the diagonal (column by column)."""
    at = _steps(found, lower, point)
    p, free, s2 = found.p, found.n - found.p, point.rss / (found.n - found.p)
    k, j = _PAIRS[len(at.rss)]  # of every pair of elements one: the other is its mirror
    residual, turned = np.append(-point.beta, 1.0), at.narrow.swapaxes(1, 2)
    second = _bends(lower)[k, j]
    bent = at.led[j] @ at.inner[k] @ turned
    h2 = -_added(found, at.narrow @ second[:, None] @ turned - bent - bent.swapaxes(2, 3))
    curved = _traces(at.weighed, second) - np.einsum("n,anij,anji->a", found.people, at.inner[j], at.inner[k])
    size2 = curved + _traces(point.unscaled, h2[:, :p, :p]) - np.einsum("aij,aji->a", at.moved[k], at.moved[j])
    rss2 = h2 @ residual @ residual - 2 * np.einsum("ai,ij,aj->a", at.pulled[k], point.unscaled, at.pulled[j])
    size, rss = _mirrored(size2, k, j), _mirrored(rss2, k, j)
    edge = -at.rss[:, None] / s2
    return Slopes(
        gradient=_profiled(found, point, at),
        hessian=size + free * (rss / point.rss - np.outer(at.rss, at.rss) / point.rss**2),
        information=np.block([[size + rss / s2, edge], [edge.T, np.array([[float(free)]])]]),
        fixed=at.fixed,
    )


def _profiled(found: Sums, point: Point, at: _Steps) -> Floats:
    slopes: Floats = at.size + (found.n - found.p) * at.rss / point.rss
    return slopes


def _steps(found: Sums, lower: Floats, point: Point) -> _Steps:
    p, q, residual = found.p, found.q, np.append(-point.beta, 1.0)
    directions = _directions(lower)
    narrow = np.linalg.inv(np.eye(q) + lower @ lower.T @ found.zz)
    narrowed = found.zz @ narrow
    weighed = (found.people @ narrowed.reshape(-1, q * q)).reshape(q, q)
    led = narrow @ directions[:, None]
    h1 = -_added(found, led @ narrow.swapaxes(1, 2))
    pulled, fixed = h1 @ residual, h1[:, :p, :p]
    moved = point.unscaled @ fixed
    return _Steps(
        narrow=narrow,
        led=led,
        inner=narrowed @ directions[:, None],
        weighed=weighed,
        size=_traces(weighed, directions) + np.trace(moved, axis1=1, axis2=2),
        rss=pulled @ residual,
        pulled=pulled[:, :p],
        fixed=fixed,
        moved=moved,
    )


def _traces(one: Floats, others: Floats) -> Floats:
    """The trace of one matrix with each of the others."""
    traces: Floats = np.einsum("ij,aji->a", one, others)
    return traces


def _mirrored(values: Floats, k: NDArray[np.intp], j: NDArray[np.intp]) -> Floats:
    """A symmetric matrix of its values on and above the diagonal."""
    whole = np.empty((k.max() + 1, k.max() + 1))
    whole[k, j] = whole[j, k] = values
    return whole


def _units(lower: Floats) -> Floats:
    """For every element of L on and below the diagonal, by columns: the matrix that is one there."""
    columns, rows = _PAIRS[len(lower)]
    units = np.zeros((len(rows), *lower.shape))
    units[np.arange(len(rows)), rows, columns] = 1
    return units


def _directions(lower: Floats) -> Floats:
    """dD per element of L."""
    units = _units(lower)
    return units @ lower.T + lower @ units.swapaxes(1, 2)


def _bends(lower: Floats) -> Floats:
    """d2D per pair of elements of L."""
    units = _units(lower)
    half = units[:, None] @ units.swapaxes(1, 2)
    return half + half.swapaxes(0, 1)
