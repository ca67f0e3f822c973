"""How many people the published study counted, at every step, against our reading of its file."""

from __future__ import annotations

import numpy as np

from service.bootstrap import load_instruments
from service.measures.scoring_table import score_table
from tests.spec.reference.row import Row
from tests.spec.two_occasions import answers, people

STUDY = "Hodgetts et al. (CC-BY): adults who consented, a score before, a score during; measures.md 4.1"
PSPP = "PSPP 1.6.2 with the published syntax, on the same answers; measures.md 1.4"


def rows() -> list[Row]:
    """All values of this section."""
    djg11 = load_instruments()["djg11"]
    before, during = (
        score_table(djg11, answers(djg11, period)).values["total"].valid for period in ("before", "during")
    )
    study = np.array([study for _, study, _ in people()])
    analysed = np.array([paired for _, _, paired in people()])
    steps: list[Row] = []
    for name, expected in (("2", (158, 138, 100, 76)), ("3", (86, 75, 64, 55))):
        own = study == name
        counted = (own.sum(), before[own].sum(), during[own].sum(), analysed[own].sum())
        names = ("consented", "scored before", "scored during", "pairs analysed")
        steps += [
            (f"study {name}, {step}", float(found), count, 0, STUDY)
            for step, found, count in zip(names, counted, expected, strict=True)
        ]
    return [
        *steps,
        ("person-waves", 2.0 * len(study), 488, 0, PSPP),
        ("of which with a total", float(before.sum() + during.sum()), 377, 0, PSPP),
    ]
