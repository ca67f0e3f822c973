"""The whole analysis of a programme (every figure, with the search for what must be hidden) at 300 to 20,000 people.

Beside a floor in the same run: one figure made by hand from the same records (the mean paired change with its standard
error), for which every record has to be read once. Two arms, three waves, eleven items, people who fall silent and skip
items. Goal: from 2,000 people on the cost per person does not grow. SIZES=300,2000,20000 ROUNDS=3.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the made-up programme is the one of the tests

import numpy as np

from service.measures.analysis.analyse import analyse, digest
from service.measures.analysis.records import Records
from tests.measures.analysis_scene import made_up, plan_of

#: Twice the cost per person is no longer flat; a shared machine makes equal runs differ by up to 40 per cent.
MOST_GROWTH = 2.0
FLAT_FROM = 2_000


def by_hand(records: Records) -> tuple[float, float]:
    """The mean change from first to primary wave with its standard error, in points."""
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for record in records.measurements:
        score = record.scores.get("total")
        if score is not None and record.wave == records.baseline:
            first[record.enrolment] = score
        elif score is not None and record.wave == records.primary:
            last[record.enrolment] = score
    change = np.array([last[key] - first[key] for key in last if key in first], dtype=np.float64)
    return float(change.mean()), float(change.std(ddof=1) / np.sqrt(len(change)))


def milliseconds(work: Callable[[], object]) -> float:
    """Of processor time: a shared machine makes the clock on the wall useless."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e3


def measure(people: int, rounds: int) -> float:
    """Print one row; milliseconds per thousand people."""
    records = made_up(people - people // 3, people // 3, skipped=0.02)
    plan = plan_of(records)
    figures = analyse(records, plan, live=True)
    assert not figures.faults
    assert figures.figures
    runs: dict[str, Callable[[], object]] = {
        "floor": lambda: by_hand(records),
        "digest": lambda: digest(records),
        "ours": lambda: analyse(records, plan, live=True),
    }
    took: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            took[name].append(milliseconds(run))
    floor, mark, ours = (statistics.median(took[name]) for name in runs)
    print(
        f"{people:>7,} {len(records.measurements):>8,} {len(figures.figures):>8,} {ours:>10,.0f} {mark:>10,.0f}"
        f" {floor:>10,.1f} {ours / floor:>7,.0f} {ours / people * 1e3:>12,.0f}"
    )
    return ours / people * 1e3


def main() -> int:
    sizes = [int(size) for size in os.environ.get("SIZES", "300,2000,20000").split(",")]
    rounds = int(os.environ.get("ROUNDS", "3"))
    print(f"the whole analysis, processor time, median of {rounds} rounds in turn")
    print("floor: one figure by hand from the same records; digest: the mark of the data, a part of ours")
    heads = f"{'people':>7} {'records':>8} {'figures':>8} {'ours, ms':>10} {'digest, ms':>10} {'floor, ms':>10}"
    print(f"{heads} {'ratio':>7} {'ms per 1,000':>12}")
    each = [(size, measure(size, rounds)) for size in sizes]
    flat = [cost for size, cost in each if size >= FLAT_FROM]
    if len(flat) < 2:
        return 0
    print(
        f"cost per person, largest beside the smallest of {FLAT_FROM:,} or more: {flat[-1] / flat[0]:.2f} times", end=""
    )
    print(f" (at most {MOST_GROWTH:g})")
    return 0 if flat[-1] <= MOST_GROWTH * flat[0] else 1


if __name__ == "__main__":
    sys.exit(main())
