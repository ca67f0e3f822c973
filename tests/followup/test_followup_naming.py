"""Who of the people of one number writes: every row was judged one by one."""

from __future__ import annotations

import pytest

from service.followup.naming import Heard, Name, hear_name

PEOPLE = (Name("Anna", "de Boer"), Name("Piet", "de Boer"), Name("Wilhelmina", "Visser"), Name("Jan Willem", "Bos"))
ANNA, PIET, WILHELMINA, JAN_WILLEM = range(4)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Anna", ANNA), ("anna", ANNA), ("ANNA!", ANNA), ("Ánnà", ANNA), (" anna. ", ANNA), ("Anna 😀", ANNA),
        ("ik ben Anna", ANNA), ("Ik ben anna hoor hier", None), ("Anna hier", ANNA), ("Hallo, met Anna", ANNA),
        ("ja, Anna", ANNA), ("Mijn naam is Anna de Boer", ANNA), ("mw Anna de Boer", ANNA), ("I'm Anna", ANNA),
        ("Anna ben ik", ANNA), ("Anna heet ik", ANNA), ("dag dit is Anna. groetjes", ANNA), ("u spreekt met Piet", PIET),
        ("Aana", None), ("Anan", None), ("Anne", None), ("Hanna", None), ("Ana", None), ("Annna", ANNA),
        ("Pit", None), ("Peit", PIET), ("Piett", PIET), ("Pieter", None), ("Riet", None), ("Pier", None), ("Pret", None),
        ("Wilhelnina", WILHELMINA), ("wilhelmna", WILHELMINA), ("Wilhelmina Visser", WILHELMINA), ("Wilhelm", None),
        ("Jan Willem", JAN_WILLEM), ("jan-willem", JAN_WILLEM), ("JanWillem", JAN_WILLEM), ("Jan", JAN_WILLEM),
        ("Willem", JAN_WILLEM), ("Jan Bos", JAN_WILLEM), ("Jan de Boer", None),
        # beside a name stands something that may say the opposite
        ("Anna slaapt", None), ("niet Anna", None), ("Anna is er niet", None), ("de man van Anna", None),
        ("nee, Piet", None), ("Anna en Piet", None), ("Anna of Piet", None), ("Anna?? nee", None),
        ("de Boer", None), ("ja", None), ("1", None), ("", None), ("mevrouw", None), ("hier", None),
    ],
)  # fmt: skip
def test_a_name_is_heard_or_not(text: str, place: int | None) -> None:
    heard, found = hear_name(text, PEOPLE)
    assert found == place
    assert (heard is Heard.ONE) == (place is not None)


@pytest.mark.parametrize("text", ["Kees", "ik ben Truus", "Anne", "Kees Jansen"])
def test_the_name_of_nobody_here_may_be_asked_about_once(text: str) -> None:
    assert hear_name(text, PEOPLE) == (Heard.STRANGER, None)


@pytest.mark.parametrize(
    "text", ["Anna slaapt", "mijn man is overleden", "wie zijn jullie", "ik ben ziek", "Anna is dood"]
)
def test_words_that_are_no_name_are_read_by_a_human(text: str) -> None:
    assert hear_name(text, PEOPLE) == (Heard.NO_NAME, None)


def test_two_people_with_one_name_are_not_told_apart() -> None:
    both = (Name("Jan", "Bos"), Name("Jan", "Vis"), Name("Els", "Bos"))
    assert hear_name("Jan", both) == (Heard.SEVERAL, None)
    assert hear_name("Jan Vis", both) == (Heard.ONE, 1)
    assert hear_name("Els", both) == (Heard.ONE, 2)
    assert hear_name("Jan", (Name("Jan", "Bos"), Name("Jan Willem", "Bos"))) == (Heard.SEVERAL, None)


def test_a_slip_that_fits_two_people_fits_nobody_and_the_exact_name_goes_before_a_slip() -> None:
    near = (Name("Marrie", "Bos"), Name("Marie", "Vis"))
    assert hear_name("Marie", near) == (Heard.ONE, 1)
    assert hear_name("Marrrie", near) == (Heard.ONE, 0)
    assert hear_name("Mariie", near) == (Heard.ONE, 1)
    assert hear_name("Maarie", (Name("Marie", "A"), Name("Maarrie", "B"))) == (Heard.SEVERAL, None)
