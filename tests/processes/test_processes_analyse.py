"""`peil analyse` as a process, on a file as the service exports it: no database, no settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from service.__main__ import main
from service.commands.file_faults import sentence
from service.exports.long_cells import FileFault
from service.exports.long_csv import long_csv
from service.followup.records import records
from service.measures.analysis.analyse import analyse
from service.measures.analysis.plan import AnalysisPlan, default_plan
from service.measures.analysis.plan import as_plain as plan_as_plain
from service.measures.analysis.result import Fault, as_plain
from tests.followup.records_scene import DJG6, INSTRUMENTS, NOW, PROGRAMME, PROTOCOL, small

SMALL = small()
RECORDS = records(PROTOCOL, DJG6, PROGRAMME, SMALL.rows(), NOW)
PLAN = default_plan(DJG6, [wave.key for wave in RECORDS.waves], RECORDS.primary)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "peil.csv"
    path.write_text(SMALL.text(), "utf-8", newline="")
    return path


def dashboard(plan: AnalysisPlan = PLAN) -> object:
    return json.loads(json.dumps(as_plain(analyse(RECORDS, plan, live=True))))


def test_a_process_prints_the_figures_of_the_dashboard(exported: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service", "analyse", str(exported), "--json"],
        env={"PATH": os.environ["PATH"], "HOME": str(exported.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [dashboard()]


def test_the_text_has_sentences_first_and_every_figure_under_its_key(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", str(exported), "--language", "nl"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == PROGRAMME.name
    keys = {line.partition("  ")[0] for line in told}
    figures = analyse(RECORDS, PLAN, live=True).figures
    assert set(figures) <= keys
    sentence = next(number for number, line in enumerate(told) if "zekerheidsinterval" in line or "95%" in line)
    assert sentence < told.index(next(line for line in told if line.startswith("head.programme  ")))
    change = figures["change.intervention.difference"]
    assert change.value is not None
    shown = next(line for line in told if line.startswith("change.intervention.difference  "))
    assert shown.startswith(f"change.intervention.difference  {change.value:.2f} ({change.low:.2f} to ")
    assert f", n {change.n} of {change.of}" in shown
    assert (
        any(line.startswith("change.waiting_list.difference  not shown: ") for line in told)
        or figures["change.waiting_list.difference"].shown
    )
    assert any("  not estimable: no_data" in line for line in told)


def test_a_plan_changes_what_is_computed(exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = replace(PLAN, outcome="emotional", cutoff_set="", margin=0.5)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan_as_plain(plan)), "utf-8")
    assert main(["analyse", str(exported), "--plan", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [dashboard(plan)]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("[", "is no JSON"),
        ("[1]", "must be one JSON object"),
        ('{"outcome": "total", "baseline": "t0", "primary": "t1", "colour": "red"}', "colour cannot be read (colour)"),
        ('{"outcome": "joy", "baseline": "t0", "primary": "t1"}', "This questionnaire has no score ‘joy’"),
        ('{"outcome": "total", "baseline": "t0", "primary": "t9"}', "There is no wave ‘t9’"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(
    plan: str, said: str, exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(plan, "utf-8")
    assert main(["analyse", str(exported), "--plan", str(path)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_one_programme_of_several(exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*SMALL.rows(), *(replace(row, programme="Zuid") for row in SMALL.rows())]
    path = tmp_path / "two.csv"
    path.write_text("".join(long_csv(rows, [INSTRUMENTS["djg6"]])), "utf-8", newline="")
    assert main(["analyse", str(path), "--json"]) == 0
    assert [one["head"]["programme"] for one in json.loads(capsys.readouterr().out)] == [PROGRAMME.name, "Zuid"]
    assert main(["analyse", str(path), "--json", "--programme", "Zuid"]) == 0
    assert [one["head"]["programme"] for one in json.loads(capsys.readouterr().out)] == ["Zuid"]
    assert main(["analyse", str(path), "--programme", "Oost"]) == 1
    assert "There is no programme 'Oost' in the file. It holds: " in capsys.readouterr().err


def test_faults_are_sentences_with_their_line_and_twenty_are_enough(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported.write_text(exported.read_text("utf-8").replace("2026-03-02", "2-3-2026"), "utf-8")
    assert main(["analyse", str(exported)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert lines[0].startswith(
        "peil analyse: line 2: 'enrolled_on: 2-3-2026' is not a date. Write it as year-month-day"
    )
    assert len(lines) == 21
    assert lines[-1].endswith(" more.")


def test_a_fault_of_the_series_is_a_sentence_too(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = exported.read_text("utf-8").split("\n")
    lines[1] = lines[1].replace(",yes,", ",perhaps,", 1)
    exported.write_text("\n".join(lines), "utf-8")
    assert main(["analyse", str(exported)]) == 1
    assert "The answer ‘item" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file or directory."),
        (b"", "the file is empty"),
        (b"\xff\x00\x80", "is not UTF-8 text"),
        (b"name;age\r\nWil;70\r\n", "this is not a file that Peil exported"),
    ],
)
def test_what_is_no_such_file_is_said_in_one_line(
    content: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    assert main(["analyse", str(path)]) == 1
    told = capsys.readouterr()
    assert (told.out, len(told.err.splitlines())) == ("", 1)
    assert said in told.err


def test_a_file_in_the_encoding_of_a_spreadsheet_is_read(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported.write_bytes(exported.read_text("utf-8-sig").encode("utf-16"))
    assert main(["analyse", str(exported), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [dashboard()]


@pytest.mark.parametrize("kind", FileFault)
def test_every_fault_of_a_file_has_a_sentence_with_its_line(kind: FileFault) -> None:
    said = sentence(Fault(7, str(kind), "found", "expected"))
    assert said.startswith("line 7: ")
    assert said.endswith(".")


def test_an_option_that_is_not_one_is_a_usage_error(exported: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["analyse", str(exported), "--language", "fy"])
    assert ended.value.code == 2
