"""Alpha, Loevinger's H, who dropped out, and Rubin's rules, against what R made of the published study."""

from __future__ import annotations

import numpy as np

from service.bootstrap import load_instruments
from service.measures.attrition import Attrition, Welch, attrition
from service.measures.estimate import Estimate
from service.measures.item_values import item_values
from service.measures.logistic import Logistic
from service.measures.pooling import Pooled, pool
from service.measures.reliability import Alpha, alpha
from service.measures.scalability import Scalability, loevinger
from service.measures.scoring_table import score_table
from tests.spec.reference.row import Row
from tests.spec.two_occasions import answers, people

R1 = "R 4.2.2 on Hodgetts et al. (CC-BY), 131 people; reference.json djg11_paired_N131"
R2 = "R 4.2.2 on Hodgetts et al. (CC-BY), 213 people; reference.json attrition, measures.md 4.7"

#: Scale, score, occasion -> alpha and H.
EXPECTED = {
    ("djg11", "total", "before"): (0.8019803433, 0.3838150533),
    ("djg11", "emotional", "before"): (0.6963437995, 0.4443842082),
    ("djg11", "social", "before"): (0.7878079174, 0.5410207119),
    ("djg6", "total", "before"): (0.7035477785, 0.4046366747),
    ("djg11", "total", "during"): (0.8478775879, 0.4813327235),
    ("djg11", "emotional", "during"): (0.7526632595, 0.5609235874),
    ("djg11", "social", "during"): (0.8412434551, 0.6323112211),
    ("djg6", "total", "during"): (0.7631141443, 0.4809089353),
}


def _reliability_rows() -> list[Row]:
    rows: list[Row] = []
    instruments, analysed = load_instruments(), np.array([analysed for _, _, analysed in people()])
    for (key, score, period), (expected_alpha, expected_h) in EXPECTED.items():
        rule = instruments[key].score_rule(score)
        values = item_values(instruments[key], answers(instruments[key], period)[analysed], rule)
        found, scalability = alpha(rule.items, values), loevinger(rule.items, values)
        assert isinstance(found, Alpha)
        assert isinstance(scalability, Scalability)
        assert found.estimate.n == scalability.scale.n == 131
        name = f"{key} {score} {period}"
        rows += [
            (f"alpha (KR-20), {name}", found.estimate.value, expected_alpha, 1e-9, R1),
            (f"Loevinger H, {name}", scalability.scale.value, expected_h, 1e-9, R1),
        ]
    return rows


def _panel() -> Attrition:
    djg11 = load_instruments()["djg11"]
    first, second = (score_table(djg11, answers(djg11, period)).values["total"] for period in ("before", "during"))
    study3 = np.array([study == "3" for _, study, _ in people()], dtype=float)
    started = first.valid
    panel = attrition(~second.valid[started], {"tot": first.points[started].astype(float), "study3": study3[started]})
    assert isinstance(panel, Attrition)
    return panel


def _attrition_rows() -> list[Row]:
    panel = _panel()
    total, odds = panel.covariates[0], panel.odds
    assert isinstance(total.welch, Welch)
    assert isinstance(odds, Logistic)
    assert isinstance(total.mean_stayed, float)
    assert isinstance(total.mean_dropped, float)
    ratio = odds.terms[0].odds_ratio
    assert isinstance(ratio, Estimate)
    return [
        ("people with a first score", odds.n, 213, 0, R2),
        ("of whom dropped out", odds.events, 49, 0, R2),
        ("mean first score of stayers", total.mean_stayed, 7.012195122, 1e-9, R2),
        ("mean first score of drop-outs", total.mean_dropped, 7.734693878, 1e-9, R2),
        ("Welch t", total.welch.t, -1.7183928, 1e-6, R2),
        ("Welch df", total.welch.df, 92.666802, 1e-5, R2),
        ("Welch p", total.welch.p, 0.08906445, 1e-7, R2),
        ("logistic intercept", odds.intercept, -1.68004512557, 1e-9, R2),
        ("log odds per point", odds.terms[0].log_odds, 0.09740569735, 1e-9, R2),
        ("log odds of study 3", odds.terms[1].log_odds, -0.81389758608, 1e-9, R2),
        ("odds ratio per point", ratio.value, 1.1023074861, 1e-9, R2),
        ("odds ratio per point, low", ratio.low, 0.979005, 1e-6, R2),
        ("odds ratio per point, high", ratio.high, 1.241140, 1e-6, R2),
    ]


def _pooling_rows() -> list[Row]:
    pooled = pool([-1.10, -0.95, -1.20, -1.05, -0.90], [0.16, 0.15, 0.17, 0.155, 0.15])
    assert isinstance(pooled, Pooled)
    assert isinstance(pooled.df, float)
    source = "Rubin 1987; reference.json rubin"
    return [
        ("pooled estimate", pooled.estimate.value, -1.04, 1e-9, source),
        ("pooled standard error", pooled.error, 0.4172529209, 1e-9, source),
        ("pooled df", pooled.df, 414.6343832, 1e-5, source),
    ]


def rows() -> list[Row]:
    """All values of this section."""
    return [*_reliability_rows(), *_attrition_rows(), *_pooling_rows()]
