"""An XLSForm (sheets survey, choices and settings, as ODK, KoboToolbox and Survey123 read them) -> a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.measures.importers.choice_lists import choice_lists, tell_unused
from service.measures.importers.draft import Draft, Naming, make_draft
from service.measures.importers.findings import Choice, Findings, Question, Words
from service.measures.importers.table import CannotImport, Row, Table, renamed
from service.measures.importers.translated import Translated, translated
from service.measures.importers.words import language_of, one_line

#: Older spellings of columns that the format still allows.
_SURVEY_NAMES = {"command": "type", "tag": "name", "value": "name", "caption": "label", "relevance": "relevant"}
_CHOICE_NAMES = {"list name": "list_name", "value": "name", "caption": "label"}
_SKIP = "every item is asked of everybody; a scale with skipped items has no score"
_CHECK = "answers are one choice from a list; there is nothing else to check"
_LOOK = "how it looks is not part of an instrument"
_REASONS = {
    "relevant": _SKIP,
    "required": "nobody has to answer; the missing rule of a score says what may be missing",
    "constraint": _CHECK,
    "constraint_message": _CHECK,
    "required_message": _CHECK,
    "calculation": "a calculation is not taken over; write the score under `scores`",
    "appearance": _LOOK,
    "parameters": "settings of a question (random order, range) are not taken over",
    "hint": "a hint under a question has no place in an instrument",
    "guidance_hint": "a hint under a question has no place in an instrument",
    "default": "an answer that is filled in beforehand is not asked",
    "read_only": _LOOK,
}
_TYPES = {
    "select_multiple": "several answers to one question cannot be scored by an instrument",
    "select_one_from_file": "the answers stand in another file",
    "rank": "putting answers in order cannot be asked",
    "calculate": "a calculation is not taken over; write the score under `scores`",
    "range": "a slider has no fixed answers",
    "text": "free text is not an item with fixed answers",
    "integer": "a number of one's own is not an item with fixed answers",
    "decimal": "a number of one's own is not an item with fixed answers",
    "acknowledge": "a tick is not an item with several answers",
    "trigger": "a tick is not an item with several answers",
    "begin_repeat": "questions that are asked several times cannot be items",
    "end_repeat": "questions that are asked several times cannot be items",
}
_IN_REPEAT = "it stands in a repeat: questions that are asked several times cannot be items"
_OTHER_TYPE = "this type (`{}`) is not a question with one choice from a list"
_SETTINGS = {"form_title": "", "form_id": "", "version": "", "default_language": ""}
_SELECT = re.compile(r"(select_one_from_file|select_one|select one from|select one|select1)\s+(.+)", re.IGNORECASE)
_STRUCTURE = re.compile(r"(begin|end)[ _](group|repeat)", re.IGNORECASE)
_YES = ("yes", "true", "true()", "1")


def import_xlsform(tables: Mapping[str, Table], name: str, language: str, form: str = "", like: str = "") -> Draft:
    """The form as a draft, or only its group `form`. `name` is used where the form has no `form_id`.

    `language` is that of words in a column without one, unless the sheet `settings` has a `default_language`.
    Raises CannotImport for another file and for an unknown group.
    """
    if "survey" not in tables:
        raise CannotImport("line 1: there is no sheet `survey`. Is this the right --format?")
    survey = renamed(tables["survey"], _SURVEY_NAMES if "name" not in tables["survey"].columns else {})
    survey.require("type", "name")
    findings = Findings(markdown=True)
    naming, default = _settings(tables.get("settings"), name, language, findings)
    choices = _choices_sheet(tables.get("choices"))
    lists = choice_lists(
        choices, translated("label", choices.columns if choices else (), default), findings, inherit=False
    )
    _Survey(survey, translated("label", survey.columns, default), lists, form, findings).read()
    findings.sheets_not_read(tables, ("survey", "choices", "settings"))
    draft = make_draft(findings, naming, like)
    tell_unused(lists, draft.mapped, findings)
    return draft.with_findings(findings)


def _choices_sheet(table: Table | None) -> Table | None:
    if table is None:
        return None
    table = renamed(table, {old: new for old, new in _CHOICE_NAMES.items() if new not in table.columns})
    table.require("list_name", "name")
    return table


def _settings(table: Table | None, name: str, language: str, findings: Findings) -> tuple[Naming, str]:
    """What the sheet `settings` says of the whole, and the language of words without one."""
    rows = table.rows if table else ()
    for row in rows:
        findings.others(row, _SETTINGS, dict.fromkeys(row.cells, "this setting has no place in an instrument"))
        findings.mapped.add(row.place)
    first = rows[0] if rows else Row("settings", 0, {})
    for row in rows[1:]:
        findings.tell(row, "", "only the first row of settings counts", next(iter(row.cells.values()), ""))
    default = language_of(first.cell("default_language")) or language
    title = {default: one_line(first.cell("form_title"))} if first.cell("form_title") else {}
    return Naming(first.cell("form_id") or name, title, first.cell("version")), default


class _Survey:
    """Walks through the rows of the survey, keeping which groups and repeats are open."""

    def __init__(
        self,
        table: Table,
        labels: Translated,
        lists: Mapping[str, tuple[Choice, ...]],
        form: str,
        findings: Findings,
    ) -> None:
        self.table, self.labels, self.lists, self.form, self.findings = table, labels, lists, form, findings
        self.open: list[tuple[str, str]] = []  # kind (group or repeat) and name
        self.seen: dict[tuple[tuple[str, str], ...], int] = {}  # a name may come back in another group

    def read(self) -> None:
        groups = [row.cell("name") for row in self.table.rows if re.match("begin[ _]group", row.cell("type"))]
        if self.form and self.form not in groups:
            listed = ", ".join(filter(None, groups)) or "none"
            raise CannotImport(f"--form: the survey has no group `{self.form}`. Groups here: {listed}.")
        for row in self.table.rows:
            structure = _STRUCTURE.fullmatch(row.cell("type"))
            if structure and structure[1].lower() == "begin":
                self.open.append((structure[2].lower(), row.cell("name")))
            if self.form and ("group", self.form) not in self.open:
                self.findings.left_out.add(row.place)
            else:
                self._row(row, structure)
            if structure and structure[1].lower() == "end" and self.open:
                self.open.pop()

    def _row(self, row: Row, structure: re.Match[str] | None) -> None:
        kind, name = row.cell("type").lower(), row.cell("name")
        if row.cell("disabled").lower() in _YES:
            self.findings.refuse(row, "disabled", "the form itself leaves this row out")
        elif any(opened == "repeat" for opened, _ in self.open):
            self.findings.refuse(row, "type", _TYPES["begin_repeat"] if structure else _IN_REPEAT)
        elif structure or kind == "note":
            self._words(row)
        elif name and (*self.open, ("", name)) in self.seen:
            first = self.seen[*self.open, ("", name)]
            self.findings.refuse(row, "name", f"the name `{name}` already stands on line {first}; rename one")
        else:
            self.seen[*self.open, ("", name)] = row.line
            self._question(row)

    def _words(self, row: Row) -> None:
        """A note or a group: its words may be the lead-in; without words it only gives structure."""
        self.findings.others(row, {"type", "name", *self.labels.columns}, self._reasons(row))
        text = self.labels.read(row, self.findings)
        if text:
            self.findings.steps.append(Words(row, "label", text))
        else:
            self.findings.mapped.add(row.place)

    def _question(self, row: Row) -> None:
        refusal = self._refusal(row)
        if refusal:
            self.findings.refuse(row, "type", refusal)
            return
        text = self.labels.read(row, self.findings)
        if not text or any("${" in words for words in text.values()):
            reason = "its words take in an answer from elsewhere; an item has the same words for everybody"
            self.findings.refuse(row, "label", reason if text else "it has no words in a language that can be told")
            return
        self.findings.others(row, {"type", "name", *self.labels.columns}, self._reasons(row))
        choices = self.lists[_list_name(row)]
        self.findings.steps.append(Question(row, "label", row.cell("name") or f"line_{row.line}", text, choices))

    def _refusal(self, row: Row) -> str:
        """Why this row is no item; empty when it may be one."""
        select = _SELECT.fullmatch(row.cell("type"))
        kind = row.cell("type").split()[0].lower() if row.cell("type") else ""
        if not select or select[1].lower() == "select_one_from_file":
            return _TYPES.get(kind, _OTHER_TYPE.format(row.cell("type")))
        if re.search(r"\s(or_other|or specify other)$", row.cell("type"), re.IGNORECASE):
            return "besides its answers people may write another (or_other)"
        if row.cell("choice_filter"):
            return "which answers are shown depends on another answer (choice_filter)"
        if len(self.lists.get(_list_name(row), ())) < 2:
            return f"there is no list `{_list_name(row)}` of at least two answers in the sheet `choices`"
        return ""

    def _reasons(self, row: Row) -> Mapping[str, str]:
        """The reason for each other column of this row; translations go by the name before the colons."""
        language = "it cannot be told which language this is; name the column `label::Name (code)`"
        by_column = {column: re.split(r"\s*::?", column)[0].lower().replace(" ", "_") for column in row.cells}
        return {
            column: language if kind == "label" else _REASONS[kind]
            for column, kind in by_column.items()
            if kind == "label" or kind in _REASONS
        }


def _list_name(row: Row) -> str:
    select = _SELECT.fullmatch(row.cell("type"))
    return select[2].strip() if select else ""
