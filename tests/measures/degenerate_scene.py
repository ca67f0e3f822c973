"""Studies with nothing to estimate, and every statistic that is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from service.measures.ancova import Assignment, ancova
from service.measures.attrition import attrition, standardised_difference, welch
from service.measures.bands import band_change, exact_mcnemar, share_in_band, transitions
from service.measures.change import paired_effect, t_interval
from service.measures.clusters import cluster_robust
from service.measures.comparison import difference_in_differences, time_by_arm
from service.measures.competing import cumulative_incidence
from service.measures.complete import Floats
from service.measures.course import LongScores, course
from service.measures.effect_size import d_z, group_sizes, paired_sizes
from service.measures.equivalence import group_equivalence, paired_equivalence
from service.measures.instrument import Band
from service.measures.intervals import clopper_pearson, compare_shares, newcombe, wilson
from service.measures.item_quality import item_drift, item_shares
from service.measures.log_rank import log_rank
from service.measures.logistic import logistic
from service.measures.mixed_model import fit
from service.measures.multiplicity import benjamini_hochberg, holm
from service.measures.pooling import pool
from service.measures.regression_to_mean import Population, regression_note
from service.measures.reliability import alpha
from service.measures.reliable_change import Wobble, reliable_change
from service.measures.scalability import loevinger
from service.measures.sensitivity import (
    change_within,
    common_items_change,
    completers_beside_everyone,
    delta_adjusted,
    mean_change,
    tipping_point,
)
from service.measures.sign_flip import sign_flip_test
from service.measures.survival import kaplan_meier, median_time

Whole = npt.NDArray[np.int64]
ITEMS = (1, 2, 3, 4, 5, 6)
NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Everybody once: two scores, an arm, a location, the days followed, why they left (0: they did not), items."""

    pre: Floats
    post: Floats
    arm: Whole
    location: Whole
    days: Whole
    cause: Whole
    earlier: Floats
    later: Floats

    @property
    def n(self) -> int:
        return len(self.pre)


def study(n: int, seed: int = 1) -> Study:
    """An ordinary one: whole scores from 0 to 11, two arms, twelve locations, one in seven not measured again."""
    chance = np.random.default_rng(seed)
    level = chance.normal(6, 2, n)
    pre, post = (np.clip(np.round(level + chance.normal(shift, 1.5, n)), 0, 11) for shift in (0, -0.5))
    post[::7] = NAN
    earlier, later = ((chance.random((n, len(ITEMS))) < 0.5).astype(float) for _ in range(2))
    return Study(
        pre, post, np.arange(n) % 2, np.arange(n) % 12, chance.integers(1, 365, n), chance.integers(0, 3, n), earlier, later
    )  # fmt: skip


