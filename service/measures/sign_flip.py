"""The permutation test of a paired change: what if each difference could as well have gone the other way?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from service.measures.complete import Floats, Scores, valid_scores
from service.measures.estimate import NotEstimable

#: Up to this many differences every one of the 2^n sign patterns is looked at.
_ALL_PATTERNS = 16
#: With more different sizes of change than this, the sum of the flips is normal for every purpose.
_MOST_SIZES = 200
#: Sums within this part of one another are ties.
_TIE = 1e-9


class Method(StrEnum):
    """How the p was found."""

    EXACT = "exact"  # every pattern of signs
    DRAWN = "drawn"  # as many random patterns as `patterns` says
    NORMAL = "normal"  # the limit for very many people


@dataclass(frozen=True, slots=True)
class SignFlip:
    """Two-sided p of no change, from `patterns` patterns of signs of n differences."""

    p: float
    n: int
    method: Method
    patterns: int


def sign_flip_test(
    differences: Scores, chance: np.random.Generator, *, patterns: int = 9999
) -> SignFlip | NotEstimable:
    """The share of sign patterns whose mean lies at least as far from zero as the one seen (Fisher 1935, section 21).

    Beside the t interval in groups of 10 to 30 (measures.md 9). Exact up to 16 differences. Above, `chance` draws
    `patterns` patterns and p = (1 + hits) / (1 + patterns) (Phipson and Smyth 2010), so the same seed gives the same p.
    With more than 200 different sizes of change, p comes from the normal limit. p is 1 when nobody changed. Not
    estimable as `valid_scores`.
    """
    valid = valid_scores(differences)
    if isinstance(valid, NotEstimable):
        return valid
    n = len(valid)
    if n <= _ALL_PATTERNS:
        signs = 1.0 - 2.0 * ((np.arange(2**n)[:, np.newaxis] >> np.arange(n)) & 1)
        return SignFlip(float(_as_far(signs @ valid, valid).mean()), n, Method.EXACT, 2**n)
    sizes, counts = np.unique(np.abs(valid), return_counts=True)
    if len(sizes) > _MOST_SIZES:
        z = abs(float(valid.sum())) / math.sqrt(float(valid @ valid))
        return SignFlip(2 * float(special.ndtr(-z)), n, Method.NORMAL, 0)
    # People with the same size of change are alike: of those, only how many go up has to be drawn.
    up = chance.binomial(counts, 0.5, size=(patterns, len(counts)))
    hits = int(_as_far((2 * up - counts) @ sizes, valid).sum())
    return SignFlip((1 + hits) / (1 + patterns), n, Method.DRAWN, patterns)


def _as_far(sums: Floats, seen: Floats) -> np.ndarray:
    far: np.ndarray = np.abs(sums) >= abs(float(seen.sum())) - _TIE * float(np.abs(seen).sum())
    return far
