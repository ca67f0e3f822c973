"""The quality of measurement of one wave, in one value: scales, items, straight-lining and punctuality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.measures.estimate import NotEstimable
from service.measures.instrument import Instrument
from service.measures.item_quality import ItemShares, StraightLining, item_shares, straight_lining
from service.measures.item_values import item_values
from service.measures.reliability import Alpha, OnTime, alpha, on_time
from service.measures.retention import WaveOutcome
from service.measures.scalability import Scalability, loevinger
from service.measures.scoring_table import Codes


@dataclass(frozen=True, slots=True)
class ScaleQuality:
    """How well the items of one score hang together. H is OUT_OF_RANGE for scales that do not count lonely answers."""

    alpha: Alpha | NotEstimable
    scalability: Scalability | NotEstimable


@dataclass(frozen=True, slots=True)
class WaveQuality:
    """The quality of one wave: per score of the instrument, per item of its primary score, and of the wave at large."""

    scales: Mapping[str, ScaleQuality]
    items: tuple[ItemShares, ...]
    straight_lining: StraightLining | NotEstimable
    on_time: OnTime


def wave_quality(
    instrument: Instrument, codes: Codes, outcomes: Sequence[WaveOutcome], level: float = 0.95
) -> WaveQuality:
    """Judge one wave (measures.md 3.4, 4.8).

    `codes` are the answers of everybody who gave any (`scoring_table`), `outcomes` one per enrolment. The parts say
    for themselves when they are not estimable.
    """
    scales = {}
    for rule in instrument.scores:
        values = item_values(instrument, codes, rule)
        scales[rule.key] = ScaleQuality(alpha(rule.items, values, level), loevinger(rule.items, values, level))
    primary = instrument.primary
    return WaveQuality(
        scales=scales,
        items=item_shares(primary.items, item_values(instrument, codes, primary), level),
        straight_lining=straight_lining(instrument, codes, level),
        on_time=on_time(outcomes, level),
    )
