"""STOP against dispatch: how many sends start after STOP was committed (0), and how long STOP takes (5 s at most).

A send starts when the transaction that claims it is committed; PostgreSQL's own commit times decide. N=10000 races.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from service.bootstrap import load_instruments
from tests.usecases.stop_races import race, server_with_commit_times

MOST_SECONDS = 5.0


def main() -> int:
    races = int(os.environ.get("N", "10000"))
    with tempfile.TemporaryDirectory(prefix="peil-race-") as folder:
        Path(folder).chmod(0o755)
        with server_with_commit_times(Path(folder) / "d") as url:
            figures = race(url, load_instruments(), races)
    times = statistics.quantiles(figures.stop_seconds, n=100)
    print(
        f"stop: {figures.races:,} races, {figures.started_before:,} sends started before STOP,"
        f" {figures.started_after} after (must be 0); STOP took p50 {times[49]:.3f} s, p99 {times[98]:.3f} s,"
        f" slowest {figures.slowest:.3f} s (at most {MOST_SECONDS:g});"
        f" {figures.called_after} provider calls of sends that had started before"
    )
    return 0 if figures.started_after == 0 and figures.slowest <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
