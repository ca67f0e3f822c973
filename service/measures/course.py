"""The course of a score over the waves, from the mixed model: everyone counts as far as they were measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.mixed_model import MixedModel, fit
from service.measures.reml import Floats
from service.measures.satterthwaite import Contrast, Joint


@dataclass(frozen=True, slots=True, eq=False)
class LongScores:
    """One row per person and wave: `wave` and `arm` are places in the caller's lists. A missing score is NaN."""

    person: NDArray[Any]
    wave: NDArray[np.intp]
    score: Floats
    arm: NDArray[np.intp]

    @classmethod
    def of(cls, person: ArrayLike, wave: ArrayLike, score: ArrayLike, arm: ArrayLike | None = None) -> LongScores:
        """The rows that have a score. ValueError when the lengths differ (the caller's mistake)."""
        who, when = np.asarray(person), np.asarray(wave, dtype=np.intp)
        values = np.asarray(score, dtype=np.float64)
        arms = np.zeros(len(values), dtype=np.intp) if arm is None else np.asarray(arm, dtype=np.intp)
        if not len(who) == len(when) == len(values) == len(arms):
            raise ValueError("person, wave, score and arm need one row per measurement")
        whole = ~np.isnan(values)
        return cls(who[whole], when[whole], values[whole], arms[whole])

    def obstacle(self, waves: int, arms: int) -> NotEstimable | None:
        """OUT_OF_RANGE for a wave or arm that is not in the lists, or a person measured twice in one wave."""
        for name, places, count in (("wave", self.wave, waves), ("arm", self.arm, arms)):
            if len(places) and (places.min() < 0 or places.max() >= count):
                return NotEstimable(Reason.OUT_OF_RANGE, {"of": name})
        people = np.unique(self.person, return_inverse=True)[1]
        twice = len(people) - len(np.unique(people * waves + self.wave))
        return NotEstimable(Reason.OUT_OF_RANGE, {"of": "person-wave", "n": twice}) if twice else None


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """The estimated mean of one wave, as if everyone had been measured; its n are the people who were."""

    wave: str
    mean: Estimate | NotEstimable


@dataclass(frozen=True, slots=True)
class Course:
    """Estimated means, in points of the score, and each wave minus the first (improvement is negative)."""

    points: tuple[CoursePoint, ...]
    changes: tuple[Contrast | NotEstimable, ...]  # one per wave after the first
    joint: Joint | NotEstimable  # no change at any wave
    model: MixedModel


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A model with one mean per arm and wave in which anybody was measured."""

    model: MixedModel
    column: Mapping[tuple[int, int], int]  # (arm, wave) -> term
    measured: Mapping[tuple[int, int], int]  # (arm, wave) -> people

    def weights(self, signs: Mapping[tuple[int, int], float]) -> list[float] | NotEstimable:
        """The weights of a contrast of cells; NO_DATA when nobody was measured in one of them."""
        weights = [0.0] * len(self.column)
        for cell, sign in signs.items():
            if cell not in self.column:
                return NotEstimable(Reason.NO_DATA)
            weights[self.column[cell]] += sign
        return weights

    def contrast(self, signs: Mapping[tuple[int, int], float]) -> Contrast | NotEstimable:
        """A contrast of cells."""
        weights = self.weights(signs)
        return weights if isinstance(weights, NotEstimable) else self.model.contrast(weights)

    def joint(self, rows: Sequence[Mapping[tuple[int, int], float]]) -> Joint | NotEstimable:
        """All these contrasts together, as far as they have people."""
        found = [weights for row in rows if not isinstance(weights := self.weights(row), NotEstimable)]
        return self.model.joint(found) if found else NotEstimable(Reason.NO_DATA)

    def course(self, waves: Sequence[str], arm: int = 0) -> Course:
        """The course of one arm."""
        changes = [{(arm, place): 1.0, (arm, 0): -1.0} for place in range(1, len(waves))]
        return Course(
            tuple(CoursePoint(wave, self._mean(arm, place)) for place, wave in enumerate(waves)),
            tuple(self.contrast(change) for change in changes),
            self.joint(changes),
            self.model,
        )

    def _mean(self, arm: int, wave: int) -> Estimate | NotEstimable:
        found = self.contrast({(arm, wave): 1.0})
        return found if isinstance(found, NotEstimable) else replace(found.estimate, n=self.measured[arm, wave])


def course(
    scores: LongScores, waves: Sequence[str], *, times: Sequence[float] | None = None, level: float = 0.95
) -> Course | NotEstimable:
    """The course of one group over `waves`, in their order, from the mixed model with a mean per wave.

    `times` (one per wave, months say) asks for a random slope: only when the analysis plan does, with three waves or
    more. NotEstimable as `mixed_model.fit`, and OUT_OF_RANGE for an unknown wave or a person twice in one.
    """
    found = cells(scores, len(waves), 1, times=times, level=level)
    return found if isinstance(found, NotEstimable) else found.course(waves)


def cells(
    scores: LongScores, waves: int, arms: int, *, times: Sequence[float] | None = None, level: float = 0.95
) -> Cells | NotEstimable:
    """The mixed model with one mean per arm and wave. NotEstimable as `course`."""
    obstacle = scores.obstacle(waves, arms)
    if obstacle is not None:
        return obstacle
    numbers = scores.arm * waves + scores.wave
    counts = np.bincount(numbers, minlength=arms * waves)
    present = [int(place) for place in np.flatnonzero(counts)]
    x = (numbers[:, None] == np.array(present, dtype=np.intp)).astype(np.float64)
    slope = None if times is None else np.array(times, dtype=np.float64)[scores.wave]
    keys = [divmod(place, waves) for place in present]
    names = [f"{arm}:{wave}" for arm, wave in keys]
    model = fit(scores.score, x, scores.person, names, slope=slope, level=level)
    if isinstance(model, NotEstimable):
        return model
    column = {key: place for place, key in enumerate(keys)}
    return Cells(model, column, {key: int(counts[place]) for key, place in zip(keys, present, strict=True)})
