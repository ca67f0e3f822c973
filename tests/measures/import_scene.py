"""Rows of questionnaires as other programs write them, and what the importers make of them."""

from __future__ import annotations

from service.measures.importers.draft import Draft
from service.measures.importers.formr import import_formr
from service.measures.importers.redcap import CHOICES, FORM, LABEL, NAME, SECTION, TYPE, import_redcap
from service.measures.importers.table import Row, Table
from service.measures.importers.xlsform import import_xlsform

BRANCHING = "Branching Logic (Show field only if...)"
AGREE = "1, Helemaal oneens | 2, Oneens | 3, Eens, soms | 4, Helemaal eens"


def table(sheet: str, *rows: dict[str, str]) -> Table:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    body = [
        Row(sheet, line, {column: value for column, value in row.items() if value})
        for line, row in enumerate(rows, start=2)
    ]
    return Table(sheet, columns, tuple(body))


def field(
    name: str, kind: str = "radio", label: str = "Ik red mij goed.", choices: str = AGREE, **more: str
) -> dict[str, str]:
    return {NAME: name, FORM: "welzijn", SECTION: "", TYPE: kind, LABEL: label, CHOICES: choices, BRANCHING: "", **more}


def redcap(*rows: dict[str, str], language: str = "nl", form: str = "", like: str = "") -> Draft:
    return import_redcap(table("", *rows), language, form, like)


def xlsform(survey: list[dict[str, str]], choices: list[dict[str, str]], form: str = "", **settings: str) -> Draft:
    tables = {"survey": table("survey", *survey), "choices": table("choices", *choices)}
    if settings:
        tables["settings"] = table("settings", settings)
    return import_xlsform(tables, "bestand", "nl", form)


def formr(survey: list[dict[str, str]], choices: list[dict[str, str]] | None = None) -> Draft:
    tables = {"survey": table("survey", *survey)}
    if choices:
        tables["choices"] = table("choices", *choices)
    return import_formr(tables, "lijst", "nl")


def reasons(draft: Draft, line: int, sheet: str = "") -> str:
    return "; ".join(f"{one.column}: {one.reason}" for one in draft.unmapped if (one.sheet, one.row) == (sheet, line))


def filled_in(text: str, draft: Draft) -> str:
    """What a person does with the draft: the score as the remark gives it, and words for every FILL IN."""
    score = next(line for line in text.splitlines() if line.startswith("# - {key: total")).removeprefix("# ")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    done = []
    for line in lines:
        if line.startswith("scores:"):
            done += ["scores:", score.replace(", ...]", f", {', '.join(str(i.number) for i in draft.items[12:])}]")]
        elif line.startswith("direction:"):
            done.append("direction: higher_is_better")
        elif line.startswith(("key: FILL", "key: 'FILL")):
            done.append("key: ingevuld")
        elif "FILL IN" in line:
            done.append(line.split(":")[0] + ': "ingevuld"')
        else:
            done.append(line)
    return "\n".join(done)


def everything_is_accounted_for(draft: Draft, *tables: Table) -> bool:
    rows = {row.place for one in tables for row in one.rows}
    return rows == draft.mapped | {(one.sheet, one.row) for one in draft.unmapped} | draft.left_out
