"""A questionnaire of one's own: read at the start, refused with line and cure, and never a second text under one key."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from service.bootstrap import load_instruments
from service.commands import instrument as command
from service.followup.problem import Refusal
from service.followup.protocol_file import read_protocol
from service.measures.instrument import Instrument, Polarity, Use
from service.measures.scoring import score
from service.settings import WrongSettings, read_place

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
each_example = pytest.mark.parametrize("name", ["who5", "cantril"])


def example(name: str) -> str:
    return (EXAMPLES / f"{name}.yaml").read_text("utf-8")


def filled(name: str) -> str:
    """The example as somebody fills it in; the published words are not ours to ship."""
    return re.sub(r'"FILL IN: ([^"]*)"', r'"\1"', example(name))


def loaded(folder: Path, **files: str) -> dict[str, Instrument]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return dict(load_instruments(folder))


def refused(folder: Path, **files: str) -> tuple[str, ...]:
    with pytest.raises(WrongSettings) as wrong:
        loaded(folder, **files)
    return wrong.value.problems


def test_what_lies_in_the_folder_stands_beside_what_ships(tmp_path: Path) -> None:
    found = loaded(tmp_path, who5=filled("who5"), cantril=filled("cantril"))
    assert set(found) == set(load_instruments()) | {"who5", "cantril"}
    who5, cantril = found["who5"], found["cantril"]
    assert (who5.polarity, cantril.polarity) == (Polarity.HIGHER_IS_BETTER, Polarity.HIGHER_IS_BETTER)
    assert not cantril.sms_allowed  # eleven answers do not fit one digit
    low = score(who5, dict.fromkeys(range(1, 6), "less_than_half") | {1: "more_than_half", 2: "more_than_half"})
    assert (low.values["total"], low.band) == (12, "low")
    assert score(who5, dict.fromkeys(range(1, 6), "all_the_time")).values == {"total": 25}
    assert score(who5, dict.fromkeys(range(1, 5), "all_the_time")).values == {"total": None}
    assert (score(cantril, {1: "step_7"}).values, score(cantril, {1: "step_7"}).band) == ({"level": 7}, None)


@each_example
def test_an_example_holds_no_text_of_the_scale_and_is_refused_until_it_does(name: str, tmp_path: Path) -> None:
    problems = refused(tmp_path, **{name: example(name)})
    assert len(problems) == example(name).count('"FILL IN')
    assert all(problem.startswith(f"PEIL_INSTRUMENTS: {name}.yaml, line ") for problem in problems)
    assert all("this still has to be filled in" in problem for problem in problems)


def test_every_file_is_read_before_anything_is_refused(tmp_path: Path) -> None:
    problems = refused(
        tmp_path,
        who5=filled("who5").replace("range: [0, 25]", "range: [0, 100]", 1),
        cantril=filled("cantril").replace("formula: ordinal", "formula: mean"),
    )
    assert any("cantril.yaml, line" in problem and "`mean` is not known" in problem for problem in problems)
    assert any("who5.yaml, line" in problem and "must be [0, 25]" in problem for problem in problems)


def test_a_key_is_taken_once(tmp_path: Path) -> None:
    again = filled("who5").replace("key: who5", "key: djg11", 1)
    [problem] = refused(tmp_path, mine=again)
    assert problem == "PEIL_INSTRUMENTS: mine.yaml: the key `djg11` is taken; give your questionnaire another one."


def test_a_key_fits_an_address_and_a_column(tmp_path: Path) -> None:
    [problem] = refused(tmp_path, mine=filled("who5").replace("key: who5", "key: WHO 5", 1))
    assert "2 to 30 small letters, digits and _" in problem


def test_a_file_may_build_on_a_parent_that_ships(tmp_path: Path) -> None:
    child = (EXAMPLES.parents[1] / "service" / "measures" / "instruments" / "djg6.yaml").read_text("utf-8")
    assert loaded(tmp_path, mine=child.replace("key: djg6", "key: djg6_own", 1))["djg6_own"].items


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"key: \xff\xfe")
    assert "cannot be read as UTF-8 text" in refused(tmp_path)[0]


def test_the_setting_names_a_folder_that_is_there(tmp_path: Path) -> None:
    place = {"PEIL_HOME": "/var/lib/peil-test"}
    environment = {**place, "PEIL_INSTRUMENTS": str(tmp_path)}
    assert read_place(environment).instruments == tmp_path
    with pytest.raises(WrongSettings) as wrong:
        read_place({**environment, "PEIL_INSTRUMENTS": str(tmp_path / "nowhere")})
    assert "is not a folder" in wrong.value.problems[0]
    assert read_place(place).instruments is None


@pytest.mark.parametrize(("line", "allowed"), [("by_sms: false", False), ("by_sms: true", True)])
def test_a_file_may_say_that_it_is_not_asked_by_sms(tmp_path: Path, line: str, allowed: bool) -> None:
    assert loaded(tmp_path, who5=f"{line}\n{filled('who5')}")["who5"].sms_allowed is allowed


def test_a_word_that_tells_is_stronger_than_the_file(tmp_path: Path) -> None:
    text = filled("who5").replace('"statement 3"', '"Ik voelde me eenzaam"')
    assert not loaded(tmp_path, who5=f"by_sms: true\n{text}")["who5"].sms_allowed


def test_a_programme_cannot_take_a_check_in_for_its_outcome(tmp_path: Path) -> None:
    found = loaded(tmp_path, who5=f"use: check_in\n{filled('who5')}")
    assert found["who5"].use is Use.CHECK_IN
    path = next((EXAMPLES.parents[1] / "service" / "followup" / "protocols").glob("zes-vragen.yaml"))
    text = path.read_text("utf-8")
    assert "instrument: djg6" in text
    with pytest.raises(Refusal) as refusal:
        read_protocol(text.replace("instrument: djg6", "instrument: who5"), found)
    [problem] = refusal.value.problems
    assert problem.key == "protocol_check_in"
    assert "who5" not in str(problem.values["known"])


def check(path: Path) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    return command.run(parser.parse_args(["instrument", "check", str(path)]))


def test_the_command_says_what_it_makes_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "who5.yaml"
    path.write_text(filled("who5"), "utf-8")
    assert check(path) == 0
    out = capsys.readouterr().out
    assert "can be used" in out
    assert "score total: sum, 0 to 25, higher is better, at most 0 missing" in out
    assert "cut-offs topp_2015 of total: 0-12 low; 13-25 not_low" in out


def test_the_command_names_every_line_that_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(EXAMPLES / "cantril.yaml") == 1
    assert len(capsys.readouterr().err.splitlines()) == 4
    assert check(tmp_path / "nowhere.yaml") == 1
    assert "Cannot read" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["goal", "site", "band", "missing", "item_3"])
def test_a_score_may_not_take_the_name_of_another_column(name: str, tmp_path: Path) -> None:
    [problem] = refused(tmp_path, cantril=filled("cantril").replace("key: level", f"key: {name}"))
    assert f"`{name}` is the name of another column of the export" in problem
