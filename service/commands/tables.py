"""Reads the files of other programs for questionnaires (CSV and Excel) into sheets of rows; guesses nothing."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from service.measures.importers.table import CannotImport, Row, Table

_MOST_BYTES = 20_000_000
_SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_tables(path: Path, encoding: str = "") -> Mapping[str, Table]:
    """The sheets of a file by name (a CSV file has one, without a name, unless it names its sheets as pyxform does).

    A file beyond 20 MB, one that is no CSV or .xlsx, another encoding, and a column that stands there twice are refused
    with CannotImport; so are formulas of which the file holds no result.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CannotImport(f"{path.name} is larger than 20 MB; a questionnaire is not. Is it the right file?")
        content = path.read_bytes()
    except OSError as error:
        raise CannotImport(f"{path} cannot be read: {error.strerror}.") from error
    if content.startswith(_OLD_EXCEL):
        raise CannotImport("line 1: this is an old Excel file (.xls) or one with a password; save it as .xlsx without.")
    sheets = _excel(content) if content.startswith(b"PK\x03\x04") else _csv(content, encoding)
    tables = {sheet: table for sheet, rows in sheets.items() if (table := _table(sheet, rows))}
    if not tables:
        raise CannotImport("line 1: the file is empty; its first line must name the columns.")
    return tables


def _table(sheet: str, rows: Iterable[tuple[int, Sequence[str]]]) -> Table | None:
    """The first row that is not blank names the columns; a cell under no name belongs to `column 7 (no name)`."""
    filled = ((line, [cell.strip() for cell in cells]) for line, cells in rows)
    filled_rows = [(line, cells) for line, cells in filled if any(cells)]
    if not filled_rows:
        return None
    line, heading = filled_rows[0]
    widest = max(len(cells) for _, cells in filled_rows)
    heading += [""] * (widest - len(heading))
    columns = [_column(name, place) for place, name in enumerate(heading, start=1)]
    used = [name for name in columns if not name.endswith("(no name)")]
    twice = sorted({name for name in used if used.count(name) > 1})
    if twice:
        where = f"sheet `{sheet}`, line {line}" if sheet else f"line {line}"
        raise CannotImport(f"{where}: the column `{twice[0]}` stands there twice; rename or remove one.")
    body = [
        Row(sheet, number, {column: cell for column, cell in zip(columns, cells, strict=False) if cell})
        for number, cells in filled_rows[1:]
    ]
    return Table(sheet, tuple(used), tuple(body), line)


def _column(name: str, place: int) -> str:
    """Names keep their capitals where a format has them (REDCap); short ones, as all formats write them, lose them."""
    if not name:
        return f"column {place} (no name)"
    plain = " ".join(name.split())
    return plain if "::" in plain or " " in plain or plain[-1] == "?" else plain.lower()


def _csv(content: bytes, encoding: str) -> Mapping[str, list[tuple[int, Sequence[str]]]]:
    text = _decoded(content, encoding)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, Sequence[str]]] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise CannotImport(f"line {line}: this is not CSV ({error}). Check the quotation marks.") from error
    return _named_sheets(rows)


def _named_sheets(rows: list[tuple[int, Sequence[str]]]) -> Mapping[str, list[tuple[int, Sequence[str]]]]:
    """One sheet without a name; or several, each after a line that holds only its name in the first column."""
    sheets: dict[str, list[tuple[int, Sequence[str]]]] = {}
    name = ""
    for line, cells in rows:
        first = cells[0].strip().lower() if cells else ""
        alone = not any(cell.strip() for cell in cells[1:])
        if first in _SHEETS and alone and (name or not any(any(row) for _, row in sheets.get("", []))):
            name = first
        else:
            sheets.setdefault(name, []).append((line, cells[1:] if name and not first else cells))
    return sheets


def _decoded(content: bytes, encoding: str) -> str:
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding or marked)
    except LookupError as error:
        raise CannotImport(
            f"--encoding: `{encoding}` is not known. Known are utf-8, windows-1252 and others."
        ) from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CannotImport(
            f"line {line}: this is not {encoding or marked.removesuffix('-sig').upper()} text. Save the file as CSV "
            "UTF-8, or say what it is, such as --encoding windows-1252."
        ) from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise CannotImport(f"line {line}: this is not text. Save the file as CSV UTF-8 or as .xlsx.")
    return text


def _excel(content: bytes) -> Mapping[str, list[tuple[int, Sequence[str]]]]:
    try:
        written = _sheets(content, results=False)
        formulas = any(str(cell).startswith("=") for rows in written.values() for row in rows for cell in row)
        results = _sheets(content, results=True) if formulas else written
    except CannotImport:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, EOFError, SyntaxError) as error:
        raise CannotImport(
            "line 1: this is not an .xlsx file, or it is damaged; save it again as .xlsx. (Of a zip of REDCap, unpack "
            "instrument.csv.)"
        ) from error
    sheets: dict[str, list[tuple[int, Sequence[str]]]] = {}
    for name, rows in results.items():
        cells = [(line, [_shown(cell) for cell in row]) for line, row in enumerate(rows, start=1)]
        _refuse_lost_results(name, written[name], cells)
        sheets[name.strip().lower()] = list(cells)
    return sheets


def _sheets(content: bytes, *, results: bool) -> dict[str, list[tuple[Any, ...]]]:
    """The values of every sheet; of a formula its text, or (`results`) what it came to when the file was saved."""
    sheets: dict[str, list[tuple[Any, ...]]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # drop-down lists and styles that it cannot keep: nothing is written back
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=results)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # programs that write .xlsx often name dimensions that are not the sheet's
            sheets[sheet.title] = list(_until_last(sheet.iter_rows(values_only=True)))
        book.close()
    return sheets


def _until_last(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows as they are, for at most as many lines as a questionnaire may have."""
    for line, row in enumerate(rows, start=1):
        if line > 100_000:
            raise CannotImport("line 100001: a sheet with more than 100,000 rows is no questionnaire.")
        yield row


def _refuse_lost_results(
    sheet: str, written: Sequence[tuple[Any, ...]], shown: Sequence[tuple[int, Sequence[str]]]
) -> None:
    for (line, cells), row in zip(shown, written, strict=False):
        for cell, formula in zip(cells, row, strict=False):
            if not cell and str(formula or "").startswith("="):
                raise CannotImport(
                    f"sheet `{sheet}`, line {line}: the file holds the formula `{formula}` and not its result. "
                    "Open it in a spreadsheet, paste it as values, and save it."
                )


def _shown(cell: Any) -> str:
    """A cell as text: 1.0 is 1, as the person typed it; a day is written 2026-11-24."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
