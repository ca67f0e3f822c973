"""The cells of a long file as values: what each column may hold, by the codebook, and what is said when it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeAlias

from service.exports.long_csv import restored
from service.measures.analysis.result import Fault
from service.measures.codebook import codebook, item_column
from service.measures.instrument import Instrument
from service.measures.long_row import LongRow, Variable


class FileFault(StrEnum):
    """What can be wrong with the file itself. What is wrong with a series of measurements: measures.like_for_like."""

    EMPTY_FILE = "empty_file"
    NOT_CSV = "not_csv"
    NOT_THIS_FILE = "not_this_file"  # a table, but not one that Peil exported
    NO_ROWS = "no_rows"
    MISSING_COLUMN = "missing_column"
    UNKNOWN_COLUMN = "unknown_column"
    DOUBLE_COLUMN = "double_column"
    WRONG_WIDTH = "wrong_width"  # more or fewer cells than the header
    MISSING_VALUE = "missing_value"
    UNREADABLE_DATE = "unreadable_date"
    UNREADABLE_MOMENT = "unreadable_moment"
    UNREADABLE_NUMBER = "unreadable_number"
    UNKNOWN_VALUE = "unknown_value"
    UNKNOWN_INSTRUMENT = "unknown_instrument"
    UNKNOWN_SCORING = "unknown_scoring"  # scored by rules that this version does not have
    CONTRADICTION = "contradiction"  # another row says something else of the same enrolment, wave or programme
    SCORE_DIFFERS = "score_differs"  # it does not follow from the answers
    LEFT_BEFORE_ENROLMENT = "left_before_enrolment"


Cell: TypeAlias = str | int | float | bool | date | None
Line: TypeAlias = tuple[int, Sequence[str]]

#: What no row can do without.
_NEVER_EMPTY = frozenset(
    ("pseudonym", "intervention", "programme", "arm", "enrolled_on", "wave", "wave_position", "language", "instrument",
     "instrument_version", "enrolment", "goal", "age_group", "received", "as_of")
)  # fmt: skip
#: What a measurement that counts cannot do without either.
_COUNTED = ("opened_on", "reach", "wave_number", "wave_days", "in_course", "in_change")
_TEXTS = frozenset(name for name, kind in LongRow.__annotations__.items() if kind == "str")
_FIELDS = frozenset(LongRow.__dataclass_fields__) - {"answers", "scores"}
#: Checked where the instrument of the row is known.
_OF_INSTRUMENT = frozenset(("instrument", "instrument_version", "band", "cutoff_set"))


@dataclass(slots=True)
class _Column:
    """One column that is a field of a row: how its cells are read. Few cells are unlike all others, so each is read
    once."""

    name: str
    read: Callable[[str], Cell]
    fault: FileFault
    expected: str
    empty: Cell
    seen: dict[str, Cell] = field(default_factory=dict)

    def value(self, cell: str) -> Cell:
        """The value of a cell. ValueError when it can have none."""
        if cell not in self.seen:
            self.seen[cell] = self.read(restored(cell)) if cell else self.empty
        return self.seen[cell]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in a file."""

    columns: tuple[tuple[int, _Column], ...]
    items: tuple[tuple[int, int], ...]  # place, item number
    scores: tuple[tuple[int, str], ...]  # place, score key
    own: Mapping[str, frozenset[str]]  # the score keys of each instrument

    def row(self, line: Line) -> LongRow | tuple[Fault, ...]:
        """The row, or everything that cannot be read in it."""
        number, cells = line
        values: dict[str, Cell] = {}
        faults: list[Fault] = []
        for place, column in self.columns:
            try:
                values[column.name] = column.value(cells[place])
            except ValueError:
                faults.append(Fault(number, str(column.fault), f"{column.name}: {cells[place]}", column.expected))
        faults += _empty(number, values)
        scores = self._scores(cells, values, faults, number)
        if faults:
            return tuple(faults)
        answers = {item: restored(cells[place]) for place, item in self.items if cells[place]}
        return LongRow(**values, answers=answers, scores=scores)  # type: ignore[arg-type]

    def _scores(
        self, cells: Sequence[str], values: Mapping[str, Cell], faults: list[Fault], number: int
    ) -> dict[str, int | None]:
        """The scores of the row's own instrument when it was scored, and whatever else stands in a score column."""
        own = self.own.get(str(values.get("instrument")), frozenset()) if values.get("scoring_version") else frozenset()
        scores: dict[str, int | None] = {}
        for place, key in self.scores:
            cell = cells[place]
            try:
                if cell or key in own:
                    scores[key] = int(cell) if cell else None
            except ValueError:
                faults.append(Fault(number, str(FileFault.UNREADABLE_NUMBER), f"{key}: {cell}", "a whole number"))
        return scores