def situations() -> Mapping[str, Study]:
    """The degenerate list; a million people are a test of their own."""
    sixty, zeros, unknown = study(60), np.zeros(60, dtype=np.int64), np.full((60, len(ITEMS)), NAN)
    return {
        "nobody": study(0),
        "one": replace(study(1), post=np.array([4.0])),
        "two": replace(study(2), post=np.array([4.0, 5.0])),
        "no variance": replace(
            sixty,
            pre=np.full(60, 0.3),
            post=np.full(60, 0.1),
            days=zeros + 7,
            cause=zeros,
            earlier=np.ones_like(unknown),
            later=np.ones_like(unknown),
        ),
        "all missing": replace(
            sixty, pre=np.full(60, NAN), post=np.full(60, NAN), cause=zeros, earlier=unknown, later=unknown
        ),
        "one group": replace(sixty, arm=zeros, location=zeros),
        "singular": replace(sixty, pre=sixty.arm.astype(float), location=sixty.arm, earlier=sixty.earlier[:, [0] * 6]),
        "ties": replace(sixty, pre=sixty.pre // 6 * 6, post=sixty.pre // 6 * 6, days=zeros + 30),
        "unequal": replace(study(60), arm=(np.arange(60) == 1).astype(np.int64), location=(np.arange(60) == 1) * 1),
    }


def _long(found: Study, *, arms: bool) -> LongScores:
    person, both = np.repeat(np.arange(found.n), 2), np.column_stack([found.pre, found.post]).ravel()
    return LongScores.of(person, np.tile([0, 1], found.n), both, np.repeat(found.arm, 2) if arms else None)


def _line(found: Study) -> Floats:
    return np.column_stack([np.ones(2 * found.n), np.tile([0.0, 1.0], found.n)])


def _change(found: Study, arm: int) -> Floats:
    change: Floats = (found.post - found.pre)[found.arm == arm]
    return change


def _counts(found: Study) -> tuple[int, int, int, int]:
    """Of each arm: who scores 3 or more at the start, out of how many."""
    arms = [found.pre[found.arm == arm] for arm in (0, 1)]
    return tuple(int(number) for arm in arms for number in ((arm >= 3).sum(), len(arm)))  # type: ignore[return-value]


def _spread(found: Study) -> list[float]:
    """The scores that are there as estimates to pool."""
    return [float(value) for value in found.pre[~np.isnan(found.pre)]]


def _covariates(found: Study) -> dict[str, Floats]:
    return {"score": found.pre, "arm": found.arm.astype(float)}


_BANDS = (Band(0, 2, "not", {}), Band(3, 11, "lonely", {}))
_ONES = Wobble(3, 0.8, 0, 11, "made up")

#: Every statistic that is asked of people's data, by name.
STATISTICS: Mapping[str, Callable[[Study], object]] = {
    "wilson": lambda s: wilson(*_counts(s)[:2]),
    "clopper_pearson": lambda s: clopper_pearson(*_counts(s)[:2]),
    "newcombe": lambda s: newcombe(*_counts(s)),
    "compare_shares": lambda s: compare_shares(*_counts(s)),
    "kaplan_meier": lambda s: kaplan_meier(s.days, s.cause == 1),
    "median_time": lambda s: median_time(kaplan_meier(s.days, s.cause == 1)) if s.n else kaplan_meier([], []),  # type: ignore[arg-type]
    "cumulative_incidence": lambda s: cumulative_incidence(s.days, s.cause, 2),
    "log_rank": lambda s: log_rank(s.days, s.cause == 1, s.arm),
    "paired_effect": lambda s: paired_effect(s.pre, s.post, np.random.default_rng(1)),
    "t_interval": lambda s: t_interval(s.pre[~np.isnan(s.pre)]),
    "paired_sizes": lambda s: paired_sizes(s.pre, s.post),
    "group_sizes": lambda s: group_sizes(_change(s, 0), _change(s, 1)),
    "d_z": lambda s: d_z(0.5, s.n),
    "sign_flip_test": lambda s: sign_flip_test(s.post - s.pre, np.random.default_rng(1), patterns=99),
    "share_in_band": lambda s: share_in_band(s.pre, 3, 11),
    "band_change": lambda s: band_change(s.pre, s.post, 3, 11),
    "transitions": lambda s: transitions(s.pre, s.post, _BANDS),
    "exact_mcnemar": lambda s: exact_mcnemar(int((s.cause == 1).sum()), int((s.cause == 2).sum())),
    "reliable_change": lambda s: reliable_change(s.pre, s.post, _ONES, edge=3),
    "paired_equivalence": lambda s: paired_equivalence(s.pre, s.post, 1),
    "group_equivalence": lambda s: group_equivalence(_change(s, 0), _change(s, 1), 1),
    "regression_note": lambda s: regression_note(s.pre, Population(4, 0.7, 100, "made up")),
    "holm": lambda s: holm([0.05] * s.n),
    "benjamini_hochberg": lambda s: benjamini_hochberg([0.05] * s.n),
    "ancova": lambda s: ancova(s.pre, s.post, s.arm, ("a", "b"), assignment=Assignment.RANDOMISED),
    "difference_in_differences": lambda s: difference_in_differences(_change(s, 0), _change(s, 1)),
    "time_by_arm": lambda s: time_by_arm(_long(s, arms=True), ("before", "after"), ("a", "b"), primary=1),
    "course": lambda s: course(_long(s, arms=False), ("before", "after")),
    "mixed_model": lambda s: fit(
        np.column_stack([s.pre, s.post]).ravel(), _line(s), np.repeat(np.arange(s.n), 2), ["1", "t"]
    ),
    "cluster_robust": lambda s: cluster_robust(s.pre, np.column_stack([np.ones(s.n), s.arm]), s.location, ["1", "arm"]),
    "attrition": lambda s: attrition(np.isnan(s.post), _covariates(s)),
    "logistic": lambda s: logistic(np.isnan(s.post), _covariates(s)),
    "welch": lambda s: welch(s.pre[s.arm == 0], s.pre[s.arm == 1]),
    "standardised_difference": lambda s: standardised_difference(s.pre[s.arm == 0], s.pre[s.arm == 1]),
    "mean_change": lambda s: mean_change(s.pre, s.post),
    "completers_beside_everyone": lambda s: completers_beside_everyone(s.pre, s.post),
    "change_within": lambda s: change_within(s.pre, s.post, s.arm == 0),
    "delta_adjusted": lambda s: delta_adjusted(s.pre, s.post),
    "tipping_point": lambda s: tipping_point(s.pre, s.post, 11.0),
    "common_items_change": lambda s: common_items_change(s.earlier, s.later, 1),
    "pool": lambda s: pool(_spread(s), [1.0] * len(_spread(s))),
    "alpha": lambda s: alpha(ITEMS, s.earlier),
    "loevinger": lambda s: loevinger(ITEMS, s.earlier),
    "item_shares": lambda s: item_shares(ITEMS, s.earlier),
    "item_drift": lambda s: item_drift(ITEMS, s.earlier, s.later),
}
