"""`peil instrument import`: files as people have them, with an exit code, a list of what is not taken over, and a cure."""

from __future__ import annotations

import argparse
import csv
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from service.commands import instrument
from service.measures.instrument_file import BadInstrument, read_instrument

COLUMNS = [
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Command:
    folder: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, format_: str, file: Path, *options: str) -> Outcome:
        parser = argparse.ArgumentParser(prog="peil")
        instrument.add_parser(parser.add_subparsers())
        words = ["instrument", "import", "--format", format_, str(file), *options]
        status = instrument.run(parser.parse_args(words))
        return Outcome(status, *self.capture.readouterr())

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, capsys)


def dictionary(*rows: dict[int, str], delimiter: str = ",") -> str:
    """A data dictionary; each row by the place of its column."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.get(place, "") for place in range(18)] for row in rows)
    return text.getvalue()


def item(name: str, label: str, **more: str) -> dict[int, str]:
    row = {
        0: name,
        1: "tevredenheid",
        3: "radio",
        4: label,
        5: "1, oneens | 2, niet oneens, niet eens | 3, eens",
        15: "m",
    }
    return row | {int(place.removeprefix("c")): value for place, value in more.items()}


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


REALISTIC = (
    {0: "record_id", 1: "tevredenheid", 3: "text", 4: "Record ID"},
    item("t1", '<div class="rich-text-field-label"><p>Ik ben <b>tevreden</b>.</p></div>', c2="Bent u het eens?", c12="y"),
    item("t2", "Mijn leven is goed,\nzoals het is."),
    item("t3", "Zoë & ik: één dag 'goed'.", c11="[t1] = '3'"),
    {0: "som", 1: "tevredenheid", 3: "calc", 4: "Som", 5: "sum([t1],[t2],[t3])"},
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_data_dictionary_as_programs_write_it(command: Command, encoding: str, delimiter: str) -> None:
    file = command.file("dict.csv", dictionary(*REALISTIC, delimiter=delimiter).encode(encoding))
    options = ["--encoding", encoding] if encoding == "windows-1252" else []
    found = command("redcap", file, *options)
    assert found.status == 1
    assert "Mijn leven is goed, zoals het is." in found.out
    assert "Zoë & ik: één dag" in found.out
    assert "3 items with 3 answers, language nl" in found.err
    assert "line 2, Field Type (text): free text" in found.err
    assert "line 6, Branching Logic" in found.err  # the words of t2 take two lines
    assert "line 7, Field Type (calc)" in found.err
    assert "Fill in before it can be used: version, title.nl, title.en, source" in found.err


def test_the_draft_is_written_once_and_then_says_what_to_fill_in(command: Command, tmp_path: Path) -> None:
    file, draft = (
        command.file("d.csv", dictionary(item("t1", "Goed."), item("t2", "Fijn.")).encode()),
        tmp_path / "d.yaml",
    )
    first, again = command("redcap", file, "--output", str(draft)), command("redcap", file, "--output", str(draft))
    assert (first.status, first.out) == (0, "")
    assert f"written to {draft}" in first.err
    assert again.status == 2
    assert "exists already; choose another name" in again.err
    with pytest.raises(BadInstrument, match="this still has to be filled in: which items make a score, and how"):
        read_instrument(draft.read_text("utf-8"), {})


def test_json_names_every_row_that_is_not_in_the_draft(command: Command) -> None:
    file = command.file("d.csv", dictionary(*REALISTIC).encode())
    result = json.loads(command("redcap", file, "--json").out)
    assert [item["name"] for item in result["items"]] == ["t1", "t2", "t3"]
    assert result["rows"] == {"mapped": 3, "left_out": 0}
    assert {one["row"] for one in result["unmapped"]} == {2, 3, 6, 7}
    assert result["fill_in"][-1] == "scores"
    assert result["draft"].startswith("# Draft made by `peil instrument import` from d.csv.")
    wrong = json.loads(command("formr", file, "--json").out)
    assert "Is this the right --format?" in wrong["error"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"", "line 1: the file is empty"),
        ("x.csv", b"\r\n \r\n", "line 1: the file is empty"),
        ("x.csv", dictionary().encode(), "line 2: there are no rows"),
        ("x.csv", dictionary(item("t1", "Zo\xeb")).encode("latin-1"), "line 2: this is not UTF-8 text"),
        ("x.csv", b"a,b\n\x00\x01,c\n", "line 2: this is not text"),
        ("x.csv", b'a,b\n"c,d\n', "line 2: this is not CSV"),
        ("x.csv", b"Field Type,Field Type\nradio,text\n", "line 1: the column `Field Type` stands there twice"),
        ("x.csv", b"naam,leeftijd\nJan,70\n", "line 1: the column `Variable / Field Name`"),
        ("x.csv", dictionary({0: "a", 1: "f", 3: "text", 4: "x"}).encode(), "no draft: no question here"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel file (.xls) or one with a password"),
        ("x.xlsx", b"PK\x03\x04 and nothing else", "not an .xlsx file, or it is damaged"),
    ],
)
def test_a_file_that_cannot_be_used_gets_its_line_and_the_cure(
    command: Command, name: str, content: bytes, message: str
) -> None:
    found = command("redcap", command.file(name, content))
    assert (found.status, found.out) == (2, "")
    assert message in found.err


def test_other_refusals(command: Command, tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "damaged; save it again as .xlsx" in command("formr", command.file("a.ods", archive.getvalue())).err
    assert "cannot be read" in command("formr", tmp_path / "none.csv").err
    some = command.file("d.csv", dictionary(item("t1", "Goed.")).encode())
    assert "`klingon` is not known" in command("redcap", some, "--encoding", "klingon").err
    assert "cannot be written" in command("redcap", some, "--output", str(tmp_path / "none" / "d.yaml")).err
    table = command.file("f.csv", b"type,name,label,choice1,choice2\nmc,f1,Gaat het?,ja,nee\n")
    assert "has no forms" in command("formr", table, "--form", "x").err
    assert command("formr", table).status == 0


def test_an_xlsform_of_excel_with_numbers_as_codes_and_a_sheet_that_is_not_read(command: Command) -> None:
    content = workbook(
        survey=[
            ["type", "name", "Label::Nederlands (nl)", "label::العربية (ar)", "required"],
            ["select_one eens", "v1", "Ik ben blij.", "أنا سعيد.", "yes"],
            [],
            ["select_one eens", "v2", "Ik ben rustig.", "أنا هادئ.", None],
        ],
        choices=[
            ["list_name", "name", "label::Nederlands (nl)", "label::العربية (ar)"],
            ["eens", 1, "oneens", "لا أوافق"],
            ["eens", 2.0, "eens", "أوافق"],
            ["eens", 99, "Wil ik niet zeggen", "لا أريد"],
        ],
        settings=[["form_title", "form_id", "version"], ["Blij", "blij_1", date(2024, 5, 1)]],
        aantekeningen=[["wie"], ["Jan"]],
    )
    found = command("xlsform", command.file("blij.xlsx", content))
    assert found.status == 1
    assert "- {code: oneens, value: 1, label: {nl: oneens, ar: لا أوافق}}  # was 1" in found.out
    assert "- {code: eens, value: 2," in found.out
    assert "  nl: Blij" in found.out
    assert "2024-05-01" in found.out
    assert "2 items with 2 answers, language nl, ar" in found.err
    assert "sheet survey, line 2, required (yes)" in found.err
    assert "sheet choices, line 4" in found.err
    assert "sheet aantekeningen, line 2, row (Jan): this sheet is not read" in found.err


def test_an_xlsform_as_csv_in_one_file_and_in_two(command: Command) -> None:
    survey, choices = "type,name,label\nselect_one x,v1,Gaat het?\n", "list_name,name,label\nx,1,ja\nx,0,nee\n"
    one = "survey,,,\n" + "".join(f",{line}\n" for line in survey.splitlines())
    one += "choices,,,\n" + "".join(f",{line}\n" for line in choices.splitlines())
    together = command("xlsform", command.file("one.csv", one.encode()))
    apart = command(
        "xlsform",
        command.file("survey.csv", survey.encode()),
        "--choices",
        str(command.file("choices.csv", choices.encode())),
    )
    for found in (together, apart):
        assert found.status == 0, found.err
        assert "- {code: 'yes', value: 1, label: {nl: ja}}" in found.out


def test_a_formula_without_its_result_is_refused_with_its_line(command: Command) -> None:
    content = workbook(survey=[["type", "name", "label"], ["mc", "f1", '="Gaat "&"het?"']])
    found = command("formr", command.file("f.xlsx", content))
    assert found.status == 2
    assert "sheet `survey`, line 2: the file holds the formula" in found.err


def test_an_answer_of_which_the_spreadsheet_made_a_date_is_named(command: Command) -> None:
    content = workbook(
        survey=[["type", "name", "label", "choice1", "choice2"], ["mc", "f1", "Hoe vaak?", date(2024, 2, 1), "vaker"]]
    )
    found = command("formr", command.file("f.xlsx", content), "--language", "en")
    assert found.status == 1
    assert "the spreadsheet made a date of this answer" in found.err
    assert "language en" in found.err


def test_cells_under_no_name_and_columns_nobody_knows_are_listed(command: Command) -> None:
    text = "type;name;label;choice1;choice2;\nmc;f1;Gaat het?;ja;nee;los\n"
    found = command("formr", command.file("f.csv", text.encode()))
    assert found.status == 1
    assert "line 2, column 6 (no name) (los): this column is not known" in found.err