def _empty(number: int, values: Mapping[str, Cell]) -> Iterator[Fault]:
    missing = [name for name in _NEVER_EMPTY if name in values and values[name] in (None, "")]
    if values.get("outcome") is not None:
        missing += [name for name in _COUNTED if name in values and values[name] is None]
    if values.get("exited_on") is not None and "exit_kind" in values and values["exit_kind"] is None:
        missing.append("exit_kind")
    for name in sorted(missing):
        yield Fault(number, str(FileFault.MISSING_VALUE), name)


def layout(header: Sequence[str], instruments: Sequence[Instrument]) -> Layout:
    """Where the columns of these instruments stand in a header that `header_faults` found in order."""
    places = {name: place for place, name in enumerate(header)}
    columns = [(places[one.name], _column(one)) for one in codebook(instruments) if one.name in _FIELDS]
    numbers = sorted({item.number for instrument in instruments for item in instrument.items})
    keys = dict.fromkeys(rule.key for instrument in instruments for rule in instrument.scores)
    return Layout(
        tuple(columns),
        tuple((places[item_column(number)], number) for number in numbers if item_column(number) in places),
        tuple((places[key], key) for key in keys if key in places),
        {instrument.key: frozenset(rule.key for rule in instrument.scores) for instrument in instruments},
    )


def header_faults(header: Sequence[str], used: Sequence[Instrument], known: Sequence[Instrument]) -> list[Fault]:
    """What is wrong with the names of the columns: `used` are the instruments in the file, `known` all there are."""
    if not {"pseudonym", "programme", "wave"} <= set(header):
        return [Fault(1, str(FileFault.NOT_THIS_FILE), ", ".join(header)[:80])]
    needed = [variable.name for variable in codebook(used)]
    possible = {variable.name for variable in codebook(known)}
    faults = [Fault(1, str(FileFault.MISSING_COLUMN), name) for name in needed if name not in header]
    faults += [Fault(1, str(FileFault.UNKNOWN_COLUMN), name) for name in dict.fromkeys(header) if name not in possible]
    twice = sorted({name for name in header if header.count(name) > 1})
    return faults + [Fault(1, str(FileFault.DOUBLE_COLUMN), name) for name in twice]


def _column(variable: Variable) -> _Column:
    name = variable.name
    codes = {code for code, _ in variable.codes}
    empty: Cell = "" if name in _TEXTS else None
    if codes == {"0", "1"}:
        return _Column(name, _one_of({"0": False, "1": True}), FileFault.UNKNOWN_VALUE, "0, 1", empty)
    if variable.kind == "code" and name not in _OF_INSTRUMENT:
        listed = ", ".join(code for code, _ in variable.codes)
        return _Column(name, _one_of({code: code for code in codes}), FileFault.UNKNOWN_VALUE, listed, empty)
    read, fault, expected = _KINDS.get(variable.kind, _TEXT)
    return _Column(name, read, fault, expected, empty)


def _one_of(meaning: Mapping[str, Cell]) -> Callable[[str], Cell]:
    def read(cell: str) -> Cell:
        if cell not in meaning:
            raise ValueError(cell)
        return meaning[cell]

    return read


def _moment(cell: str) -> datetime:
    """A moment with its time zone, in UTC."""
    found = datetime.fromisoformat(cell)
    if found.tzinfo is None:
        raise ValueError(cell)
    return found.astimezone(UTC)


def _number(cell: str) -> float:
    found = float(cell)
    if not -1e9 < found < 1e9:
        raise ValueError(cell)
    return found


_TEXT: tuple[Callable[[str], Cell], FileFault, str] = (str, FileFault.UNKNOWN_VALUE, "")
_KINDS: Mapping[str, tuple[Callable[[str], Cell], FileFault, str]] = {
    "integer": (int, FileFault.UNREADABLE_NUMBER, "a whole number"),
    "number": (_number, FileFault.UNREADABLE_NUMBER, "a number with a full stop, as 91.3125"),
    "date": (date.fromisoformat, FileFault.UNREADABLE_DATE, "year-month-day, as 2026-03-31"),
    "datetime": (_moment, FileFault.UNREADABLE_MOMENT, "as 2026-03-31T09:30:00+00:00"),
}
