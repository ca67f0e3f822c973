"""A paper form, typed in twice: which day counts, what may be typed now, and where the two readings differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.followup.problem import Problem

#: A form may be filled in so long before its wave opens: it was brought along on a visit.
EARLY = timedelta(days=7)
#: When on its day a form counts as filled in; people do not write the time on it.
NOON = time(12, 0)


class Turn(StrEnum):
    """Which reading of a form somebody types."""

    FIRST = "first"
    SECOND = "second"
    DECISION = "decision"  # only what the first two read differently


@dataclass(frozen=True, slots=True)
class Difference:
    """What two readings of one form differ in: numbers of items, and whether the day does."""

    items: tuple[int, ...]
    day: bool

    def __bool__(self) -> bool:
        return self.day or bool(self.items)


def difference(first: Mapping[int, str], first_on: date, second: Mapping[int, str], second_on: date) -> Difference:
    """Where two readings differ. An item that only one of them has differs too."""
    items = sorted(item for item in set(first) | set(second) if first.get(item) != second.get(item))
    return Difference(tuple(items), first_on != second_on)


def day_problem(filled_in_on: date, opens_at: datetime, zone: str, now: datetime) -> Problem | None:
    """What is wrong with the day on a form, if anything: it lies after today, or long before the wave opened."""
    here = ZoneInfo(zone)
    if filled_in_on > now.astimezone(here).date():
        return Problem("date_in_future", "filled_in_on")
    if filled_in_on < (opens_at.astimezone(here) - EARLY).date():
        return Problem("paper_too_early", "filled_in_on")
    return None


def given_at(filled_in_on: date, zone: str, now: datetime) -> datetime:
    """The moment the answers on a form count as given: noon of the day on it, where the person lives; never later."""
    return min(datetime.combine(filled_in_on, NOON, ZoneInfo(zone)), now)


def in_time(filled_in_on: date, closes_at: datetime, zone: str) -> bool:
    """Whether a form was filled in inside its window, to the day."""
    return filled_in_on <= closes_at.astimezone(ZoneInfo(zone)).date()
