"""Whether figures about many people together give away a figure about a few: an exact search.

Each figure is a sum over a group. Whatever a reader can compute from sums is a combination of them with weights; it is
about the people whose values do not cancel out. The question is whether any combination is about one to `few` people.
(In the words of coding theory: whether the smallest weight of the code that the groups span is at most `few`. In those
of official statistics: linear audit of a query set; Chin & Ozsoyoglu 1982, Auditing and inference control in
statistical databases, IEEE TSE 8(6).)

Figures are looked at one by one: what is new in a combination is the last figure of it. A combination about a few
people vanishes at every kind of people of which there are more; in most cases that alone is impossible, and there is
nothing to search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: What is added up of one person: moments of their values, each with a weight.
Moments: TypeAlias = tuple[tuple[str, float], ...]
#: What one figure adds up: of whom, and which moments of theirs.
Sum: TypeAlias = Mapping[Any, Moments]
Matrix = NDArray[np.float64]

#: The search for one figure gives up after this many steps (about two seconds); most take none.
STEPS = 2_000
#: A part of a figure this much smaller than the figure is rounding.
_ZERO = 1e-8


class TooMuchWork(Exception):
    """The search was not finished; nothing may be concluded."""


def derivable(sums: Sequence[Sum], few: int, steps: int = STEPS) -> bool:
    """Whether a combination of these sums is about one to `few` people. Raises TooMuchWork."""
    weights, rows = as_rows(sums)
    span = Span(weights, few, steps)
    for row in rows:
        if span.gives_away(row):
            return True
        span.add(row)
    return False


def as_rows(sums: Sequence[Sum]) -> tuple[list[int], list[Matrix]]:
    """How many people of each kind there are, and per figure kinds x moments: a kind counts alike in every figure."""
    signatures: dict[Any, list[int]] = {}
    known: dict[Moments, int] = {(): 0}
    for place, figure in enumerate(sums):
        for person, weighted in figure.items():
            number = known.setdefault(weighted, len(known))
            signatures.setdefault(person, [0] * len(sums))[place] = number
    kinds: dict[tuple[int, ...], int] = {}
    for signature in signatures.values():
        kind = tuple(signature)
        kinds[kind] = kinds.get(kind, 0) + 1
    return list(kinds.values()), _table(
        np.array(list(kinds), dtype=np.intp).reshape(len(kinds), len(sums)), list(known)
    )


def _table(kinds: NDArray[np.intp], known: Sequence[Moments]) -> list[Matrix]:
    """Per figure kinds x moments: column by column of `kinds`, which of the `known` moments a kind has there."""
    places = {moment: place for place, moment in enumerate(sorted({moment for one in known for moment, _ in one}))}
    worth = np.zeros((len(known), len(places)))
    for number, weighted in enumerate(known):
        for moment, weight in weighted:
            worth[number, places[moment]] += weight
    return [worth[column] for column in kinds.T]


class Span:
    """Everything that can be made of the figures so far, for the next one to be held against.

    `weights`: how many people of each kind. The caller adds no figure that gives a few away.
    """

    def __init__(self, weights: Sequence[int], few: int, steps: int = STEPS) -> None:
        self._few = few
        self._steps = steps
        self._weights = np.array(weights, dtype=np.intp)
        self._many = self._weights > few
        self._at_many: list[Matrix] = []  # orthonormal at the kinds of many people
        self._whole: list[Matrix] = []  # the same combinations at every kind
        self._rest: list[Matrix] = []  # combinations that vanish at the kinds of many people
        self._rest_seen = np.zeros(len(self._weights), dtype=bool)  # at which kinds any of these does not

    def gives_away(self, row: Matrix) -> bool:
        """Whether with this figure any combination is about one to `few` people. Raises TooMuchWork."""
        if self._steps <= 0:
            raise TooMuchWork
        left = self._left(row)
        if left is None or self._seen_by_many(left):
            return False
        certain = ~self._rest_seen & (np.abs(left).max(axis=1) > _ZERO)  # nothing makes it vanish there
        if int(self._weights[certain].sum()) > self._few:
            return False
        few = ~self._many
        rows = np.concatenate([left[None], np.array(self._rest).reshape(len(self._rest), *row.shape)])[:, few]
        return _Search(self._steps, self._weights[few]).found(_compressed(rows), self._few)

    def add(self, row: Matrix) -> None:
        """Take this figure among those that a reader has."""
        left = self._left(row)
        if left is None:
            return
        if not self._seen_by_many(left):
            left = left / np.linalg.norm(left)
            self._rest.append(left.ravel())
            self._rest_seen |= np.abs(left).max(axis=1, initial=0.0) > _ZERO
            return
        size = float(np.linalg.norm(left[self._many]))
        self._at_many.append((left[self._many] / size).ravel())
        self._whole.append((left / size).ravel())

    def _left(self, row: Matrix) -> Matrix | None:
        """What of a figure cannot be made of those before, as far as many people tell; None when it is nothing."""
        size = float(np.linalg.norm(row))
        if size == 0:
            return None
        left = (row / size).ravel()
        for _ in range(2 if self._at_many else 0):  # twice: once leaves rounding
            at_many = left.reshape(row.shape)[self._many].ravel()
            left = left - (np.array(self._at_many) @ at_many) @ np.array(self._whole)
        found: Matrix = left.reshape(row.shape)
        if self._seen_by_many(found):
            return found
        found = found.copy()
        found[self._many] = 0.0
        for _ in range(2 if self._rest else 0):
            rest = np.array(self._rest)
            found = found - ((rest @ found.ravel()) @ rest).reshape(row.shape)
        return found if float(np.linalg.norm(found)) > _ZERO else None

    def _seen_by_many(self, left: Matrix) -> bool:
        return float(np.linalg.norm(left[self._many])) > _ZERO


def _compressed(rows: Matrix) -> Matrix:
    """The same rows with at each kind no more columns than there are rows."""
    if rows.shape[2] <= len(rows):
        return rows
    u, sizes, _ = np.linalg.svd(rows.transpose(1, 0, 2), full_matrices=False)
    return np.ascontiguousarray((u * sizes[:, None, :]).transpose(1, 0, 2))


class _Search:
    """Kind by kind: either the combination vanishes there, or it costs the people of that kind.

    `rows` are kinds x columns: the first counts once, the others with any weight; no combination vanishes altogether.
    """

    def __init__(self, steps: int, weights: NDArray[np.intp]) -> None:
        self._steps = steps
        self._weights = weights

    def found(self, rows: Matrix, left: int) -> bool:
        """Whether a combination is about at most `left` people."""
        return self._found(rows, np.arange(len(self._weights)), left)

    def _found(self, rows: Matrix, kinds: NDArray[np.intp], left: int) -> bool:
        self._steps -= 1
        if self._steps < 0:
            raise TooMuchWork
        kinds = kinds[np.abs(rows[:, kinds]).max(axis=(0, 2), initial=0.0) > _ZERO]
        if int(self._weights[kinds].sum()) <= left:
            return True
        fixed = kinds[self._fixed(rows, kinds)]
        left -= int(self._weights[fixed].sum())
        if left < 0:
            return False
        kinds = np.setdiff1d(kinds, fixed)
        kinds = kinds[np.argsort(-self._weights[kinds], kind="stable")]
        first = self._at_least(rows, kinds, left)
        if first is None:
            return False
        rest = kinds[kinds != first]
        without = _vanishing(rows[:, first])
        if without is not None and self._found(np.tensordot(without, rows, 1), rest, left):
            return True
        weight = int(self._weights[first])
        return weight <= left and self._found(rows, rest, left - weight)

    def _fixed(self, rows: Matrix, kinds: NDArray[np.intp]) -> NDArray[np.bool_]:
        """At which kinds no combination can vanish, as nothing but the first row is seen there."""
        alone: NDArray[np.bool_] = np.abs(rows[1:, kinds]).max(axis=(0, 2), initial=0.0) <= _ZERO
        return alone

    def _at_least(self, rows: Matrix, kinds: NDArray[np.intp], left: int) -> int | None:
        """Where to look further; None when every combination is about more than `left` people.

        Disjoint groups of people such that no combination vanishes at a whole group: it is about one of each.
        """
        remaining = {int(kind): int(self._weights[kind]) for kind in kinds}
        count, first = 0, int(kinds[0]) if len(kinds) else None
        while count <= left:
            chosen = _seeing(rows, list(remaining))
            if chosen is None:
                return first
            if not count:
                first = chosen[-1]
            rounds = min(remaining[kind] for kind in chosen)
            count += rounds
            for kind in chosen:
                remaining[kind] -= rounds
                if not remaining[kind]:
                    del remaining[kind]
        return None


def _seeing(rows: Matrix, kinds: Sequence[int]) -> list[int] | None:
    """Kinds at which no combination vanishes altogether, chosen greedily; None when there are none."""
    chosen, left = [], np.eye(len(rows))
    for kind in kinds:
        here = left @ rows[:, kind]
        if np.abs(here).max() <= _ZERO:
            continue
        chosen.append(kind)
        without = _vanishing(here)
        if without is None:
            return chosen
        left = without @ left
    return None


def _vanishing(here: Matrix) -> Matrix | None:
    """Which combinations vanish at one kind of people, where the rows are `here`: as weights of the rows, the one that
    counts once first. None without any."""
    first, others = here[0], here[1:]
    if not len(others):
        return None if np.abs(first).max() > _ZERO else np.eye(1)
    u, sizes, right = np.linalg.svd(others)
    rank = int((sizes > _ZERO).sum())
    seen = first @ right[:rank].T
    if np.abs(first - seen @ right[:rank]).max() > _ZERO:
        return None
    weights = np.zeros((1 + len(others) - rank, len(here)))
    weights[0, 0] = 1.0
    weights[0, 1:] = -(u[:, :rank] @ (seen / sizes[:rank]))
    weights[1:, 1:] = u[:, rank:].T
    return weights
