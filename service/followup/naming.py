"""Several people use one number: who of them says "Anna hier"? A name that surely fits one of them, never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.followup import reply_words as words
from service.followup.reply_typos import one_letter_more_or_less, swapped


class Heard(StrEnum):
    """What a reply to "who are you?" says."""

    ONE = "one"  # the name of one of the people of this number
    SEVERAL = "several"  # it fits more than one of them
    STRANGER = "stranger"  # perhaps a name, but of none of them
    NO_NAME = "no_name"  # something else


@dataclass(frozen=True, slots=True)
class Name:
    """How somebody is called."""

    first: str
    last: str


#: What people write round their name. Anything else beside it ("Anna slaapt", "de man van Anna") is no name.
_BEFORE = (
    "mijn naam is", "u spreekt met", "je spreekt met", "my name is", "m n naam is", "goedemorgen", "goedemiddag",
    "goedenavond", "naam is", "mevrouw", "mijnheer", "ik heet", "hier is", "de heer", "this is", "ik ben", "dit is",
    "het is", "meneer", "hallo", "it is", "hello", "i am", "it s", "naam", "mevr", "i m", "hoi", "dag", "met", "ben",
    "dhr", "yes", "mw", "hi", "ja",
)  # fmt: skip
_BEHIND = (
    "ben ik hoor",
    "is mijn naam",
    "heet ik",
    "ben ik",
    "groetjes",
    "dank u",
    "groet",
    "hier",
    "here",
    "aub",
    "gr",
)
#: From this length on a letter may be missing, stand too much or have changed places; from the second one a letter may
#: be another: in short names that is somebody else (Maria and Marja, Hennie and Hannie).
_SLIP, _OTHER_LETTER = 4, 7
#: A name that fits nobody has at most so many words; longer is a story.
_WORDS = 2


def hear_name(text: str, people: Sequence[Name]) -> tuple[Heard, int | None]:
    """Whose name these words are; with ONE the place of that person in `people`.

    Capitals, accents and hyphens do not count. One slip in the middle of a longer name is forgiven when it can mean
    nobody else; the name as written goes before a slip.
    """
    said = _bare(words.plain_words(text))
    if not said:
        return Heard.NO_NAME, None
    for fits in (_is_called, _almost_called):
        found = [place for place, name in enumerate(people) if fits(said, name)]
        if found:
            return (Heard.ONE, found[0]) if len(found) == 1 else (Heard.SEVERAL, None)
    parts = said.split()
    own = {part for name in people for part in words.plain_words(name.first).split()}
    if len(parts) > _WORDS or own.intersection(parts) or not all(part.isalpha() for part in parts):
        return Heard.NO_NAME, None
    telling = any(part in words.TELLING or part in words.NEAR for part in parts)
    return (Heard.NO_NAME if telling else Heard.STRANGER), None


def _bare(plain: str) -> str:
    """Without what people write round a name."""
    before = None
    while plain != before:
        before = plain
        for phrase in _BEFORE:
            plain = plain.removeprefix(f"{phrase} ")
        for phrase in _BEHIND:
            plain = plain.removesuffix(f" {phrase}")
    return plain


def _is_called(said: str, name: Name) -> bool:
    """The first name, one of several first names ("Jan" of "Jan Willem"), with or without the last name."""
    first, last = words.plain_words(name.first), words.plain_words(name.last)
    called = {first, first.replace(" ", ""), *(part for part in first.split() if len(part) > 1)}
    return any(said in (one, f"{one} {last}") for one in called)


def _almost_called(said: str, name: Name) -> bool:
    """The first name but for one slip, which leaves its first and last letter as they are."""
    first, last = words.plain_words(name.first), words.plain_words(name.last)
    said = said.removesuffix(f" {last}")
    if min(len(said), len(first)) < _SLIP or (said[0], said[-1]) != (first[0], first[-1]):
        return False
    differ = sum(a != b for a, b in zip(said, first, strict=False)) if len(said) == len(first) else 0
    other_letter = differ == 1 and len(first) >= _OTHER_LETTER
    return other_letter or swapped(said, first) or one_letter_more_or_less(said, first)
