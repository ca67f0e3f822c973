"""What holds of a comparison of arms on real data, beside R's figures (test_spec_statistics)."""

from __future__ import annotations

import numpy as np
import pytest

from service.measures.estimate import Estimate
from tests.spec.reference.comparison import waves_by_treatment, wide


def test_the_course_of_an_arm_is_its_own_means_when_nobody_is_missing() -> None:
    pre, post, arms = wide()
    means = [float(np.mean([v for v, arm in zip(wave, arms, strict=True) if arm == 2])) for wave in (pre, post)]
    found = [point.mean for point in waves_by_treatment().courses[2].points]
    assert [mean.value for mean in found if isinstance(mean, Estimate)] == pytest.approx(means)
    assert [mean.n for mean in found if isinstance(mean, Estimate)] == [17, 17]
