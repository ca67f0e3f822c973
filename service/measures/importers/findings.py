"""What was found while reading a questionnaire of another program: its steps, and everything that has no place here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from service.measures.importers.table import Row, Table
from service.measures.importers.words import one_line, plain

MARKUP = "the markup was taken out, the words were kept"
UNKNOWN_COLUMN = "this column is not known in this format"


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something in the file that is not in the draft, or not as it was. `row` is a line of the file (of the sheet)."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer as the file has it: its code, its words by language, and where it stands."""

    raw: str
    label: Mapping[str, str]
    row: Row
    column: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is answered by one choice from a fixed list."""

    row: Row
    column: str
    name: str
    text: Mapping[str, str]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Words between the questions: the heading of a section or a matrix, a note."""

    row: Row
    column: str
    text: Mapping[str, str]


@dataclass(slots=True)
class Findings:
    """Grows while a file is read. Every row ends in `mapped`, in `unmapped` or, when asked for, in `left_out`."""

    markdown: bool  # whether the format reads Markdown in its words
    steps: list[Question | Words | None] = field(default_factory=list)  # None: a question that could not be taken over
    unmapped: list[Unmapped] = field(default_factory=list)
    mapped: set[tuple[str, int]] = field(default_factory=set)
    left_out: set[tuple[str, int]] = field(default_factory=set)

    def tell(self, row: Row, column: str, reason: str, value: str | None = None) -> None:
        """Note that this cell has no place in the draft, or not as it is."""
        shown = row.cell(column) if value is None else value
        found = Unmapped(row.sheet, row.line, column, shown, reason)
        if found not in self.unmapped[-50:]:
            self.unmapped.append(found)

    def refuse(self, row: Row, column: str, reason: str) -> None:
        """Note that this question is not in the draft."""
        self.tell(row, column, reason)
        self.steps.append(None)

    def others(self, row: Row, used: Collection[str], reasons: Mapping[str, str]) -> None:
        """Note every cell of the row beside the columns that were used."""
        for column in row.cells:
            if column not in used:
                self.tell(row, column, reasons.get(column, UNKNOWN_COLUMN))

    def sheets_not_read(self, tables: Mapping[str, Table], read: Collection[str]) -> None:
        """Note every row of the other sheets."""
        for table in tables.values():
            for row in table.rows if table.sheet not in read else ():
                self.tell(row, "", "this sheet is not read", next(iter(row.cells.values()), ""))

    def words(self, row: Row, column: str, text: str | None = None) -> str:
        """The plain words of a cell; that markup was taken out is noted."""
        written = row.cell(column) if text is None else text
        words = plain(written, markdown=self.markdown)
        if words != one_line(written):
            self.tell(row, column, MARKUP, written)
        return words
