"""How many SMS a text becomes, and which characters make it more.

GSM 03.38 (3GPP TS 23.038): 160 septets in one part, 153 in each of several; a character of its extension table takes
two. One character outside it makes the whole text UCS-2: 70 code units in one part, 67 in each of several; a character
beyond the basic plane (most emoji) takes two. A pair of either kind is never cut over two parts.

We count and warn; we never change a letter of somebody's name to save a cent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")


class Encoding(StrEnum):
    """How a text goes over the air."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


#: Units in a single part, and in each part of a longer text.
LIMITS = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Size:
    """What a text takes. `units` are septets (GSM-7) or UTF-16 code units (UCS-2); `dear` are the characters that cost
    extra, each once, in the order met: outside GSM-7 where there are any, otherwise those of the extension table.
    """

    encoding: Encoding
    units: int
    parts: int
    dear: tuple[str, ...]


def measure(text: str) -> Size:
    """The size of a text. The empty text is one part of nothing."""
    foreign = _once(text, lambda character: character not in BASIC and character not in EXTENSION)
    encoding = Encoding.UCS2 if foreign else Encoding.GSM7
    costs = [_cost(character, encoding) for character in text]
    return Size(
        encoding=encoding,
        units=sum(costs),
        parts=_parts(costs, *LIMITS[encoding]),
        dear=foreign or _once(text, lambda character: character in EXTENSION),
    )


def _cost(character: str, encoding: Encoding) -> int:
    double = character in EXTENSION if encoding is Encoding.GSM7 else ord(character) > 0xFFFF
    return 2 if double else 1


def _parts(costs: list[int], single: int, each: int) -> int:
    """Fill part after part; what does not fit whole begins the next one."""
    if sum(costs) <= single:
        return 1
    parts, used = 1, 0
    for cost in costs:
        if used + cost > each:
            parts, used = parts + 1, 0
        used += cost
    return parts


def _once(text: str, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(character for character in text if wanted(character)))
