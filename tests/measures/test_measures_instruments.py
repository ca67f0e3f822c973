"""Instruments are whole or refused, with the line and the cure."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

import pytest

from service.measures.instrument import Instrument, NotAnOutcome, outcome
from service.measures.instrument_file import BadInstrument, read_instrument
from service.measures.scoring import score

Instruments = Mapping[str, Instrument]


def shipped(name: str) -> str:
    return (resources.files("service.measures") / "instruments" / f"{name}.yaml").read_text("utf-8")


def refusal(text: str, known: Instruments | None = None) -> str:
    with pytest.raises(BadInstrument) as refused:
        read_instrument(text, known or {})
    return str(refused.value)


def test_five_instruments_ship_with_source_and_conditions_of_use(instruments: Instruments) -> None:
    assert sorted(instruments) == ["djg11", "djg6", "nl_direct4", "ons_direct", "ucla3"]
    for instrument in instruments.values():
        assert instrument.source
        assert set(instrument.conditions_of_use) == set(instrument.title) == {"nl", "en"}
        assert instrument.default_cutoffs() is not None
        assert set(instrument.lead_in) == set(instrument.validated) == instrument.languages


def test_the_scale_is_shown_in_the_order_in_which_digits_mean_the_same_everywhere(instruments: Instruments) -> None:
    for key in ("djg11", "djg6"):
        assert [option.code for option in instruments[key].options] == ["yes", "more_or_less", "no"]
        assert [option.value for option in instruments[key].options] == [3, 2, 1]
        assert [option.label["nl"] for option in instruments[key].options] == ["ja", "min of meer", "nee"]


def test_the_six_items_keep_their_numbers_and_words_and_stand_in_the_order_of_the_manual(
    instruments: Instruments,
) -> None:
    six, eleven = instruments["djg6"], instruments["djg11"]
    assert [item.number for item in six.items] == [3, 4, 7, 9, 8, 10]
    assert all(item == eleven.item(item.number) for item in six.items)
    assert six.lead_in == eleven.lead_in
    assert six.text_hash != eleven.text_hash


def test_named_sets_of_cut_offs(instruments: Instruments) -> None:
    def sets(key: str) -> set[tuple[str, str]]:
        return {(cutoffs.key, cutoffs.score) for cutoffs in instruments[key].cutoffs}

    assert sets("djg11") == {
        ("manual", "total"),
        ("rivm", "total"),
        ("rivm_2016", "emotional"),
        ("rivm_2016", "social"),
        ("ggd", "emotional"),
        ("ggd", "social"),
    }
    assert {cutoffs.key for cutoffs in instruments["djg11"].cutoffs if not cutoffs.offered} == {"ggd"}
    assert sets("ucla3") == {("conventional", "total")}
    assert sets("ons_direct") == {("ons", "level")}
    assert all(cutoffs.source for instrument in instruments.values() for cutoffs in instrument.cutoffs)
    assert sets("djg6") == {(key, score) for key in ("manual", "cbs") for score in ("total", "emotional", "social")}
    manual = instruments["djg11"].default_cutoffs()
    assert manual is not None
    assert [band.label["nl"] for band in manual.bands] == [
        "niet eenzaam",
        "matig eenzaam",
        "ernstig eenzaam",
        "zeer ernstig eenzaam",
    ]


def test_a_question_that_names_loneliness_is_never_sent_by_sms(instruments: Instruments) -> None:
    assert {key for key, instrument in instruments.items() if not instrument.sms_allowed} == {
        "nl_direct4",
        "ons_direct",
    }


def test_a_check_in_can_never_be_an_outcome(instruments: Instruments) -> None:
    assert all(outcome(instrument) is instrument for instrument in instruments.values())
    check_in = read_instrument(f"use: check_in\n{shipped('ucla3')}", {})
    with pytest.raises(NotAnOutcome, match="ucla3"):
        outcome(check_in)


def test_an_instrument_without_cut_offs_has_scores_and_no_band() -> None:
    text = shipped("nl_direct4")
    instrument = read_instrument(text[: text.index("cutoffs:")], {})
    scored = score(instrument, {1: "strong"})
    assert (scored.values, scored.band, scored.cutoff_set, scored.lower_bound) == ({"level": 2}, None, None, False)


def test_the_dutch_direct_question_is_scored_from_nought_to_three(instruments: Instruments) -> None:
    codes = ("not_lonely", "moderate", "strong", "very_strong")
    found = [score(instruments["nl_direct4"], {1: code}) for code in codes]
    assert [scored.values["level"] for scored in found] == [0, 1, 2, 3]
    assert tuple(scored.band for scored in found) == codes


def test_another_word_is_another_text_hash(instruments: Instruments) -> None:
    changed = read_instrument(shipped("djg11").replace("dagelijkse probleempjes", "dagelijkse problemen"), {})
    assert changed.text_hash != instruments["djg11"].text_hash


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"yes", value', "yes, value", 'line 27: `yes` is not read as text; put it in quotes: "yes".'),
        ("source: >-", "sauce: >-", "line 3: `source` is missing; add a line `source: ...`."),
        ("source: >-", "sauce: >-", "line 8: `sauce` is not known here."),
        ("options:", "options: [", "this is not YAML"),
        ("key: djg11", "key: djg11\nkey: djg12", "line 4: `key` stands here twice; remove one of the two."),
        ("range: [9, 10], label", "range: [9, 9], label", "the bands must run from 0 to 11 without gap or overlap."),
        ("range: [3, 8], label", "range: [2, 8], label", "the bands must run from 0 to 11 without gap or overlap."),
        ('{nl: nee, en: "no"}', "{nl: nee}", "line 29: give the text in the languages under `validated`: en, nl."),
        ("items: [2, 3, 5,", "items: [2, 3, 55,", "line 80: the score `emotional` must name items of this instrument"),
        ("range: [0, 6]", "range: [0, 7]", "the range of the score `emotional` must be [0, 6]"),
        ("max_missing: 1", "max_missing: 11", "`max_missing` of `total` is too high"),
        (
            "formula: count_lonely",
            "formula: average",
            "the formula `average` is not known. Known: count_lonely, sum, ordinal.",
        ),
        ("number: 2\n", "number: 1\n", "item number 1 is used twice"),
        ("number: 2\n", "number: twee\n", "here a whole number is expected, such as 3."),
        ("code: more_or_less", "code: no_answer", "`no_answer` means that somebody gives no answer"),
        ("social: [more_or_less,", "social: [maybe,", "a code here is not an option"),
        ("  social: [more", "  sociaal: [more", "`lonely_codes` has no line for the subscale `social`; add it."),
        ("default: true", "default: maybe", "here `true` or `false` is expected."),
        ("  score: emotional", "  score: emo", "the score `emo` is not known. Known: emotional, social, total."),
        ("validated: {nl: true, en: true}", "validated: {}", "name at least one language"),
        ("key: djg11", "key: djg11\nuse: daily", "line 4: `daily` is not known here. Known: outcome, check_in."),
        ("key: djg11", "key: djg11\ndirection: up", "Known: higher_is_worse, higher_is_better."),
        ("default: true", "default: true\n  offered: false", "cannot be the default and not offered"),
    ],
)
def test_a_fault_is_named_with_its_line_and_its_cure(old: str, new: str, message: str) -> None:
    text = shipped("djg11")
    assert old in text
    found = refusal(text.replace(old, new, 1))
    assert message in found
    assert found.startswith("line ")


def test_all_problems_are_named_at_once() -> None:
    text = (
        shipped("djg11")
        .replace("source: >-", "sauce: >-", 1)
        .replace("[0, 6], max_missing: 0", "[0, 6], max_missing: 9")
    )
    assert len(refusal(text).splitlines()) == 3


def test_a_parent_that_was_not_read_is_named() -> None:
    assert "the parent `djg11` is not known. Known: none yet." in refusal(shipped("djg6"))


def test_items_that_the_parent_does_not_have_are_refused(instruments: Instruments) -> None:
    text = shipped("djg6").replace("items: [3, 4, 7, 9, 8, 10]", "items: [3, 4, 7, 9, 8, 12]")
    assert "list item numbers of `djg11` here, each once" in refusal(text, instruments)


@pytest.mark.parametrize("text", ["", "   \n", "- a\n- b\n", "42", "\x00", "key: [a", "a: b: c", "? [a]\n: b"])
def test_nonsense_is_refused_with_a_line(text: str) -> None:
    assert refusal(text).startswith("line ")
