"""Every quarter of an hour from 2024 to 2036, in three zones: no send outside the hours, one occurrence per local date.

The oracle here is written the long way round, from the wall clock, and shares nothing with the rule but the calendar of
public holidays. The quick tests take the days on which something happens; the slow one takes them all.
"""

# ruff: noqa: DTZ001 - local days and times, without a zone on purpose

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.followup.planning import Anchors, plan
from service.followup.protocol import Cap, Ladder, Period, Protocol, QuietHours, Slot, SmsForm, Unit, Wave
from service.followup.quiet_hours import is_open, is_public_holiday, next_open, to_local, to_utc

ZONES = ("Europe/Amsterdam", "UTC", "America/Aruba")
FIRST, LAST = date(2024, 1, 1), date(2036, 12, 31)
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
OFFICE = QuietHours((Slot(600, 720), Slot(840, 1020)), sundays=True, holidays=True)
#: Until midnight and from midnight on: over the clock changes and over the two minutes of silence.
LONG = QuietHours((Slot(0, 210), Slot(480, 1440)), sundays=True, holidays=True)


def every_day() -> Iterator[date]:
    return (FIRST + number * DAY for number in range((LAST - FIRST).days + 1))


def special(day: date) -> bool:
    """A clock change, a month's end, a leap day, a holiday or 4 May; or the day before or after one."""
    amsterdam = ZoneInfo("Europe/Amsterdam")
    noons = [datetime.combine(day + step * DAY, time(12), amsterdam).utcoffset() for step in (-1, 0, 1)]
    around = [day + step * DAY for step in (-1, 0, 1)]
    return len(set(noons)) > 1 or any(
        is_public_holiday(one) or (one.month, one.day) in ((5, 4), (2, 29)) or one.day == 1 for one in around
    )


def allowed(moment: datetime, quiet: QuietHours, zone: ZoneInfo) -> bool:
    wall = moment.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    if quiet.sundays and wall.weekday() == 6:
        return False
    if quiet.holidays and is_public_holiday(wall.date()):
        return False
    if quiet.holidays and (wall.month, wall.day) == (5, 4) and 19 * 60 + 30 <= minute < 20 * 60 + 30:
        return False
    return any(slot.start <= minute < slot.end for slot in quiet.slots)


def check(moments: Iterable[datetime], quiet: QuietHours, zone: str) -> int:
    """Whatever moment is asked about: what is found is allowed, and no allowed quarter lies before it."""
    where = ZoneInfo(zone)
    count, expected = 0, None
    for moment in moments:
        count += 1
        if expected is None or expected < moment:
            expected = moment
            while not allowed(expected, quiet, where):
                expected += QUARTER
        assert next_open(moment, quiet, zone) == expected, (moment, zone)
    return count


def quarters(first: date, days: int) -> Iterator[datetime]:
    start = datetime.combine(first, time(0), UTC)
    return (start + number * QUARTER for number in range(96 * days))


@pytest.mark.parametrize("zone", ZONES)
def test_no_send_outside_the_hours_on_the_days_that_matter(zone: str) -> None:
    days = [day for day in every_day() if special(day) and day.year in (2024, 2026, 2031, 2036)]
    assert len(days) > 200
    for quiet in (OFFICE, LONG):
        assert sum(check(quarters(day, 1), quiet, zone) for day in days) == 96 * len(days)


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_no_send_outside_the_hours_in_any_quarter(zone: str) -> None:
    days = (LAST - FIRST).days + 1
    for quiet in (OFFICE, LONG):
        assert check(quarters(FIRST, days), quiet, zone) == 96 * days


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_of_day_occurs_once_on_every_local_date(zone: str) -> None:
    """Every quarter on the days on which the clock may change, and the hours on all others."""
    for day in every_day():
        matters = day.month in (3, 10) and day.day > 24
        previous: datetime | None = None
        for minute in range(0, 1440, 15 if matters else 240):
            moment = to_utc(day, time(minute // 60, minute % 60), zone)
            local = to_local(moment, zone)
            assert local.date() == day
            assert local.time() >= time(minute // 60, minute % 60)  # later only in the gap
            assert previous is None or moment >= previous
            previous = moment


@pytest.mark.parametrize("zone", ZONES)
def test_a_wave_every_day_comes_once_on_every_local_date(zone: str) -> None:
    """One protocol with a wave on each of two thousand days, at a moment that does not exist once a year."""
    at = time(2, 30)
    daily = tuple(
        Wave(f"d{number}", {}, Period(number, Unit.DAYS), at, Period(12, Unit.HOURS), False, SmsForm.LINK)
        for number in range(1, 2001)
    )
    always = QuietHours((Slot(0, 1440),), sundays=False, holidays=False)
    protocol = Protocol("p", 1, {}, "djg6", "nl", zone, daily, Ladder((), None), always, Cap(1000, 30_000), "")
    for start in (datetime(2024, 1, 1, 9), datetime(2030, 7, 1, 23, 45)):
        planned = plan(protocol, Anchors(start))
        dates = [one.local_at.date() for one in planned.messages]
        assert dates == [start.date() + number * DAY for number in range(1, 2001)]
        assert all(is_open(one.due_at, always, zone) for one in planned.messages)
        assert len({one.due_at for one in planned.messages}) == 2000


def test_month_ends_and_leap_days_by_the_documented_rule() -> None:
    """`protocol.Wave`: counted from the anchor, a date that does not exist is the last of its month. Every day of
    thirteen years, one to twenty-four months on."""
    for day in every_day():
        start = datetime.combine(day, time(10))
        for count in range(1, 25):
            year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
            last = monthrange(year, month + 1)[1]
            expected = date(year, month + 1, min(day.day, last))
            assert Period(count, Unit.MONTHS).added_to(start).date() == expected
