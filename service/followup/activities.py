"""The calendar of activities: what may stand in it, when it repeats, and when people are reminded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from service.followup.problem import Problem, Refusal
from service.followup.protocol import QuietHours
from service.followup.quiet_hours import next_open, to_local, to_utc

#: Both stand in one SMS together with names and a number.
LONGEST_TITLE = 20
LONGEST_PLACE = 17
LONGEST_MINUTES = 720
#: A year of weeks.
MOST_REPEATS = 52
#: An activity may be written down afterwards, to note who was there; longer ago is a slip of the year.
_BACK = timedelta(days=366)
_AHEAD = timedelta(days=731)
_WEEK = timedelta(days=7)
#: A reminder goes the day before from this time on; an earlier day when that one is closed.
_FROM = time(10)
_DAYS_BACK = 5


class Attended(StrEnum):
    """What is known about one person and one activity."""

    NOT_COMING = "not_coming"  # said beforehand
    PRESENT = "present"
    ABSENT = "absent"
    OPEN = "open"  # taken back: nothing is known


@dataclass(frozen=True, slots=True)
class ActivityForm:
    """One activity as typed. `day` and `at` are local; `repeats` counts the weeks, the first included."""

    title: str
    place: str
    day: date
    at: time
    minutes: int
    remind: bool = True
    repeats: int = 1


def check(form: ActivityForm, today: date) -> ActivityForm:
    """The same form in one spelling. Raises Refusal with every problem found."""
    tidy = replace(form, title=" ".join(form.title.split()), place=" ".join(form.place.split()))
    problems = [Problem("required", where) for where in ("title", "place") if not getattr(tidy, where)]
    for where, most in (("title", LONGEST_TITLE), ("place", LONGEST_PLACE)):
        if len(getattr(tidy, where)) > most:
            problems.append(Problem("too_long", where, values={"most": most}))
    if not today - _BACK <= form.day <= today + _AHEAD:
        problems.append(Problem("activity_day", "day"))
    if not 1 <= form.minutes <= LONGEST_MINUTES:
        problems.append(Problem("activity_minutes", "minutes", values={"most": LONGEST_MINUTES}))
    if not 1 <= form.repeats <= MOST_REPEATS:
        problems.append(Problem("activity_repeats", "repeats", values={"most": MOST_REPEATS}))
    if problems:
        raise Refusal(*problems)
    return tidy


def days(form: ActivityForm) -> Sequence[date]:
    """The local days of an activity that repeats every week, the clock of the wall staying as it is."""
    return [form.day + number * _WEEK for number in range(form.repeats)]


def reminder_at(starts_at: datetime, quiet: QuietHours, zone: str, now: datetime) -> datetime | None:
    """When people are reminded (UTC): the day before, at the first open moment from ten o'clock on.

    When nothing may be written that day, the last day before it on which it may. Whoever joins later than that is
    reminded at the next open moment. None when nothing may be written any more before it starts.
    """
    if now >= starts_at:
        return None
    planned = next(_moments(starts_at, quiet, zone), None)
    due = next_open(now, quiet, zone) if planned is None or planned < now else planned
    return due if due < starts_at else None


def _moments(starts_at: datetime, quiet: QuietHours, zone: str) -> Iterator[datetime]:
    """The days before, the nearest first, each with its first open moment; closed days are left out."""
    first = to_local(starts_at, zone).date()
    for back in range(1, _DAYS_BACK + 1):
        day = first - timedelta(days=back)
        opens = next_open(to_utc(day, _FROM, zone), quiet, zone)
        if to_local(opens, zone).date() == day:
            yield opens
