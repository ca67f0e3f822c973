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

from service.measures.derivable import Moments, TooMuchWork, derivable

#: The smallest group about which an outcome may be shown (DESIGN 6.6).
THRESHOLD = 10


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
        return {person: self.own.get(person, self.moments) for person in self.values}

    @property
    def speaks_of(self) -> set[str]:
        """All moments in it."""
        return {moment for weighted in {self.moments, *self.own.values()} for moment, _ in weighted}


def decide(asked: Sequence[Asked], threshold: int = THRESHOLD) -> dict[str, Hidden | None]:
    """For each figure by its key: None when it may be shown, else the reason.

    The reader is taken to know the rule, who is in which group, and every number of people. A figure is hidden when
    together with those shown before it any sum with whole or broken weights could be made in which only one to
    `threshold` - 1 people are left: differences of two filters, two periods or two groups of which one lies in the
    other, the rest of a total, and everything longer. Rounding is not taken for protection. Between two shown groups
    of which one lies in the other, the people in between must not all have one value either.
    ValueError when two figures have the same key.
    """
    if len({figure.key for figure in asked}) < len(asked):
        raise ValueError("two figures have the same key")
    found: dict[str, Hidden | None] = {}
    shown: list[Asked] = []
    for figure in sorted(asked, key=lambda one: (one.rank, -len(one.values))):
        found[figure.key] = reason = _reason(figure, shown, threshold)
        if reason is None:
            shown.append(figure)
    return {figure.key: found[figure.key] for figure in asked}


def may_show(count: int, threshold: int = THRESHOLD) -> bool:
    """Whether a figure about `count` people that stands alone may be shown."""
    return count >= threshold


def _reason(figure: Asked, shown: Sequence[Asked], threshold: int) -> Hidden | None:
    if not may_show(len(figure.values), threshold):
        return Hidden.TOO_FEW
    if len(set(figure.values.values())) == 1:
        return Hidden.ALL_THE_SAME
    near = _connected(figure, shown)
    try:
        found = derivable([one.sums for one in (*near, figure)], threshold - 1)
    except TooMuchWork:
        return Hidden.NOT_CHECKED
    if found:
        return Hidden.DIFFERENCE
    return Hidden.ALL_THE_SAME if any(_same_between(figure, other) for other in shown) else None


def _same_between(one: Asked, other: Asked) -> bool:
    """Whether one group lies in the other, and who is in between all have the same value."""
    if one.moments != other.moments or one.own or other.own:
        return False
    small, large = sorted((one, other), key=lambda figure: len(figure.values))
    if not small.values.keys() <= large.values.keys():
        return False
    return len({value for person, value in large.values.items() if person not in small.values}) == 1


def _connected(figure: Asked, shown: Sequence[Asked]) -> list[Asked]:
    """The shown figures that speak of the same moments, in one or more steps: only those can be combined with it."""
    moments = figure.speaks_of
    while True:
        near = [one for one in shown if moments & one.speaks_of]
        more = moments.union(moment for one in near for moment in one.speaks_of)
        if more == moments:
            return near
        moments = more
