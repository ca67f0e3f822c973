"""Whether two measurements may be set beside each other, and what may never stand in a series of outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.measures.estimate import NotEstimable, Reason


@dataclass(frozen=True, slots=True)
class Measured:
    """One valid score of one person in one wave, with how it came about.

    `row` is the line it stood on, for whoever must mend it. `helper_delivers`: the answers were given with help of
    somebody who delivers the intervention. `from_check_in`: a single question between the waves, not the scale.
    """

    row: int
    person: str
    wave: str
    instrument: str
    version: str
    language: str
    mode: str
    day: date
    enrolled_on: date
    helper_delivers: bool = False
    from_check_in: bool = False
    cutoff_set: str = ""  # empty: the instrument's own default


class Fault(StrEnum):
    """Why a row cannot stand in a series of outcomes."""

    CHECK_IN = "check_in_in_outcome_series"  # another question over another period (measures.md 3.2)
    MIXED_INSTRUMENTS = "mixed_instruments"  # another instrument than the first row of the series
    MIXED_VERSIONS = "mixed_versions"  # another version than the first row of the series
    DUPLICATE = "duplicate_person_wave"
    BEFORE_ENROLMENT = "before_enrolment"
    UNKNOWN_CUTOFF_SET = "unknown_cutoff_set"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault, in one row. `found` is what stands there, `expected` what should (both may be empty)."""

    row: int
    fault: Fault
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeSeries:
    """Scores of one instrument in one version, each person once per wave, none before enrolment, no check-ins."""

    instrument: str
    version: str
    rows: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class RefusedSeries:
    """These rows are no series of outcomes. Every fault is named, not only the first."""

    faults: tuple[RowFault, ...]


class Difference(StrEnum):
    """In what two measurements of one person were not alike (measures.md 3.1, 9)."""

    INSTRUMENT = "instrument"
    VERSION = "version"
    LANGUAGE = "language"
    MODE = "mode"
    HELPER_DELIVERS = "helper_delivers"  # at one of the two, or both


class Verdict(StrEnum):
    """What may be done with two waves."""

    JOIN = "join"  # every pair is alike
    JOIN_WITH_SENSITIVITY = "join_with_sensitivity"  # joined, with the pairs that are alike beside it
    SPLIT = "split"  # another instrument or version: two series, never one line


@dataclass(frozen=True, slots=True)
class Pair:
    """Two measurements of one person, and in what they were not alike."""

    earlier: Measured
    later: Measured
    differences: frozenset[Difference]


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """The verdict on two waves, every pair, how many are alike, and how many pairs each difference touches."""

    verdict: Verdict
    pairs: tuple[Pair, ...]
    alike: int
    touched: Mapping[Difference, int]

    def without(self, *differences: Difference) -> tuple[bool, ...]:
        """Per pair: whether it has none of these differences. For the sensitivity analyses."""
        return tuple(pair.differences.isdisjoint(differences) for pair in self.pairs)


def outcome_series(
    rows: Sequence[Measured], cutoff_sets: Mapping[str, frozenset[str]]
) -> OutcomeSeries | RefusedSeries | NotEstimable:
    """The rows as one series of outcomes, or everything that forbids it.

    `cutoff_sets` holds the known sets per instrument. Check-ins are refused whatever they are about: their rows count
    in no other check. The series is of the instrument and version of its first row. NO_DATA without rows.
    """
    if not rows:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    faults = [RowFault(row.row, Fault.CHECK_IN, row.instrument) for row in rows if row.from_check_in]
    scores = [row for row in rows if not row.from_check_in]
    seen: dict[tuple[str, str], int] = {}
    for row in scores:
        faults += _mixed(row, scores[0]) + _wrong_in_itself(row, cutoff_sets)
        if (row.person, row.wave) in seen:
            faults.append(RowFault(row.row, Fault.DUPLICATE, row.wave, str(seen[row.person, row.wave])))
        seen.setdefault((row.person, row.wave), row.row)
    if faults:
        return RefusedSeries(tuple(sorted(faults, key=lambda fault: fault.row)))
    return OutcomeSeries(scores[0].instrument, scores[0].version, tuple(scores))


def like_for_like(earlier: Sequence[Measured], later: Sequence[Measured]) -> LikeForLike | NotEstimable:
    """Whether two waves may be joined into one series, on the people measured in both (measures.md 3.1, 9).

    Another instrument or version in any pair splits the series. Another language or mode, or the help of somebody who
    delivers the intervention, leaves it joined, with the estimate in the alike pairs beside it. Each wave holds a
    person once (see `outcome_series`). NO_DATA without pairs.
    """
    first = {row.person: row for row in earlier}
    pairs = tuple(
        Pair(first[row.person], row, _differences(first[row.person], row)) for row in later if row.person in first
    )
    if not pairs:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    touched = Counter(difference for pair in pairs for difference in pair.differences)
    alike = sum(not pair.differences for pair in pairs)
    return LikeForLike(_verdict(touched), pairs, alike, {kind: touched[kind] for kind in Difference if touched[kind]})


def _mixed(row: Measured, first: Measured) -> list[RowFault]:
    if row.instrument != first.instrument:
        return [RowFault(row.row, Fault.MIXED_INSTRUMENTS, row.instrument, first.instrument)]
    if row.version != first.version:
        return [RowFault(row.row, Fault.MIXED_VERSIONS, row.version, first.version)]
    return []


def _wrong_in_itself(row: Measured, cutoff_sets: Mapping[str, frozenset[str]]) -> list[RowFault]:
    faults = []
    if row.day < row.enrolled_on:
        faults.append(RowFault(row.row, Fault.BEFORE_ENROLMENT, row.day.isoformat(), row.enrolled_on.isoformat()))
    known = cutoff_sets.get(row.instrument, frozenset())
    if row.cutoff_set and row.cutoff_set not in known:
        faults.append(RowFault(row.row, Fault.UNKNOWN_CUTOFF_SET, row.cutoff_set, ", ".join(sorted(known))))
    return faults


def _differences(earlier: Measured, later: Measured) -> frozenset[Difference]:
    compared = {
        Difference.INSTRUMENT: earlier.instrument != later.instrument,
        Difference.VERSION: earlier.version != later.version,
        Difference.LANGUAGE: earlier.language != later.language,
        Difference.MODE: earlier.mode != later.mode,
        Difference.HELPER_DELIVERS: earlier.helper_delivers or later.helper_delivers,
    }
    return frozenset(kind for kind, differs in compared.items() if differs)


def _verdict(touched: Mapping[Difference, int]) -> Verdict:
    if touched.get(Difference.INSTRUMENT) or touched.get(Difference.VERSION):
        return Verdict.SPLIT
    return Verdict.JOIN_WITH_SENSITIVITY if touched else Verdict.JOIN
