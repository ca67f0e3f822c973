"""Whether the rows of a long file agree with each other, and with the answers that stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from service.exports.long_cells import FileFault
from service.measures import like_for_like
from service.measures.analysis.result import Fault
from service.measures.instrument import NO_ANSWER, Instrument
from service.measures.long_records import BASELINE, PRIMARY, Numbered
from service.measures.long_row import LongRow
from service.measures.scoring import SCORING_VERSION
from service.measures.scoring_table import MISSING, Codes, ScoredTable, codes_of, score_table

_OF_ENROLMENT = ("arm", "enrolled_on", "age_group", "received", "exit_kind", "exited_on")
_OF_PROGRAMME = ("intervention", "goal", "site", "planned_end_on", "as_of")
_OF_WAVE = ("wave_number", "wave_role", "wave_days", "wave_title_nl", "wave_title_en")


def contradictions(rows: Sequence[Numbered]) -> Iterator[Fault]:
    """Where a row says something else than an earlier one of the same enrolment, wave or programme."""
    first: dict[tuple[str, ...], Numbered] = {}
    for number, row in rows:
        for about, names in (
            (("enrolment", row.programme, row.key), _OF_ENROLMENT),
            (("programme", row.programme), _OF_PROGRAMME),
            (("wave", row.programme, row.wave), _OF_WAVE),
        ):
            there, other = first.setdefault(about, (number, row))
            if other is not row:
                yield from _differences(number, row, there, other, names)
    yield from _places_taken_twice(rows)


def _differences(number: int, row: LongRow, there: int, other: LongRow, names: Sequence[str]) -> Iterator[Fault]:
    for name in names:
        found, expected = getattr(row, name), getattr(other, name)
        if found != expected:
            told = f"{name}: {_said(found)}"
            yield Fault(number, str(FileFault.CONTRADICTION), told, f"{_said(expected)} (row {there})")


def _said(value: object) -> str:
    return "empty" if value in (None, "") else str(value)


def _places_taken_twice(rows: Sequence[Numbered]) -> Iterator[Fault]:
    """Two waves at one place of the protocol, or with one role."""
    waves: dict[tuple[str, str], Numbered] = {}
    for number, row in rows:
        taken = [f"wave_number: {row.wave_number}"] if row.wave_number is not None else []
        taken += [f"wave_role: {row.wave_role}"] if row.wave_role else []
        for place in taken:
            there, other = waves.setdefault((row.programme, place), (number, row))
            if other.wave != row.wave:
                yield Fault(
                    number, str(FileFault.CONTRADICTION), f"{place} ({row.wave})", f"{other.wave} (row {there})"
                )


def without_primary(rows: Sequence[Numbered]) -> Iterator[Fault]:
    """A programme of which no row says which wave the change is about."""
    first: dict[str, int] = {}
    for number, row in rows:
        first.setdefault(row.programme, number)
    has = {row.programme for _, row in rows if row.wave_role == PRIMARY and row.wave_number is not None}
    for programme in first.keys() - has:
        yield Fault(first[programme], str(FileFault.MISSING_VALUE), "wave_role", f"{BASELINE}, {PRIMARY}")


def duplicates(rows: Sequence[Numbered]) -> Iterator[Fault]:
    """The same wave of the same enrolment twice, where at most one of the two has answers: two with answers are found
    with the series (measures.analysis.faults)."""
    seen: dict[tuple[str, str, str], Numbered] = {}
    for number, row in rows:
        there, other = seen.setdefault((row.programme, row.key, row.wave), (number, row))
        if other is not row and not (row.counted and other.counted and row.answers and other.answers):
            yield Fault(number, str(like_for_like.Fault.DUPLICATE), row.wave, str(there))


def ends_before_start(rows: Sequence[Numbered]) -> Iterator[Fault]:
    """Who left before they enrolled. Answers from before the enrolment are found with the series."""
    for number, row in rows:
        if row.exited_on is not None and row.exited_on < row.enrolled_on:
            fault = str(FileFault.LEFT_BEFORE_ENROLMENT)
            yield Fault(number, fault, row.exited_on.isoformat(), row.enrolled_on.isoformat())


def wrong_scores(rows: Sequence[Numbered], instruments: Mapping[str, Instrument]) -> Iterator[Fault]:
    """Scores that do not follow from the answers beside them, and scores and cut-off sets that nobody knows.

    Codes that the instrument does not have are named elsewhere; a row with such a code is not scored here.
    """
    scorable: dict[str, list[Numbered]] = {}
    for number, row in rows:
        instrument = instruments[row.instrument]
        known = sorted({one.key for one in instrument.cutoffs})
        if row.cutoff_set and row.cutoff_set not in known:
            yield Fault(
                number, str(like_for_like.Fault.UNKNOWN_CUTOFF_SET), row.cutoff_set, ", ".join(known)
            )  # fmt: skip
        if not row.scoring_version:
            if _has_score(row):
                yield Fault(number, str(FileFault.MISSING_VALUE), "scoring_version", SCORING_VERSION)
        elif row.scoring_version != SCORING_VERSION:
            yield Fault(number, str(FileFault.UNKNOWN_SCORING), row.scoring_version, SCORING_VERSION)
        elif _fits(row, instrument):
            scorable.setdefault(row.instrument, []).append((number, row))
    for key, chosen in scorable.items():
        yield from _compared(chosen, instruments[key])


def _has_score(row: LongRow) -> bool:
    told = (row.band, row.cutoff_set, row.lower_bound, row.missing)
    return any(points is not None for points in row.scores.values()) or any(one is not None for one in told)


def _fits(row: LongRow, instrument: Instrument) -> bool:
    codes = instrument.accepted_codes
    right = all(code in codes or code == NO_ANSWER for code in row.answers.values())
    return right and row.instrument_version == instrument.version


def _compared(rows: Sequence[Numbered], instrument: Instrument) -> Iterator[Fault]:
    found = score_table(instrument, _codes(rows, instrument))
    columns = [_column(found, name) for name in found.values]
    cutoffs = instrument.default_cutoffs()
    told = zip(
        rows, zip(*columns, strict=True), found.band.tolist(), found.missing.tolist(), found.lower_bound.tolist(),
        strict=True,
    )  # fmt: skip
    for (number, row), points, band, missing, lower in told:
        expected: dict[str, object] = {**dict.fromkeys(row.scores), **dict(zip(found.values, points, strict=True))}
        actual: dict[str, object] = {**dict.fromkeys(expected), **row.scores}
        expected.update(missing=missing, lower_bound=lower)
        actual.update(missing=row.missing, lower_bound=row.lower_bound)
        if cutoffs is not None and row.cutoff_set == cutoffs.key:
            expected["band"], actual["band"] = None if band == MISSING else found.band_keys[band], row.band
        if expected != actual:
            for name, value in expected.items():
                if actual[name] != value:
                    said = f"{name}: {_said(actual[name])}"
                    yield Fault(number, str(FileFault.SCORE_DIFFERS), said, _said(value))


def _column(found: ScoredTable, name: str) -> list[int | None]:
    column = found.values[name]
    return [
        points if valid else None for points, valid in zip(column.points.tolist(), column.valid.tolist(), strict=True)
    ]


def _codes(rows: Sequence[Numbered], instrument: Instrument) -> Codes:
    places = {code: place for place, code in enumerate(codes_of(instrument))}
    numbers = [item.number for item in instrument.items]
    cells = [[places.get(row.answers.get(number, ""), MISSING) for number in numbers] for _, row in rows]
    return np.array(cells, dtype=np.int8).reshape(len(rows), len(numbers))
