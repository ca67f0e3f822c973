"""The next decent moment to write to someone, clock changes included.

Local dates and times come first, UTC is derived: a moment in the spring gap moves to the next valid minute, a moment
in the autumn fold happens once, the first time (DESIGN section 6, rule 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from service.followup.protocol import QuietHours, Slot

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)

#: How far we look for an open moment. The longest closed stretch of real hours is four days (Easter, Christmas).
_HORIZON_DAYS = 60

#: Two minutes of silence on 4 May: nothing is sent from 19.30 to 20.30.
_REMEMBRANCE = Slot(19 * 60 + 30, 20 * 60 + 30)


#: Days on which somebody would rather not hear from us: local days, first and last included.
Rest = tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One open stretch in UTC: start included, end not."""

    start: datetime
    end: datetime


def to_utc(day: date, at: time, zone: str) -> datetime:
    """Local date and time -> UTC. A moment in the spring gap moves to the next valid minute; in the fold, the first."""
    wall = datetime.combine(day, at)
    where = ZoneInfo(zone)
    moment = wall.replace(tzinfo=where).astimezone(UTC)
    if moment.astimezone(where).replace(tzinfo=None) == wall:
        return moment
    return _after_gap(wall, where, moment)


def to_local(moment: datetime, zone: str) -> datetime:
    """UTC -> the naive local moment on the wall."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


_FRIDAY = 5


def is_public_holiday(day: date) -> bool:
    """Whether this is a Dutch public holiday as the Algemene termijnenwet, article 3, counts them.

    The library gives 5 May once in five years, when employers give a day off; the law names it every year, so we do.
    Good Friday, which the law puts on a par, is in the library's list.
    """
    return day in _public_holidays(day.year) or (day.month, day.day) == (5, 5)


def working_days_later(day: date, count: int) -> date:
    """The day that is so many working days later: Mondays to Fridays that are no public holidays."""
    while count:
        day += timedelta(days=1)
        count -= day.isoweekday() <= _FRIDAY and not is_public_holiday(day)
    return day


def is_open(moment: datetime, quiet: QuietHours, zone: str) -> bool:
    """Whether may be written at this UTC moment."""
    day = to_local(moment, zone).date()
    return any(stretch.start <= moment < stretch.end for stretch in _stretches(day, quiet, zone))


def next_open(moment: datetime, quiet: QuietHours, zone: str) -> datetime:
    """The first UTC moment at or after `moment` at which may be written. ValueError when the hours never open."""
    day = to_local(moment, zone).date()
    for ahead in range(_HORIZON_DAYS):
        for stretch in _stretches(day + ahead * _DAY, quiet, zone):
            if moment < stretch.end:
                return max(moment, stretch.start)
    raise ValueError("these hours never open")


def after_rest(moment: datetime, rest: Rest, zone: str) -> datetime:
    """This moment when its local day is no day of rest, else the beginning of the first day after it."""
    today = day = to_local(moment, zone).date()
    while ends := [last for first, last in rest if first <= day <= last]:
        day = max(ends) + _DAY
    return moment if day == today else to_utc(day, time(0), zone)


def next_welcome(moment: datetime, quiet: QuietHours, zone: str, rest: Rest) -> datetime:
    """The first UTC moment at or after `moment` in the open hours of a day that is no day of rest."""
    while (opens := next_open(after_rest(moment, rest, zone), quiet, zone)) != moment:
        moment = opens
    return moment


def minutes_left(moment: datetime, quiet: QuietHours, zone: str) -> int:
    """Whole minutes from this open moment until the quiet hours begin (0 when closed): the validity of an SMS.

    Hours that stay open past midnight count on; at most 1440, for a protocol that is open day and night.
    """
    if not is_open(moment, quiet, zone):
        return 0
    day = to_local(moment, zone).date()
    end = moment
    for stretch in (*_stretches(day, quiet, zone), *_stretches(day + _DAY, quiet, zone)):
        if stretch.start <= end < stretch.end:
            end = stretch.end
    return min((end - moment) // _MINUTE, 1440)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("NL", years=year))


def _stretches(day: date, quiet: QuietHours, zone: str) -> Iterator[_Stretch]:
    """The open stretches of one local day, in order."""
    if quiet.sundays and day.isoweekday() == 7:
        return
    if quiet.holidays and is_public_holiday(day):
        return
    for slot in _slots(day, quiet):
        stretch = _stretch(day, slot, zone)
        if stretch.start < stretch.end:
            yield stretch


def _slots(day: date, quiet: QuietHours) -> Iterator[Slot]:
    for slot in quiet.slots:
        if quiet.holidays and (day.month, day.day) == (5, 4):
            yield Slot(slot.start, min(slot.end, _REMEMBRANCE.start))
            yield Slot(max(slot.start, _REMEMBRANCE.end), slot.end)
        else:
            yield slot


def _stretch(day: date, slot: Slot, zone: str) -> _Stretch:
    """One slot in UTC. A slot that begins inside the repeated hour and outlasts it begins the second time, so that no
    minute on the wall lies outside the slot."""
    if slot.start >= slot.end:
        empty = to_utc(day, time(0), zone)
        return _Stretch(empty, empty)
    start, end = _at_minute(day, slot.start, zone), _at_minute(day, slot.end, zone)
    wall = datetime.combine(day, time(0)) + slot.start * _MINUTE
    where = ZoneInfo(zone)
    if _repeats(wall, where) and _repeats(wall - _MINUTE, where):
        second = wall.replace(tzinfo=where, fold=1).astimezone(UTC)
        if second < end:
            start = second
    return _Stretch(start, end)


def _at_minute(day: date, minute: int, zone: str) -> datetime:
    days, rest = divmod(minute, 1440)
    return to_utc(day + days * _DAY, time(rest // 60, rest % 60), zone)


def _repeats(wall: datetime, where: ZoneInfo) -> bool:
    first, second = (wall.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


def _after_gap(wall: datetime, where: ZoneInfo, late: datetime) -> datetime:
    """The first minute after a gap: search between a moment before the change and `late`, one after it."""
    early = wall.replace(tzinfo=where, fold=1).astimezone(UTC)
    after = late.astimezone(where).utcoffset()
    while late - early > _MINUTE:
        middle = early + ((late - early) // _MINUTE // 2) * _MINUTE
        if middle.astimezone(where).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late.replace(second=0, microsecond=0)
