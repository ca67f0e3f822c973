"""Columns that hold the same words in several languages: `label`, `label::Dutch (nl)`, `label::العربية (ar)`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.measures.importers.findings import Findings
from service.measures.importers.table import Row
from service.measures.importers.words import language_of


@dataclass(frozen=True, slots=True)
class Translated:
    """The columns of one kind of words, each with the code of its language."""

    name: str
    languages: Mapping[str, str]  # column -> code

    @property
    def columns(self) -> frozenset[str]:
        """The names of the columns."""
        return frozenset(self.languages)

    def read(self, row: Row, findings: Findings) -> Mapping[str, str]:
        """The plain words by language, of the columns that hold some."""
        words = {code: findings.words(row, column) for column, code in self.languages.items() if row.cell(column)}
        return {code: text for code, text in words.items() if text}


def translated(name: str, columns: Sequence[str], default: str) -> Translated:
    """The columns that hold `name`. One without a language has `default`; one in a language that cannot be told is not
    among them, and a second one of the same language neither: both are noted like any column that is not known."""
    found: dict[str, str] = {}
    for column in columns:
        match = re.fullmatch(rf"{re.escape(name)}(?:\s*::?\s*(.+))?", column, re.IGNORECASE)
        code = (language_of(match[1]) if match[1] else default) if match else None
        if code and code not in found.values():
            found[column] = code
    return Translated(name, found)
