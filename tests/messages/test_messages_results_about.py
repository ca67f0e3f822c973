"""What an analysis is about, and every fault in its data with the row: the sentences before any figure."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

from service.measures.analysis import faults as fault_rules
from service.measures.analysis.plan import PlanFault
from service.measures.analysis.result import Fault
from service.measures.like_for_like import Fault as SeriesFault
from service.messages.results.about import about, fault_sentence, faults
from service.messages.results.sentences import sentences
from tests.messages.results_scene import LANGUAGES, TEXTS, names, programme, telling

LOCKED = {"plan_locked_on": "2025-01-02"}


def told(language: str, plan_late: bool | None = None, **head: Any) -> dict[str, tuple[str, str]]:
    """Heading and text by key."""
    return {one.key: (one.heading, one.text) for one in about(telling(language, plan_late=plan_late, **head))}


def test_live_figures_say_that_they_still_change() -> None:
    """The day is that of the clock of the Netherlands: half past eleven in the evening in London is the next day."""
    assert told("nl")["head.moment"] == (
        "Cijfers van nu",
        "Dit zijn cijfers van nu; ze veranderen nog. Bekend op 6 januari 2026.",
    )
    assert told("en")["head.moment"][1] == (
        "These are figures of this moment; they still change. Known on 6 January 2026."
    )


def test_a_snapshot_says_its_reference_date_and_its_mark() -> None:
    assert told("nl", live=False)["head.moment"] == (
        "Cijfers met peildatum 6 januari 2026",
        (
            "Deze cijfers liggen vast op peildatum 6 januari 2026 en veranderen niet meer. "
            "Kenmerk van de gegevens: 0123456789ab."
        ),
    )


@pytest.mark.parametrize(
    ("late", "locked", "heading", "text"),
    [
        (None, "", "Geen analyseplan vooraf",
         "Er is vooraf geen analyseplan vastgelegd. Dit zijn de standaardcijfers van de vragenlijst."),
        (None, "2025-01-02", "Er is een analyseplan",
         "Het analyseplan is vastgelegd op 2 januari 2025. Het kijkt naar ‘Na 6 maanden’. Kenmerk: ffffffffffff."),
        (False, "2025-01-02", "Het analyseplan lag vooraf vast",
         ("Het analyseplan is vastgelegd op 2 januari 2025, voordat ‘Na 6 maanden’ bij iemand open ging. "
          "Kenmerk: ffffffffffff.")),
        (True, "2025-01-02", "Het analyseplan kwam laat",
         ("Het analyseplan is pas vastgelegd op 2 januari 2025. Toen ging ‘Na 6 maanden’ al bij mensen open. "
          "Kenmerk: ffffffffffff.")),
    ],
)  # fmt: skip
def test_the_plan(late: bool | None, locked: str, heading: str, text: str) -> None:
    assert told("nl", late, plan_locked_on=locked)["head.plan"] == (heading, text)


def test_without_a_comparison_group_the_word_is_change() -> None:
    assert told("nl")["head.alone"] == (
        "Er is geen vergelijkingsgroep",
        "Daarom spreken we van verandering. Een deel daarvan zou ook zonder hulp optreden.",
    )
    assert "head.alone" not in told("nl", arms=("intervention", "comparison"))
    assert "head.alone" not in told("nl", arms=("comparison",))


@pytest.mark.parametrize(
    ("people", "measurements", "withheld", "text"),
    [
        (80, 240, 0, "Er zijn 240 metingen van 80 inschrijvingen."),
        (1, 1, 0, "Er is 1 meting van 1 inschrijving."),
        (2000, 6000, 1, ("Er zijn 6.000 metingen van 2.000 inschrijvingen. "
                         "Bij 1 meting blijven de antwoorden weg: daarvoor is geen toestemming.")),
    ],
)  # fmt: skip
def test_how_much_there_is(people: int, measurements: int, withheld: int, text: str) -> None:
    found = told("nl", people=people, measurements=measurements, withheld=withheld)["head.data"]
    assert found[1] == text


def test_the_questionnaire_is_named_with_its_source_and_its_direction() -> None:
    heading, text = told("en")["head.instrument"]
    assert heading == "De Jong Gierveld Loneliness Scale, 11 items"
    assert text.startswith("Lower is less lonely. The questionnaire is ‘De Jong Gierveld Loneliness Scale, 11 items’")
    assert "Source: De Jong Gierveld, J., & Van Tilburg, T. (1999)." in text
    own = programme("own questionnaire").passages("nl")
    assert any(one.text.startswith("Hoger is gunstiger.") for one in own)


def kinds_of_fault() -> set[str]:
    """Every kind that can be given: by a plan, by a series, and by what is written out in the rules."""
    written = {
        str(node.args[1].value)
        for node in ast.walk(ast.parse(inspect.getsource(fault_rules)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Fault"
        and isinstance(node.args[1], ast.Constant)
    }
    assert written >= {"unknown_wave", "unknown_code", "other_instrument"}
    return {
        *written,
        *(f"plan_{one}" for one in PlanFault),
        *map(str, SeriesFault),
        "plan_other_baseline",
        "plan_other_primary",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(kinds_of_fault()))
def test_every_fault_has_a_heading_and_a_sentence_with_its_row(kind: str, language: str) -> None:
    fault = Fault(12, kind, "x1", "x2")
    made = telling(language, faults=(fault,))
    row = {"nl": "Regel 12: ", "en": "Line 12: "}[language]
    assert fault_sentence(fault, made).startswith(row)
    assert "x1" in fault_sentence(fault, made)
    assert not fault_sentence(Fault(0, kind, "x1", "x2"), made).startswith(row)
    first, second = faults(made)
    assert (first.key, second.key) == ("faults", f"faults.{kind}")
    assert second.heading


@pytest.mark.parametrize(
    ("fault", "dutch", "english"),
    [
        (Fault(1204, "unknown_code", "item 3: 7", "no, yes"),
         "Regel 1.204: Het antwoord ‘item 3: 7’ bestaat niet bij deze vraag. Mogelijk zijn: no, yes.",
         "Line 1,204: The answer ‘item 3: 7’ does not exist for this question. Possible are: no, yes."),
        (Fault(9, "duplicate_person_wave", "t6m", "4"),
         "Regel 9: Deze persoon heeft ‘t6m’ al op regel 4. Houd één van de twee.",
         "Line 9: This person already has ‘t6m’ on line 4. Keep one of the two."),
        (Fault(9, "before_enrolment", "2025-01-01", "2025-02-01"),
         "Regel 9: Het antwoord is van 2025-01-01, de inschrijving van 2025-02-01. Controleer de datums.",
         "Line 9: The answer is of 2025-01-01, the enrolment of 2025-02-01. Check the dates."),
        (Fault(0, "plan_unknown_cutoff_set", "ggd", "manual, rivm"),
         "De indeling in groepen ‘ggd’ bestaat niet. Kies uit: manual, rivm.",
         "There is no set of groups ‘ggd’. Choose from: manual, rivm."),
    ],
)  # fmt: skip
def test_faults(fault: Fault, dutch: str, english: str) -> None:
    assert (fault_sentence(fault, telling("nl")), fault_sentence(fault, telling("en"))) == (dutch, english)


def test_the_same_fault_often_is_told_once_with_the_first_rows() -> None:
    made = telling("nl", faults=tuple(Fault(row, "unknown_item", "12") for row in range(2, 17)))
    first, second = faults(made)
    assert first.heading == "Met deze gegevens zijn geen cijfers te berekenen"
    assert first.text == "Er zijn 15 fouten gevonden. Herstel ze en probeer het opnieuw."
    assert second.text.count("Regel ") == 10
    assert second.text.endswith("En nog 5 keer.")


def test_with_faults_there_is_nothing_else_to_tell() -> None:
    made = telling("nl", faults=(Fault(2, "unknown_item", "12"),))
    said = sentences(made.analysis, names("nl"), "nl", TEXTS)
    assert {one.key.split(".")[0] for one in said} == {"head", "faults"}
