"""The draft as a file, and the account of every row of the questionnaire it was made from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.importers.draft_text import draft_text, to_fill_in
from service.measures.importers.formr import import_formr
from service.measures.importers.redcap import CHOICES, FORM, LABEL, NAME, SECTION, TYPE, import_redcap
from service.measures.importers.table import CannotImport, Table
from service.measures.importers.xlsform import import_xlsform
from service.measures.instrument_file import BadInstrument, read_instrument
from tests.measures.import_scene import (
    AGREE,
    BRANCHING,
    everything_is_accounted_for,
    field,
    filled_in,
    formr,
    redcap,
    table,
)


def test_a_dictionary_of_two_hundred_items_is_a_draft_that_can_be_filled_in() -> None:
    draft = redcap(*(field(f"q{number}", label=f"Stelling {number}.") for number in range(200)))
    text = draft_text(draft, "groot.csv")
    instrument = read_instrument(filled_in(text, draft), {})
    assert len(instrument.items) == 200
    assert (instrument.primary.minimum, instrument.primary.maximum) == (200, 800)


def test_the_draft_is_refused_until_everything_is_filled_in_and_says_what() -> None:
    draft = redcap(field("q1"), field("q2"))
    text = draft_text(draft, "lijst.csv")
    with pytest.raises(BadInstrument) as refused:
        read_instrument(text, {})
    message = str(refused.value)
    for line, words in enumerate(text.splitlines(), start=1):
        assert ("FILL IN" in words and not words.startswith("#")) == (f"line {line}: this still" in message), words
    assert "this still has to be filled in: which items make a score" in message
    assert "this still has to be filled in: who made this questionnaire" in message
    assert to_fill_in(draft) == (
        "version",
        "title.nl",
        "title.en",
        "source",
        "conditions_of_use",
        "direction",
        "scores",
    )
    instrument = read_instrument(filled_in(text, draft), {})
    assert [item.text["nl"] for item in instrument.items] == ["Ik red mij goed."] * 2
    assert instrument.validated == {"nl": False}
    assert "# was q1" in text


def test_words_that_yaml_would_read_otherwise_come_through() -> None:
    labels = [
        "nee: # geen 'grap'",
        "- lijst",
        "{x}",
        "no",
        "12",
        "يوم جيد، أليس كذلك؟",
        'zij zei: "ja"',
        "*ster &anker",
    ]
    draft = redcap(*(field(f"q{place}", label=label) for place, label in enumerate(labels)))
    instrument = read_instrument(filled_in(draft_text(draft, "a\nb: c.csv"), draft), {})
    assert [item.text["nl"] for item in instrument.items] == labels


def test_another_file_is_refused_with_what_is_missing() -> None:
    with pytest.raises(
        CannotImport, match="line 1: the column `Variable / Field Name`, `Field Type`, `Field Label` is missing"
    ):
        redcap({"naam": "x"})
    with pytest.raises(CannotImport, match="line 2: there are no rows"):
        import_redcap(Table("", (NAME, TYPE, LABEL), ()), "nl")
    with pytest.raises(CannotImport, match="the column `type`, `label` is missing"):
        formr([{"name": "x"}])
    with pytest.raises(CannotImport, match="no sheet `survey`"):
        import_xlsform({}, "x", "nl")


WORDS = st.sampled_from(
    ["", "x", "Gaat het?", "<b>Ja</b>", "[q1]", "${q1}", "`r x`", "سؤال", "1", "-99", "weet niet", "**"]
)
NAMES = st.sampled_from(["", "q1", "q2", "q3", "q4", "Q1"])
REDCAP_ROWS = st.fixed_dictionaries(
    {
        NAME: NAMES,
        FORM: st.just("f"),
        SECTION: WORDS,
        TYPE: st.sampled_from(["radio", "dropdown", "yesno", "truefalse", "descriptive", "text", "calc", "", "?"]),
        LABEL: WORDS,
        CHOICES: st.sampled_from(["", AGREE, "1, a | 2, b", "1, a", "a | b", "1,|2,", "99, weet niet | 1, ja", "|"]),
        BRANCHING: WORDS,
        "Vreemd": WORDS,
    }
)
SURVEY_ROWS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["select_one x", "select_one y", "select_one leeg", "mc x", "mc", "rating_button", "rating_button 0,3", "note", "begin_group",
             "end_group", "begin repeat", "end repeat", "text", "", "calculate", "mc_heading x", "submit"]
        ),
        "name": NAMES,
        "label": WORDS,
        "label::English (en)": WORDS,
        "showif": WORDS,
        "choice1": WORDS,
        "choice2": WORDS,
    }
)  # fmt: skip
CHOICE_ROWS = st.fixed_dictionaries(
    {"list_name": st.sampled_from(["", "x", "y"]), "name": st.sampled_from(["", "1", "2", "a"]), "label": WORDS}
)


def not_blank(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if any(row.values())]


@settings(max_examples=40, deadline=None)
@given(st.lists(REDCAP_ROWS, min_size=1, max_size=12))
def test_every_row_of_a_dictionary_is_mapped_or_listed(rows: list[dict[str, str]]) -> None:
    draft = redcap(*rows)
    assert everything_is_accounted_for(draft, table("", *rows))
    assert not draft.items or draft_text(draft, "x.csv")


@settings(max_examples=40, deadline=None)
@given(st.lists(SURVEY_ROWS, min_size=1, max_size=12), st.lists(CHOICE_ROWS, min_size=1, max_size=8))
def test_every_row_of_a_survey_is_mapped_or_listed(survey: list[dict[str, str]], choices: list[dict[str, str]]) -> None:
    survey, choices = not_blank(survey) or [{"type": "note", "name": "n", "label": "x"}], not_blank(choices)
    sheets = {"survey": table("survey", *survey)} | ({"choices": table("choices", *choices)} if choices else {})
    if "label" not in sheets["survey"].columns:
        return
    for draft in (import_formr(sheets, "x", "nl"), import_xlsform(sheets, "x", "nl")):
        assert everything_is_accounted_for(draft, *sheets.values())
        if draft.items and all(option.value is not None for option in draft.options) and draft.options:
            read_instrument(filled_in(draft_text(draft, "x"), draft), {})
