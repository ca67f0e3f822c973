"""What every statistic says when there is next to nothing to estimate: a figure, or the name of what is lacking."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest

from service.measures.clusters import ClusterRobust, cluster_robust
from service.measures.estimate import Estimate, NotEstimable, Reason
from tests.measures.degenerate_scene import STATISTICS, Study, situations, study

#: Per statistic and situation the reason why there is no figure; "." is a figure (of which parts may still have none).
TABLE = """
statistic                  | nobody  | one       | two         | no variance | all missing | one group | singular    | ties        | unequal
wilson                     | no_data | .         | .           | .           | .           | .         | .           | .           | .
clopper_pearson            | no_data | .         | .           | .           | .           | .         | .           | .           | .
newcombe                   | no_data | no_data   | .           | .           | .           | no_data   | .           | .           | .
compare_shares             | no_data | no_data   | .           | .           | .           | no_data   | .           | .           | .
kaplan_meier               | no_data | .         | .           | .           | .           | .         | .           | .           | .
median_time                | no_data | .         | not_reached | not_reached | not_reached | .         | .           | not_reached | .
cumulative_incidence       | no_data | .         | .           | .           | .           | .         | .           | .           | .
log_rank                   | no_data | one_group | no_variance | no_variance | no_variance | one_group | .           | .           | .
paired_effect              | no_data | too_few   | .           | .           | no_data     | .         | .           | .           | .
t_interval                 | too_few | too_few   | .           | no_variance | too_few     | .         | .           | .           | .
paired_sizes               | no_data | too_few   | .           | .           | no_data     | .         | .           | .           | .
group_sizes                | no_data | one_group | too_few     | no_variance | no_data     | one_group | .           | no_variance | too_few
d_z                        | too_few | too_few   | .           | .           | .           | .         | .           | .           | .
sign_flip_test             | no_data | .         | .           | .           | no_data     | .         | .           | .           | .
share_in_band              | no_data | .         | .           | .           | no_data     | .         | .           | .           | .
band_change                | no_data | .         | .           | .           | no_data     | .         | .           | .           | .
transitions                | no_data | .         | .           | .           | no_data     | .         | .           | .           | .
exact_mcnemar              | .       | .         | .           | .           | .           | .         | .           | .           | .
reliable_change            | no_data | .         | .           | .           | no_data     | .         | .           | .           | .
paired_equivalence         | no_data | too_few   | .           | no_variance | no_data     | .         | .           | no_variance | .
group_equivalence          | no_data | one_group | too_few     | no_variance | no_data     | one_group | .           | no_variance | too_few
regression_note            | no_data | too_few   | .           | no_variance | no_data     | .         | .           | .           | .
holm                       | .       | .         | .           | .           | .           | .         | .           | .           | .
benjamini_hochberg         | .       | .         | .           | .           | .           | .         | .           | .           | .
ancova                     | no_data | one_group | too_few     | singular    | no_data     | one_group | singular    | no_variance | .
difference_in_differences  | no_data | one_group | too_few     | no_variance | no_data     | one_group | .           | no_variance | too_few
time_by_arm                | no_data | one_group | too_few     | no_variance | no_data     | one_group | .           | no_variance | .
course                     | no_data | too_few   | too_few     | no_variance | no_data     | .         | .           | no_variance | .
mixed_model                | no_data | too_few   | too_few     | no_variance | no_data     | .         | .           | no_variance | .
cluster_robust             | no_data | too_few   | too_few     | no_variance | no_data     | singular  | no_variance | .           | .
attrition                  | no_data | .         | .           | .           | .           | .         | .           | .           | .
logistic                   | no_data | one_group | one_group   | one_group   | no_data     | singular  | singular    | one_group   | separated
welch                      | no_data | one_group | too_few     | no_variance | no_data     | one_group | no_variance | .           | too_few
standardised_difference    | no_data | one_group | too_few     | no_variance | no_data     | one_group | no_variance | .           | too_few
mean_change                | no_data | too_few   | .           | no_variance | no_data     | .         | .           | no_variance | .
completers_beside_everyone | .       | .         | .           | .           | .           | .         | .           | .           | .
change_within              | .       | .         | .           | .           | .           | .         | .           | .           | .
delta_adjusted             | .       | .         | .           | .           | .           | .         | .           | .           | .
tipping_point              | no_data | too_few   | not_reached | no_variance | no_data     | .         | not_reached | no_variance | .
common_items_change        | .       | .         | .           | .           | .           | .         | .           | .           | .
pool                       | no_data | too_few   | .           | .           | no_data     | .         | .           | .           | .
alpha                      | too_few | too_few   | too_few     | no_variance | too_few     | .         | .           | .           | .
loevinger                  | too_few | too_few   | too_few     | no_variance | too_few     | .         | .           | .           | .
item_shares                | .       | .         | .           | .           | .           | .         | .           | .           | .
item_drift                 | no_data | .         | .           | .           | .           | .         | .           | .           | .
"""
HEADER, *LINES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
CASES = [(line[0], situation, said) for line in LINES for situation, said in zip(HEADER[1:], line[1:], strict=True)]


def numbers(found: object) -> Iterator[float]:
    """Every number in a result, however deep."""
    if isinstance(found, float | np.floating):
        yield float(found)
    elif isinstance(found, np.ndarray):
        yield from (float(value) for value in found.ravel()[:10_000]) if found.dtype.kind == "f" else ()
    elif isinstance(found, Mapping):
        yield from numbers(tuple(found.values()))
    elif isinstance(found, tuple | list):
        for part in found:
            yield from numbers(part)
    elif dataclasses.is_dataclass(found) and not isinstance(found, type):
        for field in dataclasses.fields(found):
            yield from numbers(getattr(found, field.name))


def is_sound(found: object) -> None:
    """Finite numbers only, whatever part has a reason instead."""
    assert all(math.isfinite(number) for number in numbers(found)), found


def test_every_statistic_meets_every_situation() -> None:
    assert [line[0] for line in LINES] == list(STATISTICS)
    assert HEADER[1:] == list(situations())


@pytest.mark.parametrize(("statistic", "situation", "said"), CASES, ids=[f"{case[0]}, {case[1]}" for case in CASES])
def test_it_is_a_figure_or_a_named_reason(statistic: str, situation: str, said: str) -> None:
    found = STATISTICS[statistic](situations()[situation])
    assert (str(found.reason) if isinstance(found, NotEstimable) else ".") == said
    is_sound(found)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_an_ordinary_study_has_every_figure(statistic: str) -> None:
    found = STATISTICS[statistic](study(200))
    assert not isinstance(found, NotEstimable)
    is_sound(found)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_million_people_give_a_figure(statistic: str, million: Study) -> None:
    found = STATISTICS[statistic](million)
    assert not isinstance(found, NotEstimable)
    is_sound(found)


@pytest.fixture(scope="module")
def million() -> Study:
    return study(1_000_000)


def test_a_missing_value_is_left_out_of_a_cluster_robust_line_and_an_infinite_one_refused() -> None:
    whole = study(60)
    line = np.column_stack([np.ones(60), whole.arm])
    gaps, wild = replace(whole, pre=whole.pre.copy()), whole.pre.copy()
    gaps.pre[:5], wild[3] = np.nan, np.inf
    found = cluster_robust(gaps.pre, line, whole.location, ["1", "arm"])
    kept = cluster_robust(whole.pre[5:], line[5:], whole.location[5:], ["1", "arm"])
    assert isinstance(found, ClusterRobust)
    assert found == kept
    assert cluster_robust(wild, line, whole.location, ["1", "arm"]) == NotEstimable(Reason.OUT_OF_RANGE)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_nobody_is_never_an_estimate(statistic: str) -> None:
    assert not list(_estimates(STATISTICS[statistic](situations()["nobody"])))


def test_an_interval_holds_its_estimate() -> None:
    for statistic in STATISTICS.values():
        for found in situations().values():
            for part in _estimates(statistic(found)):
                slack = 1e-9 * max(1.0, abs(part.value))
                assert part.low - slack <= part.value <= part.high + slack


def _estimates(found: object) -> Iterator[Estimate]:
    if isinstance(found, Estimate):
        yield found
    elif isinstance(found, tuple | list):
        for part in found:
            yield from _estimates(part)
    elif dataclasses.is_dataclass(found) and not isinstance(found, type):
        for field in dataclasses.fields(found):
            yield from _estimates(getattr(found, field.name))
