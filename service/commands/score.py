"""`peil score`: a wide CSV file of answers -> the same rows with their scores, on standard output."""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from service.bootstrap import load_instruments
from service.measures.instrument import NO_ANSWER, Instrument, Option
from service.measures.scoring_table import MISSING, Codes, ScoreColumn, codes_of, score_table
from service.settings import read_place

_DESCRIPTION = """\
Score a CSV file: one row per response, one column per item, named lone1, lone2 ... (or item_1, or just 1).
The rows are written back as CSV, every column as it was, with one column per score (emotional, social, total;
total; or level) and the band of the default cut-off set. An empty cell or "." is a missing answer. Scores are
never prorated: a score that the published rule does not allow stays empty.

Without --coding a cell holds a code of the instrument (no, more_or_less, yes) or the number that its manual gives
to that code (djg11, djg6: 1=no, 2=more_or_less, 3=yes). If your numbers mean something else, say so with --coding:
the other way round would turn every answer into its opposite. A code that is not known is an error that names
row and column; nothing is written then."""

_COLUMN = re.compile(r"(?:lone|item_?)?0*([0-9]{1,2})", re.IGNORECASE)
_MISSING = ("", ".")
_MOST_SHOWN = 20


class BadFile(Exception):
    """The file cannot be scored. Holds one message per problem."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file as read: its header, and each row with the line of the file on which it ends."""

    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    delimiter: str


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `score`."""
    parser = subparsers.add_parser(
        "score",
        help="score a CSV file of answers",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--instrument",
        required=True,
        metavar="ID",
        help="djg11, djg6, ucla3, ons_direct, nl_direct4, or one of PEIL_INSTRUMENTS",
    )
    parser.add_argument("--coding", type=_coding, metavar='"1=no,..."', help="what each code in the file means")
    parser.add_argument(
        "file", metavar="FILE", help='the CSV file (UTF-8 or UTF-16; comma, semicolon or tab); "-" for stdin'
    )


def run(args: argparse.Namespace) -> int:
    """Score the file. 0 when done, 1 when the file, the instrument or a code is not right, 2 for a wrong --coding."""
    instruments = load_instruments(read_place().instruments)
    instrument = instruments.get(args.instrument)
    if instrument is None:
        return _fail(1, f"unknown instrument {args.instrument!r}. Known: {', '.join(sorted(instruments))}.")
    if args.coding and (unknown := sorted(set(args.coding.values()) - set(instrument.accepted_codes) - {NO_ANSWER})):
        known = ", ".join([*instrument.accepted_codes, NO_ANSWER])
        return _fail(2, f"--coding: {', '.join(unknown)} is not a code of {instrument.key}. Known: {known}.")
    try:
        table = _read_table(args.file)
        lines = list(_scored(table, instrument, args.coding or _manual_coding(instrument)))
    except BadFile as error:
        return _fail(1, *error.problems)
    if not args.coding and _has_numbers(table, instrument):
        pairs = ", ".join(f"{option.value}={option.code}" for option in sorted(instrument.options, key=_value))
        print(
            f"peil score: numbers were read as the manual codes them: {pairs} (--coding says otherwise).",
            file=sys.stderr,
        )
    out = csv.writer(sys.stdout, delimiter=table.delimiter, lineterminator="\n")
    out.writerows(lines)
    print(f"peil score: {instrument.source} {instrument.conditions_of_use['en']}", file=sys.stderr)
    return 0


def _value(option: Option) -> int:
    return option.value


def _has_numbers(table: Table, instrument: Instrument) -> bool:
    """Whether an item cell holds a number, and so leans on the coding of the manual."""
    places = _item_columns(table.header, instrument).values()
    return any(cells[place].strip().isdigit() for _, cells in table.rows for place in places)


def _fail(status: int, *problems: str) -> int:
    for problem in problems[:_MOST_SHOWN]:
        print(f"peil score: {problem}", file=sys.stderr)
    if len(problems) > _MOST_SHOWN:
        print(f"peil score: and {len(problems) - _MOST_SHOWN} more.", file=sys.stderr)
    return status


def _coding(text: str) -> Mapping[str, str]:
    """`1=no,2=more_or_less` as a mapping; a usage error when a part is not `cell=code` or stands there twice."""
    coding: dict[str, str] = {}
    for part in text.split(","):
        cell, equals, code = (piece.strip() for piece in part.partition("="))
        if not (cell and equals and code):
            raise argparse.ArgumentTypeError(f"{part!r} is not `cell=code`, as in 1=no,2=more_or_less,3=yes")
        if cell in coding:
            raise argparse.ArgumentTypeError(f"{cell!r} stands there twice")
        coding[cell] = code
    return coding


def _manual_coding(instrument: Instrument) -> Mapping[str, str]:
    """The codes themselves, and the manual's number of each answer that is offered."""
    codes = {code: code for code in (*instrument.accepted_codes, NO_ANSWER)}
    return codes | {str(option.value): option.code for option in instrument.options}


