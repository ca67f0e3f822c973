"""How many people changed by more than the questionnaire wobbles: counts of a group, never a verdict on one person.

The questionnaires are not made to judge one person (measures.md 0.5), so nothing here gives back a person.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scipy import special

from service.measures.complete import Scores, complete_pairs
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.instrument import Polarity
from service.measures.intervals import wilson

_STUDY = (
    "Hodgetts, Williams & Butler, covid-gaming (github.com/gpwilliams/covid-gaming, CC-BY 4.0), before: alpha and sd "
    "of {n} mostly young British gamers; no published test-retest (measures.md 4.4)"
)


@dataclass(frozen=True, slots=True)
class Wobble:
    """What is known of the precision of one score: constants with a source, never re-estimated from the group shown.

    `sd` in points, `reliability` 0 to 1. A `provisional` one stands on evaluators' pages only (measures.md 9).
    """

    sd: float
    reliability: float
    minimum: int
    maximum: int
    source: str
    provisional: bool = True

    @property
    def standard_error(self) -> float:
        """The standard error of measurement in points: sd sqrt(1 - reliability)."""
        return self.sd * math.sqrt(1 - self.reliability)

    @property
    def of_difference(self) -> float:
        """The standard error of the difference of two scores in points: sqrt(2) standard errors."""
        return math.sqrt(2) * self.standard_error

    def critical(self, level: float = 0.95) -> float:
        """The points that a change must exceed to be reliable: 1.96 standard errors of a difference."""
        return float(special.ndtri((1 + level) / 2)) * self.of_difference


#: Per instrument and score. The sd of ucla3 is worked back from its published critical change of 2.267 points.
WOBBLES: Mapping[tuple[str, str], Wobble] = MappingProxyType(
    {
        ("djg11", "total"): Wobble(2.967567891, 0.8019803433, 0, 11, _STUDY.format(n=131)),
        ("djg11", "emotional"): Wobble(1.679345006, 0.6963437995, 0, 6, _STUDY.format(n=131)),
        ("djg11", "social"): Wobble(1.8031746, 0.7878079174, 0, 5, _STUDY.format(n=131)),
        ("djg6", "total"): Wobble(1.781717026, 0.7035477785, 0, 6, _STUDY.format(n=131)),
        ("ucla3", "total"): Wobble(1.80926, 0.7956339436, 3, 9, _STUDY.format(n=351)),
    }
)


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """People with both scores, each in one of four: recovered + improved + unchanged + deteriorated = n (of `people`).

    `recovered` improved reliably and crossed the named band edge; `improved` improved reliably and did not. `eligible`
    is the share that started far enough from the end of the scale to be able to improve reliably.
    """

    recovered: int
    improved: int
    unchanged: int
    deteriorated: int
    eligible: Estimate
    n: int
    people: int
    critical: float
    wobble: Wobble


def wobble_of(instrument: str, score: str) -> Wobble | NotEstimable:
    """The constants of this score. NO_DATA when none are known: then nothing is said about reliable change."""
    found = WOBBLES.get((instrument, score))
    return found if found is not None else NotEstimable(Reason.NO_DATA, {"instrument": instrument, "score": score})


def reliable_change(
    pre: Scores,
    post: Scores,
    wobble: Wobble,
    *,
    edge: float | None = None,
    polarity: Polarity = Polarity.HIGHER_IS_WORSE,
) -> ReliableChange | NotEstimable:
    """Jacobson and Truax 1991 for a group: |change| / (sqrt(2) sd sqrt(1 - reliability)) > 1.96 (measures.md 4.4).

    `edge` is the first score of the worse side of a named band (3 of djg11: "matig eenzaam" begins there); crossing it
    is going from there or worse to better. Without an edge nobody is counted as recovered. OUT_OF_RANGE for a score
    outside the scale or constants that cannot be; otherwise as `complete_pairs`.
    """
    pairs = complete_pairs(pre, post)
    if isinstance(pairs, NotEstimable):
        return pairs
    if not (wobble.sd > 0 and 0 <= wobble.reliability < 1):
        return NotEstimable(Reason.OUT_OF_RANGE, {"term": "wobble"})
    lowest, highest = (min(pairs.pre.min(), pairs.post.min()), max(pairs.pre.max(), pairs.post.max()))
    if lowest < wobble.minimum or highest > wobble.maximum:
        return NotEstimable(Reason.OUT_OF_RANGE, {"minimum": wobble.minimum, "maximum": wobble.maximum})
    critical, worse = wobble.critical(), polarity is Polarity.HIGHER_IS_WORSE
    gain = -pairs.differences if worse else pairs.differences
    room = pairs.pre - wobble.minimum if worse else wobble.maximum - pairs.pre
    eligible = wilson(int((room > critical).sum()), pairs.n)
    if isinstance(eligible, NotEstimable):
        return eligible
    better, deteriorated = gain > critical, int((gain < -critical).sum())
    recovered = 0
    if edge is not None:
        crossed = (pairs.pre >= edge) & (pairs.post < edge) if worse else (pairs.pre <= edge) & (pairs.post > edge)
        recovered = int((better & crossed).sum())
    improved = int(better.sum()) - recovered
    unchanged = pairs.n - recovered - improved - deteriorated
    return ReliableChange(
        recovered, improved, unchanged, deteriorated, eligible, pairs.n, pairs.people, critical, wobble
    )
