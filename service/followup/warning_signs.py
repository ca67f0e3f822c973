"""Words of suicide, and of violence or fear, in what people write.

Sensitive on purpose: spelling mistakes count, and a "not" in the sentence still raises (domain.md 4.5). It misses
cases all the same; no text may promise that somebody is watching. The list is data: warning_signs.yaml.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

#: Others that may stand between two words of a phrase.
BETWEEN = 2
#: Words from this length on may hold one slip.
SLIPS_FROM = 5
#: Phrases from this length on are found in words written without spaces.
JOINED_FROM = 8


@dataclass(frozen=True, slots=True)
class Signs:
    """One list. `phrases` are words without doubled letters, in order; `pattern` is None when there are no patterns."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    pattern: re.Pattern[str] | None = None

    def found_in(self, plain: str) -> bool:
        """Whether these plain words (lower case, no signs) hold one of them, or nearly."""
        squeezed = squeeze(plain)
        return (
            (self.pattern is not None and self.pattern.search(squeezed) is not None)
            or _resembles(plain, self.words)
            or any(_holds(squeezed, phrase) for phrase in self.phrases)
        )


@dataclass(frozen=True, slots=True)
class WarningSigns:
    """Everything that raises an alert, and when somebody last went through it."""

    suicide: Signs
    danger: Signs
    reviewed_on: date


def squeeze(words: str) -> str:
    """The words without doubled letters: "doooood" and "dood" are "dod"."""
    return re.sub(r"([a-z])\1+", r"\1", words)


def _holds(squeezed: str, phrase: Sequence[str]) -> bool:
    joined = "".join(phrase)
    if len(joined) >= JOINED_FROM and joined in squeezed.replace(" ", ""):
        return True
    parts = squeezed.split()
    return any(_follows(parts[start + 1 :], phrase[1:]) for start, part in enumerate(parts) if _same(part, phrase[0]))


def _follows(parts: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the rest of the phrase comes next, with at most so many others before each of its words."""
    if not phrase:
        return True
    return any(
        _same(part, phrase[0]) and _follows(parts[place + 1 :], phrase[1:])
        for place, part in enumerate(parts[: BETWEEN + 1])
    )


def _same(part: str, word: str) -> bool:
    return part == word or (len(word) >= SLIPS_FROM and one_slip(part, word))


def one_slip(part: str, word: str) -> bool:
    """Whether one letter was added, left out, changed, or two neighbours changed places."""
    if abs(len(part) - len(word)) > 1:
        return False
    if len(part) == len(word):
        wrong = [place for place, (one, other) in enumerate(zip(part, word, strict=True)) if one != other]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return len(wrong) <= 1 or (swapped and part[wrong[0]] == word[wrong[1]] and part[wrong[1]] == word[wrong[0]])
    short, long = sorted((part, word), key=len)
    return any(short == long[:place] + long[place + 1 :] for place in range(len(long)))


def _resembles(plain: str, signs: tuple[str, ...]) -> bool:
    """Whether a word, or two neighbours written apart, is one of the signs or nearly so."""
    parts = plain.split()
    candidates = {*parts, *(first + second for first, second in pairwise(parts))}
    return any(
        any(sign in candidate for sign in signs) or difflib.get_close_matches(candidate, signs, n=1, cutoff=0.82)
        for candidate in candidates
        if 6 <= len(candidate) <= 40
    )
