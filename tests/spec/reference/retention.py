"""Shares and survival against R's figures (measures.md 4.2 and ../shared/measures/reference.json)."""

from __future__ import annotations

import math
import warnings

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import SharesCompared, clopper_pearson, compare_shares, wilson
from service.measures.log_rank import LogRank, log_rank
from service.measures.survival import MedianTime, SurvivalCurve, kaplan_meier, median_time, survival_at
from tests.spec.reference.row import Row

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines.datasets import load_lung

TINY = ([14, 28, 28, 42, 56, 56, 84, 84, 84, 84], [1, 1, 0, 1, 0, 1, 0, 0, 0, 0])


def _estimate(found: Estimate | NotEstimable) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def _curve(found: SurvivalCurve | NotEstimable) -> SurvivalCurve:
    assert isinstance(found, SurvivalCurve)
    return found


def _interval(name: str, found: Estimate | NotEstimable, low: float, high: float, source: str) -> list[Row]:
    made = _estimate(found)
    tolerance = 1e-9 if source != "measures.md 4.2" else 5e-7
    return [(f"{name}, low", made.low, low, tolerance, source), (f"{name}, high", made.high, high, tolerance, source)]


def _shares() -> list[Row]:
    rows: list[Row] = []
    for count, of, low, high in (
        (0, 10, 0, 0.2775327999),
        (3, 10, 0.1077912674, 0.6032218525),
        (9, 12, 0.4676946651, 0.9110583316),
        (45, 63, 0.5929728343, 0.8109680801),
        (100, 138, 0.6447903915, 0.7923173520),
    ):
        rows += _interval(f"Wilson {count}/{of}", wilson(count, of), low, high, "reference.json wilson")
    for count, of, low, high in ((0, 10, 0, 0.3084971078), (3, 10, 0.0667395118, 0.6524528501)):
        rows += _interval(
            f"Clopper-Pearson {count}/{of}", clopper_pearson(count, of), low, high, "reference.json clopper"
        )
    rows += _interval("Clopper-Pearson 100/138", clopper_pearson(100, 138), 0.642171, 0.797198, "measures.md 4.2")
    for limit in _interval(
        "Wilson 34/39 (HOW R U, retention at 3 months)", wilson(34, 39), 0.733, 0.944, "domain.md P12"
    ):
        rows.append((*limit[:3], 5e-4, limit[4]))
    rows.append(("share 100/138", _estimate(wilson(100, 138)).value, 0.7246, 5e-5, "measures.md 4.2"))
    return rows


def _difference() -> list[Row]:
    found = compare_shares(100, 138, 64, 75)
    assert isinstance(found, SharesCompared)
    assert isinstance(found.chi2, float)
    assert isinstance(found.chi2_p, float)
    name, source = "100/138 - 64/75", "reference.json newcombe_100_138_vs_64_75"
    return [
        (f"{name}, difference", found.difference.value, -0.1286956522, 1e-9, source),
        *_interval(f"{name}, Newcombe", found.difference, -0.2302490321, -0.01026978118, source),
        (f"{name}, chi-square without continuity correction", found.chi2, 4.543680, 5e-7, "measures.md 4.2"),
        (f"{name}, p of chi-square", found.chi2_p, 0.033040, 5e-7, "measures.md 4.2"),
        (f"{name}, p of Fisher", found.fisher_p, 0.040529, 5e-7, "measures.md 4.2"),
    ]


def _tiny() -> list[Row]:
    curve, source = _curve(kaplan_meier(*TINY)), "reference.json km_tiny"
    expected = {14: 0.9, 28: 0.8, 42: 0.6857142857, 56: 0.5714285714, 84: 0.5714285714}
    steps: list[Row] = [
        (f"Kaplan-Meier of ten, S({time})", _estimate(survival_at(curve, time)).value, share, 1e-9, source)
        for time, share in expected.items()
    ]
    place = curve.times.tolist().index(56)
    se: Row = ("Kaplan-Meier of ten, se S(56)", float(curve.se[place]), 0.16377471549, 1e-9, source)
    limits = _interval("Kaplan-Meier of ten, S(56)", survival_at(curve, 56), 0.2171927024, 0.8145721379, source)
    not_reached = median_time(curve) == NotEstimable(Reason.NOT_REACHED, {"n": 10})
    median: Row = ("Kaplan-Meier of ten, median", math.inf if not_reached else 0.0, math.inf, 0, source)
    return [*steps, se, *limits, median]


def _lung() -> list[Row]:
    lung = load_lung()
    curve, source = _curve(kaplan_meier(lung.time, lung.status)), "reference.json km_lung (R survival::lung)"
    median, test = median_time(curve), log_rank(lung.time, lung.status, lung.sex)
    assert isinstance(median, MedianTime)
    assert isinstance(median.high, float)
    assert isinstance(test, LogRank)
    expected = {90: 0.881579, 180: 0.721671, 365: 0.409242, 540: 0.255449}
    return [
        ("lung, median", median.value, 310, 0, source),
        ("lung, median, low", median.low, 284, 0, source),
        ("lung, median, high", median.high, 361, 0, source),
        *((f"lung, S({t})", _estimate(survival_at(curve, t)).value, s, 5e-7, source) for t, s in expected.items()),
        ("lung, log-rank by sex, chi-square", test.chi2, 10.32674195, 1e-8, source),
        ("lung, log-rank by sex, p", test.p, 0.00131116, 5e-9, source),
    ]


def rows() -> list[Row]:
    """All values of this section."""
    return [*_shares(), *_difference(), *_tiny(), *_lung()]
