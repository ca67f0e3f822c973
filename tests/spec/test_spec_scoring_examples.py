"""What the published scoring rules make of worked examples. Run with -v and read it as documentation."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from service.measures.instrument import NO_ANSWER, Instrument
from service.measures.scoring import UnknownCode, score
from tests.spec.scoring_page import PAGE, Example, examples, outcome, render

Instruments = Mapping[str, Instrument]
each_example = pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.key} {example.proves}")


def test_all_thirty_two_examples_are_there() -> None:
    assert [example.key for example in examples()] == [f"D{number:02d}" for number in range(1, 33)]


@each_example
def test_djg11(example: Example, instruments: Instruments) -> None:
    assert outcome(score(instruments["djg11"], example.answers)) == example.djg11


@each_example
def test_djg6(example: Example, instruments: Instruments) -> None:
    assert outcome(score(instruments["djg6"], example.answers)) == example.djg6


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        pytest.param("111", 3, "not_lonely", id="U1 hardly ever, three times: 3"),
        pytest.param("221", 5, "not_lonely", id="U2 5 = not lonely (upper edge)"),
        pytest.param("222", 6, "lonely", id="U3 6 = lonely (lower edge)"),
        pytest.param("333", 9, "lonely", id="U4 often, three times: 9"),
        pytest.param("3.3", None, None, id="U5 one missing: no score"),
        pytest.param("...", None, None, id="U6 all missing: no score"),
        pytest.param("321", 6, "lonely", id="U7 often, some, hardly ever: 6"),
    ],
)
def test_ucla3(answers: str, total: int | None, band: str | None, instruments: Instruments) -> None:
    codes = {"1": "hardly_ever", "2": "some", "3": "often", ".": None}
    scored = score(instruments["ucla3"], {number: codes[code] for number, code in enumerate(answers, start=1)})
    assert (scored.values["total"], scored.band) == (total, band)


@pytest.mark.parametrize(
    ("code", "level", "band"),
    [
        pytest.param("never", 1, "less_often", id="O1 never = 1"),
        pytest.param("some", 4, "less_often", id="O2 some of the time = 4, not counted as often or always"),
        pytest.param("often_always", 5, "often_or_always", id="O3 often or always = 5"),
        pytest.param(None, None, None, id="O4 no reply: no score"),
    ],
)
def test_ons_direct(code: str | None, level: int | None, band: str | None, instruments: Instruments) -> None:
    scored = score(instruments["ons_direct"], {1: code})
    assert (scored.values["level"], scored.band) == (level, band)


def test_o5_an_answer_of_the_three_option_version_is_refused(instruments: Instruments) -> None:
    with pytest.raises(UnknownCode) as refused:
        score(instruments["ons_direct"], {1: "often"})
    assert (refused.value.item, refused.value.code) == (1, "often")


def test_f1_yes_and_no_with_emphasis_count_as_yes_and_no(instruments: Instruments) -> None:
    plain = {number: "yes" if number % 2 else "no" for number in range(1, 12)}
    emphatic = {number: f"{code}_emph" for number, code in plain.items()}
    assert score(instruments["djg11"], emphatic).values == score(instruments["djg11"], plain).values


def test_f2_more_or_less_is_lonely_in_both_directions(instruments: Instruments) -> None:
    least = examples()[0].answers
    for number in range(1, 12):
        assert score(instruments["djg11"], {**least, number: "more_or_less"}).values["total"] == 1


def test_i1_digits_read_the_wrong_way_round_turn_the_least_lonely_into_the_most_lonely(
    instruments: Instruments,
) -> None:
    shown = {"yes": "1", "more_or_less": "2", "no": "3"}  # what people type
    manual = {"1": "no", "2": "more_or_less", "3": "yes"}  # what an evaluator's file would make of it
    least = examples()[0].answers
    inverted = {number: manual[shown[code]] for number, code in least.items() if code}
    assert score(instruments["djg11"], least).values["total"] == 0
    assert score(instruments["djg11"], inverted).values["total"] == 11


@pytest.mark.parametrize(
    ("key", "lower_bound"),
    [
        pytest.param("D15", True, id="10 and one missing: 11 would be very severe"),
        pytest.param("D32", True, id="8 and one missing: 9 would be severe"),
        pytest.param("D16", False, id="0 and one missing: 1 is not lonely too"),
        pytest.param("D08", False, id="8 and nothing missing: it is 8"),
        pytest.param("D20", False, id="no total, no bound"),
    ],
)
def test_a_total_with_a_missing_item_is_a_lower_bound_at_a_band_edge(
    key: str, lower_bound: bool, instruments: Instruments
) -> None:
    example = next(example for example in examples() if example.key == key)
    assert score(instruments["djg11"], example.answers).lower_bound is lower_bound


def test_choosing_no_answer_is_missing_and_never_an_answer(instruments: Instruments) -> None:
    silent, chosen = ({**examples()[3].answers, 1: code} for code in (None, NO_ANSWER))
    assert score(instruments["djg11"], silent) == score(instruments["djg11"], chosen)
    assert score(instruments["djg11"], chosen).missing == 1


def test_every_six_items_of_the_eleven_give_the_same_as_the_six_alone(instruments: Instruments) -> None:
    six = instruments["djg6"]
    for codes in itertools.product(("no", "more_or_less", "yes", None), repeat=6):
        alone = dict(zip((item.number for item in six.items), codes, strict=True))
        assert score(six, {**alone, 1: "yes", 2: "no", 5: None, 6: "yes", 11: "no"}) == score(six, alone)


def test_the_input_hash_follows_the_answers(instruments: Instruments) -> None:
    hashes = {
        score(instruments[key], example.answers).input_hash for key in ("djg11", "djg6") for example in examples()
    }
    distinct = {(key, tuple(example.answers.get(item.number) for item in sorted(instruments[key].items, key=lambda i: i.number)))
                for key in ("djg11", "djg6") for example in examples()}  # fmt: skip
    assert len(hashes) == len(distinct)


def test_the_page_in_the_documentation_is_the_one_printed_from_these_examples(instruments: Instruments) -> None:
    assert PAGE.read_text("utf-8") == render(instruments), "write it again: python -m tests.spec.scoring_page"
