"""The Dutch reply table: every row is read exactly as it says. Run with -v and read it as documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.bootstrap import load_instruments
from service.followup.replies import ReplyKind, is_stop
from tests.builders import read_reply

TABLE = Path(__file__).with_name("dutch_replies.md")
OPTIONS = load_instruments()["djg6"].options
_ROW = re.compile(r"\| `(?P<reply>.*)` \| (?P<open>yes|no) \| (?P<read>[a-z_ 0-9]+) \| (?P<why>.+) \|")
_HIDDEN = re.compile(r"\\u([0-9a-f]{4})")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    reply: str
    question_open: bool
    read_as: str
    why: str


def rows() -> list[Row]:
    """The lines of dutch_replies.md, with the letters that do not show put back."""
    lines = [line for line in TABLE.read_text("utf-8").split("\n") if line.startswith("| `")]
    matches = [_ROW.fullmatch(line) for line in lines]
    assert all(matches), "a line of the table cannot be read"
    return [_row(match) for match in matches if match]


def _row(match: re.Match[str]) -> Row:
    reply = _HIDDEN.sub(lambda hidden: chr(int(hidden[1], 16)), match["reply"])
    return Row(reply, match["open"] == "yes", match["read"], match["why"])


def read(row: Row) -> str:
    """What the reply is read as, in the words of the table."""
    reading = read_reply(row.reply, OPTIONS if row.question_open else None)
    return " ".join(filter(None, (reading.kind, reading.code, str(reading.weeks or ""))))


@pytest.mark.parametrize(
    "row", rows(), ids=lambda row: f"{row.reply!a} {'asked' if row.question_open else 'not asked'}"
)
def test_a_reply_is_read_as_the_table_says(row: Row) -> None:
    assert read(row) == row.read_as
    assert is_stop(row.reply) == (row.read_as == "stop")


def test_the_table_is_large_and_judges_every_reply_once() -> None:
    keys = [(row.reply, row.question_open) for row in rows()]
    assert len(keys) == len(set(keys))
    assert len({row.reply for row in rows()}) >= 500
    assert {row.read_as.split()[0] for row in rows()} == set(ReplyKind)


def test_there_are_forty_ways_to_say_stop() -> None:
    """The exact words stop at once; the sentences pause everything and ask for a person."""
    said = [row.read_as for row in rows()]
    assert said.count("stop") >= 40
    assert said.count("stop_doubt") >= 40


@pytest.mark.parametrize("row", [row for row in rows() if row.read_as == "personal"], ids=lambda row: row.reply)
def test_words_about_a_life_are_never_unclear(row: Row) -> None:
    assert read_reply(row.reply, OPTIONS).kind is not ReplyKind.UNCLEAR
