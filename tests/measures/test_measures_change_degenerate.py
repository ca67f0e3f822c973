"""Whatever the scores are, the answer is finite numbers in their order or a named reason; never a crash."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.bands import band_change, share_in_band, transitions
from service.measures.change import paired_effect
from service.measures.effect_size import group_sizes, paired_sizes
from service.measures.equivalence import group_equivalence, paired_equivalence
from service.measures.estimate import Estimate, NotEstimable
from service.measures.instrument import Band, Polarity
from service.measures.regression_to_mean import Population, regression_note
from service.measures.reliable_change import Wobble, reliable_change
from service.measures.sign_flip import sign_flip_test

SCORE = (
    st.none()
    | st.integers(0, 11)
    | st.sampled_from([0.1, 0.2, 0.3, 1 / 3, 1e-9, 1e-300, 1e8 + 0.1, 1e9, 1e300, math.inf, -math.inf, math.nan, -7])
    | st.floats()
)
PAIRS = st.lists(st.tuples(SCORE, SCORE), max_size=20)
ALIKE = st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.7]), st.just(0.3)), max_size=6)


def figures(found: object) -> Iterator[object]:
    """Everything in a result, however deep."""
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        yield found
        for field in dataclasses.fields(found):
            yield from figures(getattr(found, field.name))
    elif isinstance(found, tuple):
        for part in found:
            yield from figures(part)
    else:
        yield found


def is_sound(found: object) -> None:
    if isinstance(found, NotEstimable):
        return
    for figure in figures(found):
        assert figure is not None
        if isinstance(figure, float):
            assert math.isfinite(figure), found
        if isinstance(figure, Estimate):
            slack = 1e-9 * max(1.0, abs(figure.value))
            assert figure.low - slack <= figure.value <= figure.high + slack, found
            assert figure.n > 0


def everything_of(pairs: list[tuple[float | None, float | None]]) -> None:
    pre, post = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    scale = Wobble(3, 0.8, 0, 11, "made up")
    for found in (
        paired_effect(pre, post, np.random.default_rng(1)),
        paired_sizes(pre, post),
        group_sizes(pre, post),
        paired_equivalence(pre, post, 1),
        group_equivalence(pre, post, 1),
        sign_flip_test(pre, np.random.default_rng(1)),
        share_in_band(pre, 3, 11),
        band_change(pre, post, 3, 11),
        transitions(pre, post, (Band(0, 2, "not", {}), Band(3, 11, "lonely", {}))),
        reliable_change(pre, post, scale, edge=3),
        reliable_change(pre, post, scale, edge=3, polarity=Polarity.HIGHER_IS_BETTER),
        regression_note(pre, Population(4, 0.7, 100, "made up")),
    ):
        is_sound(found)


def test_any_scores_at_all() -> None:
    settings(max_examples=50, deadline=None, derandomize=True)(given(PAIRS | ALIKE)(everything_of))()


@pytest.mark.slow
def test_any_scores_at_all_a_thousand_times() -> None:
    settings(max_examples=1000, deadline=None, derandomize=True)(given(PAIRS | ALIKE)(everything_of))()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 17, 40])
@pytest.mark.parametrize("post", [None, 3.0, 0.1])
def test_everybody_alike(n: int, post: float | None) -> None:
    everything_of([(3.0, post)] * n)
    everything_of([(0.3, post)] * n)
