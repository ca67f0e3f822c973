"""One arm of a programme as columns: who was measured when, which scores count at this moment, and who makes a pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from service.measures.analysis.plan import AnalysisPlan
from service.measures.analysis.records import Enrolled, Record, Records
from service.measures.analysis.sheet import Rests
from service.measures.complete import Floats
from service.measures.derivable import Moments
from service.measures.item_values import item_values
from service.measures.scoring_table import MISSING, Codes, codes_of

#: The arms in the order in which they always stand.
ARMS = ("intervention", "waiting_list", "comparison")
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ArmView:
    """One arm. `people` are its enrolments in the order of their keys; every column below stands in that order.

    `records` finds a measurement by enrolment and wave. A score that does not count yet is NaN in every column.
    """

    arm: str
    records: Records
    plan: AnalysisPlan
    people: tuple[Enrolled, ...]
    by_wave: Mapping[tuple[str, str], Record]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The enrolments."""
        return tuple(person.key for person in self.people)

    @property
    def wave_keys(self) -> tuple[str, ...]:
        """The waves of the protocol."""
        return tuple(wave.key for wave in self.records.waves)

    def of_wave(self, wave: str) -> Iterator[Record]:
        """The measurements of this wave, of whom it was planned for."""
        return (found for key in self.keys if (found := self.by_wave.get((key, wave))) is not None)

    def course(self, wave: str, score: str) -> Floats:
        """The points of a score in a wave, of everybody whose measurement counts in the mean of its wave."""
        return self._column(wave, score, [self._counts(key, wave) for key in self.keys])

    def pairs(self, score: str) -> tuple[Floats, Floats]:
        """The points of a score at baseline and at the primary wave, of the people whose change counts."""
        here = [key in self.paired for key in self.keys]
        return self._column(self.plan.baseline, score, here), self._column(self.plan.primary, score, here)

    @cached_property
    def paired(self) -> frozenset[str]:
        """Whose paired change counts at this moment."""
        return frozenset(
            record.enrolment
            for record in self.of_wave(self.plan.primary)
            if record.in_change and (record.enrolment, self.plan.baseline) in self.by_wave
        )

    def pair_count(self) -> int:
        """How many people have both scores, and count at this moment."""
        pre, post = self.pairs(self.plan.outcome)
        return int((~np.isnan(post - pre)).sum())

    def valid(self, wave: str) -> int:
        """How many valid scores this wave has, counted yet or not."""
        return sum(record.scores.get(self.plan.outcome) is not None for record in self.of_wave(wave))

    @cached_property
    def valid_pairs(self) -> int:
        """How many people have both scores, counted yet or not."""
        return sum(
            record.scores.get(self.plan.outcome) is not None
            and (before := self.by_wave.get((record.enrolment, self.plan.baseline))) is not None
            and before.scores.get(self.plan.outcome) is not None
            for record in self.of_wave(self.plan.primary)
        )

    def answers(self, wave: str, keys: frozenset[str] | None = None) -> tuple[tuple[str, ...], Codes]:
        """Who gave answers that count in this wave (of these enrolments), and the matrix of their codes."""
        chosen = [
            record
            for record in self.of_wave(wave)
            if record.codes and (record.in_course if keys is None else record.enrolment in keys)
        ]
        return tuple(record.enrolment for record in chosen), self._codes(chosen)

    def items(self, wave: str, score: str, keys: frozenset[str] | None = None) -> tuple[tuple[str, ...], Floats]:
        """Who gave answers that count, and what each answer adds to a score (0 and 1, or points; NaN: no answer)."""
        who, codes = self.answers(wave, keys)
        rule = self.records.instrument.score_rule(score)
        return who, item_values(self.records.instrument, codes, rule)

    def moments(self, wave: str, score: str, weight: float = 1.0) -> Moments:
        """What a score is made of, for disclosure: its items in this wave. A total and its subscales share them."""
        return tuple((f"{wave}:{item}", weight) for item in self.records.instrument.score_rule(score).items)

    def change_moments(self, score: str) -> Moments:
        """What a change of a score is made of."""
        return (*self.moments(self.plan.primary, score), *self.moments(self.plan.baseline, score, -1.0))

    def skipped(self, score: str, sides: Sequence[tuple[str, float]]) -> dict[str, Moments]:
        """What a sum of waves with weights is made of for those who skipped an item: it adds nothing, and a reader
        knows that. Without this, a few who skipped would seem to be among those a figure is about."""
        items = self.records.instrument.score_rule(score).items
        found = {}
        for key in self.keys:
            gaps = [self._gaps.get((key, wave), _NONE) for wave, _ in sides]
            if any(not gap.isdisjoint(items) for gap in gaps):
                found[key] = tuple(
                    (f"{wave}:{item}", weight)
                    for (wave, weight), gap in zip(sides, gaps, strict=True)
                    for item in items
                    if item not in gap
                )
        return found

    def change_skipped(self, score: str) -> dict[str, Moments]:
        """What a change of a score is made of for those who skipped an item."""
        if score not in self._changes_skipped:
            sides = ((self.plan.primary, 1.0), (self.plan.baseline, -1.0))
            self._changes_skipped[score] = self.skipped(score, sides)
        return self._changes_skipped[score]

    @cached_property
    def _changes_skipped(self) -> dict[str, dict[str, Moments]]:
        """By score: every subgroup asks for it again."""
        return {}

    @cached_property
    def _gaps(self) -> dict[tuple[str, str], frozenset[int]]:
        """Per measurement with answers the items without one, where there are any."""
        known = frozenset(codes_of(self.records.instrument))
        items = [item.number for item in self.records.instrument.items]
        found = {
            at: frozenset(item for item in items if record.codes.get(item) not in known)
            for at, record in self.by_wave.items()
            if record.codes
        }
        return {at: gaps for at, gaps in found.items() if gaps}

    def known(self, values: Floats) -> dict[str, float]:
        """A column as a value per enrolment, without who has none."""
        return {key: float(value) for key, value in zip(self.keys, values, strict=True) if not np.isnan(value)}

    def key(self, *parts: str) -> str:
        """A name for a question of this arm that no other arm has."""
        return ".".join((self.arm, *parts))

    @property
    def change(self) -> Rests:
        """On what the paired change rests."""
        return Rests((self.key("change"),), self.valid_pairs)

    @property
    def both_means(self) -> Rests:
        """On what a figure rests that tells the two means of the pairs, or their two spreads."""
        return Rests((self.key("change"), self.key("before"), self.key("after")), self.valid_pairs)

    def mean(self, wave: str) -> Rests:
        """On what the mean of a wave rests."""
        return Rests((self.key("course", wave),), self.valid(wave))

    def _counts(self, key: str, wave: str) -> bool:
        record = self.by_wave.get((key, wave))
        return record is not None and record.in_course

    def _column(self, wave: str, score: str, here: list[bool]) -> Floats:
        values = np.full(len(self.keys), np.nan)
        for place, (key, counts) in enumerate(zip(self.keys, here, strict=True)):
            record = self.by_wave.get((key, wave)) if counts else None
            points = record.scores.get(score) if record is not None else None
            if points is not None:
                values[place] = points
        return values

    def _codes(self, chosen: list[Record]) -> Codes:
        instrument = self.records.instrument
        places = {code: place for place, code in enumerate(codes_of(instrument))}
        codes = np.full((len(chosen), len(instrument.items)), MISSING, dtype=np.int8)
        for row, record in enumerate(chosen):
            for column, item in enumerate(instrument.items):
                codes[row, column] = places.get(record.codes.get(item.number, ""), MISSING)
        return codes


def arms_of(records: Records, plan: AnalysisPlan) -> tuple[ArmView, ...]:
    """The arms that anybody is enrolled in, in their fixed order."""
    all_waves = {(record.enrolment, record.wave): record for record in records.measurements}
    people: dict[str, list[Enrolled]] = {}
    # In one order, so that sums are rounded alike and chance falls on the same people, whatever file they came in.
    for person in sorted(records.enrolments, key=lambda one: one.key):
        people.setdefault(person.arm, []).append(person)
    found = []
    for arm in (arm for arm in ARMS if arm in people):
        keys = {person.key for person in people[arm]}
        by_wave = {at: record for at, record in all_waves.items() if at[0] in keys}
        found.append(ArmView(arm, records, plan, tuple(people[arm]), by_wave))
    return tuple(found)
