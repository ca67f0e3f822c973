"""What is wrong with a text, and what is dear or hard about it: domain.md 4.3 and DESIGN rule 7 as code.

An error refuses the text; a warning is shown with what it costs, and the writer decides. The shipped texts have no
errors, and warnings only where the tests name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.followup.form_of_address import FORMAL, INFORMAL
from service.followup.problem import Problem
from service.messages.catalogue import FORBIDDEN, PRONOUNS, TWO_FORMS, Mail, Text, pieces
from service.messages.fills import FILL, ORDINARY
from service.messages.known import allowed_values, needed_values
from service.messages.readability import read
from service.messages.sms_parts import Encoding, measure

#: Words that push. "Meedoen is niet verplicht" is fine, so a person judges: a warning.
PRESSING = {
    "nl": re.compile(
        r"\b(moet(?:en)?|verplicht|nog steeds niet|nog niet gedaan|onmiddellijk|zo spoedig mogelijk|uiterlijk"
        r"|laatste kans|vergeten|teleurgesteld|gemist)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(must|have to|required|obliged|still have not|immediately|at the latest"
        r"|last chance|forgotten|disappointed|missed you)\b",
        re.IGNORECASE,
    ),
}
#: What takes the pressure off "have to".
RELIEF = re.compile(r"\b(?:need|do|does) not\s*$|\bniet\s*$|\bniets\s*$", re.IGNORECASE)
EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]")
#: Words that a person sends back stand in capitals; others would shout.
ANSWERS = frozenset(
    ("JA", "NEE", "STOP", "LATER", "BEL", "HULP", "START", "KOM", "NIET", "VANDAAG", "MORGEN", "LIEVER", "PAUZE",
     "FOUT", "MINDER", "MIJN", "YES", "NO", "CALL", "HELP", "NOT", "COMING", "TODAY", "TOMORROW", "RATHER", "PAUSE",
     "WRONG", "LESS", "MY")
)  # fmt: skip
SHOUTED = re.compile(r"\b[A-ZÀ-Þ]{3,}\b")
ADDRESS = re.compile(r"https?:|\bwww\.|\b[\w-]+\.(?:nl|com|org|eu|net|be|info)\b", re.IGNORECASE)
#: B1: about 12 to 15 words a sentence (domain.md 4.3), never above 20; an ease of 60 is where "ordinary" begins.
MOST_MEAN, MOST_WORDS, LEAST_EASE = 15, 20, 60
#: Of fewer words the formula says nothing.
ENOUGH_WORDS = 20
#: The words that tell what a programme is about are longer than this.
SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to judge, beside the standard text that it stands for. `telling` are names of programmes and approaches;
    `fill` replaces long ordinary values by longer ones that the organisation really has."""

    channel: str
    key: str
    language: str
    form: str
    words: Text | Mail
    standard: Text | Mail
    telling: Sequence[str] = ()
    fill: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def pushed(self) -> tuple[tuple[str, str], ...]:
        """What lights up on a screen that others can see: (field, words)."""
        if isinstance(self.words, Mail):
            return (("subject", self.words.subject.forms[0]),)
        return tuple(zip(("text", "one"), self.words.forms, strict=False))

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """All that a writer can change: (field, words)."""
        if not isinstance(self.words, Mail):
            return self.pushed
        body = tuple(("paragraphs", one.forms[0]) for one in self.words.paragraphs)
        button = (("button", self.words.button.forms[0]),) if self.words.button else ()
        return (*self.pushed, *body, *button)

    @property
    def main_field(self) -> str:
        """Where what concerns the whole text is said."""
        return "paragraphs" if isinstance(self.words, Mail) else "text"


@dataclass(frozen=True, slots=True)
class Lint:
    """What refuses the text, and what only costs something."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def lint(draft: Draft) -> Lint:
    """Judge a text of one's own, or one of ours."""
    errors = [*_values(draft), *_telling(draft), *_forms(draft), *_links(draft), *_too_long(draft)]
    warnings = [*_cost(draft), *_tone(draft), *_reading(draft)]
    return Lint(tuple(errors), tuple(warnings))


def _values(draft: Draft) -> Iterator[Problem]:
    """Fixed placeholders only, those that the message needs among them, and the way out."""
    names, standard, where = draft.words.names, draft.standard.names, draft.main_field
    for name in sorted(names - allowed_values(draft.key, standard)):
        yield Problem("text_unknown_value", where, values={"value": f"{{{name}}}"})
    for name in sorted(needed_values(standard) - names):
        yield Problem("text_needs_value", where, values={"value": f"{{{name}}}"})
    if not names & {"organisation", "coordinator"}:
        yield Problem("text_no_sender", where)
    if _says_stop(draft.standard) and not _says_stop(draft.words):
        yield Problem("text_no_stop", where)


