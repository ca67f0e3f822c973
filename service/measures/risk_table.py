"""From one time and one cause per person to counts per distinct time: the table under every survival figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from service.measures.estimate import NotEstimable, Reason

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Whole days are counted in a table as long as that table stays small beside the people in it.
_DAYS_PER_PERSON = 16
_SMALL_TABLE = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class RiskTable:
    """Per distinct time: how many were still there just before it, and how many left at it, per cause.

    `left[k]` are the counts of cause k + 1. Who is censored at a time is at risk at that time.
    """

    times: Floats
    at_risk: Ints
    left: Ints

    @property
    def n(self) -> int:
        """Everybody."""
        return int(self.at_risk[0])


def risk_table(times: npt.ArrayLike, causes: npt.ArrayLike, kinds: int) -> RiskTable | NotEstimable:
    """Count people per distinct time. `times` since the origin, any unit, 0 or more; `causes` 0 for censored, else 1
    to `kinds`.

    NO_DATA of nobody; OUT_OF_RANGE for a time that is negative or not finite, or an unknown cause: the detail names
    the first such row, counted from 1. ValueError when the lengths differ.
    """
    time, cause = np.atleast_1d(np.asarray(times)), np.atleast_1d(np.asarray(causes))
    if time.shape != cause.shape or time.ndim != 1:
        raise ValueError("one time and one cause per person")
    if time.size == 0:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    good = np.isfinite(time) & (time >= 0) & (cause >= 0) & (cause <= kinds)
    if np.issubdtype(cause.dtype, np.floating):  # a missing cause, or half of one
        good &= np.floor(cause) == cause
    if not good.all():
        return NotEstimable(Reason.OUT_OF_RANGE, {"row": int(np.argmin(good)) + 1, "n": int(time.size)})
    whole = np.issubdtype(time.dtype, np.integer) and int(time.max()) <= max(_SMALL_TABLE, _DAYS_PER_PERSON * time.size)
    return (
        _by_counting(time.astype(np.int64), cause, kinds)
        if whole
        else _by_sorting(time.astype(np.float64), cause, kinds)
    )


def _by_counting(time: npt.NDArray[np.integer], cause: npt.NDArray[np.integer], kinds: int) -> RiskTable:
    """Whole days: one pass of counting per cause, no sorting."""
    present = np.bincount(time)
    days = np.flatnonzero(present)
    leaving = present[days]
    at_risk = time.size - np.concatenate(([0], np.cumsum(leaving)[:-1]))
    left = [np.bincount(time[cause == kind + 1], minlength=present.size)[days] for kind in range(kinds)]
    return RiskTable(days.astype(np.float64), at_risk.astype(np.int64), np.array(left, dtype=np.int64))


def _by_sorting(time: Floats, cause: npt.NDArray[np.integer], kinds: int) -> RiskTable:
    ordered, causes = _sorted_as_one(time, cause) if kinds == 1 else _sorted(time, cause)
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    left = [np.add.reduceat(causes == kind + 1, first, dtype=np.int64) for kind in range(kinds)]
    return RiskTable(ordered[first], (time.size - first).astype(np.int64), np.array(left, dtype=np.int64))


def _sorted(time: Floats, cause: npt.NDArray[np.integer]) -> tuple[Floats, npt.NDArray[np.integer]]:
    order = np.argsort(time)
    return time[order], cause[order]


def _sorted_as_one(time: Floats, cause: npt.NDArray[np.integer]) -> tuple[Floats, npt.NDArray[np.integer]]:
    """Time and a cause of 0 or 1 sorted as one number, twice as fast as sorting places.

    Numbers that are not negative stand in the order of their bits; the sign's bit is free, and carries the cause.
    """
    packed = np.sort((time.view(np.uint64) << np.uint64(1)) | cause.astype(np.uint64))
    return (packed >> np.uint64(1)).view(np.float64), (packed & np.uint64(1)).astype(np.int8)


def place(times: Floats, time: float) -> int:
    """The index of the last step at or before this time; -1 before the first."""
    return int(np.searchsorted(times, time, side="right")) - 1


def at_risk_at(times: Floats, at_risk: Ints, time: float) -> int:
    """How many people were still followed just before this time (the row under a survival curve)."""
    index = int(np.searchsorted(times, time, side="left"))
    return int(at_risk[index]) if index < times.size else 0
