"""Reading replies: what holds for every text. The replies themselves stand in tests/spec/dutch_replies.md."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.bootstrap import load_instruments
from service.followup.replies import ReplyKind, is_stop
from service.measures.instrument import Instrument
from tests.builders import read_reply

OPTIONS = load_instruments()["djg6"].options

QUIET = (ReplyKind.PERSONAL, ReplyKind.UNCLEAR, ReplyKind.ANSWER, ReplyKind.STOP_DOUBT)

NOT_STOP = ["stop met roken", "ik stop morgen met werken", "de bus stopt hier", "bushalte stop", "uit eten", "1 stop",
            "niet stoppen", "nonstop", "stopt u ermee?", "ik ga uit", "", "   ", "?", "stoppelbaard"]  # fmt: skip


@pytest.mark.parametrize("text", NOT_STOP)
def test_a_sentence_with_stop_in_it_is_for_a_human(text: str) -> None:
    assert not is_stop(text)


def test_ja_says_that_it_is_also_a_yes() -> None:
    assert read_reply("ja", OPTIONS).also is ReplyKind.YES
    assert read_reply("nee hoor", OPTIONS).also is ReplyKind.NO
    assert read_reply("1", OPTIONS).also is None


def test_ja_is_no_answer_to_a_question_without_that_answer(instruments: Mapping[str, Instrument]) -> None:
    options = instruments["ucla3"].options
    assert read_reply("ja", options, "en").kind is ReplyKind.UNCLEAR
    assert read_reply("often", options, "en").code == "often"
    assert read_reply("Hardly ever or never.", options, "en").code == "hardly_ever"
    assert read_reply("3", options, "en").code == options[2].code


def test_every_digit_of_every_instrument_is_its_option(instruments: Mapping[str, Instrument]) -> None:
    for instrument in instruments.values():
        for place, option in enumerate(instrument.options, start=1):
            assert read_reply(str(place), instrument.options).code == option.code
        assert read_reply(str(len(instrument.options) + 1), instrument.options).kind is ReplyKind.UNCLEAR


@given(st.text(max_size=300))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_without_an_error_and_only_codes_are_stored(text: str) -> None:
    reading = read_reply(text, OPTIONS)
    assert (reading.code in {option.code for option in OPTIONS}) == (reading.kind is ReplyKind.ANSWER)
    assert (reading.kind is ReplyKind.STOP) == is_stop(text)
    assert read_reply(text, None).code is None


@pytest.mark.parametrize(
    "text", ["bijna ooit", "2 miin of meer", "min of meer maar dan anders", "neef", "thee", "nu", "wee"]
)
def test_a_slip_that_could_mean_something_else_is_not_mended(text: str) -> None:
    assert read_reply(text, OPTIONS).kind is not ReplyKind.ANSWER


def test_a_slip_in_the_label_of_another_scale(instruments: Mapping[str, Instrument]) -> None:
    options = instruments["ucla3"].options
    assert read_reply("hardly ever or nevr", options, "en").code == "hardly_ever"
    assert read_reply("hardly never", options, "en").kind is not ReplyKind.ANSWER


def test_long_texts_are_read_quickly() -> None:
    pauses = ("pauze " * 260, "even " * 320, "min of meer " * 130, "geen berichten " * 100)
    for text in (
        *pauses,
        "a" * 1600,
        "ja " * 533,
        "wil " * 400,
        "1" * 1600,
        "😀" * 1600,
        "stop " * 320,
        "niet meer " * 160,
    ):
        assert read_reply(text, OPTIONS).kind in QUIET
