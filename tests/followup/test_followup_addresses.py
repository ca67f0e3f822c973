"""Numbers and addresses as people write them, and what is said about those that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from service.followup.addresses import email_address, landline_number, mobile_number
from service.followup.participant_file import read_date
from service.followup.problem import Refusal


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (mobile_number, "06 1234 5678", "+31612345678"),
        (mobile_number, "06-12345678", "+31612345678"),
        (mobile_number, "+31 (0)6 1234 5678", "+31612345678"),
        (mobile_number, "0031612345678", "+31612345678"),
        (mobile_number, "612345678", "+31612345678"),  # a spreadsheet ate the zero
        (mobile_number, "'0612345678", "+31612345678"),
        (mobile_number, "+32 470 12 34 56", "+32470123456"),
        (landline_number, "070 123 45 67", "+31701234567"),
        (landline_number, "088-1234567", "+31881234567"),
        (email_address, " Wil.Bos@Voorbeeld.NL ", "Wil.Bos@voorbeeld.nl"),
        (email_address, "<wil@voorbeeld.nl>", "wil@voorbeeld.nl"),
    ],
)
def test_one_spelling(rule: Callable[[str, bool], str], text: str, expected: str) -> None:
    assert rule(text, False) == expected


@pytest.mark.parametrize(
    ("rule", "text", "key"),
    [
        (mobile_number, "06 1234", "mobile_impossible"),
        (mobile_number, "geen", "mobile_impossible"),
        (mobile_number, "6,12E+08", "mobile_impossible"),
        (mobile_number, "070 123 45 67", "mobile_is_landline"),
        (mobile_number, "06 0000 0137", "practice_only"),
        (landline_number, "06 12345678", "landline_is_mobile"),
        (landline_number, "078 000 0137", "practice_only"),
        (email_address, "wil.voorbeeld.nl", "email_without_at"),
        (email_address, "wil@@voorbeeld.nl", "email_impossible"),
        (email_address, "wil@voorbeeld", "email_impossible"),
        (email_address, "wil@voorbeeld.nl\nBcc: x@voorbeeld.nl", "email_impossible"),
        (email_address, "wil@voorbeeld.invalid", "practice_only"),
    ],
)
def test_what_cannot_be_is_named(rule: Callable[[str, bool], str], text: str, key: str) -> None:
    with pytest.raises(Refusal) as refusal:
        rule(text, False)
    assert refusal.value.problems[0].key == key


def test_practice_numbers_and_addresses_are_accepted_for_practice() -> None:
    assert mobile_number("06 0000 9999", True) == "+31600009999"
    assert landline_number("078 000 0000", True) == "+31780000000"
    assert email_address("Wil@Voorbeeld.Invalid", True) == "Wil@voorbeeld.invalid"
    with pytest.raises(Refusal):
        mobile_number("06 0001 0000", True)


@pytest.mark.parametrize(
    "text", ["2026-03-01", "1-3-2026", "01/03/2026", "1.3.2026", "2026-03-01T00:00:00", "1-3-2026 0:00"]
)
def test_dates_as_people_write_them(text: str) -> None:
    assert read_date(text) == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["31-2-2026", "3 maart", "1-3-26", "45000", ""])
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None
