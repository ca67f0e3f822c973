"""What we promise to ask, and when: instrument, waves, one reminder, quiet hours, cap. `protocol_file` reads it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum


class Unit(StrEnum):
    """The units in which offsets and windows are written."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class SmsForm(StrEnum):
    """What somebody who prefers SMS gets: the questions themselves, or a personal link."""

    QUESTIONS = "questions"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Period:
    """A number of units, as in "3 months". Calendar units move the local date; minutes and hours are elapsed time."""

    count: int
    unit: Unit

    @property
    def elapsed(self) -> bool:
        """Whether this is time that passes (minutes, hours) and not a step on the calendar."""
        return self.unit in (Unit.MINUTES, Unit.HOURS)

    def added_to(self, moment: datetime) -> datetime:
        """The moment one period later. For calendar units give a naive local moment: the time of day stays, and a
        date that does not exist moves to the last day of its month (31 August + 6 months = 28 or 29 February)."""
        match self.unit:
            case Unit.MINUTES:
                return moment + timedelta(minutes=self.count)
            case Unit.HOURS:
                return moment + timedelta(hours=self.count)
            case Unit.DAYS:
                return moment + timedelta(days=self.count)
            case Unit.WEEKS:
                return moment + timedelta(weeks=self.count)
            case Unit.MONTHS:
                return _months_later(moment, self.count)


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last day of that month. (dateutil says the same, ten times slower: a
    protocol is tried on every day of two years each time it is read.)"""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Wave:
    """One measurement moment: `offset` after enrolment it opens at local time `at`, and it closes `window` later."""

    key: str
    title: Mapping[str, str]
    offset: Period
    at: time | None  # None when the offset is in minutes or hours, and for a first wave without an offset
    window: Period
    primary: bool
    by_sms: SmsForm


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the local day in which may be written, in minutes after midnight: start included, end not."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When not to write. `slots` are the open hours of each local day; the flags close whole days."""

    slots: tuple[Slot, ...]
    sundays: bool  # True: closed on Sundays
    holidays: bool  # True: closed on Dutch public holidays and 4 May 19.30-20.30


@dataclass(frozen=True, slots=True)
class Cap:
    """The most messages one person gets, over all programmes together; answers to the person's own words excepted."""

    per_day: int
    per_30_days: int


@dataclass(frozen=True, slots=True)
class LinkLife:
    """How long a personal link takes answers (`link_expiry` holds the rule). A count of 0 sets no bound."""

    open: Period  # from the opening of the wave, to begin
    grace: Period  # after that, to finish what was begun
    idle: Period  # after the newest answer


@dataclass(frozen=True, slots=True)
class Protocol:
    """One version of a follow-up protocol. Immutable once used."""

    key: str
    version: int
    title: Mapping[str, str]
    instrument: str
    language: str
    time_zone: str
    waves: tuple[Wave, ...]
    reminder_after: Period | None
    call_after: Period | None  # when silence becomes a call task; None: at the close of the window
    quiet: QuietHours
    cap: Cap
    digest: str  # SHA-256 of the YAML text
    link: LinkLife | None = None  # None: until the window closes, and 14 days of late answers

    def wave(self, key: str) -> Wave:
        """The wave with this key; KeyError when there is none."""
        for wave in self.waves:
            if wave.key == key:
                return wave
        raise KeyError(key)
