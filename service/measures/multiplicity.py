"""Several tests at once: p values that allow for how many were done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.measures.complete import Floats
from service.measures.estimate import NotEstimable, Reason


def holm(p_values: Sequence[float]) -> tuple[float, ...] | NotEstimable:
    """Holm's adjusted p values, in the order given: the chance of even one false alarm stays below the level.

    The i-th smallest p times (m - i + 1), never smaller than one before it, at most 1 (Holm 1979; measures.md 4.6: over
    the k(k - 1)/2 contrasts of a programme). Equal p stay equal. Empty for none; OUT_OF_RANGE for a p that is not
    between 0 and 1 (NaN included).
    """
    p = _checked(p_values)
    if isinstance(p, NotEstimable):
        return p
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _in_the_order_given(order, stepped)


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...] | NotEstimable:
    """Adjusted p values that bound the share of false alarms among the findings, in the order given.

    The i-th smallest p times m / i, never larger than one after it (Benjamini and Hochberg 1995). For reference:
    reports use `holm`. Empty for none; OUT_OF_RANGE as there.
    """
    p = _checked(p_values)
    if isinstance(p, NotEstimable):
        return p
    order = np.argsort(p, kind="stable")
    raised = p[order] * len(p) / np.arange(1, len(p) + 1)
    return _in_the_order_given(order, np.minimum.accumulate(raised[::-1])[::-1])


def _checked(p_values: Sequence[float]) -> Floats | NotEstimable:
    p = np.asarray(p_values, dtype=np.float64)
    wrong = np.flatnonzero(~((p >= 0) & (p <= 1)))
    return NotEstimable(Reason.OUT_OF_RANGE, {"place": int(wrong[0])}) if len(wrong) else p


def _in_the_order_given(order: np.ndarray, adjusted: Floats) -> tuple[float, ...]:
    found = np.empty_like(adjusted)
    found[order] = np.minimum(adjusted, 1.0)
    return tuple(float(value) for value in found)
