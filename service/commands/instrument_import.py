"""`peil instrument import FILE`: a questionnaire of REDCap, XLSForm or formr -> the draft of an instrument file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from service.commands.tables import read_tables
from service.measures.importers.draft import Draft
from service.measures.importers.draft_text import as_mapping, draft_text, to_fill_in
from service.measures.importers.findings import Unmapped
from service.measures.importers.formr import import_formr
from service.measures.importers.redcap import import_redcap
from service.measures.importers.table import CannotImport, Table
from service.measures.importers.xlsform import import_xlsform

_DESCRIPTION = """\
Make the draft of an instrument file (YAML) from a questionnaire of another program: a REDCap data dictionary
(CSV), an XLSForm (.xlsx or CSV) or an item table of formr (.xlsx or CSV). Questions with one choice from a list
become items; those that share one list of answers come together. What cannot be taken over (skip rules,
calculations, free text, ...) is listed with its line and the reason. Scores are never imported: the draft says
what to fill in, and is refused until that is done.

Exit code 0: everything is in the draft; 1: the draft is made, and what is not in it is listed; 2: no draft, with
the line and the cure."""
_MOST_LINES = 8


def add_verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `import` to the verbs of `peil instrument`."""
    parser = verbs.add_parser(
        "import",
        help="make a draft from a questionnaire of REDCap, XLSForm or formr",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV (comma, semicolon or tab) or .xlsx")
    parser.add_argument("--format", required=True, choices=("redcap", "xlsform", "formr"))
    parser.add_argument("--form", default="", metavar="NAME", help="which form (REDCap) or group (XLSForm)")
    parser.add_argument("--like", default="", metavar="ITEM", help="the items with the same answers as this one")
    parser.add_argument("--choices", type=Path, metavar="FILE", help="the sheet `choices`, where that is a CSV apart")
    parser.add_argument("--language", default="nl", metavar="CODE", help="of words for which the file names none (nl)")
    parser.add_argument("--encoding", default="", metavar="NAME", help="of a CSV that is not UTF-8 or UTF-16")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the draft goes; it must not exist yet")
    parser.add_argument("--json", action="store_true", help="for a machine")
    parser.set_defaults(act=import_instrument)


def import_instrument(args: argparse.Namespace) -> int:
    """Make the draft. 0 when all is in it, 1 when something is listed, 2 when there is none."""
    try:
        if args.output and args.output.exists():
            raise CannotImport(f"--output: {args.output} exists already; choose another name, or remove it first.")
        draft = _draft(args)
        text = draft_text(draft, args.file.name) if draft.items else ""
        if text and args.output:
            _write(args.output, text)
    except CannotImport as error:
        if args.json:
            sys.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False, indent=2) + "\n")
        sys.stderr.write(f"peil instrument import: {error}\n")
        return 2
    if args.json:
        _report_json(args, draft, text)
    else:
        sys.stdout.write("" if args.output else text)
        _report(args, draft)
    return _status(draft)


def _status(draft: Draft) -> int:
    if not draft.items:
        sys.stderr.write(
            "peil instrument import: no draft: no question here has one choice from a list. The list says why.\n"
        )
        return 2
    return 1 if draft.unmapped else 0


def _draft(args: argparse.Namespace) -> Draft:
    tables = read_tables(args.file, args.encoding)
    if args.format == "redcap":
        return import_redcap(next(iter(tables.values())), args.language, args.form, args.like)
    sheets = _sheets(tables, args)
    if args.format == "xlsform":
        return import_xlsform(sheets, args.file.stem, args.language, args.form, args.like)
    if args.form:
        raise CannotImport("--form: an item table of formr has no forms; leave it out.")
    return import_formr(sheets, args.file.stem, args.language, args.like)


def _sheets(tables: Mapping[str, Table], args: argparse.Namespace) -> Mapping[str, Table]:
    """The sheets by name. The first one is the survey when none is called so; --choices adds the other."""
    first = next(iter(tables))
    rows = {("survey" if name == first and "survey" not in tables else name): table for name, table in tables.items()}
    if args.choices:
        rows["choices"] = next(iter(read_tables(args.choices, args.encoding).values()))
    return {name: table.named(name) for name, table in rows.items()}  # a line of a CSV says of which file it is


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CannotImport(f"--output: {path} cannot be written: {error.strerror}.") from error


def _report_json(args: argparse.Namespace, draft: Draft, text: str) -> None:
    result = {**as_mapping(draft), "output": str(args.output) if args.output else None, "draft": text}
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")


def _report(args: argparse.Namespace, draft: Draft) -> None:
    """What is not in the draft, one line per column and reason, and what is still to be filled in."""
    together: dict[tuple[str, str, str], list[Unmapped]] = {}
    for one in draft.unmapped:
        together.setdefault((one.sheet, one.column, one.reason), []).append(one)
    for found in together.values():
        sys.stderr.write(f"not taken over: {_one_line(found)}.\n")
    if draft.left_out:
        sys.stderr.write(f"left out as asked: {len(draft.left_out)} rows outside `{args.form}`.\n")
    if draft.items:
        written = f", written to {args.output}" if args.output else ""
        languages = ", ".join(draft.languages)
        sys.stderr.write(
            f"{len(draft.items)} items with {len(draft.options)} answers, language {languages}{written}.\n"
            f"Fill in before it can be used: {', '.join(to_fill_in(draft))}.\n"
        )


def _one_line(found: list[Unmapped]) -> str:
    """`sheet survey, lines 3, 4 and 9 more, relevant: every item is asked of everybody`."""
    first = found[0]
    lines = ", ".join(str(one.row) for one in found[:_MOST_LINES])
    more = f" and {len(found) - _MOST_LINES} more" if len(found) > _MOST_LINES else ""
    value = f" ({' '.join(first.value.split())[:60]})" if len(found) == 1 and first.value else ""
    sheet = f"sheet {first.sheet}, " if first.sheet else ""
    line = "line" if len(found) == 1 else "lines"
    return f"{sheet}{line} {lines}{more}, {first.column or 'row'}{value}: {first.reason}"
