"""What every answer adds to a score: the matrix on which the quality of a scale is judged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from service.measures.instrument import Instrument, ScoreRule
from service.measures.scoring import item_points
from service.measures.scoring_table import Codes, codes_of

#: People in rows, items in columns; NaN is a missing answer, in input only: no result ever holds one.
Values = npt.NDArray[np.float64]


def item_values(instrument: Instrument, codes: Codes, rule: ScoreRule) -> Values:
    """The points that each answer adds to `rule`, in the order of `rule.items`; NaN where there is no answer.

    `codes` is the matrix of `scoring_table`: one column per item of the instrument. A scale that counts lonely
    answers gives 0 and 1, others the value of the answer.
    """
    place = {item.number: column for column, item in enumerate(instrument.items)}
    values = np.empty((len(codes), len(rule.items)))
    for column, number in enumerate(rule.items):
        worth = [item_points(instrument, rule.formula, number, code) for code in codes_of(instrument)]
        values[:, column] = np.array([*worth, np.nan])[codes[:, place[number]]]  # MISSING (-1) reaches the last one
    return values


def complete_rows(values: Values) -> Values:
    """The rows without a missing answer."""
    kept: Values = values[~np.isnan(values).any(axis=1)]
    return kept
