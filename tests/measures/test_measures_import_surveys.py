"""XLSForms and item tables of formr: what can be mapped is, what cannot is listed with the reason."""

from __future__ import annotations

import pytest

from service.measures.importers.draft_text import to_fill_in
from service.measures.importers.table import CannotImport
from service.measures.importers.words import language_of
from tests.measures.import_scene import everything_is_accounted_for, formr, reasons, table, xlsform

SURVEY = [
    {"type": "note", "name": "intro", "label::Nederlands (nl)": "Hoe vaak ...", "label::العربية (ar)": "كم مرة ..."},
    {"type": "select_one vaak", "name": "v1", "label::Nederlands (nl)": "Lacht u?", "label::العربية (ar)": "هل تضحك؟"},
    {
        "type": "select_one vaak",
        "name": "v2",
        "label::Nederlands (nl)": "Slaapt u goed?",
        "label::العربية (ar)": "هل تنام جيدا؟",
        "relevant": "${v1} = 'nooit'",
        "hint::Nederlands (nl)": "de laatste week",
    },
]
OFTEN = [
    {"list_name": "vaak", "name": "nooit", "label::Nederlands (nl)": "Nooit", "label::العربية (ar)": "أبدا"},
    {"list_name": "vaak", "name": "soms", "label::Nederlands (nl)": "Soms", "label::العربية (ar)": "أحيانا"},
]


def test_an_xlsform_in_two_languages_one_of_them_from_right_to_left() -> None:
    draft = xlsform(
        SURVEY, OFTEN, form_title="Welzijn", form_id="welzijn_v2", version="2024", default_language="Nederlands (nl)"
    )
    assert draft.languages == ("nl", "ar")
    assert draft.items[1].text == {"nl": "Slaapt u goed?", "ar": "هل تنام جيدا؟"}
    assert draft.lead_in == {"nl": "Hoe vaak ...", "ar": "كم مرة ..."}
    assert [(option.code, option.value) for option in draft.options] == [("nooit", None), ("soms", None)]
    assert (draft.naming.key, draft.naming.version, draft.naming.title) == ("welzijn_v2", "2024", {"nl": "Welzijn"})
    assert "options: value of nooit" in to_fill_in(draft)
    found = reasons(draft, 4, "survey")
    assert "relevant: every item is asked of everybody" in found
    assert "hint::Nederlands (nl): a hint" in found


def test_a_language_that_is_not_everywhere_is_left_out_and_its_words_are_listed() -> None:
    half = [dict(row) for row in SURVEY]
    del half[1]["label::العربية (ar)"]
    draft = xlsform(half, OFTEN)
    assert draft.languages == ("nl",)
    listed = {one.value for one in draft.unmapped if "not every item and answer has words in `ar`" in one.reason}
    assert {"هل تنام جيدا؟", "أبدا", "أحيانا", "كم مرة ..."} == listed


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"type": "select_multiple vaak"}, "several answers"),
        ({"type": "select_one vaak or_other"}, "another (or_other)"),
        ({"type": "select_one_from_file x.csv"}, "another file"),
        ({"type": "select_one weg"}, "no list `weg`"),
        ({"type": "select_one vaak", "choice_filter": "x=1"}, "choice_filter"),
        ({"type": "select_one vaak", "label": "Hoe gaat het, ${naam}?"}, "answer from elsewhere"),
        ({"type": "select_one vaak", "disabled": "yes"}, "leaves this row out"),
        ({"type": "select_one vaak", "name": "v1"}, "already stands on line 2"),
        ({"type": "calculate"}, "write the score"),
        ({"type": "integer"}, "a number of one's own"),
        ({"type": "geopoint"}, "this type (`geopoint`)"),
        ({"name": "x"}, "this type (``)"),
    ],
)
def test_what_an_xlsform_asks_in_another_way_is_listed(row: dict[str, str], message: str) -> None:
    draft = xlsform(
        [{"type": "select_one vaak", "name": "v1", "label": "Lacht u?"}, {"name": "v2", "label": "Nog iets?", **row}],
        [{"list_name": "vaak", "name": "1", "label": "Nooit"}, {"list_name": "vaak", "name": "2", "label": "Soms"}],
    )
    assert [item.name for item in draft.items] == ["v1"]
    assert message in reasons(draft, 3, "survey")


