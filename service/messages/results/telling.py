"""What every passage is made with: the analysis, the names in it, and the texts of one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from service.measures.analysis.result import Analysis, Figure
from service.messages.catalogue import Text, pieces
from service.messages.results.names import Names
from service.messages.results.numbers import DASH, capital, lower, whole
from service.messages.results.words import figure_words, hidden_sentence, reason_words

#: The texts of kind "results" of the catalogue, by (language, key).
Texts: TypeAlias = Mapping[tuple[str, str], Text]
Value: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Passage:
    """One result in words. `key` is the beginning of the keys of the figures that it tells ("change.intervention");
    of what is about the analysis as a whole it begins with "head" or "faults".

    `heading` states what is seen, with a direction only when the interval excludes zero. `text` is one to three
    sentences (a list of waves or faults may be longer).
    """

    key: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Telling:
    """One analysis that is being told in `language`. `plan_late`: whether its plan was fixed after answers
    to the primary wave had come in; None: not known."""

    analysis: Analysis
    names: Names
    language: str
    texts: Texts
    plan_late: bool | None = None

    @property
    def beforehand(self) -> bool:
        """Whether the plan was fixed, and not known to be late: only then may a text say "beforehand"."""
        return bool(self.analysis.head.plan_locked_on) and not self.plan_late

    def say(self, key: str, /, **values: Value) -> str:
        """The text with this key, filled in; a number is written as a count, and chooses between one and many.

        KeyError for a text or a value that does not exist.
        """
        text = self.texts[self.language, key]
        one = len(text.forms) > 1 and int(values[text.count]) == 1
        return "".join(
            words + (self._shown(values[name]) if name else "")
            for words, name in pieces(text.forms[1] if one else text.forms[0])
        )

    def _shown(self, value: Value) -> str:
        return whole(value, self.language) if isinstance(value, int) else value

    def figure(self, key: str) -> Figure | None:
        """The figure with this key, shown or not; None when the analysis has none."""
        return self.analysis.figures.get(key)

    def shown(self, key: str) -> Figure | None:
        """The figure when there is a value."""
        found = self.figure(key)
        return found if found is not None and found.shown else None

    def count(self, key: str) -> int:
        """A number of people; 0 when the analysis has none."""
        found = self.figure(key)
        return int(found.value) if found is not None and found.value is not None else 0

    def words(self, figure: Figure) -> str:
        """A figure in words."""
        return figure_words(figure, self.language)

    def none_of(self, figures: Iterable[Figure | None]) -> str:
        """The one sentence in the place of several figures of which not one is shown; "" when one is."""
        found = list(figures)
        if any(figure is not None and figure.shown for figure in found):
            return ""
        return self.instead(next((figure for figure in found if figure is not None), None))

    def why(self, figure: Figure) -> str:
        """Why a figure is not there, as words in a row of others."""
        if figure.reason is not None:
            return reason_words(figure.reason, figure.detail, self.language)
        return figure_words(figure, self.language)

    def people(self, number: int, arm: str) -> str:
        """So many people of an arm, "80 deelnemers"."""
        return self.say(f"people_{arm}", n=number)

    def wave(self, key: str) -> str:
        """The name of a wave."""
        return self.names.waves.get(key, key)

    def instead(self, figure: Figure | None) -> str:
        """The sentence in the place of a figure that is not there."""
        if figure is None:
            return self.say("not_there")
        if figure.hidden is not None:
            return f"{capital(hidden_sentence(figure.hidden, self.language))}."
        assert figure.reason is not None
        return self.say("not_estimable", why=reason_words(figure.reason, figure.detail, self.language))

    def passage(self, key: str, arm: str, heading: str, *sentences: str) -> Passage:
        """A passage about an arm ("": about all). Beside other arms the heading names it."""
        if arm and len(self.analysis.head.arms) > 1:
            heading = f"{self.say(f'arm_{arm}')} {DASH} {lower(heading)}"
        return Passage(key, heading, " ".join(one for one in sentences if one))
