"""The data that the mixed model and the comparisons are proven on, as columns. Sources: tests/spec/data/README.md."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from service.bootstrap import load_instruments
from service.measures.reml import Floats
from service.measures.scoring_table import score_table
from tests.spec.two_occasions import answers, people

DATA = Path(__file__).with_name("data")
ARMS = ("CBT", "Cont", "FT")


class Long(NamedTuple):
    """One row per person and wave; `time` counts from 0, `group` is a study or an arm."""

    y: Floats
    person: Floats
    time: Floats
    group: Floats


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sleepstudy() -> Long:
    """Reaction time per day of 18 people, ten days each; no groups."""
    rows = [
        (float(row[f"day{d}"]), float(row["subject"]), d, 0.0) for row in _rows("sleepstudy.csv") for d in range(10)
    ]
    return Long(*np.array(rows).T)


def anorexia() -> Long:
    """Weight before and after of 72 girls; the group is the place of the treatment in ARMS."""
    wide = [(float(r["before"]), float(r["after"]), ARMS.index(r["treat"])) for r in _rows("anorexia.csv")]
    rows = [(pair[time], person, time, pair[2]) for person, pair in enumerate(wide) for time in (0, 1)]
    return Long(*np.array(rows, dtype=float).T)


def loneliness(*, analysed: bool) -> Long:
    """DJG-11 totals before and during: of the 131 analysed pairs, or of everyone with a total. The group: study (2, 3)."""
    djg11 = load_instruments()["djg11"]
    rows = []
    for time, period in enumerate(("before", "during")):
        total = score_table(djg11, answers(djg11, period)).values["total"]
        for person, (_, study, paired) in enumerate(people()):
            if total.valid[person] and (paired or not analysed):
                rows.append((float(total.points[person]), person, time, float(study)))
    return Long(*np.array(rows, dtype=float).T)
