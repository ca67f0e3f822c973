"""`peil score`: rows in, the same rows with their scores out; never a guess."""

from __future__ import annotations

import argparse
import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.commands import score
from tests.spec.scoring_page import examples

HEADER = ",".join(["who", *(f"lone{number}" for number in range(1, 12)), "note"])


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


@dataclass(frozen=True)
class Command:
    folder: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, content: str | bytes, *options: str, instrument: str = "djg11") -> Outcome:
        file = self.folder / "answers.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        parser = argparse.ArgumentParser(prog="peil")
        score.add_parser(parser.add_subparsers())
        status = score.run(parser.parse_args(["score", "--instrument", instrument, *options, str(file)]))
        return Outcome(status, *self.capture.readouterr())


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, capsys)


def wide(responses: str, who: str = "p1", note: str = "n") -> str:
    return ",".join([who, *responses, note])


def file_of(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


@pytest.mark.parametrize("form", ["djg11", "djg6"])
def test_the_worked_examples(command: Command, form: str) -> None:
    rows = command(file_of(*(wide(e.responses, e.key) for e in examples())), instrument=form).rows
    assert len(rows) == 32
    for row, example in zip(rows, examples(), strict=True):
        expected = example.djg11 if form == "djg11" else example.djg6
        assert (row["emotional"], row["social"], row["total"], row["band"]) == tuple(
            "" if v is None else str(v) for v in expected
        )
        assert (row["who"], row["note"], row["lone3"]) == (example.key, "n", example.responses[2])


def test_a_coding_says_what_the_numbers_mean(command: Command) -> None:
    least = file_of(wide("13313311331"))  # 1 = ja, as people type it
    found = command(least, "--coding", "1=yes,2=more_or_less,3=no")
    assert (found.rows[0]["total"], found.rows[0]["band"]) == ("0", "not_lonely")
    assert "numbers were read" not in found.err
    assert "Manual of the Loneliness Scale" in found.err  # the source and the conditions of use, beside the figures
    assert "Cite the source" in found.err
    assert command(least, "--coding", "1=no,2=more_or_less,3=yes").rows[0]["total"] == "11"


def test_without_a_coding_the_codes_themselves_and_the_numbers_of_the_manual(command: Command) -> None:
    codes = "p,yes,no,no,yes_emph,no,no_emph,yes,more_or_less,,.,no_answer,n"
    assert command(file_of(codes)).rows[0]["total"] == ""
    assert "numbers were read" not in command(file_of(codes)).err
    assert "1=no, 2=more_or_less, 3=yes" in command(file_of(wide("31131133113"))).err


def test_an_unknown_code_is_named_with_row_and_column_and_nothing_is_written(command: Command) -> None:
    found = command(file_of(wide("31131133113"), wide("31171133113")))
    assert (found.status, found.out) == (1, "")
    assert "row 2 (line 3), column lone4: the code '7' is not known." in found.err
    assert command(file_of(wide("3113113311") + ",yes"), "--coding", "1=no,2=more_or_less,3=yes").status == 1


def test_missing_codes_can_be_named(command: Command) -> None:
    rows = file_of(wide("3113113311.").replace(".", "-9"))
    assert command(rows).status == 1
    assert command(rows, "--coding", "1=no,2=more_or_less,3=yes,-9=no_answer").rows[0]["total"] == "0"


def test_an_unknown_instrument_is_an_error_with_the_known_ones(command: Command) -> None:
    found = command(file_of(), instrument="djg12")
    assert found.status == 1
    assert "unknown instrument 'djg12'. Known: djg11, djg6, nl_direct4, ons_direct, ucla3." in found.err


@pytest.mark.parametrize("coding", ["1", "1=", "=no", "1=no,1=yes", ""])
def test_a_coding_that_is_none_is_a_usage_error(command: Command, coding: str) -> None:
    with pytest.raises(SystemExit) as ended:
        command(file_of(), "--coding", coding)
    assert ended.value.code == 2


def test_a_coding_with_a_code_of_another_instrument_is_a_usage_error(command: Command) -> None:
    found = command(file_of(), "--coding", "1=nee")
    assert found.status == 2
    assert "nee is not a code of djg11" in found.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (HEADER.replace("lone4", "lone3"), "the column 'lone3' stands there twice"),
        (HEADER.replace("note", "item_3"), "the columns 'lone3' and 'item_3' are the same item"),
        (HEADER.replace(",lone4", "").replace(",lone9", ""), "djg11 needs the column lone4, lone9"),
        (HEADER.replace("note", "total"), "the file already has a column 'total'"),
        (file_of(wide("31131133113") + ",7"), "row 1 (line 2): 14 cells where the header has 13"),
        (file_of("p1,3"), "row 1 (line 2): 2 cells where the header has 13"),
        (HEADER + '\n"p1,3', "is not CSV"),
        (HEADER.encode() + b"\n\xe9", "the file is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_scored_says_why(command: Command, content: str | bytes, message: str) -> None:
    found = command(content)
    assert (found.status, found.out) == (1, "")
    assert message in found.err


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = argparse.Namespace(instrument="djg11", coding=None, file="/nowhere/answers.csv")
    assert score.run(arguments) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_from_spreadsheets(command: Command, encoding: str, delimiter: str) -> None:
    text = file_of(wide("13313311331", who="Zoë")).replace(",", delimiter).replace("\n", "\r\n")
    found = command(text.encode(encoding))
    row = next(csv.DictReader(io.StringIO(found.out), delimiter=delimiter))
    assert (row["who"], row["total"], row["band"]) == ("Zoë", "11", "very_severe")


def test_a_row_without_any_answer_stays_a_row(command: Command) -> None:
    rows = command(file_of(wide("..........."), ",,,,,,,,,,,,", "", wide("31131133113"))).rows
    assert [row["total"] for row in rows] == ["", "", "0"]


def test_a_header_alone_gives_a_header(command: Command) -> None:
    assert command(HEADER).out.strip() == f"{HEADER},emotional,social,total,band"


def test_other_instruments_have_their_own_columns(command: Command) -> None:
    assert command("lone1,lone2,lone3\noften,often,some\n", instrument="ucla3").out == (
        "lone1,lone2,lone3,total,band\noften,often,some,8,lonely\n"
    )
    assert command("1\noften_always\n\nnever\n", instrument="ons_direct").out == (
        '1,level,band\noften_always,5,often_or_always\n"",,\nnever,1,less_often\n'.replace('""', "")
    )


def test_more_than_twenty_mistakes_are_counted(command: Command) -> None:
    found = command(file_of(*[wide("99999999999")] * 3))
    assert "and 13 more." in found.err
