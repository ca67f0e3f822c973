"""From the questions of another program to a draft: one list of answers, one lead-in, numbered items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.measures.importers.findings import Findings, Question, Unmapped, Words
from service.measures.importers.options import DraftOption, draft_options, slug
from service.measures.importers.table import CannotImport

_OTHER_ANSWERS = "it has other answers than the items of this draft; import it apart with --like {}"
_HALF_LANGUAGE = "not every item and answer has words in `{}`, so the draft does not have this language"


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One item of the draft; `name` is what the file called it."""

    number: int
    name: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Naming:
    """What the file says about the whole: `key` and `version` may be empty, `title` may lack languages."""

    key: str
    title: Mapping[str, str]
    version: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An instrument to be finished by hand, and an account of every row of the file.

    Each row of the file stands in `mapped` (its words are in the draft, or it only gave structure), in `unmapped` (with
    the reason), in both (the question is in the draft, its skip rule is not), or in `left_out` (rows of another form).
    """

    naming: Naming
    languages: tuple[str, ...]
    lead_in: Mapping[str, str]
    options: tuple[DraftOption, ...]
    items: tuple[DraftItem, ...]
    mapped: frozenset[tuple[str, int]]
    unmapped: tuple[Unmapped, ...]
    left_out: frozenset[tuple[str, int]]

    def with_findings(self, findings: Findings) -> Draft:
        """The same draft, with what was noted since it was made."""
        return replace(self, unmapped=_in_order(findings))


def make_draft(findings: Findings, naming: Naming, like: str = "") -> Draft:
    """Take the questions that share one list of answers: that of the question `like`, or of most questions.

    A language is taken when every item and answer has it. Words directly before the first item are the lead-in. The
    rest is noted. Without any question the draft has no items. Raises CannotImport when `like` is no question.
    """
    questions = [step for step in findings.steps if isinstance(step, Question)]
    chosen = _in_main_language(_alike(questions, like, findings), findings)
    languages = _languages(chosen, findings)
    lead_in = _lead_in(findings, chosen, languages)
    options = draft_options(chosen[0].choices, languages, findings) if chosen else ()
    items = []
    for number, question in enumerate(chosen, start=1):
        text = {language: question.text[language] for language in languages}
        items.append(DraftItem(number, question.name, text))
        findings.mapped.add(question.row.place)
        findings.mapped.update(choice.row.place for choice in question.choices)
    named = Naming(_key(naming.key), naming.title, naming.version)
    return Draft(
        named,
        languages,
        lead_in,
        options,
        tuple(items),
        frozenset(findings.mapped),
        _in_order(findings),
        frozenset(findings.left_out),
    )


def _key(name: str) -> str:
    """The name as a key of an instrument; empty when nothing of it can be one."""
    key = slug(name)[:30].strip("_")
    return key if len(key) > 1 and key[0].isalpha() else ""


def _in_order(findings: Findings) -> tuple[Unmapped, ...]:
    return tuple(sorted(findings.unmapped, key=lambda one: (one.sheet, one.row)))


def _answers(question: Question) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What makes two lists of answers the same: codes, words and order."""
    return tuple((choice.raw, tuple(sorted(choice.label.items()))) for choice in question.choices)


def _alike(questions: Sequence[Question], like: str, findings: Findings) -> list[Question]:
    if not questions:
        return []
    wanted = Counter(_answers(question) for question in questions).most_common(1)[0][0]
    if like:
        named = [question for question in questions if question.name == like]
        if not named:
            raise CannotImport(
                f"--like: `{like}` is not a question with one choice from a list. Such questions: "
                + ", ".join(question.name for question in questions[:20])
                + "."
            )
        wanted = _answers(named[0])
    for question in questions:
        if _answers(question) != wanted:
            findings.tell(question.row, question.column, _OTHER_ANSWERS.format(question.name))
    return [question for question in questions if _answers(question) == wanted]


def _in_main_language(questions: list[Question], findings: Findings) -> list[Question]:
    """Only the questions that have words in the language which most of them have."""
    spoken = Counter(language for question in questions for language in question.text)
    labelled = _shared([choice.label for choice in questions[0].choices]) if questions else ()
    usable = [language for language, _ in spoken.most_common() if language in labelled]
    if not usable:
        for question in questions:
            findings.tell(question.row, question.column, "the question and its answers share no language")
        return []
    for question in questions:
        if usable[0] not in question.text:
            findings.tell(question.row, question.column, f"it has no words in `{usable[0]}`, as the other items have")
    return [question for question in questions if usable[0] in question.text]


def _shared(texts: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(language for language in texts[0] if all(language in text for text in texts)) if texts else ()


def _languages(questions: Sequence[Question], findings: Findings) -> tuple[str, ...]:
    """The languages in which everything is there; words in another one are noted."""
    texts = [question.text for question in questions]
    labels = [choice.label for question in questions[:1] for choice in question.choices]
    languages = _shared([*texts, *labels])
    for question in questions:
        for language in question.text:
            if language not in languages:
                words = question.text[language]
                findings.tell(question.row, f"{question.column} ({language})", _HALF_LANGUAGE.format(language), words)
    for choice in questions[0].choices if questions else ():
        for language in choice.label:
            if language not in languages:
                words = choice.label[language]
                findings.tell(choice.row, f"{choice.column} ({language})", _HALF_LANGUAGE.format(language), words)
    return languages


def _lead_in(findings: Findings, chosen: Sequence[Question], languages: Sequence[str]) -> Mapping[str, str]:
    """The words directly before the first item. All other words between the questions are noted."""
    first = findings.steps.index(chosen[0]) if chosen else -1
    before: list[Words] = []
    for place, step in enumerate(findings.steps):
        if isinstance(step, Words) and place < first and _directly_before(findings, place, first):
            before.append(step)
    whole = [words for words in before if all(language in words.text for language in languages)]
    lead_in = {language: " ".join(words.text[language] for words in whole) for language in languages}
    for step in findings.steps:
        if not isinstance(step, Words):
            continue
        repeated = [step.text.get(language) == lead_in[language] for language in languages]
        if step in whole or (repeated and all(repeated)):
            findings.mapped.add(step.row.place)
            _tell_other_languages(step, languages, findings)
        else:
            reason = "an instrument has one lead-in, the words directly before its first item in every language"
            findings.tell(step.row, step.column, reason)
    return lead_in


def _tell_other_languages(words: Words, languages: Sequence[str], findings: Findings) -> None:
    for language in set(words.text) - set(languages):
        column = f"{words.column} ({language})"
        findings.tell(words.row, column, _HALF_LANGUAGE.format(language), words.text[language])


def _directly_before(findings: Findings, place: int, first: int) -> bool:
    return all(isinstance(step, Words) for step in findings.steps[place:first])
