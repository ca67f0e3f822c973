"""What may be shown about people: no figure about fewer than ten, none from which such a figure can be computed.

One function, `decide`, for page, API, command line and report alike. It is given every figure that will stand side by
side (all filters, all periods, the total) and says of each whether it is shown, and if not, why.

What is protected is outcomes: a mean, a share of a score or band, a change. How many people were invited, answered or
left is about the programme's process and stays (DESIGN 6.6). Minima and maxima are one person's value: never asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.measures.derivable import Moments, Span, TooMuchWork, as_rows

#: The smallest group about which an outcome may be shown (DESIGN 6.6).
THRESHOLD = 10

Row = NDArray[np.float64]
#: A part of a figure this much smaller than the figure is rounding.
_ROUNDING = 1e-8


class Hidden(StrEnum):
    """Why a figure is not shown. Pages keep its place and its size, and say so in words."""

    TOO_FEW = "too_few"  # about fewer than ten people, or nobody
    DIFFERENCE = "difference"  # with what is shown already, a figure about one to nine people could be computed
    ALL_THE_SAME = "all_the_same"  # 0 %, 100 %, or one value for all: it says what every single person answered
    NOT_CHECKED = "not_checked"  # too many overlapping figures at once to be sure: closed rather than open
    WAITING = "waiting"  # ten or more, but the step in which they are shown is not full (measures/steps.py)


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure that somebody wants to show: the mean (and its spread) of `values`.

    `values`: of whom, and which value of theirs is averaged; a share is the mean of 0 and 1. `moments`: what the value
    is made of, the wave (or the outcome) with its sign or weight: `(("t6m", 1), ("t0", -1))` for a change. `own` holds
    the moments of the people for whom they are others: a model weighs who was measured less. `rank`: what matters more
    is shown rather; 0 first. Of one rank, the larger group first.
    """

    key: str
    values: Mapping[Any, float]
    moments: Moments = (("", 1),)
    rank: int = 0
    own: Mapping[Any, Moments] = field(default_factory=dict)

    @property
    def sums(self) -> dict[Any, Moments]:
        """What is added up of each person."""
        return {person: self.of(person) for person in self.values}

    def of(self, person: Any) -> Moments:
        """What is added up of this person."""
        return self.own.get(person, self.moments)

    @property
    def speaks_of(self) -> set[str]:
        """All moments in it."""
        return {moment for weighted in {self.moments, *self.own.values()} for moment, _ in weighted}


def decide(asked: Sequence[Asked], threshold: int = THRESHOLD) -> dict[str, Hidden | None]:
    """For each figure by its key: None when it may be shown, else the reason.

    The reader is taken to know the rule, who is in which group, and every number of people. A figure is hidden when
    together with those shown before it any sum with whole or broken weights could be made in which only one to
    `threshold` - 1 people are left: differences of two filters, two periods or two groups of which one lies in the
    other, the rest of a total, and everything longer. Rounding is not taken for protection. Nor does a
    figure with one value for all follow from what is shown; between two shown groups of which one lies in the other,
    the people in between must not all have one value either.
    ValueError when two figures have the same key.
    """
    if len({figure.key for figure in asked}) < len(asked):
        raise ValueError("two figures have the same key")
    found = {figure.key: _by_itself(figure, threshold) for figure in asked}
    large = [figure for figure in asked if found[figure.key] is not Hidden.TOO_FEW]
    for together in _connected(large):
        found |= _decide_together(together, found, threshold)
    return found


def may_show(count: int, threshold: int = THRESHOLD) -> bool:
    """Whether a figure about `count` people that stands alone may be shown."""
    return count >= threshold


def _by_itself(figure: Asked, threshold: int) -> Hidden | None:
    if not may_show(len(figure.values), threshold):
        return Hidden.TOO_FEW
    return Hidden.ALL_THE_SAME if len(set(figure.values.values())) == 1 else None


def _decide_together(
    asked: Sequence[Asked], by_itself: Mapping[str, Hidden | None], threshold: int
) -> dict[str, Hidden | None]:
    """Decide on figures that can be combined with each other, the one that matters most first."""
    weights, rows = as_rows([figure.sums for figure in asked])
    of_key = {figure.key: row for figure, row in zip(asked, rows, strict=True)}
    told = _Told(Span(weights, threshold - 1), [of_key[one.key] for one in asked if by_itself[one.key]])
    found: dict[str, Hidden | None] = {}
    shown: list[Asked] = []
    for figure in sorted(asked, key=lambda one: (one.rank, -len(one.values))):
        reason = by_itself[figure.key]
        if reason is None:
            reason = told.reason(of_key[figure.key])
        if reason is None and any(_same_between(figure, other) for other in shown):
            reason = Hidden.ALL_THE_SAME
        if reason is None:
            told.add(of_key[figure.key])
            shown.append(figure)
        found[figure.key] = reason
    return found


class _Told:
    """What a reader has been told, and the figures with one value for all that must not follow from it."""

    def __init__(self, span: Span, secrets: Sequence[Row]) -> None:
        self._span = span
        self._secrets = [row.ravel() / np.linalg.norm(row) for row in secrets if row.any()]
        self._base: list[Row] = []

    def reason(self, row: Row) -> Hidden | None:
        """Why a figure may not be told as well."""
        try:
            if self._span.gives_away(row):
                return Hidden.DIFFERENCE
        except TooMuchWork:
            return Hidden.NOT_CHECKED
        new = self._new(row)
        if new is None:
            return None
        left = (secret - (secret @ new) * new for secret in self._secrets)
        return Hidden.ALL_THE_SAME if any(float(np.linalg.norm(one)) < _ROUNDING for one in left) else None

    def add(self, row: Row) -> None:
        """Tell it."""
        self._span.add(row)
        new = self._new(row)
        if new is not None:
            self._base.append(new)
            self._secrets = [secret - (secret @ new) * new for secret in self._secrets]

    def _new(self, row: Row) -> Row | None:
        """The direction that a figure adds to what was told; None when it adds nothing, or there is no secret."""
        if not self._secrets:
            return None
        size, left = float(np.linalg.norm(row)), row.ravel()
        for _ in range(2 if self._base else 0):
            left = left - (np.array(self._base) @ left) @ np.array(self._base)
        rest = float(np.linalg.norm(left))
        return left / rest if rest > _ROUNDING * size else None


def _same_between(one: Asked, other: Asked) -> bool:
    """Whether one group lies in the other, of each person alike, and who is in between all have the same value."""
    if one.moments != other.moments:
        return False
    small, large = sorted((one, other), key=lambda figure: len(figure.values))
    if not small.values.keys() <= large.values.keys():
        return False
    if (one.own or other.own) and any(small.of(person) != large.of(person) for person in small.values):
        return False
    return len({value for person, value in large.values.items() if person not in small.values}) == 1


def _connected(asked: Sequence[Asked]) -> list[list[Asked]]:
    """The figures in groups such that no figure of one can be combined with one of another: they share no moment of
    the same people, in one or more steps."""
    groups: list[tuple[set[str], set[Any], list[Asked]]] = []
    for figure in asked:
        moments, people, together = figure.speaks_of, set(figure.values), [figure]
        apart = []
        for group in groups:
            if moments.isdisjoint(group[0]) or people.isdisjoint(group[1]):
                apart.append(group)
            else:
                moments, people, together = moments | group[0], people | group[1], [*group[2], *together]
        groups = [*apart, (moments, people, together)]
    return [together for _, _, together in groups]
