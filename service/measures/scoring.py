"""Answers -> scores, exactly by the published rule: never prorated, never imputed (measures.md 1.3, 1.4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from service.measures.instrument import NO_ANSWER, Band, Formula, Instrument, ScoreRule

#: The version of the code below; it is stored with every score.
SCORING_VERSION = "1"


class UnknownCode(ValueError):
    """An answer code that the instrument does not know. Carries the item number and the code."""

    def __init__(self, item: int, code: str) -> None:
        super().__init__(f"Item {item}: the code {code!r} is not one of the codes of this instrument.")
        self.item = item
        self.code = code


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one response.

    `values` holds one entry per score rule (None when too many items are missing), in points.
    `band` is the key of the default band of the primary score, None when there is no primary score.
    `lower_bound` is true when an item is missing and one point more would cross a band edge (measures.md 9).
    `input_hash` is the SHA-256 of instrument, version and the answers used.
    """

    instrument: str
    version: str
    values: Mapping[str, int | None]
    band: str | None
    cutoff_set: str | None
    missing: int
    lower_bound: bool
    input_hash: str
    scoring_version: str = SCORING_VERSION

    @property
    def complete(self) -> bool:
        """True when the primary score (the last rule) has a value."""
        return list(self.values.values())[-1] is not None


def score(instrument: Instrument, answers: Mapping[int, str | None]) -> Scored:
    """Score one response.

    `answers` maps item number -> code; absent, None and NO_ANSWER are all missing. Items that the instrument does not
    have are left aside, so that answers to the 11 items give the 6-item score as well. Raises UnknownCode.
    """
    given = _given(instrument, answers)
    values = {rule.key: _value(instrument, rule, given) for rule in instrument.scores}
    primary = instrument.primary
    band = band_of(instrument, values[primary.key])
    return Scored(
        instrument=instrument.key,
        version=instrument.version,
        values=values,
        band=band.key if band else None,
        cutoff_set=_cutoff_set(instrument) if band else None,
        missing=sum(item.number not in given for item in instrument.items),
        lower_bound=_is_lower_bound(instrument, values[primary.key], given),
        input_hash=_input_hash(instrument, given),
    )


def _given(instrument: Instrument, answers: Mapping[int, str | None]) -> dict[int, str]:
    """The answers that count, by item number."""
    given = {}
    for item in instrument.items:
        code = answers.get(item.number)
        if code is None or code == NO_ANSWER:
            continue
        if code not in instrument.accepted_codes:
            raise UnknownCode(item.number, code)
        given[item.number] = code
    return given


def _value(instrument: Instrument, rule: ScoreRule, given: Mapping[int, str]) -> int | None:
    """The score, or None when more items are missing than the rule allows."""
    if sum(number not in given for number in rule.items) > rule.max_missing:
        return None
    answered = [number for number in rule.items if number in given]
    return sum(item_points(instrument, rule.formula, number, given[number]) for number in answered)


def item_points(instrument: Instrument, formula: Formula, number: int, code: str) -> int:
    """What one answer adds to a score: 1 or 0 where lonely answers are counted, else the value of the code.

    scoring_table builds its tables from this function and from `band_of`: there is one definition of a score.
    """
    if formula is not Formula.COUNT_LONELY:
        return instrument.accepted_codes[code]
    subscale = instrument.item(number).subscale
    return int(subscale is not None and code in instrument.lonely_codes[subscale])


def _cutoff_set(instrument: Instrument) -> str | None:
    cutoffs = instrument.default_cutoffs()
    return cutoffs.key if cutoffs else None


def band_of(instrument: Instrument, value: int | None) -> Band | None:
    """The band of the default set in which a value of the primary score falls."""
    cutoffs = instrument.default_cutoffs()
    if cutoffs is None or value is None:
        return None
    return next((band for band in cutoffs.bands if band.lowest <= value <= band.highest), None)


def _is_lower_bound(instrument: Instrument, value: int | None, given: Mapping[int, str]) -> bool:
    """Whether one more lonely answer would have changed the band: an item is missing and the next point crosses."""
    if value is None or all(number in given for number in instrument.primary.items):
        return False
    return crosses_band(instrument, value)


def crosses_band(instrument: Instrument, value: int) -> bool:
    """Whether one point more of the primary score is another band."""
    return band_of(instrument, value + 1) != band_of(instrument, value)


def _input_hash(instrument: Instrument, given: Mapping[int, str]) -> str:
    numbers = sorted(item.number for item in instrument.items)
    used = [instrument.key, instrument.version, [[number, given.get(number)] for number in numbers]]
    return hashlib.sha256(json.dumps(used).encode()).hexdigest()
