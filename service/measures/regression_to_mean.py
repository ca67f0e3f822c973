"""What a group chosen for its high scores would fall without any help at all."""

from __future__ import annotations

from dataclasses import dataclass

from service.measures.change import t_interval
from service.measures.complete import Scores, valid_scores
from service.measures.estimate import Estimate, NotEstimable, Reason


@dataclass(frozen=True, slots=True)
class Population:
    """What is known of the people a group was chosen from: constants with a source, never re-estimated from the group.

    `mean` in points; `correlation` of two scores of the same person, 0 to 1; `n` people behind both.
    """

    mean: float
    correlation: float
    n: int
    source: str


@dataclass(frozen=True, slots=True)
class RegressionNote:
    """The note beside a change: expected shift in points (negative is a fall) of the n chosen people.

    The interval is that of the mean of the chosen; the constants are taken as known.
    """

    expected: Estimate
    population: Population

    def beyond(self, change: float) -> float:
        """What of an observed change, in points, is more than expected: negative when the group fell further."""
        return change - self.expected.value


def regression_note(selected: Scores, population: Population, level: float = 0.95) -> RegressionNote | NotEstimable:
    """The shift expected of a chosen group by itself: (1 - r)(mean_all - mean_selected) (measures.md 4.6).

    `selected` are the scores at the start of the chosen. OUT_OF_RANGE when the correlation is not between 0 and 1;
    TOO_FEW below two scores; NO_VARIANCE when they are all the same; otherwise as `valid_scores`.
    """
    if not 0 <= population.correlation <= 1:
        return NotEstimable(Reason.OUT_OF_RANGE, {"constant": "correlation"})
    valid = valid_scores(selected)
    if isinstance(valid, NotEstimable):
        return valid
    mean = t_interval(valid, level)
    if isinstance(mean, NotEstimable):
        return mean
    kept = 1 - population.correlation
    value, low, high = (kept * (population.mean - points) for points in (mean.value, mean.high, mean.low))
    return RegressionNote(Estimate(value, low, high, mean.n, level), population)
