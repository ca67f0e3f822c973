"""REDCap data dictionaries: what can be mapped is, what cannot is listed with the reason."""

from __future__ import annotations

import pytest

from service.measures.importers.redcap import FORM, SECTION
from service.measures.importers.table import CannotImport
from service.measures.importers.words import plain
from tests.measures.import_scene import BRANCHING, field, reasons, redcap


def test_a_matrix_of_redcap_becomes_items_with_one_list_of_answers_and_its_heading_as_lead_in() -> None:
    matrix = {"Matrix Group Name": "m1"}
    draft = redcap(
        field("w1", label="Ik red mij goed.", **matrix, **{SECTION: "In hoeverre bent u het eens?"}),
        field("w2", label="Ik voel mij thuis.", **matrix),
    )
    assert [(item.number, item.name, item.text) for item in draft.items] == [
        (1, "w1", {"nl": "Ik red mij goed."}),
        (2, "w2", {"nl": "Ik voel mij thuis."}),
    ]
    assert draft.lead_in == {"nl": "In hoeverre bent u het eens?"}
    assert [(option.code, option.value, option.label["nl"]) for option in draft.options] == [
        ("helemaal_oneens", 1, "Helemaal oneens"),
        ("oneens", 2, "Oneens"),
        ("eens_soms", 3, "Eens, soms"),
        ("helemaal_eens", 4, "Helemaal eens"),
    ]
    assert (draft.unmapped, draft.naming.key) == ((), "welzijn")


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("text", "free text"),
        ("notes", "free text"),
        ("checkbox", "several answers"),
        ("calc", "write the score under `scores`"),
        ("slider", "a slider"),
        ("file", "a file"),
        ("sql", "a query"),
        ("quiz", "`quiz` is not known"),
    ],
)
def test_what_redcap_asks_in_another_way_is_listed_with_the_reason(kind: str, message: str) -> None:
    draft = redcap(field("q1"), field("q2", kind=kind))
    assert [item.name for item in draft.items] == ["q1"]
    assert message in reasons(draft, 3)


def test_rules_around_a_question_are_listed_and_the_question_is_kept() -> None:
    draft = redcap(field("q1", **{BRANCHING: "[age] > 65", "Required Field?": "y", "Odd": "x"}))
    assert len(draft.items) == 1
    found = reasons(draft, 2)
    assert f"{BRANCHING}: every item is asked of everybody" in found
    assert "Required Field?: nobody has to answer" in found
    assert "Odd: this column is not known" in found


def test_markup_is_taken_out_and_that_is_said() -> None:
    draft = redcap(field("q1", label='<div class="rich"><p>Ik <b>red</b>&nbsp;mij<br>goed; 3 &lt; 4.</p></div>'))
    assert draft.items[0].text == {"nl": "Ik red mij goed; 3 < 4."}
    assert "markup was taken out" in reasons(draft, 2)
    assert plain("<style>p{}</style>a<script>b</script> **c** # d", markdown=True) == "a c # d"
    for words in ("Ik drink ____ glazen, en ____ per week.", "# glazen", "leeftijd <60 en >20"):
        assert redcap(field("q1", label=words)).items[0].text == {"nl": words}


def test_bars_commas_and_double_codes_among_the_answers() -> None:
    draft = redcap(field("q1", choices="1, Ja, graag |of| liever wel | 2, Nee | 2, Nooit | 99, Weet ik niet"))
    assert [(option.value, option.label["nl"]) for option in draft.options] == [
        (1, "Ja, graag |of| liever wel"),
        (2, "Nee"),
    ]
    found = reasons(draft, 2)
    assert "a bar was read as part of an answer" in found
    assert "code stands there twice" in found
    assert "`no_answer`, which always exists" in found


def test_a_customary_number_for_no_answer_is_only_one_when_it_does_not_follow_on_the_others() -> None:
    ten = " | ".join(f"{number}, cijfer {number}" for number in range(11))
    assert len(redcap(field("q1", choices=ten)).options) == 11
    assert len(redcap(field("q1", choices=ten + " | 99, Anders")).options) == 11


def test_yes_and_no_of_redcap_itself() -> None:
    draft = redcap(field("q1", kind="yesno", choices=""), language="nl")
    assert [(option.code, option.value, option.label) for option in draft.options] == [
        ("yes", 1, {"nl": "ja"}),
        ("no", 0, {"nl": "nee"}),
    ]
    assert "compare them with what people saw" in reasons(draft, 2)
    assert [option.value for option in redcap(field("q1", kind="truefalse", choices="")).options] == [1, 0]


def test_other_answers_and_other_sections_are_listed_and_can_be_chosen() -> None:
    rows = (
        field("q1", **{SECTION: "Deel 1"}),
        field("q2"),
        field("r1", choices="0, Nooit | 1, Altijd", label="Slaapt u slecht?", **{SECTION: "Deel 2"}),
    )
    most, other = redcap(*rows), redcap(*rows, like="r1")
    assert ([item.name for item in most.items], most.lead_in) == (["q1", "q2"], {"nl": "Deel 1"})
    assert "it has other answers than the items of this draft; import it apart with --like r1" in reasons(most, 4)
    assert "one lead-in" in reasons(most, 4)
    assert ([item.name for item in other.items], other.lead_in) == (["r1"], {"nl": "Deel 2"})
    with pytest.raises(CannotImport, match="--like: `q9` is not a question"):
        redcap(*rows, like="q9")


def test_a_name_that_stands_there_twice_is_listed_with_the_line_of_the_first() -> None:
    draft = redcap(field("q1"), field("q1", label="Iets anders."))
    assert len(draft.items) == 1
    assert "the name `q1` already stands on line 2" in reasons(draft, 3)


def test_questions_whose_words_depend_on_another_answer_or_that_nobody_sees() -> None:
    draft = redcap(
        field("q1"),
        field("q2", label="Kent u [q1] nog?"),
        field("q3", **{"Field Annotation": "@HIDDEN-SURVEY"}),
        field("q4", label="Dit [niet] zo."),
        field("q5", label="<img src='x.png'>"),
        field("q6", choices="1, Ja | 2,"),
    )
    assert [item.name for item in draft.items] == ["q1", "q4"]
    for line, message in (
        (3, "answer from elsewhere"),
        (4, "@HIDDEN"),
        (6, "no words"),
        (7, "no list of at least two"),
    ):
        assert message in reasons(draft, line)


def test_one_form_of_several_is_chosen_and_the_other_rows_are_counted() -> None:
    rows = (field("a1"), {**field("b1"), FORM: "slaap"}, {**field("b2"), FORM: "slaap"})
    with pytest.raises(
        CannotImport, match="line 3: the file holds several forms; choose one with --form: welzijn, slaap"
    ):
        redcap(*rows)
    with pytest.raises(CannotImport, match="no form `x`"):
        redcap(*rows, form="x")
    draft = redcap(*rows, form="slaap")
    assert ([item.name for item in draft.items], draft.left_out) == (["b1", "b2"], frozenset({("", 2)}))


def test_the_names_of_redcaps_api_are_the_same_dictionary() -> None:
    draft = redcap(
        {
            "field_name": "q1",
            "form_name": "welzijn",
            "field_type": "dropdown",
            "field_label": "Gaat het?",
            "select_choices_or_calculations": "1, ja | 0, nee",
            "branching_logic": "[x] = 1",
        }
    )
    assert [option.code for option in draft.options] == ["yes", "no"]
    assert BRANCHING in reasons(draft, 2)
