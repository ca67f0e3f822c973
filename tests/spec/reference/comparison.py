"""Difference in differences, analysis of covariance and the time x arm contrasts against R (measures.md 4.6)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.measures.ancova import Ancova, Assignment, ancova
from service.measures.comparison import (
    ArmContrast,
    DifferenceInDifferences,
    TimeByArm,
    difference_in_differences,
    time_by_arm,
)
from service.measures.course import LongScores
from service.measures.satterthwaite import Contrast, Joint
from tests.spec.reference.row import Row
from tests.spec.trials import ARMS, anorexia, loneliness

R2 = "R 4.2.2 on MASS::anorexia, measures.md 4.6"
R1 = "R 4.2.2 on Hodgetts et al. (CC-BY), 131 people; reference.json ancova_study"
EMMEANS = "R 4.2.2, emmeans 1.8.4-1 on MASS::anorexia, measures.md 4.6"
#: The joint F of time x arm is that of an analysis of variance of the changes.
JMIR = "R 4.2.2 on m, sd and n of JMIR Aging 2019, table 1; reference.json anova_from_summary"
LME = "R 4.2.2, lmerTest 3.1-3 on MASS::anorexia, measures.md 4.5"


def wide() -> tuple[list[float], list[float], list[int]]:
    data = anorexia()
    return list(data.y[::2]), list(data.y[1::2]), [int(place) for place in data.group[::2]]


def _two_waves() -> list[Row]:
    pre, post, arms = wide()
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
    found = ancova(*wide(), ARMS, assignment=Assignment.RANDOMISED)
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


def _with_these_changes(means: Sequence[float], sds: Sequence[float], sizes: Sequence[int]) -> LongScores:
    """Made-up people whose changes have exactly these means and standard deviations, at very different levels."""
    chance = np.random.default_rng(1)
    changes, levels = [], []
    for mean, sd, size in zip(means, sds, sizes, strict=True):
        drawn = chance.normal(size=(2, size))
        shape = (drawn[0] - drawn[0].mean()) / drawn[0].std(ddof=1)
        changes.append(mean + sd * shape)
        levels.append(20 * drawn[1])
    change, level = np.concatenate(changes), np.concatenate(levels)
    waves = np.column_stack([level - change / 2, level + change / 2]).ravel()
    arm = np.repeat(np.arange(len(sizes)), sizes)
    return LongScores.of(np.repeat(np.arange(len(change)), 2), np.tile([0, 1], len(change)), waves, np.repeat(arm, 2))


def _printed_table() -> list[Row]:
    scores = _with_these_changes((7.9, 7.5, 8.1), (3.5, 3.6, 3.0), (46, 73, 233))
    found = time_by_arm(scores, ("before", "after"), ("none", "intro", "lessons"), primary=1)
    assert isinstance(found, TimeByArm)
    assert isinstance(found.joint, Joint)
    return [
        ("analysis of variance from a printed table, F", found.joint.f, 0.9837755245, 1e-6, JMIR),
        ("analysis of variance from a printed table, df1", found.joint.df1, 2, 0, JMIR),
        ("analysis of variance from a printed table, df2", found.joint.df2, 349, 1e-2, JMIR),
        ("analysis of variance from a printed table, p", found.joint.p, 0.3749311775, 1e-6, JMIR),
    ]


def rows() -> list[Row]:
    """All values of this section."""
    return [*_two_waves(), *_weights(), *_loneliness(), *_time_by_arm(), *_printed_table()]
