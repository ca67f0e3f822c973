"""An item table of formr (sheet survey, and choices when there is one) -> a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.measures.importers.choice_lists import choice_lists, tell_unused
from service.measures.importers.draft import Draft, Naming, make_draft
from service.measures.importers.findings import Choice, Findings, Question, Words
from service.measures.importers.table import CannotImport, Row, Table, renamed
from service.measures.importers.translated import translated

_LEGACY_COLUMNS = {"variablenname": "name", "wortlaut": "label", "typ": "type"} | {
    f"mcalt{number}": f"choice{number}" for number in range(1, 15)
}
_LEGACY_TYPES = {"btnradio": "mc_button", "btnrating": "rating_button", "mcnt": "mc", "select": "select_one"}
_ONE_CHOICE = ("mc", "mc_button", "select_one")
_REASONS = {
    "optional": "nobody has to answer; the missing rule of a score says what may be missing",
    "showif": "every item is asked of everybody; a scale with skipped items has no score",
    "class": "how it looks is not part of an instrument",
    "value": "a value that is filled in or computed beforehand is not asked",
    "order": "items stand in the order of the file",
    "block_order": "items stand in the order of the file, never at random",
    "item_order": "items stand in the order of the file, never at random",
}
_SEVERAL = "several answers to one question cannot be scored by an instrument"
_TYPES = {
    "mc_multiple": _SEVERAL,
    "mc_multiple_button": _SEVERAL,
    "select_multiple": _SEVERAL,
    "select_or_add_one": "besides its answers people may write another",
    "select_or_add_multiple": _SEVERAL,
    "calculate": "a calculation is not taken over; write the score under `scores`",
    "range": "a slider has no fixed answers",
    "range_ticks": "a slider has no fixed answers",
    "visual_analog_scale": "a slider has no fixed answers",
    "text": "free text is not an item with fixed answers",
    "textarea": "free text is not an item with fixed answers",
    "number": "a number of one's own is not an item with fixed answers",
    "check": "a tick is not an item with several answers",
    "check_button": "a tick is not an item with several answers",
    "sex": "formr draws the answers of this type itself; they are not in the file",
}
_STEPS = re.compile(r"(-?\d{1,4})\s*,\s*(-?\d{1,4})(?:\s*,\s*(\d{1,3}))?")
_MOST_STEPS = 20


def import_formr(tables: Mapping[str, Table], name: str, language: str, like: str = "") -> Draft:
    """The item table as a draft. `language` is that of its words, which the file does not name; `name` becomes the key.

    Raises CannotImport for another file.
    """
    if "survey" not in tables:
        raise CannotImport("line 1: there is no sheet `survey`. Is this the right --format?")
    survey = renamed(tables["survey"], _LEGACY_COLUMNS)
    survey.require("type", "name", "label")
    findings = Findings(markdown=True)
    choices = tables.get("choices")
    if choices is not None and choices.rows:
        choices.require("list_name", "name", "label")
    labels = translated("label", ("label",), language)
    lists = choice_lists(choices, labels, findings, inherit=True)
    _read_survey(survey, language, lists, findings)
    findings.sheets_not_read(tables, ("survey", "choices"))
    draft = make_draft(findings, Naming(name, {}), like)
    tell_unused(lists, draft.mapped, findings)
    return draft.with_findings(findings)


def _read_survey(survey: Table, language: str, lists: Mapping[str, tuple[Choice, ...]], findings: Findings) -> None:
    seen: dict[str, int] = {}
    for row in survey.rows:
        name = row.cell("name").lower()
        if not name:
            findings.refuse(row, "label", "the row has no name; formr leaves such a row out too")
        elif name in seen:
            findings.refuse(row, "name", f"the name `{name}` already stands on line {seen[name]}; rename one")
        else:
            seen[name] = row.line
            _read_row(row, language, lists, findings)


def _read_row(row: Row, language: str, lists: Mapping[str, tuple[Choice, ...]], findings: Findings) -> None:
    kind, _, options = row.cell("type").partition(" ")
    kind = _LEGACY_TYPES.get(kind.lower(), kind.lower())
    if kind == "submit":
        findings.tell(row, "type", "where a page ends is not part of an instrument")
        return
    label = findings.words(row, "label")
    if kind in ("note", "mc_heading"):
        findings.others(row, {"type", "name", "label"}, _reasons(row))
        findings.steps.append(Words(row, "label", {language: label} if label else {}))
        return
    refusal = _refusal(kind, row, label)
    choices = () if refusal else _choices(row, kind, options.strip(), language, lists, findings)
    if refusal or len(choices) < 2:
        findings.refuse(row, "type", refusal or "there is no list of at least two answers for it")
        return
    findings.others(row, {"type", "name", "label", *(choice.column for choice in choices)}, _reasons(row))
    findings.steps.append(Question(row, "label", row.cell("name"), {language: label}, choices))


def _refusal(kind: str, row: Row, label: str) -> str:
    """Why this row is no item; empty when it may be one."""
    if kind not in (*_ONE_CHOICE, "rating_button"):
        return _TYPES.get(kind, f"this type (`{kind}`) is not a question with one choice from a list")
    if "`r " in row.cell("label") or "{{" in row.cell("label"):
        return "its words are computed; an item has the same words for everybody"
    return "" if label else "it has no words"


def _reasons(row: Row) -> Mapping[str, str]:
    beside = {column: "the answers come from another list" for column in row.cells if column.startswith("choice")}
    return beside | _REASONS


def _choices(
    row: Row,
    kind: str,
    options: str,
    language: str,
    lists: Mapping[str, tuple[Choice, ...]],
    findings: Findings,
) -> tuple[Choice, ...]:
    """The answers: a range of numbers with words at both ends, a named list, or the columns choice1, choice2 ..."""
    if kind == "rating_button":
        return _rating(row, options, language, findings)
    if options:
        return lists.get(options.split(maxsplit=1)[0].rstrip(","), ())
    columns = sorted((c for c in row.cells if re.fullmatch(r"choice\d+", c)), key=lambda c: int(c[6:]))
    return tuple(Choice(column[6:], {language: findings.words(row, column)}, row, column) for column in columns)


def _rating(row: Row, options: str, language: str, findings: Findings) -> tuple[Choice, ...]:
    """Numbered buttons, 1 to 5 unless the type says otherwise; choice1 and choice2 are the words at both ends."""
    match = _STEPS.fullmatch(options) if options else _STEPS.fullmatch("1,5")
    if not match:
        return ()
    numbers = range(int(match[1]), int(match[2]) + 1, int(match[3] or 1) or 1)
    if not 2 <= len(numbers) <= _MOST_STEPS:
        return ()
    low, high = findings.words(row, "choice1"), findings.words(row, "choice2")
    ends = {numbers[0]: low, numbers[-1]: high}
    findings.tell(row, "type", "between the ends the answers have numbers and no words; compare with what people saw")
    return tuple(
        Choice(str(number), {language: one}, row, "choice1" if number == numbers[0] else "choice2")
        for number in numbers
        if (one := f"{number} {ends.get(number, '')}".strip())
    )
