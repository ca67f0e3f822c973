"""How hard a text is to read: the length of its sentences, and a published formula.

Dutch: Flesch-Douma, 206.84 - 0.77 x syllables per 100 words - 0.93 x words per sentence (W.H. Douma, "De leesbaarheid
van landbouwbladen", Bulletin 17, Wageningen 1960). English: Flesch Reading Ease, 206.835 - 84.6 x syllables per word
- 1.015 x words per sentence (R. Flesch, "A new readability yardstick", 1948). Both run from about 0 (very hard) to 100
(very easy); 60 to 70 is ordinary. Such a figure is a hint and no judgement: it knows nothing of meaning, and of a text
of a few words it says little.

Syllables are counted as groups of vowels. That is off by one in some words, mostly loan words, which matters little
in a sum over a whole text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A sentence ends at a full stop, question mark, exclamation mark or colon before a space, or at the end of a line.
ENDS = re.compile(r"[.?!:]+(?=\s|$)|\n+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
VOWELS = {
    "nl": re.compile(r"aai|ooi|oei|eeuw|ieuw|aa|ee|oo|uu|ij|ei|ui|oe|ie|eu|ou|au|[aeiouyàáâäèéêëìíîïòóôöùúûü]"),
    "en": re.compile(r"[aeiouy]+"),
}
#: In English an e at the end is mostly silent; in Dutch it is not.
SILENT = re.compile(r"[^aeioul]e$")
#: Constant, weight of syllables per word, weight of words per sentence.
FORMULA = {"nl": (206.84, 77.0, 0.93), "en": (206.835, 84.6, 1.015)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted. `ease` is the outcome of the formula, None for a text without words; `longest` is the number
    of words in the longest sentence, `mean` that of all sentences together."""

    words: int
    sentences: int
    mean: float
    longest: int
    ease: float | None


def syllables(word: str, language: str) -> int:
    """The syllables of one word, at least one."""
    lower = word.lower()
    found = len(VOWELS[language].findall(lower))
    if language == "en" and found > 1 and SILENT.search(lower):
        found -= 1
    return max(1, found)


def read(text: str, language: str) -> Reading:
    """Count a text of one of our languages. Numbers and addresses are no words."""
    counted = [WORD.findall(sentence) for sentence in ENDS.split(text)]
    sentences = [words for words in counted if words]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Reading(0, 0, 0.0, 0, None)
    mean = len(words) / len(sentences)
    constant, per_syllable, per_length = FORMULA[language]
    weight = sum(syllables(word, language) for word in words) / len(words)
    ease = constant - per_syllable * weight - per_length * mean
    return Reading(len(words), len(sentences), mean, max(map(len, sentences)), round(ease, 1))
