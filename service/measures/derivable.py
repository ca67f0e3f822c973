"""Whether figures about many people together give away a figure about a few: an exact search.

Each figure is a sum over a group. Whatever a reader can compute from sums is a combination of them with weights; it is
about the people whose values do not cancel out. The question is whether any combination is about one to `few` people.
(In the words of coding theory: whether the smallest weight of the code that the groups span is at most `few`. In those
of official statistics: linear audit of a query set; Chin & Ozsoyoglu 1982, Auditing and inference control in
statistical databases, IEEE TSE 8(6).)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: What is added up of one person: moments of their values, each with a weight.
Moments: TypeAlias = tuple[tuple[str, float], ...]
#: What one figure adds up: of whom, and which moments of theirs.
Sum: TypeAlias = Mapping[Any, Moments]
Matrix = NDArray[np.float64]

#: The search gives up after this many steps (about two seconds); a page needs some tens.
STEPS = 20_000
_ZERO = 1e-9


class TooMuchWork(Exception):
    """The search was not finished; nothing may be concluded."""


def derivable(sums: Sequence[Sum], few: int, steps: int = STEPS) -> bool:
    """Whether a combination of these sums is about one to `few` people. Raises TooMuchWork."""
    people, weights = _people(sums)
    if not people.size:
        return False
    basis = _row_space(people.reshape(len(people), -1)).reshape(-1, *people.shape[1:])
    return bool(len(basis)) and _Search(few, steps, weights).found(basis, list(range(len(weights))), few)


def _people(sums: Sequence[Sum]) -> tuple[Matrix, list[int]]:
    """Figures x kinds of people x moments, and how many people of each kind: a kind counts alike in every figure."""
    inside: dict[Hashable, list[Moments]] = {}
    for place, figure in enumerate(sums):
        for person, weighted in figure.items():
            inside.setdefault(person, [()] * len(sums))[place] = weighted
    kinds = Counter(tuple(weighted) for weighted in inside.values())
    moments = {moment for kind in kinds for weighted in kind for moment, _ in weighted}
    places = {moment: place for place, moment in enumerate(sorted(moments))}
    table = np.zeros((len(sums), len(kinds), len(places)))
    for column, kind in enumerate(kinds):
        for place, weighted in enumerate(kind):
            for moment, weight in weighted:
                table[place, column, places[moment]] += weight
    return table, list(kinds.values())


class _Search:
    """Kind by kind: either the combination vanishes there (one dimension less) or it costs the people of that kind."""

    def __init__(self, few: int, steps: int, weights: Sequence[int]) -> None:
        self.few = few
        self.steps = steps
        self.weights = weights

    def found(self, basis: Matrix, kinds: list[int], left: int) -> bool:
        """Whether a combination of the basis is about at most `left` people of these kinds."""
        self.steps -= 1
        if self.steps < 0:
            raise TooMuchWork
        kinds = [kind for kind in kinds if np.abs(basis[:, kind]).max() > _ZERO]
        if sum(self.weights[kind] for kind in kinds) <= left:
            return True
        if len(basis) == 1 or self._at_least(basis, kinds, left + 1) > left:
            return False
        kind = max(kinds, key=lambda one: self.weights[one])
        rest = [one for one in kinds if one != kind]
        without = _vanishing(basis, kind)
        if len(without) and self.found(without, rest, left):
            return True
        return self.weights[kind] <= left and self.found(basis, rest, left - self.weights[kind])

    def _at_least(self, basis: Matrix, kinds: Sequence[int], enough: int) -> int:
        """About how many people every combination is at least: disjoint sets of people, each of which sees them all."""
        remaining = {kind: self.weights[kind] for kind in sorted(kinds, key=lambda one: -self.weights[one])}
        count = 0
        while count < enough:
            chosen = _seeing(basis, list(remaining))
            if chosen is None:
                break
            rounds = min(remaining[kind] for kind in chosen)
            count += rounds
            for kind in chosen:
                remaining[kind] -= rounds
                if not remaining[kind]:
                    del remaining[kind]
        return count


def _seeing(basis: Matrix, kinds: Sequence[int]) -> list[int] | None:
    """Kinds on which no combination of the basis vanishes altogether, chosen greedily; None when there are none."""
    rest, chosen = basis, []
    for kind in kinds:
        if not len(rest):
            break
        if np.abs(rest[:, kind]).max() > _ZERO:
            chosen.append(kind)
            rest = _vanishing(rest, kind)
    return None if len(rest) else chosen


def _vanishing(basis: Matrix, kind: int) -> Matrix:
    """A basis of the combinations that vanish at this kind of people, by elimination with the largest pivot."""
    for moment in range(basis.shape[2]):
        if not len(basis):
            break
        column = basis[:, kind, moment]
        pivot = int(np.abs(column).argmax())
        if abs(column[pivot]) <= _ZERO:
            continue
        factors = column / column[pivot]
        basis = np.delete(basis - factors[:, None, None] * basis[pivot], pivot, axis=0)
    return basis


def _row_space(rows: Matrix) -> Matrix:
    """Orthonormal rows that span the same combinations."""
    _, sizes, right = np.linalg.svd(rows, full_matrices=False)
    spanning: Matrix = right[sizes > _ZERO * max(rows.shape)]
    return spanning
