"""Local hours are kept through every clock change: gap to the next valid minute, fold once, first."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.followup.protocol import QuietHours, Slot
from service.followup.quiet_hours import is_open, is_public_holiday, minutes_left, next_open, to_local, to_utc

ZONES = ("Europe/Amsterdam", "UTC", "America/Aruba", "Atlantic/Azores", "Australia/Lord_Howe")
OFFICE = QuietHours((Slot(600, 720), Slot(840, 1020)), sundays=True, holidays=True)
ALWAYS = QuietHours((Slot(0, 1440),), sundays=False, holidays=False)
AMSTERDAM = "Europe/Amsterdam"

days = st.dates(date(2024, 1, 1), date(2036, 12, 31))
minutes = st.integers(0, 1439)
zones = st.sampled_from(ZONES)


@st.composite
def hours(draw: st.DrawFn) -> QuietHours:
    edges = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    slots = [Slot(start * 15, end * 15) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    return QuietHours(tuple(slots), sundays=draw(st.booleans()), holidays=draw(st.booleans()))


moments = st.datetimes(datetime(2024, 1, 1), datetime(2036, 12, 31)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(AMSTERDAM)).astimezone(UTC)


@given(days, minutes, zones)
@example(date(2027, 3, 28), 150, AMSTERDAM)
@example(date(2026, 10, 25), 150, AMSTERDAM)
@settings(max_examples=400, deadline=None)
def test_a_local_moment_is_kept_or_moves_to_the_next_valid_minute(day: date, minute: int, zone: str) -> None:
    at = time(minute // 60, minute % 60)
    moment = to_utc(day, at, zone)
    back = to_local(moment, zone)
    assert back >= datetime.combine(day, at)
    if back != datetime.combine(day, at):  # a gap: one minute earlier, the clock showed an hour before the gap
        assert to_local(moment - timedelta(minutes=1), zone) < datetime.combine(day, at)
    earlier = moment - timedelta(hours=1)
    assert to_local(earlier, zone) != back or to_utc(back.date(), back.time(), zone) == moment


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        ("2027-03-28", "01:59", "2027-03-28T00:59"),
        ("2027-03-28", "02:00", "2027-03-28T01:00"),
        ("2027-03-28", "02:30", "2027-03-28T01:00"),
        ("2027-03-28", "02:59", "2027-03-28T01:00"),
        ("2027-03-28", "03:00", "2027-03-28T01:00"),
        ("2026-10-25", "01:59", "2026-10-24T23:59"),
        ("2026-10-25", "02:30", "2026-10-25T00:30"),
        ("2026-10-25", "03:00", "2026-10-25T02:00"),
        ("2026-10-25", "10:00", "2026-10-25T09:00"),
    ],
)
def test_the_clock_changes_in_amsterdam(day: str, at: str, utc: str) -> None:
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert to_utc(date.fromisoformat(day), time.fromisoformat(at), AMSTERDAM) == expected


@given(moments, hours(), zones)
@settings(max_examples=300, deadline=None)
def test_nothing_is_sent_outside_the_hours(moment: datetime, quiet: QuietHours, zone: str) -> None:
    opens = next_open(moment, quiet, zone)
    wall = to_local(opens, zone)
    minute = wall.hour * 60 + wall.minute
    assert opens >= moment
    assert is_open(opens, quiet, zone)
    assert next_open(opens, quiet, zone) == opens
    assert any(slot.start <= minute < slot.end for slot in quiet.slots)
    assert not (quiet.sundays and wall.isoweekday() == 7)
    assert not (quiet.holidays and is_public_holiday(wall.date()))
    assert not (quiet.holidays and (wall.month, wall.day) == (5, 4) and 1170 <= minute < 1230)


@given(moments, hours(), zones)
@settings(max_examples=200, deadline=None)
def test_the_first_open_moment_is_the_first(moment: datetime, quiet: QuietHours, zone: str) -> None:
    opens = next_open(moment, quiet, zone)
    between = moment
    while between < min(opens, moment + timedelta(hours=30)):
        assert not is_open(between, quiet, zone)
        between += timedelta(minutes=15)


@given(moments, hours(), zones)
@settings(max_examples=200, deadline=None)
def test_minutes_left_end_where_the_quiet_hours_begin(moment: datetime, quiet: QuietHours, zone: str) -> None:
    left = minutes_left(moment, quiet, zone)
    assert (left > 0) or not is_open(moment + timedelta(minutes=1), quiet, zone) or not is_open(moment, quiet, zone)
    if left:
        assert is_open(moment + timedelta(minutes=left) - timedelta(seconds=1), quiet, zone)
    if is_open(moment, quiet, zone) and left < 1440:
        assert not is_open(moment + timedelta(minutes=left + 1), quiet, zone)


@given(st.dates(date(2024, 1, 1), date(2036, 12, 30)), zones)
@settings(max_examples=150, deadline=None)
def test_day_and_night_is_day_and_night(day: date, zone: str) -> None:
    moment = to_utc(day, time(0), zone)
    for quarter in range(100):
        assert is_open(moment + timedelta(minutes=15 * quarter), ALWAYS, zone)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-10-24T09:59", "2026-10-24T10:00"),  # Saturday
        ("2026-10-24T11:59", "2026-10-24T11:59"),
        ("2026-10-24T12:00", "2026-10-24T14:00"),
        ("2026-10-24T17:00", "2026-10-26T10:00"),  # over Sunday and the clock change
        ("2026-12-24T17:30", "2026-12-28T10:00"),  # Christmas on Friday and Saturday, then a Sunday
        ("2027-03-26T09:00", "2027-03-27T10:00"),  # Good Friday
        ("2027-03-27T17:00", "2027-03-30T10:00"),  # Easter Sunday and Monday, and the clock change
        ("2027-04-27T09:00", "2027-04-28T10:00"),  # King's Day
        ("2026-05-05T09:00", "2026-05-06T10:00"),  # 5 May, though no day off in 2026
        ("2027-01-01T09:00", "2027-01-02T10:00"),
    ],
)
def test_office_hours(asked: str, opens: str) -> None:
    assert next_open(local(asked), OFFICE, AMSTERDAM) == local(opens)


def test_two_minutes_of_silence_on_4_may() -> None:
    evening = QuietHours((Slot(18 * 60, 22 * 60),), sundays=True, holidays=True)
    assert is_open(local("2026-05-04T19:29"), evening, AMSTERDAM)
    assert not is_open(local("2026-05-04T19:30"), evening, AMSTERDAM)
    assert minutes_left(local("2026-05-04T19:00"), evening, AMSTERDAM) == 30
    assert next_open(local("2026-05-04T19:45"), evening, AMSTERDAM) == local("2026-05-04T20:30")
    assert is_open(local("2027-05-03T19:45"), evening, AMSTERDAM)


@pytest.mark.parametrize("year", range(2024, 2037))
def test_public_holidays_of_every_year(year: int) -> None:
    fixed = {date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    kings_day = date(year, 4, 27) if date(year, 4, 27).isoweekday() != 7 else date(year, 4, 26)
    assert all(is_public_holiday(day) for day in fixed | {kings_day})
    found = [d for n in range(366) if is_public_holiday(d := date(year, 1, 1) + timedelta(n)) and d.year == year]
    assert 10 <= len(found) <= 12  # Ascension Day is sometimes 5 May


def test_left_over_minutes_run_past_midnight_up_to_a_day() -> None:
    assert minutes_left(local("2026-11-23T23:00"), ALWAYS, AMSTERDAM) == 1440
    late = QuietHours((Slot(0, 60), Slot(1380, 1440)), sundays=False, holidays=False)
    assert minutes_left(local("2026-11-23T23:30"), late, AMSTERDAM) == 90


def test_hours_that_never_open_say_so() -> None:
    with pytest.raises(ValueError, match="never open"):
        next_open(local("2026-11-23T10:00"), QuietHours((), sundays=False, holidays=False), AMSTERDAM)


@pytest.mark.slow
def test_every_quarter_hour_of_thirteen_years() -> None:
    """Fault C1: exactly one moment per local date and time, in order, and never before it on the wall."""
    for zone in ("Europe/Amsterdam", "UTC", "America/Aruba"):
        before = datetime(2000, 1, 1, tzinfo=UTC)
        day = date(2024, 1, 1)
        while day.year < 2037:
            for quarter in range(96):
                moment = to_utc(day, time(quarter // 4, quarter % 4 * 15), zone)
                assert moment >= before
                before = moment
            day += timedelta(days=1)
