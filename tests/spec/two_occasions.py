"""The published study that the spec tests compute on: item answers to the De Jong Gierveld scale on two occasions.

Hodgetts, Williams and Butler, github.com/gpwilliams/covid-gaming at b48d6a48, studies 2 and 3, CC-BY 4.0; tidied.
"before" was asked in retrospect: it proves arithmetic, not change.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from service.measures.instrument import Instrument
from service.measures.scoring_table import MISSING, Codes, codes_of

DATA = Path(__file__).with_name("data") / "djg11_two_occasions.csv"
CODES = {"1": "no", "2": "more_or_less", "3": "yes"}


def people() -> list[tuple[str, str, bool]]:
    """Person, study ("2" or "3"), and whether the authors analysed the pair; in the order of `answers`."""
    return [(row["pid"], row["study"], row["analysed"] == "1") for row in _rows("before")]


def answers(instrument: Instrument, period: str) -> Codes:
    """The answers of everybody in `period` ("before" or "during"), as `scoring_table` takes them."""
    place = {digit: codes_of(instrument).index(code) for digit, code in CODES.items()}
    rows = [[place.get(row[f"lone{item.number}"], MISSING) for item in instrument.items] for row in _rows(period)]
    return np.array(rows, dtype=np.int8)


def _rows(period: str) -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["period"] == period]
    return sorted(found, key=lambda row: row["pid"])
