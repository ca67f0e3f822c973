"""What every statistic returns: an estimate with its interval, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why something cannot be estimated. The sentence for people is made from it, so each says one thing."""

    NO_DATA = "no_data"  # not one valid value
    TOO_FEW = "too_few"  # fewer than the method needs; `needed` and `n` in the detail
    NO_VARIANCE = "no_variance"  # every value is the same
    ONE_GROUP = "one_group"  # a comparison needs two
    SINGULAR = "singular"  # the terms of the model cannot be told apart
    NOT_CONVERGED = "not_converged"
    SEPARATED = "separated"  # a group holds only one outcome: the odds have no bound
    NOT_REACHED = "not_reached"  # a median that lies beyond what was seen
    NOT_COMPARABLE = "not_comparable"  # the arms did not start alike: people were not drawn into them by lot
    OUT_OF_RANGE = "out_of_range"  # a value that the quantity cannot have


@dataclass(frozen=True, slots=True)
class NotEstimable:
    """There is no such figure. `detail` holds numbers for the sentence ("n", "needed") and names of terms."""

    reason: Reason
    detail: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval. `n` is what it rests on: people, unless the function says otherwise."""

    value: float
    low: float
    high: float
    n: int
    level: float = 0.95