def test_groups_repeats_and_answers_that_nothing_uses() -> None:
    def ask(name: str) -> dict[str, str]:
        return {"type": "select_one vaak", "name": name, "label": f"Vraag {name}?"}

    survey = [
        {"type": "begin_group", "name": "g1", "label": "Welzijn", "appearance": "table-list"},
        ask("a"),
        {"type": "end group"},
        {"type": "begin repeat", "name": "r1", "label": "Per kind"},
        ask("b"),
        {"type": "end repeat"},
        {"type": "begin group", "name": "g2"},
        ask("c"),
        {"type": "end_group"},
    ]
    choices = [{"list_name": name, "name": str(n), "label": f"{n}"} for name in ("vaak", "los") for n in (1, 2)]
    draft = xlsform(survey, choices)
    assert ([item.name for item in draft.items], draft.lead_in) == (["a", "c"], {"nl": "Welzijn"})
    assert "asked several times" in reasons(draft, 5, "survey")
    assert "asked several times" in reasons(draft, 6, "survey")
    assert "how it looks" in reasons(draft, 2, "survey")
    assert "no item of this draft has this list" in reasons(draft, 4, "choices")
    assert everything_is_accounted_for(draft, table("survey", *survey), table("choices", *choices))
    assert len(xlsform([*survey[:7], ask("a"), survey[8]], choices).items) == 2  # a name may come back in another group
    part = xlsform(survey, choices, form="g2")
    assert [item.name for item in part.items] == ["c"]
    assert len(part.left_out) == 6
    with pytest.raises(CannotImport, match=r"no group `g9`\. Groups here: g1, g2"):
        xlsform(survey, choices, form="g9")


def test_a_language_that_cannot_be_told_is_asked_for() -> None:
    assert [language_of(name) for name in ("Dutch (nl)", "nl", "Nederlands", "pt-BR", "Klingon", "the")] == [
        "nl", "nl", "nl", "pt-br", None, None,
    ]  # fmt: skip
    draft = xlsform(
        [{"type": "select_one x", "name": "v1", "label::nl": "Gaat het?", "label::Klingon": "nuqneH"}],
        [{"list_name": "x", "name": "1", "label::nl": "Ja"}, {"list_name": "x", "name": "2", "label::nl": "Nee"}],
    )
    assert draft.languages == ("nl",)
    assert "name the column `label::Name (code)`" in reasons(draft, 2, "survey")


def test_a_formr_table_with_lists_columns_and_numbered_buttons() -> None:
    survey = [
        {"type": "note", "name": "uitleg", "label": "## In welke mate?"},
        {"type": "mc eens", "name": "f1", "label": "Ik ben **blij**.", "optional": "*", "showif": "x > 1"},
        {"type": "mc_button eens", "name": "f2R", "label": "Ik ben moe.", "class": "mc_width100"},
        {"type": "submit", "name": "einde", "label": "Verder"},
        {"type": "mc", "name": "f3", "label": "Slaapt u?", "choice1": "goed", "choice2": "slecht"},
        {"type": "rating_button 1,7", "name": "f4", "label": "Hoe tevreden?", "choice1": "niet", "choice2": "zeer"},
        {"type": "calculate", "name": "som", "label": "", "value": "f1 + f2R"},
        {"type": "text 100", "name": "f5", "label": "Anders?"},
        {"type": "mc eens", "name": "F1", "label": "Nog eens."},
        {"type": "mc eens", "label": "Zonder naam"},
        {"type": "mc eens", "name": "f6", "label": "`r naam` is blij"},
    ]
    choices = [
        {"list_name": "eens", "name": "1", "label": "oneens"},
        {"name": "2", "label": "eens"},
        {"list_name": "los", "name": "1", "label": "x"},
    ]
    draft = formr(survey, choices)
    assert [(item.name, item.text["nl"]) for item in draft.items] == [("f1", "Ik ben blij."), ("f2R", "Ik ben moe.")]
    assert [(option.code, option.value) for option in draft.options] == [("oneens", 1), ("eens", 2)]
    assert draft.lead_in == {"nl": "In welke mate?"}
    expected = {
        3: "showif: every item is asked",
        4: "class: how it looks",
        5: "where a page ends",
        6: "--like f3",
        7: "--like f4",
        8: "write the score",
        9: "free text",
        10: "already stands on line 3",
        11: "has no name",
        12: "its words are computed",
    }
    for line, message in expected.items():
        assert message in reasons(draft, line, "survey")
    assert "no item of this draft" in reasons(draft, 4, "choices")
    assert everything_is_accounted_for(draft, table("survey", *survey), table("choices", *choices))
    rated = formr([survey[5]])
    assert [(option.value, option.label["nl"]) for option in rated.options] == [
        (1, "1 niet"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (6, "6"), (7, "7 zeer"),
    ]  # fmt: skip
    assert "compare with what people saw" in reasons(rated, 2, "survey")
    assert [option.label["nl"] for option in formr([survey[4]]).options] == ["goed", "slecht"]


@pytest.mark.parametrize("options", ["1,1000000", "7,1", "a,b", "1"])
def test_numbered_buttons_that_make_no_list_are_listed(options: str) -> None:
    draft = formr([{"type": f"rating_button {options}", "name": "f1", "label": "Hoe?"}])
    assert (draft.items, len(draft.unmapped)) == ((), 1)
