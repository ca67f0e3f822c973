"""Which day a paper form counts for, and where two readings of it differ."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.followup.paper_forms import day_problem, difference, given_at, in_time

ZONE = "Europe/Amsterdam"
OPENS = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2026, 3, 2), "paper_too_early"),
        (date(2026, 3, 3), None),
        (date(2026, 3, 20), None),
        (date(2026, 3, 21), "date_in_future"),
        (date(2025, 3, 12), "paper_too_early"),
    ],
)
def test_the_day_on_a_form_lies_from_a_week_before_the_opening_to_today(day: date, key: str | None) -> None:
    found = day_problem(day, OPENS, ZONE, NOW)
    assert (None if found is None else found.key) == key


def test_a_form_counts_as_filled_in_at_noon_where_the_person_lives_and_never_later_than_now() -> None:
    assert given_at(date(2026, 3, 12), ZONE, NOW) == datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
    assert given_at(date(2026, 3, 12), "America/Aruba", NOW) == datetime(2026, 3, 12, 16, 0, tzinfo=UTC)
    assert given_at(date(2026, 3, 20), ZONE, NOW) == NOW


def test_today_is_the_day_where_the_person_lives() -> None:
    just_after_midnight = datetime(2026, 3, 19, 23, 30, tzinfo=UTC)
    assert day_problem(date(2026, 3, 20), OPENS, ZONE, just_after_midnight) is None
    assert day_problem(date(2026, 3, 20), OPENS, "America/Aruba", just_after_midnight) is not None


def test_a_form_filled_in_on_the_day_of_closing_is_in_time() -> None:
    closes = datetime(2026, 3, 31, 8, 0, tzinfo=UTC)
    assert in_time(date(2026, 3, 31), closes, ZONE)
    assert not in_time(date(2026, 3, 31) + timedelta(days=1), closes, ZONE)


def test_two_readings_differ_where_an_answer_differs_or_is_there_once() -> None:
    day = date(2026, 3, 12)
    assert not difference({3: "yes"}, day, {3: "yes"}, day)
    found = difference({3: "yes", 4: "no"}, day, {3: "no", 7: "no"}, day)
    assert found.items == (3, 4, 7)
    assert not found.day
    assert difference({3: "yes"}, day, {3: "yes"}, day + timedelta(days=1)).day
