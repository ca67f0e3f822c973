"""What a reply on a question for a number is read as: the numeric rows of the vectors, and rows of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.followup.number_replies import read_number

#: Facts re-expressed from the test suites of two other systems; the file names them. Rows on words bind nobody.
VECTORS = Path(__file__).parent / "vectors" / "sms_number_parse.json"
WORDS_ONLY = {"word", "fuzzy->confirm", "ambiguous->ask again"}
EXPECTED = {"invalid": None, "ask again": None, "10 if unambiguous": 10, "accept Arabic-Indic digits": 1234}


def binding() -> list[tuple[str, int | None]]:
    """The numeric rows. A row on words that says "ambiguous" is one without a digit."""
    cases = json.loads(VECTORS.read_text("utf-8"))["cases"]
    numeric = [c for c in cases if c["expect_for_us"] not in WORDS_ONLY or any(x.isdigit() for x in c["text"])]
    return [(case["text"], _expected(case["expect_for_us"])) for case in numeric]


def _expected(told: int | str) -> int | None:
    return told if isinstance(told, int) else EXPECTED.get(told)


def test_the_vectors_say_what_is_expected() -> None:
    assert len(binding()) == 12
    assert [told for _, told in binding()].count(None) == 6


@pytest.mark.parametrize(("text", "number"), binding())
def test_numeric_rows_of_the_vectors(text: str, number: int | None) -> None:
    assert read_number(text, 0, 10_000) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("7", 7), ("7.", 7), (" 7 ", 7), ("eh 7 denk ik", 7), ("7 keer", 7), ("zeven", 7), ("nou zeven hoor", 7)),
        *(("07", 7), ("７", 7), ("۷", 7), ("7️⃣", 7), ("7!", 7), ("cijfer: 7", 7), ("0", 0), ("10", 10)),
        *(
            (text, None)
            for text in ("", "?", "11", "-1", "− 1", "7,5", "7½", "10²", "1O", "l0", "7/8", "7 of 8", "6 7")
        ),
        *((text, None) for text in ("niet 2", "geen 2", "tussen 2 en 3", "ongeveer 7", "meer dan 7", "2 drie", "2a4")),
        *((text, None) for text in ("soms", "veel", "mijn 2 kinderen komen op zondag", "7" * 30, "1.000", "12:30")),
    ],
)
def test_rows_of_our_own(text: str, number: int | None) -> None:
    assert read_number(text, 0, 10) == number


@given(st.text(max_size=60), st.integers(-5, 5), st.integers(0, 50))
def test_whatever_is_written_the_number_is_within_bounds(text: str, lowest: int, width: int) -> None:
    number = read_number(text, lowest, lowest + width)
    assert number is None or lowest <= number <= lowest + width


@given(st.integers(0, 999_999_999))
def test_a_plain_number_is_that_number(number: int) -> None:
    assert read_number(str(number), 0, 999_999_999) == number
