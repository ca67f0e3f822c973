"""What Peil makes of the oracle's data sets, how far R may be off, and where it is further off than that."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from service.measures.bands import exact_mcnemar
from service.measures.change import paired_effect
from service.measures.competing import cumulative_incidence, incidence_at
from service.measures.intervals import wilson
from service.measures.log_rank import log_rank
from service.measures.logistic import logistic
from service.measures.mixed_model import fit
from service.measures.reliability import alpha
from service.measures.survival import MedianTime, kaplan_meier, median_time, survival_at
from tests.oracle.cases import Case, Column
from tests.spec.reference.row import must


class Ours(NamedTuple):
    """A figure (None: there is none) and how far R's may be from it."""

    value: float | None
    tolerance: float


#: Tolerances of measures.md 4, and of the rounding of R's own iterations.
EXACT, CLOSE, INTERVAL, DEGREES, RATIO = 1e-9, 1e-6, 1e-4, 1e-2, 1e-4
Figures = dict[str, Ours]
Columns = Mapping[str, Column]
Answers = Mapping[tuple[str, str], float | None]


def figures(case: Case) -> Figures:
    """All of one data set, by the names that oracle.R uses."""
    return KINDS[case.kind](case.columns)


def _mixed(data: Columns) -> Figures:
    x = np.column_stack([np.ones_like(data["y"]), data["time"], data["arm"], data["time"] * data["arm"]])
    model = must(fit(data["y"], x, data["person"], ["intercept", "time", "arm", "time:arm"]))
    found: Figures = {}
    for name, term in zip(model.names, model.terms, strict=True):
        found[f"{name}.estimate"] = Ours(term.estimate.value, INTERVAL)
        found[f"{name}.se"] = Ours(term.se, INTERVAL)
        found[f"{name}.df"] = Ours(term.df, max(DEGREES, 1e-3 * term.df))
    # lme4 stops when its steps are small: the variances show it first.
    found["variance"] = Ours(model.random[0][0], RATIO * model.random[0][0])
    found["residual"] = Ours(model.residual, RATIO * model.residual)
    return {**found, "criterion": Ours(model.reml, CLOSE)}


def _paired(data: Columns) -> Figures:
    found = must(paired_effect(data["pre"], data["post"], np.random.default_rng(1)))
    points, test, size = must(found.difference), must(found.test), must(found.sizes.d_z)
    return {
        "difference": Ours(points.value, EXACT),
        "difference.low": Ours(points.low, CLOSE),
        "difference.high": Ours(points.high, CLOSE),
        "t": Ours(test.t, CLOSE),
        "df": Ours(test.df, EXACT),
        "p": Ours(test.p, CLOSE),
        "d_z": Ours(size.value, CLOSE),
        "d_z.low": Ours(size.low, INTERVAL),
        "d_z.high": Ours(size.high, INTERVAL),
        "g_z": Ours(must(found.sizes.g_z).value, CLOSE),
    }


def _survival(data: Columns) -> Figures:
    curve = must(kaplan_meier(data["time"], data["event"]))
    there, median = must(survival_at(curve, float(data["ask"][0]))), median_time(curve)
    return {
        "staying": Ours(there.value, EXACT),
        "staying.low": Ours(there.low, EXACT),
        "staying.high": Ours(there.high, EXACT),
        "median": Ours(median.value if isinstance(median, MedianTime) else None, EXACT),
    }


def _logrank(data: Columns) -> Figures:
    return {"chi2": Ours(must(log_rank(data["time"], data["event"], data["group"])).chi2, CLOSE)}


def _competing(data: Columns) -> Figures:
    curves = must(cumulative_incidence(data["time"], data["cause"].astype(np.int64), 2))
    day = float(data["ask"][0])
    return {
        f"incidence.{cause}": Ours(must(incidence_at(curve, day)).value, EXACT) for cause, curve in enumerate(curves, 1)
    }


def _scale(data: Columns) -> Figures:
    values = np.column_stack(list(data.values()))
    return {"alpha": Ours(must(alpha(range(1, values.shape[1] + 1), values)).estimate.value, EXACT)}


def _dropout(data: Columns) -> Figures:
    model = must(logistic(data["dropped"] == 1, {"score": data["score"], "arm": data["arm"]}))
    score, arm = model.terms
    odds = must(score.odds_ratio)
    return {
        "intercept": Ours(model.intercept, CLOSE),
        "score.log_odds": Ours(score.log_odds, CLOSE),
        "arm.log_odds": Ours(arm.log_odds, CLOSE),
        "score.odds.low": Ours(odds.low, CLOSE),
        "score.odds.high": Ours(odds.high, CLOSE),
    }


def _counts(data: Columns) -> Figures:
    count, of, entered, left = (int(data[name][0]) for name in ("count", "of", "entered", "left"))
    share = must(wilson(count, of))
    return {
        "wilson.low": Ours(share.low, EXACT),
        "wilson.high": Ours(share.high, EXACT),
        "mcnemar.p": Ours(must(exact_mcnemar(entered, left)).p, EXACT),
    }


KINDS: Mapping[str, Callable[[Columns], Figures]] = {
    "mixed": _mixed,
    "paired": _paired,
    "survival": _survival,
    "logrank": _logrank,
    "competing": _competing,
    "scale": _scale,
    "dropout": _dropout,
    "counts": _counts,
}


def read_answers(file: Path) -> Answers:
    """R's answers: columns case, figure, value; NA where R has no figure."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {(row["case"], row["figure"]): None if row["value"] == "NA" else float(row["value"]) for row in rows}


def differences(cases: Sequence[Case], answers: Answers) -> list[str]:
    """A sentence for every figure that R does not have, that we do not have, or on which we are too far apart."""
    ours = {(case.name, figure): found for case in cases for figure, found in figures(case).items()}
    lacking = [f"{case}, {figure}: R gave no answer" for case, figure in ours.keys() - answers.keys()]
    extra = [f"{case}, {figure}: R answered what was not asked" for case, figure in answers.keys() - ours.keys()]
    apart = [
        f"{case}, {figure}: Peil {ours[case, figure].value}, R {value}, tolerance {ours[case, figure].tolerance:.1g}"
        for (case, figure), value in answers.items()
        if (case, figure) in ours and not _same(ours[case, figure], value)
    ]
    return sorted([*lacking, *extra, *apart])


def _same(ours: Ours, theirs: float | None) -> bool:
    if ours.value is None or theirs is None:
        return ours.value is theirs
    return math.isfinite(theirs) and abs(ours.value - theirs) <= ours.tolerance
