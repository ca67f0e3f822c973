"""One slip of the thumb, and only when it can mean nothing else.

A short word has too many neighbours ("nee" and "neef", "twee" and "thee"): there only letters that changed places or
stand twice count ("dire", "tweee"). A long phrase ("min of meer") may have any one slip.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.followup import reply_words as words

#: From this length on any one slip counts; and from this one on letters that changed places or stand twice.
_LONG, _SHORT = 10, 4


def likely_meant(plain: str, phrases: Mapping[str, str]) -> str | None:
    """What the one phrase within one slip of `plain` stands for; None when there is none, or when phrases disagree.

    Words that are good Dutch as they stand are no slip: "bijna ooit" is not "bijna nooit".
    """
    if len(plain) < _SHORT or len(plain) > 60 or all(part in words.NEAR for part in plain.split()):
        return None
    meant = {code for phrase, code in phrases.items() if _is_slip(plain, phrase)}
    return meant.pop() if len(meant) == 1 else None


def _is_slip(typed: str, phrase: str) -> bool:
    if any(letter.isdigit() for letter in typed + phrase) or len(phrase) < _SHORT:
        return False
    if swapped(typed, phrase) or _doubled(typed, phrase):
        return True
    return len(phrase) >= _LONG and " " in phrase and _one_edit(typed, phrase)


def swapped(typed: str, phrase: str) -> bool:
    """Two neighbouring letters changed places; the words in it stay words."""
    if len(typed) != len(phrase):
        return False
    places = [place for place, (one, other) in enumerate(zip(typed, phrase, strict=True)) if one != other]
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return (typed[first], typed[second]) == (phrase[second], phrase[first])


def _doubled(typed: str, phrase: str) -> bool:
    """One letter stands once more than it should."""
    return any(
        typed[place] == typed[place - 1] and typed[:place] + typed[place + 1 :] == phrase
        for place in range(1, len(typed))
    )


def one_letter_more_or_less(typed: str, phrase: str) -> bool:
    """One letter stands too much, or is missing."""
    return len(typed) != len(phrase) and _one_edit(typed, phrase)


def _one_edit(typed: str, phrase: str) -> bool:
    """One letter more, fewer or other."""
    short, long = sorted((typed, phrase), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest = start + 1 if len(short) == len(long) else start
    return short[rest:] == long[start + 1 :]
