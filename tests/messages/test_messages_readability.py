"""Counting syllables, words and sentences, and the published formulas over them."""

from __future__ import annotations

import pytest

from service.messages.readability import read, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("ja", 1), ("vraag", 1), ("vragen", 2), ("bellen", 2), ("eeuwig", 2), ("nieuw", 1), ("mooie", 2),
        ("organisatie", 5), ("geïnteresseerd", 5), ("reünie", 3), ("koffie", 2), ("sms", 1), ("zullen", 2),
    ],
)  # fmt: skip
def test_dutch_syllables(word: str, count: int) -> None:
    assert syllables(word, "nl") == count


@pytest.mark.parametrize(("word", "count"), [("message", 3), ("time", 1), ("people", 2), ("call", 1), ("the", 1)])
def test_english_syllables(word: str, count: int) -> None:
    assert abs(syllables(word, "en") - count) <= 1


def test_flesch_douma_is_the_published_formula() -> None:
    """206.84 - 0.77 x syllables per 100 words - 0.93 x words per sentence: here 10 words, 2 sentences, 13 syllables."""
    found = read("De kat zit op de mat. Wij drinken samen koffie.", "nl")
    assert (found.words, found.sentences, found.mean, found.longest) == (10, 2, 5.0, 6)
    assert found.ease == round(206.84 - 0.77 * 130 - 0.93 * 5, 1)


def test_flesch_is_the_published_formula() -> None:
    found = read("The cat sat on the mat.", "en")
    assert found.ease == round(206.835 - 84.6 - 1.015 * 6, 1)


def test_numbers_and_answers_are_no_sentences() -> None:
    found = read("Bel 078 000 0137. 1 = ja\n2 = nee", "nl")
    assert (found.words, found.sentences) == (3, 3)


def test_nothing_to_read_has_no_ease() -> None:
    assert read("", "nl").ease is None
    assert read("06 12!", "nl").ease is None
