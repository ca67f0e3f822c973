"""Values to try texts with: the longest that are still ordinary, for budgets, and short ones as most messages have."""

from __future__ import annotations

from collections.abc import Mapping

_DUTCH: Mapping[str, str | int] = {
    "first_name": "Anne-Pauline",
    "organisation": "Welzijn Westland",
    "coordinator": "Jacqueline",
    "phone": "078 000 0137",
    "word": "boomgaard",
    "n": 2,
    "total": 6,
    "weeks": 2,
    "lead_in": (
        "Wilt u van elk van de volgende uitspraken aangeven in hoeverre die op u, zoals u de laatste tijd bent, "
        "van toepassing is?"
    ),
    "item_text": "Er zijn genoeg mensen op wie ik in geval van narigheid kan terugvallen",
    "options": "1 = ja, 2 = min of meer, 3 = nee",
    "link": "https://peil.example/v/Ab3dEf6hIj9lMn2pQr5tUv",
    "unsubscribe": "https://peil.example/u/Zy8wVu5sRq2oNm9kJi6gFe",
    "check": "https://peil.example/echt",
    "day": "26 november",
    "time": "14.30",
    "place": "buurthuis De Brug",
    "title": "samen koffie drinken",
}
_ENGLISH: Mapping[str, str | int] = {
    "lead_in": "Please say of each of the following statements how far it applies to you, the way you feel lately.",
    "item_text": "There are plenty of people I can rely on when I have problems",
    "options": "1 = yes, 2 = more or less, 3 = no",
    "day": "November 26",
    "title": "coffee with others",
}

#: Long but ordinary values: what a budget must reckon with. The question is the longest of the six-item scale.
FILL: Mapping[str, Mapping[str, str | int]] = {"nl": _DUTCH, "en": {**_DUTCH, **_ENGLISH}}

_SHORT: Mapping[str, str | int] = {
    "first_name": "Wil",
    "organisation": "Buurthuis",
    "coordinator": "Sanne",
    "word": "klaproos",
    "n": 6,
    "day": "morgen",
    "place": "De Brug",
    "title": "koffie",
}
#: As most messages look.
ORDINARY: Mapping[str, Mapping[str, str | int]] = {
    "nl": {**_DUTCH, **_SHORT},
    "en": {**_DUTCH, **_ENGLISH, **_SHORT, "day": "tomorrow", "title": "coffee"},
}
