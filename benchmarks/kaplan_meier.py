"""Kaplan-Meier with its interval for a million people: ours, beside the floor (numpy sorting the times) and lifelines.

All in one run, in turn, so that the ratios hold on any machine. Whole days and times that never tie. The figures must
agree to 1e-12 and ours must be at least four times as fast as lifelines (performance.md). N=1000000 ROUNDS=5.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from service.measures.estimate import NotEstimable
from service.measures.survival import kaplan_meier

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter

Numbers = npt.NDArray[np.generic]

LEAST_RATIO = 4.0
MOST_APART = 1e-12


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def apart(times: Numbers, events: Numbers) -> float:
    """The largest gap between our curve and that of lifelines, limits included."""
    curve = kaplan_meier(times, events)
    if isinstance(curve, NotEstimable):
        raise SystemExit(f"no curve: {curve}")
    fitter = KaplanMeierFitter().fit(times, events)
    # lifelines begins with a row for time 0, which is ours too when somebody was followed for no time at all.
    theirs = np.column_stack([fitter.survival_function_, fitter.confidence_interval_])[-curve.times.size :]
    inside = (curve.survival > 0) & (curve.survival < 1)
    ours = np.column_stack([curve.survival, curve.low, curve.high])
    return float(np.abs(ours - theirs)[inside].max())


def measure(name: str, times: Numbers, events: Numbers, rounds: int) -> bool:
    runs: dict[str, Callable[[], object]] = {
        "floor": lambda: np.sort(times),
        "ours": lambda: kaplan_meier(times, events),
        "lifelines": lambda: KaplanMeierFitter().fit(times, events),
    }
    took: dict[str, list[float]] = {key: [] for key in runs}
    for _ in range(rounds):
        for key, run in runs.items():
            took[key].append(seconds(run))
    floor, ours, theirs = (statistics.median(took[key]) for key in runs)
    gap, ratio = apart(times, events), theirs / ours
    print(
        f"Kaplan-Meier, {times.size:,} people, {name}: sort {floor * 1000:.1f} ms, ours {ours * 1000:.1f} ms"
        f" ({ours / floor:.1f}x the sort), lifelines {theirs * 1000:.1f} ms; {ratio:.1f}x as fast"
        f" (at least {LEAST_RATIO:g}), at most {gap:.0e} apart (at most {MOST_APART:g})"
    )
    return ratio >= LEAST_RATIO and gap <= MOST_APART


def main() -> int:
    people, rounds = int(os.environ.get("N", "1000000")), int(os.environ.get("ROUNDS", "5"))
    numbers = np.random.default_rng(20261124)
    events = numbers.random(people) < 0.4
    whole = measure("whole days", numbers.integers(0, 730, people), events, rounds)
    never_tied = measure("any time", numbers.exponential(400, people), events, rounds)
    return 0 if whole and never_tied else 1


if __name__ == "__main__":
    sys.exit(main())
