"""Reading in a list: any usual file, all or nothing, and twice is once."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from service.followup.problem import Refusal
from service.usecases.import_participants import Import, RowState, import_participants
from service.usecases.services import Services
from tests.usecases.scene import Scene, make_scene, rows

HEADER = "Voornaam;Achternaam;Geboortejaar;Mobiel;E-mail;Toestemming vragen;Toestemming sms"
PEOPLE = (
    "Zoë;van Dam;1948;06 0000 0137;;ja;ja",
    "Jan;Özdemir;1951;+31600000138;jan@voorbeeld.invalid;ja;nee",
    "An;Vos;;;;nee;",
)


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def read(scene: Scene, data: bytes, *, apply: bool = True) -> Import:
    return import_participants(scene.services, scene.coordinator, scene.programme_id, data, apply=apply)


def text(*lines: str, separator: str = ";") -> str:
    return "\r\n".join((HEADER, *lines)).replace(";", separator) + "\r\n"


@pytest.mark.parametrize(
    "data",
    [
        text(*PEOPLE).encode("utf-8-sig"),
        text(*PEOPLE).encode("utf-16"),
        text(*PEOPLE).encode("utf-16-le"),
        text(*PEOPLE).replace("Ö", "O").encode("cp1252"),
        text(*PEOPLE, separator=",").encode(),
        text(*PEOPLE, separator="\t").encode(),
        ("sep=;\r\n" + text(*PEOPLE)).encode(),
    ],
    ids=["bom", "utf-16", "utf-16 without mark", "windows", "comma", "tab", "sep line"],
)
def test_any_usual_file_is_read(scene: Scene, data: bytes) -> None:
    found = read(scene, data, apply=False)
    assert [row.state for row in found.rows] == [RowState.NEW] * 3
    assert found.rows[0].name == "Zoë van Dam"


def test_looking_changes_nothing_and_the_same_list_twice_adds_nobody(scene: Scene, database: Engine) -> None:
    data = text(*PEOPLE).encode()
    assert not read(scene, data, apply=False).applied
    assert rows(database, "select id from participant") == []
    assert read(scene, data).applied
    again = read(scene, data)
    assert again.applied
    assert again.count(RowState.KNOWN) == 3
    assert len(rows(database, "select id from participant")) == 3
    assert len(rows(database, "select distinct participant_id from measurement")) == 2


def test_one_wrong_row_keeps_everybody_out_and_says_why_in_dutch(scene: Scene, database: Engine) -> None:
    found = read(scene, text(*PEOPLE, "Piet;Bos;acht;06-12;;ja;ja", "Piet;Bos;1950;06-12;;ja;misschien").encode())
    assert not found.applied
    assert found.count(RowState.WRONG) == 2
    assert rows(database, "select id from participant") == []
    said = [scene.services.render.problem(one, "nl") for row in found.rows for one in row.problems]
    assert any(sentence.startswith("Regel 5: Bij geboortejaar staat acht.") for sentence in said)


def test_stray_and_double_columns_are_told_and_not_dropped_in_silence(scene: Scene) -> None:
    data = b"voornaam;achternaam;mobiel;schoenmaat;06\nWil;Bos;06 0000 0139;42;06 0000 0139\nAd;Bos;06 0000 0140;41;06 0000 0141\n"
    found = read(scene, data, apply=False)
    assert {(note.key, note.where) for note in found.notes} == {
        ("column_unused", "schoenmaat"),
        ("column_twice", "mobiel"),
    }
    assert [row.state for row in found.rows] == [RowState.NEW, RowState.WRONG]
    assert found.rows[1].problems[0].key == "columns_disagree"


def test_the_same_person_twice_in_one_list_is_one_person(scene: Scene, database: Engine) -> None:
    found = read(scene, text(PEOPLE[0], PEOPLE[0]).encode())
    assert [row.state for row in found.rows] == [RowState.NEW, RowState.KNOWN]
    assert len(rows(database, "select id from participant")) == 1


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "column_missing"),
        (b"voornaam;achternaam\n", "file_empty"),
        (b"PK\x03\x04rest", "file_is_workbook"),
        (b"voornaam;mobiel\nWil;06 0000 0137\n", "column_missing"),
        (b"voornaam;achternaam\n" + b"Wil;Bos\n" * 10_001, "file_too_many_rows"),
        (b"x" * (10 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_cure(scene: Scene, data: bytes, key: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read(scene, data)
    assert refusal.value.problems[0].key == key
    assert scene.services.render.problem(refusal.value.problems[0], "nl")
