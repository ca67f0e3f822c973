"""What a questionnaire is: items exactly as published, answer codes, scoring key, missing rule, cut-off sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

#: The code that is stored when a person chooses to give no answer. It counts as missing, never as an answer.
NO_ANSWER = "no_answer"


class Formula(StrEnum):
    """How the answers to the items of one score become a number."""

    COUNT_LONELY = "count_lonely"
    SUM = "sum"
    ORDINAL = "ordinal"


class Use(StrEnum):
    """What the answers may serve. A check-in is never part of an outcome series (measures.md 3.2)."""

    OUTCOME = "outcome"
    CHECK_IN = "check_in"


class Polarity(StrEnum):
    """What a higher score means."""

    HIGHER_IS_WORSE = "higher_is_worse"
    HIGHER_IS_BETTER = "higher_is_better"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer category. `code` is what is stored; `label` is keyed by language; `value` is the number in exports."""

    code: str
    label: Mapping[str, str]
    value: int


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question, word for word as published, keyed by language."""

    number: int
    subscale: str | None
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """One score of an instrument: which items, which formula, the range, and how many items may be missing."""

    key: str
    items: tuple[int, ...]
    formula: Formula
    minimum: int
    maximum: int
    max_missing: int


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of a score, both edges included."""

    lowest: int
    highest: int
    key: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CutoffSet:
    """A named set of bands for one score of an instrument (measures.md 1.5).

    `offered` is false for a set that was found in one place only: shown with its source, never applied by itself.
    """

    key: str
    score: str
    bands: tuple[Band, ...]
    source: str
    default: bool = False
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Instrument:
    """A published questionnaire. Immutable once a protocol uses it: another text is another version."""

    key: str
    version: str
    title: Mapping[str, str]
    items: tuple[Item, ...]  # in the order in which they are asked
    options: tuple[Option, ...]  # in the order in which they are shown: digit 1 is the first
    lonely_codes: Mapping[str, frozenset[str]]  # per subscale; empty for sums and ordinals
    accepted_codes: Mapping[str, int]  # every code that may be stored (five-category forms included) -> value
    scores: tuple[ScoreRule, ...]
    cutoffs: tuple[CutoffSet, ...]
    lead_in: Mapping[str, str]
    validated: Mapping[str, bool]  # per language
    source: str
    conditions_of_use: Mapping[str, str]
    sms_allowed: bool
    text_hash: str  # SHA-256 over the items, options and lead-in in every language
    use: Use = Use.OUTCOME
    polarity: Polarity = Polarity.HIGHER_IS_WORSE

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which every item has a text."""
        return frozenset.intersection(*(frozenset(item.text) for item in self.items))

    def item(self, number: int) -> Item:
        """The item with this number; KeyError when the instrument has no such item."""
        for item in self.items:
            if item.number == number:
                return item
        raise KeyError(number)

    def score_rule(self, key: str) -> ScoreRule:
        """The rule of this score; KeyError when the instrument has no such score."""
        for rule in self.scores:
            if rule.key == key:
                return rule
        raise KeyError(key)

    @property
    def primary(self) -> ScoreRule:
        """The score that stands in reports: the last one in the file (`total` or `level`)."""
        return self.scores[-1]

    def default_cutoffs(self) -> CutoffSet | None:
        """The cut-off set that applies to the primary score when nobody chose another one."""
        for cutoffs in self.cutoffs:
            if cutoffs.default:
                return cutoffs
        return None


#: An instrument whose scores may stand in a series of outcomes. Only `outcome` makes one.
OutcomeInstrument = NewType("OutcomeInstrument", Instrument)


class NotAnOutcome(ValueError):
    """This instrument asks how things are going between the measurements; its answers are no outcome."""


def outcome(instrument: Instrument) -> OutcomeInstrument:
    """The instrument as one whose scores are an outcome. Raises NotAnOutcome for a check-in.

    A single daily question and a scale do not move together (measures.md 3.2), so one line through both shows nothing.
    """
    if instrument.use is not Use.OUTCOME:
        raise NotAnOutcome(instrument.key)
    return OutcomeInstrument(instrument)