def _read_table(name: str) -> Table:
    """Read the whole file; every row must have as many cells as the header."""
    text = _decoded(_content(name))
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise BadFile(f"line {reader.line_num} is not CSV ({error}). Check the quotation marks.") from error
    rows = list(itertools.dropwhile(lambda row: not row[1], rows))
    if not rows:
        raise BadFile("the file is empty; the first line must name the columns, such as lone1,lone2.")
    header = rows[0][1]
    # A blank line is no row, except where there is but one column: there it is a row whose only cell is empty.
    body = [(line, cells or [""]) for line, cells in rows[1:] if cells or len(header) == 1]
    ragged = [
        f"row {row} (line {line}): {len(cells)} cells where the header has {len(header)}. Check for a stray separator."
        for row, (line, cells) in enumerate(body, start=1)
        if len(cells) != len(header)
    ]
    if ragged:
        raise BadFile(*ragged)
    return Table(header, body, delimiter)


def _content(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadFile(f"{name} cannot be read: {error.strerror}.") from error


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFile(
            f"the file is not {encoding.removesuffix('-sig').upper()} text. Save it as CSV UTF-8 and try again."
        ) from error


def _item_columns(header: Sequence[str], instrument: Instrument) -> dict[int, int]:
    """Item number -> place of its column. A missing, double or already scored column is a problem."""
    numbers = {item.number for item in instrument.items}
    places: dict[int, int] = {}
    problems = [f"the column {name!r} stands there twice; rename one." for name in _twice(header)]
    for place, name in enumerate(header):
        match = _COLUMN.fullmatch(name.strip())
        number = int(match[1]) if match else 0
        if number in places and name not in _twice(header):
            problems.append(f"the columns {header[places[number]]!r} and {name!r} are the same item; remove one.")
        if number in numbers:
            places.setdefault(number, place)
    missing = [f"lone{number}" for number in sorted(numbers - set(places))]
    if missing:
        problems.append(f"{instrument.key} needs the column {', '.join(missing)}, which the file does not have.")
    taken = {name.strip() for name in header} & set(_added(instrument))
    problems += [f"the file already has a column {name!r}; rename or remove it." for name in sorted(taken)]
    if problems:
        raise BadFile(*problems)
    return places


def _twice(header: Sequence[str]) -> list[str]:
    return sorted({name for name in header if header.count(name) > 1})


def _added(instrument: Instrument) -> list[str]:
    return [*(rule.key for rule in instrument.scores), "band"]


def _scored(table: Table, instrument: Instrument, coding: Mapping[str, str]) -> Iterator[Sequence[str]]:
    """The header and every row, with the scores at the end. Raises BadFile with every unknown code."""
    places = _item_columns(table.header, instrument)
    problems = list(_unknown(table, places, coding))
    if problems:
        raise BadFile(*problems)
    yield [*table.header, *_added(instrument)]
    found = score_table(instrument, _codes(table, places, instrument, coding))
    points = [_shown(column) for column in found.values.values()]
    bands = ["" if place == MISSING else found.band_keys[place] for place in found.band.tolist()]
    for (_, cells), *scores in zip(table.rows, *points, bands, strict=True):
        yield [*cells, *scores]


def _codes(table: Table, places: Mapping[int, int], instrument: Instrument, coding: Mapping[str, str]) -> Codes:
    """The cells as a matrix of codes, one column per item in the order of the instrument."""
    place = {code: index for index, code in enumerate(codes_of(instrument))} | {NO_ANSWER: MISSING}
    meaning = {cell: place[code] for cell, code in coding.items()}
    order = [places[item.number] for item in instrument.items]
    rows = [[meaning.get(cells[column].strip(), MISSING) for column in order] for _, cells in table.rows]
    return np.array(rows, dtype=np.int8).reshape(len(rows), len(order))


def _shown(column: ScoreColumn) -> list[str]:
    return [
        str(points) if valid else ""
        for points, valid in zip(column.points.tolist(), column.valid.tolist(), strict=True)
    ]


def _unknown(table: Table, places: Mapping[int, int], coding: Mapping[str, str]) -> Iterator[str]:
    """A message for each cell that is neither missing nor a known code."""
    known = ", ".join(coding)
    for row, (line, cells) in enumerate(table.rows, start=1):
        for place in places.values():
            cell = cells[place].strip()
            if cell not in coding and cell not in _MISSING:
                yield (
                    f"row {row} (line {line}), column {table.header[place]}: the code {cell!r} is not known. "
                    f'Known: {known}; empty or "." is missing. Mend the cell, or say what it means with --coding '
                    f"(... ,{cell}={NO_ANSWER} for a missing answer)."
                )
