"""The quality of a wave: every interval at the level asked for, and straight lines that are no straight lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.instrument import Instrument
from service.measures.intervals import wilson
from service.measures.item_quality import StraightLining, item_drift, item_shares, straight_lining
from service.measures.item_values import item_values
from service.measures.reliability import Alpha, alpha, on_time
from service.measures.retention import WaveOutcome
from service.measures.scalability import Scalability, Strength, loevinger
from service.measures.scoring_table import MISSING, Codes, codes_of
from service.measures.wave_quality import ScaleQuality, WaveQuality, wave_quality

NAN = np.nan


@pytest.fixture
def djg11(instruments: Mapping[str, Instrument]) -> Instrument:
    return instruments["djg11"]


def answers(instrument: Instrument, seed: int, people: int) -> Codes:
    """People with a trait, so that the items hang together; the last one gives one answer to everything."""
    chance = np.random.default_rng(seed)
    shape = (people, len(instrument.items))
    codes = (chance.normal(size=(people, 1)) + chance.normal(size=shape) > 0).astype(np.int8)
    codes[-1] = 1
    return codes * np.int8(len(codes_of(instrument)) - 1)


def test_every_part_of_a_wave_is_judged_at_the_level_asked_for(djg11: Instrument) -> None:
    codes, outcomes = answers(djg11, 1, 60), [WaveOutcome.COMPLETE] * 9 + [WaveOutcome.LATE]
    values = {rule.key: item_values(djg11, codes, rule) for rule in djg11.scores}
    expected = WaveQuality(
        {
            rule.key: ScaleQuality(
                alpha(rule.items, values[rule.key], 0.8), loevinger(rule.items, values[rule.key], 0.8)
            )
            for rule in djg11.scores
        },
        item_shares(djg11.primary.items, values["total"], 0.8),
        straight_lining(djg11, codes, 0.8),
        on_time(outcomes, 0.8),
    )
    found = wave_quality(djg11, codes, outcomes, 0.8)
    assert found == expected
    assert found != wave_quality(djg11, codes, outcomes)
    assert isinstance(found.straight_lining, StraightLining)
    levels = [
        part.level for share in found.items for part in (share.lonely, share.missing) if isinstance(part, Estimate)
    ]
    assert {found.straight_lining.share.level, *levels} == {0.8}


def test_drift_is_estimated_at_the_level_asked_for_and_stays_a_share() -> None:
    found = item_drift([1, 2], np.array([[0.0, 1.0]] * 3), np.array([[1.0, 0.0]] * 3), 0.99)
    assert not isinstance(found, NotEstimable)
    up, down = found[0].change, found[1].change
    assert isinstance(up, Estimate)
    assert isinstance(down, Estimate)
    assert (up.level, up.high, down.low) == (0.99, 1.0, -1.0)


def test_a_straight_line_is_somebodys_own_answers_and_not_those_of_everybody(djg11: Instrument) -> None:
    """Of two people with one item missing, one is straight: the other is not for what the first answered."""
    yes, no = (codes_of(djg11).index(code) for code in ("yes", "no"))
    codes = np.full((3, 11), yes, np.int8)
    codes[1:, :5] = no
    assert straight_lining(djg11, codes) == StraightLining(wilson(1, 3), {"yes": 1})  # type: ignore[arg-type]


def test_answers_in_one_direction_only_are_no_straight_line(djg11: Instrument) -> None:
    """Where a score may miss many items, who answered those of one direction only says nothing odd."""
    lenient = replace(djg11, scores=(replace(djg11.primary, max_missing=8),))
    yes = codes_of(djg11).index("yes")
    codes = np.full((2, 11), MISSING, np.int8)
    one_way = [place for place, item in enumerate(djg11.items) if item.subscale == "social"]
    codes[0, one_way] = yes
    codes[1] = yes
    assert straight_lining(lenient, codes) == StraightLining(wilson(1, 2), {"yes": 1})  # type: ignore[arg-type]


def test_with_three_directions_two_must_be_answered(djg11: Instrument) -> None:
    third = [replace(item, subscale="third") if item.number in {1, 4} else item for item in djg11.items]
    codes_per_direction = {**djg11.lonely_codes, "third": frozenset({"yes", "more_or_less", "no"})}
    three = replace(
        djg11,
        items=tuple(third),
        lonely_codes=codes_per_direction,
        scores=(replace(djg11.primary, max_missing=9),),
    )
    yes = codes_of(djg11).index("yes")
    codes = np.full((2, 11), MISSING, np.int8)
    codes[0, [place for place, item in enumerate(third) if item.subscale == "third"]] = yes
    codes[1, [place for place, item in enumerate(third) if item.subscale != "social"]] = yes
    assert straight_lining(three, codes) == StraightLining(wilson(1, 2), {"yes": 1})  # type: ignore[arg-type]


def test_nobody_valid_is_no_share_of_straight_lines(djg11: Instrument) -> None:
    codes = np.full((2, 11), MISSING, np.int8)
    assert straight_lining(djg11, codes) == NotEstimable(Reason.NO_DATA, {"n": 0})


def test_two_items_are_a_scale_and_one_that_varies_is_not() -> None:
    chance = np.random.default_rng(6)
    first = chance.random(60) < 0.4
    second = np.where(chance.random(60) < 0.8, first, chance.random(60) < 0.5)
    values = np.column_stack([first, second]).astype(float)
    of_both, scale = alpha([1, 2], values), loevinger([1, 2], values)
    assert isinstance(of_both, Alpha)
    assert isinstance(scale, Scalability)
    together = np.cov(first.astype(float), second.astype(float), ddof=1)
    assert of_both.estimate.value == pytest.approx(4 * together[0, 1] / together.sum())
    shares = values.mean(axis=0)
    expected = np.cov(first.astype(float), second.astype(float), ddof=0)[0, 1] / (shares.min() * (1 - shares.max()))
    assert scale.scale.value == pytest.approx(expected)
    assert scale.items[1].value == scale.items[2].value == pytest.approx(expected)
    constant = np.column_stack([values, np.ones(60)])
    assert alpha([1, 2, 3], constant) == Alpha(of_both.estimate, (1, 2), (3,))
    with_constant = loevinger([1, 2, 3], constant)
    assert isinstance(with_constant, Scalability)
    assert (with_constant.scale, with_constant.skipped) == (scale.scale, (3,))
    lonely = np.column_stack([values[:, :1], np.ones(60)])
    for found in (alpha([1, 2], lonely), loevinger([1, 2], lonely)):
        assert found == NotEstimable(Reason.NO_VARIANCE, {"n": 60, "items": 1})


@pytest.mark.parametrize(
    ("both", "strength"),
    [
        (75, Strength.STRONG),
        (74, Strength.MEDIUM),
        (71, Strength.MEDIUM),
        (69, Strength.WEAK),
        (66, Strength.WEAK),
        (64, Strength.NONE),
    ],
)
def test_the_words_for_a_scale_at_the_level_asked_for(both: int, strength: Strength) -> None:
    """Half of 200 people say yes to each item, so that H is (both/200 - 1/4) / (1/4)."""
    first, second = np.zeros(200), np.zeros(200)
    first[:100] = 1
    second[100 - both : 200 - both] = 1
    found = loevinger([1, 2], np.column_stack([first, second]), 0.9)
    assert isinstance(found, Scalability)
    assert (found.strength, found.scale.n, found.scale.level) == (strength, 200, 0.9)
    assert found.scale.value == pytest.approx((both / 200 - 0.25) / 0.25)
    perfect = loevinger([1, 2], np.column_stack([first, first]), 0.9)
    assert isinstance(perfect, Scalability)
    assert perfect.scale == Estimate(1.0, 1.0, 1.0, 200, 0.9)
