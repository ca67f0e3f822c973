"""The sheet `choices`, which XLSForm and formr share: named lists of answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.measures.importers.findings import Choice, Findings
from service.measures.importers.table import Row, Table
from service.measures.importers.translated import Translated

_BROKEN = "an answer needs a `list_name`, a `name` and words"
_EXTRA = "an answer has a code and words, nothing else"
_UNUSED = "no item of this draft has this list of answers"


def choice_lists(
    table: Table | None, labels: Translated, findings: Findings, *, inherit: bool
) -> Mapping[str, tuple[Choice, ...]]:
    """The lists by name, in their order. With `inherit` a row without a list name belongs to the list above it."""
    lists: dict[str, list[Choice]] = {}
    above = ""
    for row in table.rows if table else ():
        name = row.cell("list_name") or (above if inherit else "")
        above = name
        label = labels.read(row, findings)
        if not (name and row.cell("name") and label):
            findings.tell(row, "name", _BROKEN, row.cell("name") or next(iter(row.cells.values()), ""))
            continue
        findings.others(row, {"list_name", "name", *labels.columns}, dict.fromkeys(row.cells, _EXTRA))
        lists.setdefault(name, []).append(Choice(row.cell("name"), label, row, labels.name))
    return {name: tuple(choices) for name, choices in lists.items()}


def tell_unused(lists: Mapping[str, tuple[Choice, ...]], used: frozenset[tuple[str, int]], findings: Findings) -> None:
    """Note every answer of a list that no item of the draft has."""
    for name, row in _rows(lists):
        if row.place not in used:
            findings.tell(row, "list_name", _UNUSED, name)


def _rows(lists: Mapping[str, tuple[Choice, ...]]) -> Iterator[tuple[str, Row]]:
    for name, choices in lists.items():
        for choice in choices:
            yield name, choice.row
