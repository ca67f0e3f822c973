"""Our half of `make oracle`: what is written for R, what is read of it, and what is said when the two differ.

R itself is not needed: `stand_in.csv` was written by hand in R's form, from figures that R 4.2.2 gave on public data
(reference.json, measures.md 4.2 and 4.7).
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest

from service.bootstrap import load_instruments
from service.measures.item_values import item_values
from service.measures.survival import kaplan_meier
from tests.oracle.cases import DRAWN, Case, Column, random_cases, write
from tests.oracle.figures import KINDS, differences, figures, read_answers
from tests.spec.reference.row import must
from tests.spec.trials import loneliness
from tests.spec.two_occasions import answers, people

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines.datasets import load_lung

HERE = Path(__file__).parent
STAND_IN = read_answers(HERE / "stand_in.csv")
TIMES = np.array([14, 28, 28, 42, 56, 56, 84, 84, 84, 84], dtype=float)
LEFT = np.array([1, 1, 0, 1, 0, 1, 0, 0, 0, 0], dtype=float)


def _dropout() -> dict[str, Column]:
    everyone = loneliness(analysed=False)
    first, second = everyone.time == 0, everyone.person[everyone.time == 1]
    dropped = ~np.isin(everyone.person[first], second)
    return {
        "dropped": dropped.astype(float),
        "score": everyone.y[first],
        "arm": (everyone.group[first] == 3).astype(float),
    }


def _items() -> dict[str, Column]:
    djg11, analysed = load_instruments()["djg11"], np.array([analysed for _, _, analysed in people()])
    rule = djg11.score_rule("total")
    values = item_values(djg11, answers(djg11, "before")[analysed], rule)
    return {f"item{item}": column for item, column in zip(rule.items, values.T, strict=True)}


def known() -> list[Case]:
    """The public data that the stand-in answers: one of each kind."""
    pairs, everyone, lung = loneliness(analysed=True), loneliness(analysed=False), load_lung()
    asked = np.full_like(TIMES, 56)
    columns: dict[str, dict[str, Column]] = {
        "mixed": {
            name: np.asarray(column, dtype=np.float64)
            for name, column in zip(("y", "person", "time", "arm"), (*everyone[:3], everyone.group == 3), strict=True)
        },
        "paired": {"pre": pairs.y[pairs.time == 0], "post": pairs.y[pairs.time == 1]},
        "survival": {"time": TIMES, "event": LEFT, "ask": asked},
        "logrank": {"time": lung.time.to_numpy(), "event": lung.status.to_numpy(), "group": lung.sex.to_numpy()},
        "competing": {"time": TIMES, "cause": LEFT, "ask": asked},
        "scale": _items(),
        "dropout": _dropout(),
        "counts": {name: np.array([value]) for name, value in zip(("count", "of", "entered", "left"), (100.0, 138.0, 16.0, 10.0), strict=True)},
    }  # fmt: skip
    return [Case(kind, 1, columns[kind]) for kind in DRAWN]


def test_what_r_published_of_public_data_is_what_we_compute() -> None:
    assert differences(known(), STAND_IN) == []


def test_what_differs_is_said_with_both_figures() -> None:
    off = {**STAND_IN, ("counts_1", "mcnemar.p"): 0.5, ("survival_1", "median"): 84.0, ("paired_1", "t"): None}
    del off["scale_1", "alpha"]
    off["scale_1", "omega"] = 0.9
    found = differences(known(), off)
    assert [sentence.split(":")[0] for sentence in found] == [
        "counts_1, mcnemar.p", "paired_1, t", "scale_1, alpha", "scale_1, omega", "survival_1, median",
    ]  # fmt: skip
    assert found[0].startswith("counts_1, mcnemar.p: Peil 0.3269")
    assert "R 0.5" in found[0]
    assert found[2] == "scale_1, alpha: R gave no answer"


def test_every_kind_is_drawn_computed_and_asked_of_r_by_the_same_figures() -> None:
    script = (HERE / "oracle.R").read_text("utf-8")
    assert set(DRAWN) == set(KINDS)
    for case in known():
        assert f"{case.kind} <- function(case, d)" in script
        for figure in figures(case):
            assert f'"{figure}"' in script or f'".{figure.split(".")[-1]}"' in script, figure


def test_every_random_data_set_has_every_figure() -> None:
    cases = random_cases()
    assert len({case.name for case in cases}) == 20 * len(DRAWN)
    for case in cases:
        assert all(found.tolerance > 0 for found in figures(case).values())


def test_no_random_curve_is_one_on_which_r_means_something_else() -> None:
    """R and Peil differ where a curve is a half exactly, and R has no limits at 0 and 1."""
    for case in random_cases():
        if case.kind == "survival":
            curve = must(kaplan_meier(case.columns["time"], case.columns["event"]))
            assert np.abs(curve.survival - 0.5).min() > 1e-9
            assert 0 < (figures(case)["staying"].value or 0) < 1


def test_the_data_sets_are_the_same_every_time_and_keep_every_digit(tmp_path: Path) -> None:
    cases = random_cases(of_each=1)
    write(cases, tmp_path)
    assert sorted(file.stem for file in tmp_path.iterdir()) == sorted(case.name for case in random_cases(of_each=1))
    for case in cases:
        with (tmp_path / f"{case.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for name, column in case.columns.items():
            assert [float(row[name]) for row in rows] == pytest.approx(list(column), abs=0)
