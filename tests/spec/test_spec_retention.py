"""What stands under a survival curve, beside R's figures (test_spec_statistics)."""

from __future__ import annotations

from service.measures.survival import kaplan_meier, number_at_risk
from tests.spec.reference.retention import TINY
from tests.spec.reference.row import must


def test_the_number_at_risk_stands_under_the_curve() -> None:
    curve, at_risk = must(kaplan_meier(*TINY)), {0: 10, 14: 10, 28: 9, 29: 7, 42: 7, 56: 6, 57: 4, 84: 4, 85: 0}
    assert {time: number_at_risk(curve, time) for time in at_risk} == at_risk
