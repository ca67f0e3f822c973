"""Scoring a million DJG-11 responses: our table beside the least that numpy can do by hand, and beside one at a time.

The floor knows the scale by heart (which items, which codes) and makes three scores and three missing counts, no more;
ours reads the instrument, refuses a code that is not there, and gives bands and lower bounds as well.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from service.bootstrap import load_instruments
from service.measures.scoring import score
from service.measures.scoring_table import MISSING, Codes, codes_of, input_hashes, score_table

ROWS = 1_000_000
ONE_AT_A_TIME = 20_000
TIMES = 7
MOST = 2.0
EMOTIONAL, SOCIAL = (1, 2, 4, 5, 8, 9), (0, 3, 6, 7, 10)


def floor(codes: Codes) -> tuple[npt.NDArray[np.int8], ...]:
    """By hand, one column after another. In the order of codes_of: no, no!, more or less, yes, yes!."""
    emotional, social, gone_emotional, gone_social = (np.zeros(len(codes), np.int8) for _ in range(4))
    for column in EMOTIONAL:
        emotional += codes[:, column] >= 2
        gone_emotional += codes[:, column] < 0
    for column in SOCIAL:
        social += (codes[:, column] >= 0) & (codes[:, column] <= 2)
        gone_social += codes[:, column] < 0
    total, gone = emotional + social, gone_emotional + gone_social
    total[gone > 1] = -1
    emotional[gone_emotional > 0] = -1
    social[gone_social > 0] = -1
    return emotional, social, total


def best(work: Callable[[], object], times: int = TIMES) -> float:
    """Milliseconds, the quickest of some runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken) * 1000


def main() -> int:
    instrument = load_instruments()["djg11"]
    drawn = np.random.default_rng(11).integers(MISSING, 5, (ROWS, 11), dtype=np.int8)
    codes = np.asfortranarray(drawn)
    known = (*codes_of(instrument), None)
    numbers = [item.number for item in instrument.items]
    few = [dict(zip(numbers, (known[c] for c in row), strict=True)) for row in drawn[:ONE_AT_A_TIME].tolist()]
    ours, theirs = best(lambda: score_table(instrument, codes)), best(lambda: floor(codes))
    by_row = best(lambda: score_table(instrument, drawn))
    single = best(lambda: [score(instrument, answers) for answers in few], 2) * ROWS / ONE_AT_A_TIME
    hashes = best(lambda: list(input_hashes(instrument, drawn[:ONE_AT_A_TIME])), 2) * ROWS / ONE_AT_A_TIME
    table = score_table(instrument, codes)
    for column, by_hand in zip(table.values.values(), floor(codes), strict=True):
        assert (np.where(column.valid, column.points, -1) == by_hand).all()
    print(f"scoring {ROWS:,} DJG-11 responses: {ours:.1f} ms by column ({by_row:.1f} ms when they lie by row)")
    print(f"numpy by hand: {theirs:.1f} ms; ratio {ours / theirs:.2f} (at most {MOST})")
    print(f"one at a time: {single:,.0f} ms; ratio {single / ours:,.0f}; input hashes: {hashes:,.0f} ms")
    return 0 if ours <= MOST * theirs else 1


if __name__ == "__main__":
    sys.exit(main())
