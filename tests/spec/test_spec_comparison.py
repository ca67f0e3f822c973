"""Difference in differences, analysis of covariance and the time x arm contrasts against R (measures.md 4.6)."""

from __future__ import annotations

import numpy as np
import pytest

from service.measures.ancova import Ancova, Assignment, ancova
from service.measures.comparison import (
    ArmContrast,
    DifferenceInDifferences,
    TimeByArm,
    difference_in_differences,
    time_by_arm,
)
from service.measures.course import LongScores
from service.measures.satterthwaite import Contrast
from tests.spec.trials import ARMS, anorexia, loneliness

Row = tuple[str, float, float, float, str]

R2 = "R 4.2.2 on MASS::anorexia, measures.md 4.6"
R1 = "R 4.2.2 on Hodgetts et al. (CC-BY), 131 people; reference.json ancova_study"
EMMEANS = "R 4.2.2, emmeans 1.8.4-1 on MASS::anorexia, measures.md 4.6"
LME = "R 4.2.2, lmerTest 3.1-3 on MASS::anorexia, measures.md 4.5"


def _wide() -> tuple[list[float], list[float], list[int]]:
    data = anorexia()
    return list(data.y[::2]), list(data.y[1::2]), [int(place) for place in data.group[::2]]


def _two_waves() -> list[Row]:
    pre, post, arms = _wide()
    changes = [[b - a for a, b, arm in zip(pre, post, arms, strict=True) if arm == place] for place in (0, 1, 2)]
    found = difference_in_differences(changes[2], changes[1])
    assert isinstance(found, DifferenceInDifferences)
    welch, pooled = found.welch, found.pooled
    return [
        ("FT - Cont, difference of mean changes", welch.estimate.value, 7.714706, 1e-6, R2),
        ("FT - Cont, Welch t", welch.t, 3.299160, 1e-6, R2),
        ("FT - Cont, Welch df", welch.df, 36.979, 1e-3, R2),
        ("FT - Cont, Welch p", welch.p, 0.002152, 1e-6, R2),
        ("FT - Cont, Welch low", welch.estimate.low, 2.976597, 1e-6, R2),
        ("FT - Cont, Welch high", welch.estimate.high, 12.452815, 1e-6, R2),
        ("FT - Cont, pooled t", pooled.t, 3.222677, 1e-6, R2),
        ("FT - Cont, pooled p", pooled.p, 0.002491, 1e-6, R2),
    ]


def _weights() -> list[Row]:
    found = ancova(*_wide(), ARMS, assignment=Assignment.RANDOMISED)
    assert isinstance(found, Ancova)
    _, before, control, family = found.line.terms
    holm = {(pair.arm, pair.against): pair.adjusted_p for pair in found.pairs}
    return [
        ("ANCOVA weight, before", before.estimate.value, 0.4344612, 1e-7, R2),
        ("ANCOVA weight, Cont", control.estimate.value, -4.0970655, 1e-7, R2),
        ("ANCOVA weight, Cont, se", control.se, 1.8934926, 1e-7, R2),
        ("ANCOVA weight, FT", family.estimate.value, 4.5630627, 1e-7, R2),
        ("ANCOVA weight, FT, se", family.se, 2.1333359, 1e-7, R2),
        ("ANCOVA weight, CBT - Cont, Holm", holm["CBT", "Cont"] or 0, 0.0680, 5e-5, EMMEANS),
        ("ANCOVA weight, CBT - FT, Holm", holm["CBT", "FT"] or 0, 0.0680, 5e-5, EMMEANS),
        ("ANCOVA weight, Cont - FT, Holm", holm["Cont", "FT"] or 0, 0.0006, 5e-5, EMMEANS),
    ]


def _loneliness() -> list[Row]:
    data = loneliness(analysed=True)
    first = data.time == 0
    assert (data.person[first] == data.person[~first]).all()
    study = (data.group[first] == 3).astype(int)
    found = ancova(data.y[first], data.y[~first], study, ("2", "3"), assignment=Assignment.BASELINE_EQUIVALENT)
    assert isinstance(found, Ancova)
    values = (0.6088951, 0.9353863542, 0.0691909151)
    errors = (0.37167217, 0.0475953059, 0.2850913029)
    rows: list[Row] = []
    for name, term, value, error in zip(("1", "pre", "study3"), found.line.terms, values, errors, strict=True):
        rows += [
            (f"ANCOVA DJG-11, {name}", term.estimate.value, value, 1e-7, R1),
            (f"ANCOVA DJG-11, {name}, se", term.se, error, 1e-7, R1),
        ]
    return rows


def waves_by_treatment() -> TimeByArm:
    data = anorexia()
    scores = LongScores.of(data.person, data.time, data.y, data.group)
    found = time_by_arm(scores, ("before", "after"), ARMS, primary=1)
    assert isinstance(found, TimeByArm)
    return found


def _pair(pairs: tuple[ArmContrast, ...], arm: str, against: str) -> Contrast:
    found = next(pair.contrast for pair in pairs if (pair.arm, pair.against) == (arm, against))
    assert isinstance(found, Contrast)
    return found


def _time_by_arm() -> list[Row]:
    found = waves_by_treatment()
    control, family = _pair(found.pairs, "CBT", "Cont"), _pair(found.pairs, "CBT", "FT")
    own = found.courses[0].changes[0]
    assert isinstance(own, Contrast)
    return [
        ("time x Cont", -control.estimate.value, -3.4568966, 1e-6, LME),
        ("time x Cont, se", control.se, 2.0332966, 1e-6, LME),
        ("time x FT", -family.estimate.value, 4.2578093, 1e-6, LME),
        ("time x FT, se", family.se, 2.2996435, 1e-6, LME),
        ("change in CBT", own.estimate.value, 3.0068966, 1e-6, LME),
        ("change in CBT, se", own.se, 1.3979964, 1e-6, LME),
        ("change in CBT, df", own.df, 69.0, 1e-2, LME),
    ]


ROWS: list[Row] = [*_two_waves(), *_weights(), *_loneliness(), *_time_by_arm()]


@pytest.mark.parametrize(("name", "computed", "expected", "tolerance", "source"), ROWS, ids=[row[0] for row in ROWS])
def test_it_is_the_value_of_r(name: str, computed: float, expected: float, tolerance: float, source: str) -> None:
    assert computed == pytest.approx(expected, abs=tolerance), source


def test_the_course_of_an_arm_is_its_own_means_when_nobody_is_missing() -> None:
    pre, post, arms = _wide()
    points = waves_by_treatment().courses[2].points
    means = [float(np.mean([v for v, arm in zip(wave, arms, strict=True) if arm == 2])) for wave in (pre, post)]
    assert [point.mean.value for point in points] == pytest.approx(means)  # type: ignore[union-attr]
    assert [point.mean.n for point in points] == [17, 17]  # type: ignore[union-attr]
