"""The long CSV file for evaluators: one row per enrolment and wave, the silent ones included, and its codebook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeAlias

from service.measures.codebook import LongRow, Variable, codebook, item_column
from service.measures.instrument import Instrument

#: What a spreadsheet may take for the start of a formula, in plain and full-width form.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_BOM = "\ufeff"

Value: TypeAlias = str | int | float | date | None


def long_csv(
    rows: Iterable[LongRow], instruments: Sequence[Instrument], *, bom: bool = True, delimiter: str = ","
) -> Iterator[str]:
    """The file line by line, the header first. `bom` lets a spreadsheet see that the text is UTF-8."""
    names = [variable.name for variable in codebook(instruments)]
    yield (_BOM if bom else "") + _line(names, delimiter)
    for row in rows:
        cells = _cells(row)
        yield _line([_cell(cells.get(name)) for name in names], delimiter)


def codebook_csv(variables: Sequence[Variable], *, bom: bool = True, delimiter: str = ",") -> str:
    """The codebook as CSV: one line per variable, and for coded variables one `code = label` per line in the cell."""
    lines = [_line(["name", "meaning_nl", "meaning_en", "kind", "codes", "source"], delimiter)]
    for variable in variables:
        codes = "\n".join(f"{code} = {label}" for code, label in variable.codes)
        texts = [variable.name, variable.meaning_nl, variable.meaning_en, variable.kind, codes, variable.source]
        lines.append(_line([neutralised(text) for text in texts], delimiter))
    return (_BOM if bom else "") + "".join(lines)


def neutralised(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet could run it as a formula; `restored` takes it off.

    A text that begins with an apostrophe gets one more, so that no two texts look the same afterwards.
    """
    return f"'{text}" if text.startswith("'") or _may_be_formula(text) else text


def restored(text: str) -> str:
    """What `neutralised` was given."""
    rest = text.removeprefix("'")
    return rest if rest != text and (rest.startswith("'") or _may_be_formula(rest)) else text


def _may_be_formula(text: str) -> bool:
    return text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)


def _cells(row: LongRow) -> dict[str, Value]:
    """The values of a row by column name."""
    cells: dict[str, Value] = {name: getattr(row, name) for name in _PLAIN}
    cells.update({item_column(number): code for number, code in row.answers.items()})
    cells.update(row.scores)
    return cells


_PLAIN = tuple(name for name in LongRow.__dataclass_fields__ if name not in ("answers", "scores"))


def _cell(value: Value) -> str:
    """Numbers as they are, days and moments in ISO 8601 (to the second), truth as 1 and 0, nothing as an empty cell,
    text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str):
        return neutralised(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


def _line(cells: Sequence[str], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
