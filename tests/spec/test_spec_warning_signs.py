"""Alarming words: every row of the table is read as it says, and nothing that alarms is missed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.followup.reply_words import plain_words
from service.followup.warning_signs_file import SignsUnreadable, read_warning_signs
from tests.builders import SIGNS

TABLE = Path(__file__).with_name("warning_signs.md")
ROWS = re.findall(r"^\| (.+) \| (suicide|danger|no) \|$", TABLE.read_text("utf-8"), re.MULTILINE)
SHIPPED = Path("service/followup/warning_signs.yaml")


@pytest.mark.parametrize(("said", "read_as"), ROWS, ids=[said for said, _ in ROWS])
def test_a_sentence_is_read_as_the_table_says(said: str, read_as: str) -> None:
    plain = plain_words(said)
    assert SIGNS.suicide.found_in(plain) == (read_as == "suicide")
    if read_as != "suicide":
        assert SIGNS.danger.found_in(plain) == (read_as == "danger")


def test_the_table_is_large_and_judges_every_sentence_once() -> None:
    said = [row[0] for row in ROWS]
    assert len(said) == len(set(said))
    assert len([row for row in ROWS if row[1] != "no"]) >= 110
    assert len([row for row in ROWS if row[1] == "no"]) >= 80


def test_one_slip_in_a_long_word_is_still_found() -> None:
    for said in ("overdossis", "ik neem een overdsis", "levensmeo", "ik ben levensmo"):
        assert SIGNS.suicide.found_in(plain_words(said)), said


def test_an_installation_may_add_but_never_take_away() -> None:
    text = SHIPPED.read_text("utf-8")
    more = read_warning_signs(text, "danger: {phrases: [ik krijg geen eten]}")
    assert more.danger.found_in("ik krijg hier geen eten")
    assert not SIGNS.danger.found_in("ik krijg hier geen eten")
    assert more.suicide.found_in("ik wil dood")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("- een lijst", "must hold"),
        ("blij: {words: [hoera]}", "`blij` is not known"),
        ("danger: {words: hoera}", "must be a list of texts"),
        ("danger: {patterns: ['.*']}", "patterns cannot be added"),
        ("danger: {kleuren: [rood]}", "may hold words, phrases, patterns"),
        ("danger: [", "is no YAML"),
    ],
)
def test_what_is_wrong_with_an_added_list_is_said(more: str, said: str) -> None:
    with pytest.raises(SignsUnreadable, match=said):
        read_warning_signs(SHIPPED.read_text("utf-8"), more)
