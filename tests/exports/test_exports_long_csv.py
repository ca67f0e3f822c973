"""The long file: one row per enrolment and wave, readable by machines and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.exports.long_csv import codebook_csv, long_csv, neutralised, restored
from service.measures.codebook import LongRow, codebook
from service.measures.instrument import Instrument

Instruments = Mapping[str, Instrument]

SILENT = LongRow(
    pseudonym="P0000001",
    intervention="Samen wandelen",
    programme="Wijk Noord",
    arm="intervention",
    enrolled_on=date(2026, 1, 5),
    wave="t1",
    wave_position=1,
    target_on=date(2026, 4, 5),
    opened_on=date(2026, 4, 5),
    closed_on=date(2026, 4, 19),
    status="missed",
    status_reason="",
    mode=None,
    language="nl",
    instrument="djg6",
    instrument_version="2006",
    answered_on=None,
)
ANSWERED = replace(
    SILENT,
    wave="t0",
    wave_position=0,
    status="complete",
    mode="sms",
    answered_on=date(2026, 1, 6),
    answers={3: "yes", 4: "no", 7: "more_or_less", 8: "yes", 9: "no_answer", 10: "no"},
    scores={"emotional": None, "social": 2, "total": 3},
    band="moderate",
    cutoff_set="manual",
    lower_bound=False,
    missing=1,
    scoring_version="1",
)


def read(lines: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(lines.removeprefix("\ufeff"), newline="")))


def test_a_row_for_every_wave_also_the_silent_one(instruments: Instruments) -> None:
    rows = read("".join(long_csv([ANSWERED, SILENT], [instruments["djg6"]])))
    assert [row["wave"] for row in rows] == ["t0", "t1"]
    assert rows[0]["item_3"] == "yes"
    assert rows[0]["item_9"] == "no_answer"
    assert (rows[0]["emotional"], rows[0]["social"], rows[0]["total"]) == ("", "2", "3")
    assert (rows[0]["lower_bound"], rows[0]["missing"], rows[0]["enrolled_on"]) == ("0", "1", "2026-01-05")
    assert rows[1]["status"] == "missed"
    assert {rows[1][name] for name in ("mode", "answered_on", "item_3", "total", "band", "lower_bound", "missing")} == {
        ""
    }


def test_the_columns_are_those_of_the_codebook(instruments: Instruments) -> None:
    chosen = [instruments["djg11"], instruments["ons_direct"]]
    header = next(iter(long_csv([], chosen, bom=False))).strip().split(",")
    assert header == [variable.name for variable in codebook(chosen)]
    assert "org_id" not in header
    assert [row["name"] for row in read(codebook_csv(codebook(chosen)))] == header


def test_every_field_of_a_row_has_a_column(instruments: Instruments) -> None:
    names = {variable.name for variable in codebook([instruments["djg6"]])}
    assert set(LongRow.__dataclass_fields__) - {"answers", "scores"} <= names


def test_a_spreadsheet_sees_that_it_is_utf_8(instruments: Instruments) -> None:
    assert "".join(long_csv([], [instruments["djg6"]])).encode().startswith(b"\xef\xbb\xbf")
    assert not "".join(long_csv([], [instruments["djg6"]], bom=False)).encode().startswith(b"\xef\xbb\xbf")


def test_a_semicolon_for_dutch_spreadsheets(instruments: Instruments) -> None:
    header = next(iter(long_csv([], [instruments["djg6"]], bom=False, delimiter=";")))
    assert header.startswith("pseudonym;intervention;")


@pytest.mark.parametrize(
    "text", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a", "  =1", "'=1"]
)
def test_what_a_spreadsheet_could_run_begins_with_an_apostrophe(text: str, instruments: Instruments) -> None:
    assert neutralised(text) == f"'{text}"
    row = read("".join(long_csv([replace(SILENT, programme=text)], [instruments["djg6"]])))[0]
    assert row["programme"] == f"'{text}"


@pytest.mark.parametrize("text", ["", "Wijk Noord", "a=b", "'s Hertogenbosch"[1:], "10-14", "één"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert neutralised(text) == text


def test_numbers_are_left_alone(instruments: Instruments) -> None:
    row = read("".join(long_csv([replace(ANSWERED, wave_position=-1)], [instruments["djg6"]])))[0]
    assert row["wave_position"] == "-1"


@given(st.text(alphabet="'=+-@\t\r\n＝ ab", max_size=8) | st.text())
def test_it_can_be_undone(text: str) -> None:
    assert restored(neutralised(text)) == text


@given(st.text(), st.text())
def test_any_text_survives_the_file(programme: str, reason: str) -> None:
    row = replace(SILENT, programme=programme, status_reason=reason)
    lines = list(csv.reader(io.StringIO("".join(long_csv([row], [], bom=False)), newline="")))
    names = lines[0]
    assert restored(lines[1][names.index("programme")]) == programme
    assert restored(lines[1][names.index("status_reason")]) == reason
