"""The calendar days of the people at work."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

#: The zone of the organisations Peil is made for; the calendar days on staff pages are counted in it.
OFFICE_ZONE = ZoneInfo("Europe/Amsterdam")


def office_day(now: datetime) -> date:
    """The calendar day it is for the people at work."""
    return now.astimezone(OFFICE_ZONE).date()
