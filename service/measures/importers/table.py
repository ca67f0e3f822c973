"""What a questionnaire file holds once it is read: sheets of rows, each with the line on which it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class CannotImport(ValueError):
    """Nothing can be made of the file; the message names the line and the cure."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `cells` holds what is not blank, stripped, by the name of its column; `line` is as an editor counts."""

    sheet: str
    line: int
    cells: Mapping[str, str]

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: sheet and line."""
        return self.sheet, self.line

    def cell(self, column: str) -> str:
        """What stands in this column; empty when nothing does."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. Rows that are wholly blank hold nothing and are left out; a CSV file has one sheet without a name."""

    sheet: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int = 1  # where the columns are named

    def where(self, line: int) -> str:
        """The place in words, for a message."""
        return f"sheet `{self.sheet}`, line {line}" if self.sheet else f"line {line}"

    def named(self, sheet: str) -> Table:
        """The same table under another name."""
        return Table(sheet, self.columns, tuple(Row(sheet, row.line, row.cells) for row in self.rows), self.line)

    def require(self, *columns: str) -> None:
        """Refuse a table that lacks one of these columns, or that has no rows."""
        missing = [column for column in columns if column not in self.columns]
        if missing:
            named, here = ", ".join(f"`{column}`" for column in missing), ", ".join(self.columns) or "none"
            raise CannotImport(
                f"{self.where(self.line)}: the column {named} is missing. Is this the right --format? "
                f"Columns here: {here}."
            )
        if not self.rows:
            raise CannotImport(f"{self.where(self.line + 1)}: there are no rows below the names of the columns.")


def renamed(table: Table, names: Mapping[str, str]) -> Table:
    """The same table with columns under one spelling; a column that would then stand there twice is refused."""
    columns = tuple(names.get(column, column) for column in table.columns)
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise CannotImport(f"{table.where(table.line)}: the column `{twice[0]}` stands there twice; rename one.")
    rows = (
        Row(row.sheet, row.line, {names.get(column, column): value for column, value in row.cells.items()})
        for row in table.rows
    )
    return Table(table.sheet, columns, tuple(rows), table.line)
