"""Restricted likelihood of a linear mixed model with one level of grouping, from sums per design pattern.

y_i = X_i b + Z_i u_i + e_i for person i, u_i ~ N(0, s2 D), e_i ~ N(0, s2 I), with Z = [1] or [1, time] and D = L L'.
By Woodbury's identity everything that the likelihood needs of a person is Z'Z, Z'X and Z'y, and people who share a
Z'Z (the same waves) can be added up beforehand: one evaluation costs the same for a hundred people as for a million.
Source of the profiled criterion: Bates et al. 2015, J. Stat. Softw. 67(1), section 3.4; derivatives by matrix calculus.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


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
class Slopes:
    """Derivatives at one L: of the profiled criterion, of X'V^-1X, and the Hessian of the deviance in (L, log s2)."""

    gradient: Floats  # (r,)
    hessian: Floats  # (r, r), of the profiled criterion
    information: Floats  # (r + 1, r + 1): second derivatives of -2 log restricted likelihood in (L, log s2)
    fixed: Floats  # (r, p, p): dX'V^-1X per element of L


def sums(x: Floats, y: Floats, z: Floats, person: NDArray[np.intp]) -> Sums:
    """Add up per person (numbered from 0, every number in use) and then per pattern. x (n, p), y (n,), z (n, q)."""
    columns = np.column_stack([x, y])
    q, m = z.shape[1], columns.shape[1]
    per_person = _per_person([z[:, a] * columns[:, j] for a in range(q) for j in range(m)], person)
    squares = _per_person([z[:, a] * z[:, b] for a in range(q) for b in range(q)], person)
    order, starts = _patterns(squares)
    blocks = [per_person[order[i:j]] for i, j in pairwise([*starts, len(order)])]
    crossed = np.array([block.T @ block for block in blocks]).reshape(len(blocks), q, m, q, m)
    return Sums(
        n=len(y),
        p=m - 1,
        q=q,
        total=columns.T @ columns,
        zz=squares[order[starts]].reshape(-1, q, q),
        people=np.array([len(block) for block in blocks], dtype=np.float64),
        products=crossed.transpose(0, 1, 3, 2, 4).reshape(len(blocks) * q * q, m * m),
    )


def _per_person(columns: list[Floats], person: NDArray[np.intp]) -> Floats:
    return np.column_stack([np.bincount(person, weights=column) for column in columns])


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
    """The sum over people of (Z'[X y])' W (Z'[X y]), one W (q by q) per pattern."""
    m = found.p + 1
    summed: Floats = (weights.reshape(-1) @ found.products).reshape(m, m)
    return summed


def differentiate(found: Sums, lower: Floats, point: Point) -> Slopes:
    """First and second derivatives in the elements of L on and below the diagonal (column by column)."""
    first, second = _directions(lower)
    narrow = np.linalg.inv(np.eye(found.q) + lower @ lower.T @ found.zz)  # N = (I + D Z'Z)^-1
    inner = found.zz @ narrow  # K = Z'Z N
    residual = np.append(-point.beta, 1.0)
    p, free, s2 = found.p, found.n - found.p, point.rss / (found.n - found.p)
    h1 = [-_added(found, narrow @ d @ narrow.transpose(0, 2, 1)) for d in first]
    logdet1 = np.array([found.people @ _trace(inner @ d) for d in first])
    fixed = np.array([h[:p, :p] for h in h1])
    pulled = [(h @ residual)[:p] for h in h1]
    moved = [point.unscaled @ h for h in fixed]
    rss1 = np.array([residual @ h @ residual for h in h1])
    size1 = logdet1 + np.array([np.trace(step) for step in moved])
    r = len(first)
    size2, rss2 = np.empty((r, r)), np.empty((r, r))
    for k, j in product(range(r), repeat=2):
        bent = narrow @ first[j] @ inner @ first[k] @ narrow.transpose(0, 2, 1)
        twice = narrow @ second[k][j] @ narrow.transpose(0, 2, 1) - bent - bent.transpose(0, 2, 1)
        h2 = -_added(found, twice)
        curved = found.people @ _trace(inner @ second[k][j] - inner @ first[j] @ inner @ first[k])
        size2[k, j] = curved + np.trace(point.unscaled @ h2[:p, :p]) - np.trace(moved[k] @ moved[j])
        rss2[k, j] = residual @ h2 @ residual - 2 * pulled[k] @ point.unscaled @ pulled[j]
    return Slopes(
        gradient=size1 + free * rss1 / point.rss,
        hessian=size2 + free * (rss2 / point.rss - np.outer(rss1, rss1) / point.rss**2),
        information=np.block(
            [[size2 + rss2 / s2, -rss1[:, None] / s2], [-rss1[None, :] / s2, np.array([[float(free)]])]]
        ),
        fixed=fixed,
    )


def _trace(matrices: Floats) -> Floats:
    traced: Floats = np.trace(matrices, axis1=1, axis2=2)
    return traced


def _directions(lower: Floats) -> tuple[list[Floats], list[list[Floats]]]:
    """dD per element of L, and d2D per pair of elements."""
    units = []
    for column in range(len(lower)):
        for row in range(column, len(lower)):
            unit = np.zeros_like(lower)
            unit[row, column] = 1
            units.append(unit)
    first: list[Floats] = [unit @ lower.T + lower @ unit.T for unit in units]
    return first, [[one @ other.T + other @ one.T for other in units] for one in units]
