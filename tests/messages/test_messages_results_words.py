"""A figure in words: value, unit, interval, and the sentence in its place; the same on pages and the command line."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from service.api import language as of_the_pages
from service.api.context import LANGUAGE
from service.api.saying import not_shown
from service.measures.analysis.result import Figure, Unit
from service.measures.disclosure import Hidden
from service.measures.estimate import Reason
from service.messages.results import numbers
from service.messages.results.words import figure_words, hidden_sentence, reason_sentence
from tests.messages.results_scene import LANGUAGES

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def plain(words: str) -> str:
    """With an ordinary space and hyphen, so that the expectations can be read."""
    return words.replace(SPACE, " ").replace(MINUS, "-").replace("\N{EN DASH}", "--")


@pytest.mark.parametrize(
    ("figure", "dutch", "english"),
    [
        (Figure(Unit.POINTS, -1.6, -2.1, -1.04, 47), "-1,6 punt (95%-interval -2,1 tot -1,0)",
         "-1.6 points (95% interval -2.1 to -1.0)"),
        (Figure(Unit.POINTS, 0.9, 0.5, 1.3), "0,9 punt (95%-interval 0,5--1,3)", "0.9 points (95% interval 0.5--1.3)"),
        (Figure(Unit.POINTS, 0.1, -0.3, 0.5), "0,1 punt (95%-interval -0,3 tot 0,5)",
         "0.1 points (95% interval -0.3 to 0.5)"),
        (Figure(Unit.POINTS, -0.0001), "0,0 punt", "0.0 points"),
        (Figure(Unit.POINTS, 3.6603), "3,7 punt", "3.7 points"),
        (Figure(Unit.POINTS, -1.0, -1.5, -0.5, detail={"level": 0.9}), "-1,0 punt (90%-interval -1,5 tot -0,5)",
         "-1.0 points (90% interval -1.5 to -0.5)"),
        (Figure(Unit.SHARE, 0.68, 0.57, 0.77, 80), "68 % (57 % tot 77 %)", "68 % (57 % to 77 %)"),
        (Figure(Unit.SHARE, 0.68), "68 %", "68 %"),
        (Figure(Unit.SHARE, -0.284, -0.41, -0.12, detail={"became": 1, "ceased": 14}),
         "-28 procentpunt (95%-interval -41 tot -12)", "-28 percentage points (95% interval -41 to -12)"),
        (Figure(Unit.SHARE, 0.125, -0.1, 0.337, detail={"became": 5}), "+12 procentpunt (95%-interval -10 tot 34)",
         "+12 percentage points (95% interval -10 to 34)"),
        (Figure(Unit.PEOPLE, 1234.0), "1.234", "1,234"),
        (Figure(Unit.PEOPLE, 47.0, n=47, of=80), "47 van 80", "47 of 80"),
        (Figure(Unit.SD, -0.902, -1.238, -0.559), "-0,90 standaardafwijking (95%-interval -1,24 tot -0,56)",
         "-0.90 standard deviations (95% interval -1.24 to -0.56)"),
        (Figure(Unit.DAYS, 310.0, 284.0, 361.0), "310 dagen (95%-interval 284--361)", "310 days (95% interval 284--361)"),
        (Figure(Unit.DAYS, 310.0, 284.0), "310 dagen (95%-interval vanaf 284)", "310 days (95% interval from 284)"),
        (Figure(Unit.DAYS, 1.0), "1 dag", "1 day"),
        (Figure(Unit.RATIO, 0.828, 0.78, 0.87), "0,83 (95%-interval 0,78--0,87)", "0.83 (95% interval 0.78--0.87)"),
        (Figure(Unit.RATIO, 2.0, None, 4.0), "2,00 (95%-interval tot 4,00)", "2.00 (95% interval up to 4.00)"),
        (Figure(Unit.P, 0.0231), "p = 0,023", "p = 0.023"),
        (Figure(Unit.P, 1e-7), "p < 0,001", "p < 0.001"),
        (Figure(Unit.P, 1.0), "p > 0,999", "p > 0.999"),
        (Figure(Unit.STATISTIC, -6.183, detail={"df": 46}), "-6,18 (46 vrijheidsgraden)", "-6.18 (46 degrees of freedom)"),
        (Figure(Unit.STATISTIC, 5.562, detail={"df1": 2, "df2": 347.08, "p": 0.0041915}),
         "5,56 (2 en 347,1 vrijheidsgraden; p = 0,004)", "5.56 (2 and 347.1 degrees of freedom; p = 0.004)"),
        (Figure(Unit.STATISTIC, 3.81), "3,81", "3.81"),
        (Figure(Unit.SHARE, hidden=Hidden.TOO_FEW), "niet getoond: minder dan 10", "not shown: fewer than 10"),
        (Figure(Unit.SHARE, reason=Reason.NOT_REACHED, detail={"last": "359", "n": 15}),
         "niet te berekenen: de gegevens lopen tot dag 359", "not estimable: the data run until day 359"),
        (Figure(Unit.RATIO, n=22, reason=Reason.TOO_FEW, detail={"n": 22, "needed": 30}),
         "niet te berekenen: te weinig gegevens (22; nodig zijn er 30)",
         "not estimable: too few data (22; 30 are needed)"),
        (Figure(Unit.POINTS), "niet te berekenen", "not estimable"),
    ],
)  # fmt: skip
def test_a_figure_in_words(figure: Figure, dutch: str, english: str) -> None:
    assert (plain(figure_words(figure, "nl")), plain(figure_words(figure, "en"))) == (dutch, english)


def test_a_limit_beside_zero_is_not_rounded_to_zero() -> None:
    """An interval that excludes zero must be seen to do so; three decimals are the most."""
    near = Figure(Unit.POINTS, -0.33, -0.66, -0.01, 33)
    assert plain(figure_words(near, "nl")) == "-0,33 punt (95%-interval -0,66 tot -0,01)"
    nearer = Figure(Unit.POINTS, 0.4, 0.0004, 0.8, 33)
    assert plain(figure_words(nearer, "nl")) == "0,400 punt (95%-interval 0,000--0,800)"


def test_the_sign_is_a_real_minus_and_the_space_before_the_percent_sign_is_hard() -> None:
    assert figure_words(Figure(Unit.POINTS, -1.6), "nl") == f"{MINUS}1,6 punt"
    assert figure_words(Figure(Unit.SHARE, 0.5), "en") == f"50{SPACE}%"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence(reason: Reason, language: str) -> None:
    said = reason_sentence(reason, {}, language)
    assert re.fullmatch(r"[A-Z][^{}_]+\.", said), said
    assert reason_sentence(reason, {"n": 3, "term": "baseline"}, language) == said


@pytest.mark.parametrize(
    ("reason", "detail", "dutch", "english"),
    [
        (Reason.TOO_FEW, {"n": 22, "needed": 30}, "Te weinig gegevens (22; nodig zijn er 30).",
         "Too few data (22; 30 are needed)."),
        (Reason.TOO_FEW, {"n": 1, "needed": 3, "of": "people"}, "Te weinig mensen (1; nodig zijn er 3).",
         "Too few people (1; 3 are needed)."),
        (Reason.TOO_FEW, {"n": 1, "needed": 3, "of": "waves"}, "Te weinig meetmomenten (1; nodig zijn er 3).",
         "Too few measurements in time (1; 3 are needed)."),
        (Reason.TOO_FEW, {"n": 4, "needed": 6, "of": "observations"}, "Te weinig metingen (4; nodig zijn er 6).",
         "Too few measurements (4; 6 are needed)."),
        (Reason.TOO_FEW, {"items": 1, "needed": 2}, "Te weinig vragen (1; nodig zijn er 2).",
         "Too few questions (1; 2 are needed)."),
        (Reason.TOO_FEW, {"n": 1, "needed": 2, "arm": 1}, "Te weinig gegevens (1; nodig zijn er 2).",
         "Too few data (1; 2 are needed)."),
        (Reason.NO_DATA, {"n": 0}, "Er zijn nog geen gegevens.", "There are no data yet."),
        (Reason.NOT_REACHED, {"last": "359", "n": 15}, "De gegevens lopen tot dag 359.", "The data run until day 359."),
        (Reason.NOT_REACHED, {"dropped": 0}, "Geen enkel verschil keert de conclusie om.",
         "No difference turns the conclusion."),
        (Reason.NOT_REACHED, {"n": 80}, "Zo ver reiken de gegevens niet.", "The data do not reach that far."),
    ],
)  # fmt: skip
def test_a_reason_with_its_numbers(
    reason: Reason, detail: dict[str, float | int | str], dutch: str, english: str
) -> None:
    assert (reason_sentence(reason, detail, "nl"), reason_sentence(reason, detail, "en")) == (dutch, english)


@pytest.fixture(scope="module")
def pages() -> Flask:
    """The pages' own way of writing, to compare with."""
    app = Flask("service.api")
    app.secret_key = "only for a test"
    of_the_pages.install(app)
    return app


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hidden", [None, *Hidden])
def test_what_is_hidden_is_said_in_the_words_of_the_pages(pages: Flask, hidden: Hidden | None, language: str) -> None:
    with pages.test_request_context() as context:
        context.session[LANGUAGE] = language
        assert not_shown(hidden) == hidden_sentence(hidden, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_written_as_on_the_pages(pages: Flask, language: str) -> None:
    with pages.test_request_context() as context:
        context.session[LANGUAGE] = language
        for value in (-1.25, -0.04, 0.0, 0.96, 1234.5):
            assert numbers.decimal(value, language) == of_the_pages.decimal(value)
            assert numbers.signed(value, language) == of_the_pages.signed(value)
            assert numbers.percent(value, language) == of_the_pages.percent(value)
        for low, high in ((0.5, 1.3), (-1.3, -0.5), (-0.02, 0.4)):
            assert numbers.interval(low, high, language) == of_the_pages.interval(low, high)


def test_one_value_for_all_is_not_told() -> None:
    """The sentence itself would say what everybody answered."""
    for language in LANGUAGES:
        assert hidden_sentence(Hidden.ALL_THE_SAME, language) == hidden_sentence(Hidden.NOT_CHECKED, language)
        assert not re.search(r"\d", hidden_sentence(Hidden.ALL_THE_SAME, language))
