"""What holds for every sentence about every programme: plain words, no direction without evidence, never a ranking."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from service.measures.analysis.result import Analysis, Figure, as_plain, from_plain
from service.measures.disclosure import Hidden
from service.measures.estimate import Reason
from service.messages.results import sentences
from service.messages.results.labels import label
from service.messages.results.sentences import render_text
from service.messages.results.sentences import sentences as tell
from service.messages.results.telling import Passage
from tests.messages.results_scene import LANGUAGES, PROGRAMMES, TEXTS, programme

each_programme = pytest.mark.parametrize("name", PROGRAMMES)
each_language = pytest.mark.parametrize("language", LANGUAGES)

#: The questionnaire with its source, in the words of its authors.
PUBLISHED = "head.instrument"
MANY = (
    "deelnemers|mensen|vragen|metingen|dagen|plekken|inschrijvingen|antwoorden|fouten|"
    "participants|people|questions|measurements|days|sites|enrolments|answers|faults"
)
ONE = (
    "deelnemer|persoon|vraag|meting|dag|plek|inschrijving|antwoord|"
    "participant|person|question|measurement|day|site|enrolment|answer"
)
DIRECTION = re.compile(r"daalde|steeg|\bfell\b|\brose\b|[Mm]inder mensen|[Mm]eer mensen|Fewer people|More people")
RANKING = re.compile(
    r"\b(?:beste?|slechtste|hoogste|laagste|sterkste|winnaar|ranglijst|koploper|nummer 1|"
    r"best|worst|highest|lowest|strongest|winner|ranking|league)\b",
    re.IGNORECASE,
)


def told(name: str, language: str) -> list[Passage]:
    """Every passage of a programme."""
    return programme(name).passages(language)


@each_language
@each_programme
def test_every_sentence_is_words_only(name: str, language: str) -> None:
    for passage in told(name, language):
        for words in (passage.heading, passage.text):
            assert words.strip() == words, passage
            assert words, passage
            assert not re.search(r"None|\bnan\b|\binf\b|[{}]|  |\.\.|\?", words), words
            assert not re.search(r"\b(?:t0|t3m|t6m|djg11|waiting_list|not_lonely|very_severe)\b", words), words
            if passage.key != PUBLISHED:
                assert "_" not in words.replace("d_av", "").replace("d_z", ""), words
        assert passage.text.endswith("."), passage.text
        assert not passage.heading.endswith("."), passage.heading


@each_language
@each_programme
def test_effect_is_said_of_a_comparison_only(name: str, language: str) -> None:
    shown = programme(name)
    said = " ".join(f"{one.heading} {one.text}" for one in told(name, language))
    if shown.analysis.words.get("goal.basis") == "comparison":
        assert re.search(r"\been effect\b|\ban effect\b", said)
    else:
        assert "effect" not in said.lower()
    names = shown.names(language)
    assert not [key for key in shown.analysis.figures if "effect" in label(key, names, language).lower()]


def test_a_comparison_is_among_the_programmes() -> None:
    """So that both sides of the rule above were tried."""
    found = {one.analysis.words.get("goal.basis") for one in map(programme, PROGRAMMES)}
    assert found >= {"comparison", "margin", "change", "nothing"}


@each_language
@each_programme
def test_no_sentence_ranks(name: str, language: str) -> None:
    for passage in told(name, language):
        assert not RANKING.search(f"{passage.heading} {passage.text}"), passage


@each_language
@each_programme
def test_one_and_many_are_told_apart(name: str, language: str) -> None:
    for passage in told(name, language):
        if passage.key == PUBLISHED:
            continue
        words = f"{passage.heading} {passage.text}"
        assert not re.search(rf"(?<![\d.,])1 (?:{MANY})\b", words), words
        assert not re.search(rf"(?<![\d.,])(?:0|[2-9]|\d{{2,}}) (?:{ONE})\b", words), words


@each_language
@each_programme
def test_a_direction_is_named_only_when_the_interval_excludes_zero(name: str, language: str) -> None:
    analysis = programme(name).analysis
    for passage in told(name, language):
        figure = _figure_of(passage, analysis)
        if figure is None:
            continue
        apart = figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)
        assert bool(DIRECTION.search(passage.heading)) == apart, passage


def _figure_of(passage: Passage, analysis: Analysis) -> Figure | None:
    """The change that a passage is about, measured or by the model."""
    kind, _, arm = passage.key.partition(".")
    key = {"change": f"change.{arm}.difference", "model": f"model.{arm}.{analysis.head.primary}.change"}.get(kind)
    return analysis.figures.get(key) if key and "." not in arm else None


@each_language
@each_programme
def test_every_passage_tells_figures_that_are_there(name: str, language: str) -> None:
    """So that a page can put a passage beside its figures; no key stands twice."""
    analysis = programme(name).analysis
    keys = [passage.key for passage in told(name, language)]
    assert len(set(keys)) == len(keys)
    for key in keys:
        if key.split(".")[0] in ("head", "goal", "faults", "regression"):
            continue
        given = (*analysis.figures, *analysis.words, *analysis.curves)
        assert any(one == key or one.startswith(f"{key}.") for one in given), key


@each_language
@each_programme
def test_nothing_hidden_is_told(name: str, language: str) -> None:
    """A figure that may not be shown has no number in it for the sentences; the test is that they ask no other."""
    analysis = programme(name).analysis
    hidden = {key: figure for key, figure in analysis.figures.items() if figure.hidden is not None}
    assert all(figure.value is None and not figure.detail for figure in hidden.values())
    said = render_text(analysis, programme(name).names(language), language, TEXTS)
    if analysis.figures and all(key in hidden for key in analysis.figures if key.endswith(".difference")):
        assert "p = " not in said.split("log-rank")[0]


@each_language
@pytest.mark.parametrize("why", [*Hidden, *Reason], ids=lambda why: f"{type(why).__name__}-{why}")
@pytest.mark.parametrize("name", ["compared", "helped", "alone"])
def test_whatever_is_missing_there_are_sentences(name: str, why: Hidden | Reason, language: str) -> None:
    """Every figure at once hidden, or not to be estimated, and read back from a file."""
    shown = programme(name)
    empty = {"hidden": why} if isinstance(why, Hidden) else {"reason": why}
    figures = {
        key: Figure(figure.unit, n=figure.n, of=figure.of, **empty) for key, figure in shown.analysis.figures.items()
    }
    analysis = from_plain(as_plain(replace(shown.analysis, figures=figures)))
    for passage in tell(analysis, shown.names(language), language, TEXTS):
        assert not re.search(r"None|[{}]", f"{passage.heading} {passage.text}"), passage
        assert not DIRECTION.search(passage.heading), passage


@each_language
def test_the_same_is_told_in_both_languages(language: str) -> None:
    for name in PROGRAMMES:
        assert [one.key for one in told(name, language)] == [one.key for one in told(name, "nl")]


@each_language
def test_the_text_for_the_command_line_holds_every_passage(language: str) -> None:
    shown = programme("compared")
    text = render_text(shown.analysis, shown.names(language), language, TEXTS)
    for passage in told("compared", language):
        assert f"{passage.heading}\n{passage.text}\n" in text


@pytest.mark.parametrize(("language", "key"), sorted(TEXTS))
def test_sentences_are_short(language: str, key: str) -> None:
    """At most 18 words each; a name, a list or a figure in it counts as one."""
    for form in TEXTS[language, key].forms:
        for sentence in re.split(r"(?<=[.:;?]) ", re.sub(r"\{\w+\}", "x", form)):
            assert len(sentence.split()) <= 18, sentence


def _patterns_said() -> list[re.Pattern[str]]:
    """Every text in the source that could be a key: written out, or with parts filled in ("change_{way}")."""
    found = []
    for path in sorted(Path(sentences.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(re.compile(re.escape(node.value)))
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"\w+" for one in node.values]
                if any("_" in part for part in parts):
                    found.append(re.compile("".join(parts)))
    return found


def test_no_text_is_written_for_nobody() -> None:
    said = _patterns_said()
    keys = {key for _, key in TEXTS}
    assert sorted(key for key in keys if not any(pattern.fullmatch(key) for pattern in said)) == []
