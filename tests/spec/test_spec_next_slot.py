"""Finding a slot: the published examples of another survey tool, as far as our rules are the same.

Not the same: our open hours have no first and last date (a wave's window has them) and no days of the week but Sunday.
So "before start date" and "after end date" do not apply, and of the rest we take the hours of the day and the blocked
days. Their blocked day, Sunday 8 October 2017, is a closed Sunday with us, and the first open day after it is Monday.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.followup.protocol import QuietHours, Slot
from service.followup.quiet_hours import next_open

VECTORS = json.loads((Path(__file__).parent / "vectors" / "window_next_slot.json").read_text("utf-8"))["cases"]
BY_NAME = {case["name"]: case for case in VECTORS}
SAME = ("free slot", "this day, earlier")
NEXT_DAY_IS_OPEN = ("this day, too late", "unavailable day", "blocked day")
NOT_OURS = ("before start date", "after end date -> no slot")


def test_every_example_is_judged() -> None:
    assert set(BY_NAME) == {*SAME, *NEXT_DAY_IS_OPEN, *NOT_OURS}


def hours(case: dict[str, Any], *, sundays: bool) -> QuietHours:
    start, end = (int(case["window"][edge][:2]) * 60 + int(case["window"][edge][3:]) for edge in ("start", "end"))
    return QuietHours((Slot(start, end),), sundays=sundays, holidays=False)


@pytest.mark.parametrize("name", SAME)
def test_the_hours_of_the_day(name: str) -> None:
    case = BY_NAME[name]
    found = next_open(datetime.fromisoformat(case["base"]), hours(case, sundays=False), case["window"]["tz"])
    assert found == datetime.fromisoformat(case["expect"])


@pytest.mark.parametrize("name", NEXT_DAY_IS_OPEN)
def test_the_hour_of_the_next_open_day(name: str) -> None:
    """Theirs is the next Sunday or Wednesday, ours the next day that is no Sunday: the local hour is the same."""
    case = BY_NAME[name]
    base, zone = datetime.fromisoformat(case["base"]), case["window"]["tz"]
    found = next_open(base, hours(case, sundays=True), zone).astimezone(ZoneInfo(zone))
    theirs = datetime.fromisoformat(case["expect"]).astimezone(ZoneInfo(zone))
    if name == "unavailable day":  # a Monday: an open day with us
        assert found == base
    else:
        assert (found.date(), found.time()) == (
            base.astimezone(ZoneInfo(zone)).date() + timedelta(days=1),
            theirs.time(),
        )
