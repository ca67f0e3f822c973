"""From key and values to the words: nothing is lost of a name, nothing in a value is ever executed or becomes markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.bootstrap import load_render
from service.followup.problem import Problem
from service.measures.instrument import Option
from service.messages.catalogue import read_catalogue
from service.messages.fills import FILL
from service.messages.render import Render, option_line
from service.messages.sms_parts import measure

RENDER = load_render()
NAMES = st.one_of(
    st.sampled_from(
        ["Zoë", "Anaïs", "Şükran", "Fatıma", "José", "محمد", "Ли", "👵🏽", "O'Neill", "{first_name}", "%s", "<b>"]
    ),
    st.text(min_size=1, max_size=300),
)
SMS_KEYS = ["invite_questions", "reminder_questions", "reminder_link", "thank_you", "help", "distress_red"]


def test_values_stand_in_their_place() -> None:
    text = RENDER.sms("question", "nl", FILL["nl"])
    assert text == (
        "Vraag 2 van 6:\nEr zijn genoeg mensen op wie ik in geval van narigheid kan terugvallen\n"
        "Antwoord 1 = ja, 2 = min of meer, 3 = nee\nWelzijn Westland 078 000 0137"
    )


@pytest.mark.parametrize(("n", "words"), [(1, "1 vraag stellen"), (6, "6 vragen stellen"), ("1", "1 vraag stellen")])
def test_a_plural_follows_its_number(n: int | str, words: str) -> None:
    assert words in RENDER.sms("invite_questions", "nl", {**FILL["nl"], "n": n})


@given(key=st.sampled_from(SMS_KEYS), language=st.sampled_from(["nl", "en"]), name=NAMES)
def test_any_name_goes_in_and_keeps_its_letters(key: str, language: str, name: str) -> None:
    text = RENDER.sms(key, language, {**FILL[language], "first_name": name, "coordinator": name})
    assert " ".join(name.split()) in text
    assert measure(text).parts >= 1


@given(name=NAMES)
def test_any_name_goes_into_a_mail(name: str) -> None:
    mail = RENDER.email("invite_link", "nl", {**FILL["nl"], "first_name": name, "organisation": name})
    assert " ".join(name.split()) in mail.text
    assert not re.search(r"[\r\n]", mail.subject)
    assert "<b>" not in mail.html


def test_a_value_is_words_and_never_a_template() -> None:
    text = RENDER.sms("thank_you", "nl", {**FILL["nl"], "first_name": "{phone.__class__} {{ 7*7 }}"})
    assert "{phone.__class__} {{ 7*7 }}" in text


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", ["invite_link", "reminder_link"])
def test_a_mail_says_the_same_in_both_parts(key: str, language: str) -> None:
    mail = RENDER.email(key, language, FILL[language])
    for value in ("first_name", "organisation", "coordinator", "phone", "word", "link", "unsubscribe"):
        assert str(FILL[language][value]) in mail.text
        assert str(FILL[language][value]) in mail.html
    assert mail.html.count(f'href="{FILL[language]["link"]}"') == 1
    assert mail.html.count("<a ") == 2  # one button, one way out


def test_the_plain_part_has_the_link_on_a_line_of_its_own_before_the_greeting() -> None:
    lines = RENDER.email("invite_link", "nl", FILL["nl"]).text.splitlines()
    greeting = lines.index("Met vriendelijke groet, Jacqueline, Welzijn Westland")
    assert lines.index(str(FILL["nl"]["link"])) == greeting - 2
    assert "-- " not in lines  # a signature may be folded away, and with it the way out


@pytest.mark.parametrize("key", ["invite_link", "reminder_link", "test_message"])
def test_nothing_is_fetched_when_a_mail_is_opened(key: str) -> None:
    html = RENDER.email(key, "nl", FILL["nl"]).html
    assert not re.search(r"<(img|link|script|style|table|iframe)|url\(|@import|src=", html)


def test_a_test_mail_needs_no_links() -> None:
    values = {name: value for name, value in FILL["nl"].items() if name not in ("link", "unsubscribe")}
    assert "proefbericht" in RENDER.email("test_message", "nl", values).text


def test_a_value_that_is_missing_is_our_mistake() -> None:
    with pytest.raises(KeyError, match="phone"):
        RENDER.sms("help", "nl", {"organisation": "x", "coordinator": "y"})
    for unknown in (lambda: RENDER.sms("no_such_key", "nl", {}), lambda: RENDER.email("no_such_key", "nl", {})):
        with pytest.raises(KeyError):
            unknown()


PROBLEMS = Render(
    read_catalogue({
        "nl/sms.yaml": 'a: "{organisation} {phone}"',
        "en/sms.yaml": 'a: "{organisation} {phone}"',
        "nl/email.yaml": 'a: {subject: "a", paragraphs: ["{organisation}"], footer: ["{phone}"]}',
        "en/email.yaml": 'a: {subject: "a", paragraphs: ["{organisation}"], footer: ["{phone}"]}',
        "nl/problems.yaml": 'late: {one: "{where}: {days} dag", other: "{where}: {days} dagen", count: days}',
        "en/problems.yaml": 'late: {one: "{where}: {days} day", other: "{where}: {days} days", count: days}',
        "nl/staff.yaml": 'a: "a"',
        "en/staff.yaml": 'a: "a"',
        "nl/results.yaml": 'a: "a"',
        "en/results.yaml": 'a: "a"',
    })
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "days", "language", "said"),
    [
        (4, 2, "nl", "Regel 4: datum: 2 dagen"),
        (0, 1, "nl", "datum: 1 dag"),
        (12, 1, "en", "Line 12: datum: 1 day"),
    ],
)
def test_a_problem_says_where_and_what(line: int, days: int, language: str, said: str) -> None:
    assert PROBLEMS.problem(Problem("late", "datum", line, {"days": days}), language) == said


def test_an_unknown_problem_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        PROBLEMS.problem(Problem("nothing_of_the_kind"), "nl")


def test_the_digits_offered_are_those_of_the_order_shown() -> None:
    options = (
        Option("yes", {"nl": "ja", "en": "yes"}, 3),
        Option("more_or_less", {"nl": "min of meer", "en": "more or less"}, 2),
        Option("no", {"nl": "nee", "en": "no"}, 1),
    )
    assert option_line(options, "nl") == "1 = ja, 2 = min of meer, 3 = nee"
    assert option_line(options, "en") == "1 = yes, 2 = more or less, 3 = no"
