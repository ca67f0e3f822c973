"""How many SMS a text becomes: the published table of GOV.UK Notify."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.messages.sms_parts import EXTENSION, Encoding, measure

VECTORS = json.loads((Path(__file__).parent / "vectors" / "sms_segments.json").read_text("utf-8"))
SOURCE = VECTORS["source"]


def text_of(case: dict[str, str | int]) -> str:
    return f"{case['prefix']}{str(case['char']) * int(case['count'])}{case['suffix']}"


@pytest.mark.parametrize(
    "case",
    VECTORS["cases"],
    ids=lambda case: f"{case['prefix']}{case['char']}x{case['count']}{case['suffix']}={case['segments']}",
)
def test_as_published_by_notify(case: dict[str, str | int]) -> None:
    """alphagov/notifications-utils tests/test_template_types.py (MIT); `source` in the file names the commit."""
    assert measure(text_of(case)).parts == case["segments"], SOURCE


def test_the_table_covers_both_encodings_and_the_signs_that_take_two() -> None:
    """One table, so that nobody reads "published" where only half of it was run."""
    sizes = [measure(text_of(case)) for case in VECTORS["cases"]]
    assert {size.encoding for size in sizes} == set(Encoding)
    assert any(set(size.dear) & EXTENSION for size in sizes)
