"""Free text that came in on a question for a number -> the whole number it surely says, or none. Never a guess."""

from __future__ import annotations

import re
import unicodedata

from service.followup import reply_words as words

#: With one of these in it a reply names no one number: "niet 2", "2 of 3", "tussen 4 en 5", "ongeveer 10".
_DOUBT = frozenset(
    words.plain_words("""
niet geen nee of en tot tussen ongeveer circa ca bijna ruim minder meer dan minstens hooguit max soms misschien half
halve anderhalf not or and between about almost around over under less more
""").split()
)
#: So many words may stand round the number ("the number 10"); a longer text is a story.
_WORDS_AROUND = 3
#: Letters that people type for a digit: "1O", "2l". Only these behind a digit, and it may be another number.
_LOOKS_LIKE_A_DIGIT = re.compile(r"[0-9]+[oilsbz]+")


def read_number(text: str, lowest: int, highest: int) -> int | None:
    """The whole number in `text`, when it says exactly one between `lowest` and `highest` (both included).

    None when it says none, several ("1-15"), a fraction ("50.7"), something below nought, or when other words make it
    doubtful: then it is asked again. Digits of any script count; a unit may stand behind it ("24 jaar", "24ans").
    """
    if any(unicodedata.category(letter) == "No" for letter in text):  # "10²", "½": no digits of a number
        return None
    if re.search(r"[-−–+]\s*\d|\d\s*[.,:/]\s*\d", text):
        return None
    parts = words.plain_words(text).split()
    if len(parts) > _WORDS_AROUND + 1 or _DOUBT.intersection(parts):
        return None
    number = _only_number(parts)
    return number if number is not None and lowest <= number <= highest else None


def _only_number(parts: list[str]) -> int | None:
    written = [part for part in parts if re.search(r"[0-9]", part)]
    if not written:
        spoken = [part for part in parts if part not in words.FILLERS]
        return words.NUMBERS.get(spoken[0]) if len(spoken) == 1 else None
    whole = re.fullmatch(r"([0-9]{1,9})[a-z]*", written[0])
    if len(written) > 1 or whole is None or _LOOKS_LIKE_A_DIGIT.fullmatch(written[0]):
        return None
    return None if any(part in words.NUMBERS and part != "een" for part in parts) else int(whole[1])
