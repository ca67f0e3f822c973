"""What we promise to ask, and when: instrument, waves, reminders, quiet hours, cap. `protocol_file` reads it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from service.followup.participation import Arm


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


class Anchor(StrEnum):
    """The moment from which a wave is counted."""

    ENROLMENT = "enrolment"
    FIRST_ACTIVITY = "first_activity"
    PROGRAMME_END = "programme_end"


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
    """One measurement moment: `offset` after its anchor it opens at local time `at`, and it closes `window` later.

    A date that does not exist is the last of its month, counted from the anchor and never from another wave. A wave
    whose anchor is not known yet is not planned yet; an arm that is not in `arms` does not get it.
    """

    key: str
    title: Mapping[str, str]
    offset: Period
    at: time | None  # None when the offset is in minutes or hours, and for a first wave without an offset
    window: Period
    primary: bool
    by_sms: SmsForm
    anchor: Anchor = Anchor.ENROLMENT
    arms: frozenset[Arm] = frozenset(Arm)


#: More reminders do not bring more answers (domain.md 4.2): at most two about a wave, then a person calls. Held when a
#: protocol is read, and again when a message is sent: the protocol may have changed in between.
MOST_REMINDERS = 2


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder, so long after the invitation. `last`: it says that it is the last message about it."""

    after: Period
    last: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """What follows on silence: reminders in their order, then a person who calls."""

    reminders: tuple[Reminder, ...]
    call_after: Period | None  # from the opening; None: nobody is asked to call


@dataclass(frozen=True, slots=True)
class Word:
    """One word of encouragement: the key of its text, so long after the enrolment."""

    text: str
    after: Period


@dataclass(frozen=True, slots=True)
class EncouragementPlan:
    """What people hear between the questions: first `steps`, then `then` in turn, each `every` after the one before.

    Calendar units only. Who asked for less waits at least `less` between two (`encouragement` holds the rules).
    """

    steps: tuple[Word, ...]
    then: tuple[str, ...]
    every: Period | None  # None: nothing after the steps
    less: Period


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
    ladder: Ladder
    quiet: QuietHours
    cap: Cap
    digest: str  # SHA-256 of the YAML text
    link: LinkLife | None = None  # None: until the window closes, and 14 days of late answers
    arm_ladders: Mapping[Arm, Ladder] = field(default_factory=dict)  # of the arms that have their own
    encouragement: EncouragementPlan | None = None  # None: nothing between the questions

    @property
    def pace(self) -> timedelta:
        """How long a reminder waits at least after what was really sent about its wave: half the shortest step of any
        ladder. So a delay (a pause, days of rest, a queue that stood still) never brings two of them at once."""
        start = TRY_STARTS[0]
        steps: list[timedelta] = []
        for ladder in (self.ladder, *self.arm_ladders.values()):
            moments = [start, *(one.after.added_to(start) for one in ladder.reminders)]
            steps += [later - earlier for earlier, later in pairwise(moments)]
        return min(steps, default=timedelta(0)) / 2

    def ladder_of(self, arm: Arm) -> Ladder:
        """What follows on silence in this arm."""
        return self.arm_ladders.get(arm, self.ladder)

    def wave(self, key: str) -> Wave | None:
        """The wave with this key; None when there is none (a version that came later took it away)."""
        return next((wave for wave in self.waves if wave.key == key), None)


#: Enrolments to try a protocol on: every day of two years with a leap day in them, at the first minute and the last.
#: Local days on purpose: waves are counted on the calendar.
TRY_STARTS = tuple(
    datetime(2023, 3, 1) + timedelta(days=day, minutes=minute)  # noqa: DTZ001
    for day in range(731)
    for minute in (0, 1439)
)
