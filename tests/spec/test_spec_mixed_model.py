"""What holds of the fits beside R's figures (test_spec_statistics): a true optimum, and its joint test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from service.measures.reml import Floats, differentiate, evaluate, sums
from service.measures.satterthwaite import Joint
from tests.spec.reference.mixed_model import models, treatments
from tests.spec.trials import anorexia, sleepstudy

#: The variances of sleepstudy as lme4 prints them: of the intercept, their covariance, of the slope, of the residual.
PRINTED = (612.100158, 9.604409, 35.071714, 654.940008)


def _at(variances: tuple[float, float, float, float]) -> tuple[float, float]:
    """The criterion of sleepstudy at these variances, and how steep it is there."""
    data, (level, link, trend, residual) = sleepstudy(), variances
    x = np.column_stack([np.ones_like(data.time), data.time])
    found = sums(x, data.y, x, data.person.astype(np.intp) - int(data.person.min()))
    lower: Floats = np.linalg.cholesky(np.array([[level, link], [link, trend]]) / residual)
    point = evaluate(found, lower)
    assert point is not None
    return point.criterion, float(np.linalg.norm(differentiate(found, lower, point).gradient))


def test_the_criterion_of_sleepstudy_is_no_worse_than_lme4s() -> None:
    assert models()["sleepstudy"].reml <= 1743.628272


def test_the_variances_of_sleepstudy_that_lme4_prints_are_just_beside_the_optimum() -> None:
    """So that one of them differs from ours by 1.7e-5 of itself, where the others agree to 1e-5."""
    model = models()["sleepstudy"]
    (level, link), (_, trend) = model.random
    ours, ours_steep = _at((level, link, trend, model.residual))
    printed, printed_steep = _at(PRINTED)
    assert ours == pytest.approx(model.reml, abs=1e-9)
    assert ours < printed < ours + 1e-8
    assert printed_steep > 1000 * ours_steep


def test_the_joint_test_of_time_by_arm_is_the_analysis_of_variance_of_the_changes() -> None:
    data = anorexia()
    change, arm = data.y[1::2] - data.y[::2], data.group[::2]
    f, p = stats.f_oneway(*(change[arm == place] for place in (0, 1, 2)))
    found = treatments().joint([[0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]])
    assert isinstance(found, Joint)
    assert (found.f, found.df1, found.df2, found.p) == pytest.approx((f, 2, 69.0, p), rel=1e-7)