def _says_stop(words: Text | Mail) -> bool:
    return isinstance(words, Text) and all("STOP" in form for form in words.forms)


def _telling(draft: Draft) -> Iterator[Problem]:
    """Nothing that tells somebody who reads along what this is about."""
    for where, words in draft.pushed:
        if found := FORBIDDEN.search(words):
            yield Problem("text_forbidden", where, values={"value": found.group()})
        for name in draft.telling:
            if len(name) >= SHORTEST_NAME and name.casefold() in words.casefold():
                yield Problem("text_names_programme", where, values={"value": name})


def _forms(draft: Draft) -> Iterator[Problem]:
    """No "je" to who is called "u", and the other way round."""
    if draft.language not in TWO_FORMS:
        return
    other = INFORMAL if draft.form == FORMAL else FORMAL
    for where, words in draft.parts:
        if found := PRONOUNS[other].search(_without_values(words)):
            yield Problem("text_wrong_form", where, values={"value": found.group(), "form": draft.form})


def _links(draft: Draft) -> Iterator[Problem]:
    """A link stands apart: telephones take a full stop for a part of it. No address but ours."""
    for where, words in draft.parts:
        if re.search(r"\S\{link\}|\{link\}\S", words):
            yield Problem("text_link_glued", where)
        if found := ADDRESS.search(_without_values(words)):
            yield Problem("text_address", where, values={"value": found.group()})


def _too_long(draft: Draft) -> Iterator[Problem]:
    """One SMS with the longest ordinary values, unless the standard text takes more itself. Counted as if every letter
    were an ordinary one: letters that cost more are a warning."""
    if isinstance(draft.words, Mail) or isinstance(draft.standard, Mail):
        return
    most = max(160, *map(len, _filled(draft, draft.standard)))
    for where, filled in zip(("text", "one"), _filled(draft, draft.words), strict=False):
        units = measure(filled).units
        if units > most:
            yield Problem("text_too_long", where, values={"n": units - most, "most": most, "size": units})


def _cost(draft: Draft) -> Iterator[Problem]:
    """The letters that make a message dearer, and how much."""
    if isinstance(draft.words, Mail):
        return
    for where, filled in zip(("text", "one"), _filled(draft, draft.words), strict=False):
        size = measure(filled)
        if size.encoding is Encoding.UCS2:
            yield Problem("text_dear", where, values={"value": " ".join(size.dear), "n": size.parts})


def _filled(draft: Draft, words: Text) -> list[str]:
    """Every form of a text with the longest values."""
    fill = {**FILL[draft.language], **draft.fill}
    known = {name: value for name, value in fill.items() if name in words.names}
    return [Text((form,)).fill({**dict.fromkeys(words.names, ""), **known}) for form in words.forms]


def _tone(draft: Draft) -> Iterator[Problem]:
    """Warm and quiet: nothing that pushes, shouts or winks."""
    for where, words in draft.parts:
        plain = _without_values(words)
        for found in PRESSING[draft.language].finditer(plain):
            if not RELIEF.search(plain[: found.start()]):
                yield Problem("text_pressing", where, values={"value": found.group()})
        if "!" in plain:
            yield Problem("text_exclamation", where)
        if EMOJI.search(plain):
            yield Problem("text_emoji", where)
        if shouted := [word for word in SHOUTED.findall(plain) if word not in ANSWERS]:
            yield Problem("text_capitals", where, values={"value": shouted[0]})


def _reading(draft: Draft) -> Iterator[Problem]:
    """Sentences as people speak; see readability.py for the formula and its source."""
    values = {**dict.fromkeys(draft.words.names, ""), **ORDINARY[draft.language]}
    body = [(where, Text((words,)).fill(values)) for where, words in draft.parts if where not in ("subject", "button")]
    where = draft.main_field
    found = read("\n".join(words for _, words in body), draft.language)
    if found.longest > MOST_WORDS:
        yield Problem("text_long_sentence", where, values={"n": found.longest, "most": MOST_WORDS})
    if found.mean > MOST_MEAN:
        yield Problem("text_long_sentences", where, values={"mean": f"{found.mean:.0f}", "most": MOST_MEAN})
    if found.words >= ENOUGH_WORDS and found.ease is not None and found.ease < LEAST_EASE:
        yield Problem("text_hard", where, values={"ease": f"{found.ease:.0f}", "least": LEAST_EASE})


def _without_values(words: str) -> str:
    return " ".join(said for said, _ in pieces(words))
