"""The exported long file, read back into the records it was made from: what `peil analyse` computes with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.exports.long_cells import FileFault, Line, header_faults, layout
from service.exports.long_checks import contradictions, duplicates, ends_before_start, without_primary, wrong_scores
from service.exports.long_csv import restored
from service.measures import like_for_like
from service.measures.analysis.records import Records
from service.measures.analysis.result import Fault
from service.measures.goal import GoalType
from service.measures.instrument import Instrument, NotAnOutcome, OutcomeInstrument, outcome
from service.measures.long_records import BASELINE, PRIMARY, Numbered, Setting, records_of, waves_of
from service.measures.long_row import LongRow


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """The file cannot be used: everything that is wrong with it, in the order of its rows (the header is row 1)."""

    faults: tuple[Fault, ...]


def read_long_file(text: str, instruments: Mapping[str, Instrument]) -> list[Records] | RefusedFile:
    """The records of every programme in the file, by name; or every fault.

    `text` is the file as `long_csv` writes it, with or without a byte order mark, its cells apart by comma, semicolon
    or tab; its rows may stand in any order. Scores are computed again from the answers and must be the same. What is
    wrong with a series of measurements (mixed instruments, an answer from before the enrolment, a code that does not
    exist, a wave twice) is found by the analysis itself.
    """
    lines = _lines(text)
    if isinstance(lines, Fault):
        return RefusedFile((lines,))
    header = [name.strip() for name in lines[0][1]]
    faults = _wrong_header(header, lines, instruments)
    if faults:
        return RefusedFile(tuple(faults))
    rows = list(_rows(header, lines[1:], instruments, faults))
    faults += [*contradictions(rows), *duplicates(rows), *ends_before_start(rows), *wrong_scores(rows, instruments)]
    faults = faults or list(without_primary(rows))
    if faults:
        return RefusedFile(tuple(sorted(faults, key=lambda fault: fault.row)))
    programmes: dict[str, list[Numbered]] = {}
    for number, row in rows:
        programmes.setdefault(row.programme, []).append((number, row))
    return [_records(programmes[name], instruments) for name in sorted(programmes)]


def _lines(text: str) -> list[Line] | Fault:
    """The lines with their number, the header first; blank ones left out."""
    text = text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        return Fault(1, str(FileFault.EMPTY_FILE))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    number = 0
    found: list[Line] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cells):
                found.append((number, cells))
    except csv.Error as wrong:
        return Fault(number + 1, str(FileFault.NOT_CSV), str(wrong))
    return found


def _wrong_header(header: Sequence[str], lines: Sequence[Line], instruments: Mapping[str, Instrument]) -> list[Fault]:
    """What is wrong with the columns; that there are no rows, when nothing is."""
    used: set[str] = set()
    if "instrument" in header:
        place = header.index("instrument")
        used = {restored(cells[place]) for _, cells in lines[1:] if len(cells) > place} & set(instruments)
    faults = header_faults(header, [instruments[key] for key in sorted(used)], list(instruments.values()))
    return faults if faults or len(lines) > 1 else [Fault(1, str(FileFault.NO_ROWS))]


def _rows(
    header: Sequence[str], lines: Sequence[Line], instruments: Mapping[str, Instrument], faults: list[Fault]
) -> Iterator[Numbered]:
    """Every row that can be read, as its values; what cannot be read is added to the faults."""
    plan = layout(header, list(instruments.values()))
    for line in lines:
        number, cells = line
        if len(cells) != len(header):
            faults.append(Fault(number, str(FileFault.WRONG_WIDTH), str(len(cells)), str(len(header))))
            continue
        row = plan.row(line)
        wrong = _wrong_instrument(number, row, instruments) if isinstance(row, LongRow) else row
        faults += wrong
        if isinstance(row, LongRow) and not wrong:
            yield number, row


def _wrong_instrument(number: int, row: LongRow, instruments: Mapping[str, Instrument]) -> Sequence[Fault]:
    if row.instrument not in instruments:
        known = ", ".join(sorted(instruments))
        return [Fault(number, str(FileFault.UNKNOWN_INSTRUMENT), row.instrument, known)]
    try:
        outcome(instruments[row.instrument])
    except NotAnOutcome:
        return [Fault(number, str(like_for_like.Fault.CHECK_IN), row.instrument)]
    return []


def _records(rows: Sequence[Numbered], instruments: Mapping[str, Instrument]) -> Records:
    _, first = rows[0]
    waves = waves_of(row for _, row in rows)
    roles = {row.wave_role: row.wave for _, row in rows}
    assert first.as_of is not None  # no row without it was read
    return records_of(
        Setting(
            programme=first.programme,
            intervention=first.intervention,
            goal=GoalType(first.goal),
            instrument=_instrument(rows, instruments),
            waves=waves,
            baseline=roles.get(BASELINE, roles[PRIMARY]),
            primary=roles[PRIMARY],
            as_of=first.as_of,
        ),
        rows,
    )


def _instrument(rows: Sequence[Numbered], instruments: Mapping[str, Instrument]) -> OutcomeInstrument:
    """The instrument of the first row that counts: the analysis refuses rows of another one."""
    row = next((row for _, row in rows if row.counted), rows[0][1])
    return outcome(instruments[row.instrument])
