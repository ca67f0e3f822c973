"""How many people are in a band of a score, how many went in and out of it, and from which band to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from service.measures.complete import Floats, Scores, complete_pairs, valid_scores
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.instrument import Band
from service.measures.intervals import wilson


@dataclass(frozen=True, slots=True)
class McNemar:
    """Of the people who changed sides, how many went into the band and how many left it; p of an even split."""

    entered: int
    left: int
    p: float


@dataclass(frozen=True, slots=True)
class BandChange:
    """The share in the band before and after, of the same n people (of `people`), and the exact test of the change."""

    before: Estimate
    after: Estimate
    test: McNemar
    n: int
    people: int


@dataclass(frozen=True, slots=True)
class Transitions:
    """People per band before (rows) and after (columns), lowest band first; the cells add up to n (of `people`).

    Counts as they are: what may be shown of them is for service.measures.disclosure.
    """

    keys: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    n: int
    people: int

    @property
    def before(self) -> tuple[int, ...]:
        """People per band before."""
        return tuple(sum(row) for row in self.counts)

    @property
    def after(self) -> tuple[int, ...]:
        """People per band after."""
        return tuple(sum(column) for column in zip(*self.counts, strict=True))

    @property
    def lower(self) -> int:
        """People who went to a lower band: improvement, where higher is lonelier."""
        return sum(count for row, counts in enumerate(self.counts) for count in counts[:row])

    @property
    def same(self) -> int:
        """People who stayed in their band."""
        return sum(counts[row] for row, counts in enumerate(self.counts))

    @property
    def higher(self) -> int:
        """People who went to a higher band."""
        return self.n - self.lower - self.same


def share_in_band(scores: Scores, lowest: float, highest: float, level: float = 0.95) -> Estimate | NotEstimable:
    """The share of valid scores from `lowest` to `highest`, edges included, with its Wilson interval.

    OUT_OF_RANGE when the edges are the wrong way round; otherwise as `valid_scores`.
    """
    valid = valid_scores(scores)
    if isinstance(valid, NotEstimable):
        return valid
    if not lowest <= highest:
        return NotEstimable(Reason.OUT_OF_RANGE)
    return wilson(int(_inside(valid, lowest, highest).sum()), len(valid), level)


def exact_mcnemar(entered: int, left: int) -> McNemar | NotEstimable:
    """McNemar's test, exact: twice the smaller tail of a fair coin over entered + left, at most 1 (measures.md 4.3).

    p is 1 when nobody changed sides. OUT_OF_RANGE for a negative count.
    """
    if min(entered, left) < 0:
        return NotEstimable(Reason.OUT_OF_RANGE, {"entered": entered, "left": left})
    tail = float(special.bdtr(min(entered, left), entered + left, 0.5))
    return McNemar(entered, left, min(1.0, 2 * tail))


def band_change(
    pre: Scores, post: Scores, lowest: float, highest: float, level: float = 0.95
) -> BandChange | NotEstimable:
    """The share in a band before and after, of the people with both scores (measures.md 4.3).

    OUT_OF_RANGE when the edges are the wrong way round; otherwise as `complete_pairs`.
    """
    pairs = complete_pairs(pre, post)
    if isinstance(pairs, NotEstimable):
        return pairs
    before = share_in_band(pairs.pre, lowest, highest, level)
    after = share_in_band(pairs.post, lowest, highest, level)
    was, is_now = _inside(pairs.pre, lowest, highest), _inside(pairs.post, lowest, highest)
    test = exact_mcnemar(int((~was & is_now).sum()), int((was & ~is_now).sum()))
    if isinstance(before, NotEstimable):
        return before
    if isinstance(after, NotEstimable):
        return after
    if isinstance(test, NotEstimable):
        return test
    return BandChange(before, after, test, pairs.n, pairs.people)


def transitions(pre: Scores, post: Scores, bands: Sequence[Band]) -> Transitions | NotEstimable:
    """From which band to which the people with both scores went (measures.md 4.3).

    OUT_OF_RANGE when a score lies in no band, or bands overlap; otherwise as `complete_pairs`.
    """
    pairs = complete_pairs(pre, post)
    if isinstance(pairs, NotEstimable):
        return pairs
    ordered = sorted(bands, key=lambda band: band.lowest)
    before, after = _places(pairs.pre, ordered), _places(pairs.post, ordered)
    if before is None or after is None:
        return NotEstimable(Reason.OUT_OF_RANGE, {"n": pairs.n})
    k = len(ordered)
    table = np.bincount(before * k + after, minlength=k * k).reshape(k, k)
    counts = tuple(tuple(int(count) for count in row) for row in table)
    return Transitions(tuple(band.key for band in ordered), counts, pairs.n, pairs.people)


def _inside(values: Floats, lowest: float, highest: float) -> np.ndarray:
    inside: np.ndarray = (values >= lowest) & (values <= highest)
    return inside


def _places(values: Floats, bands: Sequence[Band]) -> np.ndarray | None:
    """Which band each value is in; None unless each is in exactly one."""
    inside = np.array([_inside(values, band.lowest, band.highest) for band in bands])
    if not len(bands) or (inside.sum(axis=0) != 1).any():
        return None
    place: np.ndarray = inside.argmax(axis=0)
    return place
