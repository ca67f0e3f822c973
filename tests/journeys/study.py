"""The published study as Peil's people: who they are, what they answered, and how a driver lets them answer.

Data: Hodgetts, Williams & Butler, covid-gaming, studies 2 and 3, CC-BY 4.0 (see README.md beside the file).
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "measures"
DATA = SHARED / "data" / "djg11_two_occasions.csv"
HOW = (
    f"The published study is not there. Put djg11_two_occasions.csv (github.com/gpwilliams/covid-gaming, commit b48d6a48, "
    f"studies 2 and 3, CC-BY 4.0, tidied to the columns pid, study, period, progress, analysed, lone1..lone11) at {DATA}."
)
OCCASIONS = ("before", "during")
CODES = {1: "no", 2: "more_or_less", 3: "yes"}
#: What a person may write for each answer of the file (1 = no, 2 = more or less, 3 = yes): digit or word.
WORDS = {1: ("3", "nee", "Nee hoor", " 3 "), 2: ("2", "min of meer", "2.", "Twee"), 3: ("1", "ja", "Ja hoor", "één")}
MISSING_WORDS = ("weet niet", "Weet ik niet")

Answers = tuple[int | None, ...]

PROTOCOL = """\
key: published-study
version: 1
title: {nl: Twee metingen, en: Two occasions}
instrument: djg11
language: nl
time_zone: Europe/Amsterdam
waves:
  - key: before
    title: {nl: Eerste meting, en: First occasion}
    offset: 0 days
    window: 7 days
    by_sms: questions
  - key: during
    title: {nl: Tweede meting, en: Second occasion}
    offset: 14 days
    at: "10:00"
    window: 7 days
    by_sms: link
quiet_hours:
  open: ["00:00-24:00"]
  closed_on: []
cap: {per_day: 9, per_30_days: 90}
"""


@dataclass(frozen=True)
class Person:
    """One participant of the study: eleven answers per occasion, None for an item (or a whole occasion) left out."""

    pid: str
    number: str
    analysed: bool
    occasions: dict[str, Answers]

    def silent(self, occasion: str) -> bool:
        return all(answer is None for answer in self.occasions[occasion])


def people() -> list[Person]:
    """Everybody in the file; skips the test, and says how to get the file, when it is not there."""
    if not DATA.exists():
        pytest.skip(HOW)
    found: dict[str, Person] = {}
    with DATA.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            person = found.setdefault(
                row["pid"], Person(row["pid"], f"+3160000{3000 + len(found):04d}", row["analysed"] == "1", {})
            )
            cells = [row[f"lone{item}"] for item in range(1, 12)]
            person.occasions[row["period"]] = tuple(int(cell) if cell else None for cell in cells)
    return list(found.values())


def blanked(everybody: list[Person], seed: int, share: float) -> list[Person]:
    """The same people with some answers left out by a seeded rule: each answered item with this chance."""
    chance = random.Random(seed)
    return [
        Person(
            person.pid,
            person.number,
            person.analysed,
            {
                occasion: tuple(None if a is None or chance.random() < share else a for a in answers)
                for occasion, answers in person.occasions.items()
            },
        )
        for person in everybody
    ]


def reference() -> dict[str, Any]:
    """The values computed by others in R and PSPP."""
    loaded: dict[str, Any] = json.loads((SHARED / "reference.json").read_text())
    return loaded


def import_file(everybody: list[Person]) -> bytes:
    """The list as a coordinator would upload it."""
    lines = ["voornaam;achternaam;mobiel;voorkeur;toestemming_vragen;toestemming_sms;toestemming_delen"]
    lines += [f"Deelnemer;{person.pid};{person.number};sms;ja;ja;ja" for person in everybody]
    return "\r\n".join(lines).encode("utf-8-sig")


def written(answer: int | None, turn: int) -> str:
    """What the person writes for this answer; another way of saying it each time."""
    choices = MISSING_WORDS if answer is None else WORDS[answer]
    return choices[turn % len(choices)]


def sids() -> Iterator[str]:
    """Message ids as the provider makes them."""
    number = 0
    while True:
        number += 1
        yield f"SM{number:032x}"
