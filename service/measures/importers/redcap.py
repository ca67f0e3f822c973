"""A REDCap data dictionary (the CSV with 18 columns, or the same with the names of REDCap's API) -> a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.measures.importers.draft import Draft, Naming, make_draft
from service.measures.importers.findings import Choice, Findings, Question, Words
from service.measures.importers.table import CannotImport, Row, Table, renamed
from service.measures.importers.words import one_line, plain

NAME, FORM, TYPE, LABEL = "Variable / Field Name", "Form Name", "Field Type", "Field Label"
SECTION, CHOICES, MATRIX = "Section Header", "Choices, Calculations, OR Slider Labels", "Matrix Group Name"
_ANNOTATION = "Field Annotation"

#: The names of the columns in REDCap's API and in its project files, and the spelling of the CSV they stand for.
_API_NAMES = {
    "field_name": NAME,
    "form_name": FORM,
    "section_header": SECTION,
    "field_type": TYPE,
    "field_label": LABEL,
    "select_choices_or_calculations": CHOICES,
    "field_note": "Field Note",
    "text_validation_type_or_show_slider_number": "Text Validation Type OR Show Slider Number",
    "text_validation_min": "Text Validation Min",
    "text_validation_max": "Text Validation Max",
    "identifier": "Identifier?",
    "branching_logic": "Branching Logic (Show field only if...)",
    "required_field": "Required Field?",
    "custom_alignment": "Custom Alignment",
    "question_number": "Question Number (surveys only)",
    "matrix_group_name": MATRIX,
    "matrix_ranking": "Matrix Ranking?",
    "field_annotation": _ANNOTATION,
}
_VALIDATION = "answers are one choice from a list; there is nothing else to check"
_SKIP = "every item is asked of everybody; a scale with skipped items has no score"
_REASONS = {
    "Field Note": "a note under a question has no place in an instrument",
    "Text Validation Type OR Show Slider Number": _VALIDATION,
    "Text Validation Min": _VALIDATION,
    "Text Validation Max": _VALIDATION,
    "Identifier?": "answers are kept under a pseudonym; mark nothing here",
    "Branching Logic (Show field only if...)": _SKIP,
    "Required Field?": "nobody has to answer; the missing rule of a score says what may be missing",
    "Custom Alignment": "how it looks is not part of an instrument",
    "Question Number (surveys only)": "items are numbered in the order of the file",
    "Matrix Ranking?": "one answer per column (ranking) cannot be asked",
    _ANNOTATION: "action tags and notes for staff have no place in an instrument",
}
_TYPES = {
    "text": "free text is not an item with fixed answers",
    "notes": "free text is not an item with fixed answers",
    "checkbox": "several answers to one question cannot be scored by an instrument",
    "calc": "a calculation is not taken over; write the score under `scores`",
    "slider": "a slider has no fixed answers",
    "file": "a file or signature is not an answer to an item",
    "sql": "answers that come from a query are not in the file",
}
_ONE_CHOICE = ("radio", "dropdown", "yesno", "truefalse")
_BUILT_IN = {
    "yesno": {
        "1": {"nl": "ja", "en": "yes", "de": "ja", "fr": "oui"},
        "0": {"nl": "nee", "en": "no", "de": "nein", "fr": "non"},
    },
    "truefalse": {
        "1": {"nl": "waar", "en": "true", "de": "wahr", "fr": "vrai"},
        "0": {"nl": "niet waar", "en": "false", "de": "falsch", "fr": "faux"},
    },
}
_BUILT_IN_WORDS = "REDCap writes the words of this type itself; compare them with what people saw"
_CODE = re.compile(r"\s*([A-Za-z0-9_.\-]+)\s*,(.*)", re.DOTALL)
_PIPED = re.compile(r"\[([a-z][a-z0-9_]*)[^\[\]]*\]")


def import_redcap(table: Table, language: str, form: str = "", like: str = "") -> Draft:
    """One form of the dictionary as a draft. `language` is that of its words, which the file does not name.

    Raises CannotImport for another file, for an unknown form, and when there are several forms and none was chosen.
    """
    table = renamed(table, _API_NAMES)
    table.require(NAME, TYPE, LABEL)
    forms = list(dict.fromkeys(row.cell(FORM) for row in table.rows if row.cell(FORM)))
    chosen = _chosen_form(table, forms, form)
    findings, names = Findings(markdown=False), {row.cell(NAME) for row in table.rows}
    seen: dict[str, int] = {}
    for row in table.rows:
        if chosen and row.cell(FORM) not in (chosen, ""):
            findings.left_out.add(row.place)
        elif row.cell(NAME) in seen:
            reason = f"the name `{row.cell(NAME)}` already stands on line {seen[row.cell(NAME)]}; rename one"
            findings.refuse(row, NAME, reason)
        else:
            seen[row.cell(NAME) or f"line {row.line}"] = row.line
            _read_row(row, language, names, findings)
    return make_draft(findings, Naming(chosen or "questionnaire", {}), like)


def _chosen_form(table: Table, forms: Sequence[str], form: str) -> str:
    listed = ", ".join(forms) or "none"
    if form and form not in forms:
        raise CannotImport(f"--form: the file has no form `{form}`. Forms here: {listed}.")
    if not form and len(forms) > 1:
        second = next(row for row in table.rows if row.cell(FORM) == forms[1])
        raise CannotImport(f"line {second.line}: the file holds several forms; choose one with --form: {listed}.")
    return form or (forms[0] if forms else "")


def _read_row(row: Row, language: str, names: set[str], findings: Findings) -> None:
    kind = row.cell(TYPE).lower()
    if row.cell(SECTION):
        findings.steps.append(Words(row, SECTION, {language: findings.words(row, SECTION)}))
    if kind == "descriptive":
        findings.steps.append(Words(row, LABEL, {language: findings.words(row, LABEL)}))
        findings.others(row, {NAME, FORM, SECTION, TYPE, LABEL}, _REASONS)
        return
    refusal = _refusal(row, kind, names)
    if refusal:
        findings.refuse(row, TYPE if kind not in _ONE_CHOICE else LABEL, refusal)
        return
    choices = _built_in(row, kind, language, findings) or _choices(row, language, findings)
    if len(choices) < 2:
        findings.refuse(row, CHOICES, "no list of at least two answers such as `1, ja | 2, nee` can be read here")
        return
    used = {NAME, FORM, SECTION, TYPE, LABEL, CHOICES, MATRIX}
    findings.others(row, used - ({CHOICES} if kind in _BUILT_IN else set()), _REASONS)
    text = {language: findings.words(row, LABEL)}
    findings.steps.append(Question(row, LABEL, row.cell(NAME) or f"line_{row.line}", text, choices))


def _refusal(row: Row, kind: str, names: set[str]) -> str:
    """Why this field is no item; empty when it may be one."""
    if kind not in _ONE_CHOICE:
        return _TYPES.get(kind, f"the field type `{kind}` is not known")
    if "@HIDDEN" in row.cell(_ANNOTATION).upper():
        return "nobody sees it: its annotation has @HIDDEN"
    if any(name in names for name in _PIPED.findall(row.cell(LABEL))):
        return "its words take in an answer from elsewhere; an item has the same words for everybody"
    return "" if plain(row.cell(LABEL), markdown=False) else "it has no words"


def _built_in(row: Row, kind: str, language: str, findings: Findings) -> tuple[Choice, ...]:
    """The answers that REDCap itself gives to a type, in its order: yes first."""
    if kind not in _BUILT_IN:
        return ()
    findings.tell(row, TYPE, _BUILT_IN_WORDS)
    labels: Mapping[str, Mapping[str, str]] = _BUILT_IN[kind]
    return tuple(Choice(raw, {language: label.get(language, label["en"])}, row, TYPE) for raw, label in labels.items())


def _choices(row: Row, language: str, findings: Findings) -> tuple[Choice, ...]:
    """`1, Nooit | 2, Soms, of vaker`: the first comma parts code and words; a bar within words is kept, and noted."""
    pairs: list[tuple[str, str]] = []
    for part in re.split(r"\||\n", row.cell(CHOICES)):
        match = _CODE.fullmatch(part)
        if match:
            pairs.append((match[1], match[2]))
        elif pairs and part.strip():
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}|{part}")
            findings.tell(row, CHOICES, "a bar was read as part of an answer, for no code and comma follow it", part)
        elif part.strip():
            findings.tell(row, CHOICES, "this answer has no code and comma before its words", part)
    words = [(raw, findings.words(row, CHOICES, one_line(label))) for raw, label in pairs]
    if not all(label for _, label in words):
        return ()
    return tuple(Choice(raw, {language: label}, row, CHOICES) for raw, label in words)
