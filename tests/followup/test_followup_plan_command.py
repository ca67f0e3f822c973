"""`peil plan`: what would be sent and when, without a database."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from service.commands import plan

PROTOCOLS = Path(__file__).parents[2] / "service/followup/protocols"


def peil(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="peil")
    plan.add_parser(parser.add_subparsers(required=True))
    return plan.run(parser.parse_args(["plan", *words]))


def test_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(PROTOCOLS / "zes-vragen.yaml")
    assert peil("--protocol", path, "--start", "2026-10-24T10:00", "--tz", "Europe/Amsterdam") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ")[0] == "kind"
    assert len(lines) == 13
    assert "Sat 2026-10-24 10:00" in lines[1]
    assert "2026-10-24T08:00:00Z" in lines[1]


def test_json_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(PROTOCOLS / "zes-vragen.yaml")
    assert peil("--protocol", path, "--start", "2026-10-24T10:00", "--tz", "Europe/Amsterdam", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 12
    assert rows[1] == {
        "kind": "reminder",
        "wave": "t0",
        "local": "2026-10-27T10:00:00",
        "utc": "2026-10-27T09:00:00Z",
        "zone": "Europe/Amsterdam",
        "key": "t0:reminder",
        "expires_utc": "2026-11-14T09:00:00Z",
    }


def test_the_protocol_has_a_zone_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert peil("--protocol", str(PROTOCOLS / "dag-en-nacht.yaml"), "--start", "2026-10-24T10:00", "--json") == 0
    assert {row["zone"] for row in json.loads(capsys.readouterr().out)} == {"Europe/Amsterdam"}


def test_a_wrong_file_is_told_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (PROTOCOLS / "zes-vragen.yaml").read_text("utf-8")
    path = tmp_path / "wrong.yaml"
    path.write_text(text.replace("djg6", "djg7").replace("3 months", "10 days"), "utf-8")
    assert peil("--protocol", str(path), "--start", "2026-10-24T10:00", "--json") == 1
    seen = capsys.readouterr()
    assert seen.out == ""
    first, second = seen.err.splitlines()
    assert first.startswith("Line 5: Unknown instrument djg7.")
    assert second.startswith("Line 13: Waves overlap: t3m opens while t0")


def test_warnings_stand_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "eleven.yaml"
    path.write_text((PROTOCOLS / "zes-vragen.yaml").read_text("utf-8").replace("djg6", "djg11"), "utf-8")
    assert peil("--protocol", str(path), "--start", "2026-10-24T10:00", "--json") == 0
    seen = capsys.readouterr()
    assert json.loads(seen.out)
    assert "11 questions" in seen.err


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read(content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "protocol.yaml"
    if content is not None:
        path.write_bytes(content)
    assert peil("--protocol", str(path), "--start", "2026-10-24T10:00") == 1
    assert "Cannot read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("--start", "tomorrow"),
        ("--start", "2026-10-24T10:00+02:00"),
        ("--start", "9999-12-31T10:00"),
        ("--start", "2026-10-24T10:00", "--tz", "Europe/Utrecht"),
        (),
    ],
)
def test_wrong_use_is_two(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        peil("--protocol", str(PROTOCOLS / "zes-vragen.yaml"), *words)
    assert end.value.code == 2


def test_waves_of_other_anchors_need_their_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (PROTOCOLS / "zes-vragen.yaml").read_text("utf-8")
    path = tmp_path / "anchors.yaml"
    path.write_text(text.replace("offset: 3 months", "anchor: first_activity\n    offset: 3 months"), "utf-8")
    assert peil("--protocol", str(path), "--start", "2026-10-24T10:00", "--json") == 0
    assert "t3m" not in {row["wave"] for row in json.loads(capsys.readouterr().out)}
    assert peil("--protocol", str(path), "--start", "2026-10-24T10:00", "--first-activity", "2026-11-02", "--json") == 0
    first = next(row for row in json.loads(capsys.readouterr().out) if row["wave"] == "t3m")
    assert first["local"] == "2027-02-02T10:00:00"
