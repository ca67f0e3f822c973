"""Enrolment + protocol -> waves and messages: counted from the enrolment, at local times, in the open hours."""

# ruff: noqa: DTZ001 - enrolments and waves are local moments, without a zone on purpose

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from service.followup.planning import Anchors, MessageKind, Plan, PlannedMessage, later
from service.followup.planning import plan as plan_anchored
from service.followup.protocol import Cap, Ladder, Period, Protocol, QuietHours, Reminder, Slot, SmsForm, Unit, Wave
from service.followup.protocol_file import read_protocol
from service.followup.quiet_hours import is_open, to_local, to_utc
from service.measures.instrument import Instrument

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((Path(__file__).parent / "vectors" / "wave_offset.json").read_text("utf-8"))["cases"]
OFFICE = QuietHours((Slot(600, 720), Slot(840, 1020)), sundays=True, holidays=True)
ALWAYS = QuietHours((Slot(0, 1440),), sundays=False, holidays=False)
UNITS = {"M": Unit.MINUTES, "H": Unit.HOURS, "D": Unit.DAYS, "W": Unit.WEEKS}


def wave(key: str, offset: Period, window: Period | None = None, at: time | None = None) -> Wave:
    timeless = offset.elapsed or offset.count == 0
    return Wave(
        key, {"nl": key}, offset, None if timeless else at or time(10), window or days(21), False, SmsForm.QUESTIONS
    )


def protocol(
    *waves: Wave, quiet: QuietHours = OFFICE, reminder: Period | None = None, zone: str = "Europe/Amsterdam"
) -> Protocol:
    return Protocol(
        "p",
        1,
        {"nl": "P"},
        "djg6",
        "nl",
        zone,
        waves,
        Ladder((Reminder(reminder),) if reminder else (), None),
        quiet,
        Cap(2, 8),
        "",
    )


def plan(protocol: Protocol, start: datetime, zone: str | None = None) -> Plan:
    return plan_anchored(protocol, Anchors(start), zone)


def months(count: int) -> Period:
    return Period(count, Unit.MONTHS)


def days(count: int) -> Period:
    return Period(count, Unit.DAYS)


def locals_of(messages: tuple[PlannedMessage, ...]) -> list[tuple[str, str]]:
    return [(message.key, message.local_at.isoformat(timespec="minutes")) for message in messages]


def test_the_shipped_year_on_the_evening_before_the_clock_changes(instruments: Mapping[str, Instrument]) -> None:
    text = (ROOT / "service/followup/protocols/zes-vragen.yaml").read_text("utf-8")
    planned = plan(read_protocol(text, instruments).protocol, datetime(2026, 10, 24, 10))
    assert [(m.key, m.local_at.isoformat(" ", "minutes"), m.due_at.isoformat(" ", "minutes")) for m in planned.messages] == [
        ("t0:invite", "2026-10-24 10:00", "2026-10-24 08:00+00:00"),
        ("t0:reminder", "2026-10-27 10:00", "2026-10-27 09:00+00:00"),
        ("t0:last_reminder", "2026-10-31 10:00", "2026-10-31 09:00+00:00"),
        ("t3m:invite", "2027-01-25 10:00", "2027-01-25 09:00+00:00"),  # the 24th is a Sunday
        ("t3m:reminder", "2027-01-28 10:00", "2027-01-28 09:00+00:00"),
        ("t3m:last_reminder", "2027-02-01 10:00", "2027-02-01 09:00+00:00"),
        ("t6m:invite", "2027-04-24 10:00", "2027-04-24 08:00+00:00"),
        ("t6m:reminder", "2027-04-28 10:00", "2027-04-28 08:00+00:00"),  # the 27th is King's Day
        ("t6m:last_reminder", "2027-05-01 10:00", "2027-05-01 08:00+00:00"),
        ("t12m:invite", "2027-10-25 10:00", "2027-10-25 08:00+00:00"),
        ("t12m:reminder", "2027-10-28 10:00", "2027-10-28 08:00+00:00"),
        ("t12m:last_reminder", "2027-11-01 10:00", "2027-11-01 09:00+00:00"),
    ]  # fmt: skip
    assert [m.target_on.isoformat() for m in planned.measurements] == [
        "2026-10-24", "2027-01-24", "2027-04-24", "2027-10-24",
    ]  # fmt: skip


@pytest.mark.parametrize("case", [c for c in VECTORS if c["expect_local"] and c["offset"] > 0], ids=lambda c: c["note"])
def test_offsets_as_another_system_has_them(case: Mapping[str, str | int | None]) -> None:
    """The published cases without the two kinds we do not have (a negative offset, a moment in the past)."""
    zone = str(case["tz"])
    start = datetime.fromisoformat(str(case["start_local"]))
    at = start.time() if case["delivery_hour"] is None else time(int(str(case["delivery_hour"])))
    period = Period(int(str(case["offset"])), UNITS[str(case["unit"])])
    planned = plan(protocol(wave("t", period, at=at), quiet=ALWAYS), start, zone)
    opens = planned.measurements[0].opens_at
    assert to_local(opens, zone).isoformat() == case["expect_local"]
    assert (opens - to_utc(start.date(), start.time(), zone)).total_seconds() == case["elapsed_seconds"]


@pytest.mark.parametrize(
    ("start", "count", "target"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 2, "2026-03-31"),  # never chained over 28 February
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
    ],
)
def test_a_date_that_does_not_exist_is_the_last_of_its_month(start: str, count: int, target: str) -> None:
    planned = plan(protocol(wave("t", months(count))), datetime.fromisoformat(start))
    assert planned.measurements[0].target_on == date.fromisoformat(target)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)), st.integers(0, 120))
@settings(max_examples=300, deadline=None)
def test_months_are_those_of_dateutil(moment: datetime, count: int) -> None:
    assert months(count).added_to(moment) == moment + relativedelta(months=count)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31)),
    st.sampled_from(["Europe/Amsterdam", "UTC", "America/Aruba"]),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_planned_falls_in_its_window_and_in_the_open_hours(start: datetime, zone: str) -> None:
    waves = (wave("t0", days(0)), wave("t1", months(3)), wave("t2", months(6)), wave("t3", months(12)))
    planned = plan(protocol(*waves, reminder=days(3)), start, zone)
    windows = {m.wave: m for m in planned.measurements}
    assert len({m.key for m in planned.messages}) == len(planned.messages) == 8
    for message in planned.messages:
        window = windows[message.wave]
        assert window.opens_at <= message.due_at < window.closes_at == message.expires_at
        assert is_open(message.due_at, OFFICE, zone)
        assert to_utc(message.local_at.date(), message.local_at.time(), zone) == message.due_at
    for each in planned.measurements[1:]:
        assert to_local(each.opens_at, zone) == datetime.combine(each.target_on, time(10))
        assert to_local(each.closes_at, zone) == datetime.combine(each.target_on + timedelta(days=21), time(10))


def test_an_enrolment_in_the_evening_waits_for_the_morning() -> None:
    planned = plan(protocol(wave("t0", days(0)), reminder=days(3)), datetime(2026, 11, 23, 20, 15))
    assert planned.measurements[0].opens_at == datetime(2026, 11, 23, 19, 15, tzinfo=UTC)
    assert locals_of(planned.messages) == [("t0:invite", "2026-11-24T10:00"), ("t0:reminder", "2026-11-27T10:00")]


def test_what_would_fall_after_the_window_is_left_out() -> None:
    short = wave("t0", days(0), Period(2, Unit.HOURS))
    assert plan(protocol(short), datetime(2026, 11, 23, 20)).messages == ()
    weekend = wave("t0", days(0), days(3))
    friday = plan(protocol(weekend, reminder=days(2)), datetime(2026, 11, 20, 10))
    assert locals_of(friday.messages) == [("t0:invite", "2026-11-20T10:00")]  # Sunday -> Monday 10:00: closed by then


def test_a_wave_in_the_spring_gap_opens_at_the_next_valid_minute_and_one_in_the_fold_first() -> None:
    gap = plan(protocol(wave("t", days(1), at=time(2, 30)), quiet=ALWAYS), datetime(2027, 3, 27, 12))
    assert gap.measurements[0].opens_at == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert gap.messages[0].local_at == datetime(2027, 3, 28, 3)
    fold = plan(protocol(wave("t", days(1), at=time(2, 30)), quiet=ALWAYS), datetime(2026, 10, 24, 12))
    assert fold.measurements[0].opens_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_another_zone_for_this_person() -> None:
    planned = plan(protocol(wave("t", days(1))), datetime(2026, 11, 23, 12), "America/Aruba")
    assert planned.messages[0].due_at == datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert planned.messages[0].local_at == datetime(2026, 11, 24, 10)


def test_minutes_are_elapsed_time() -> None:
    waves = (wave("t0", Period(0, Unit.MINUTES), Period(2, Unit.MINUTES)), wave("t1", Period(2, Unit.MINUTES)))
    planned = plan(protocol(*waves, quiet=ALWAYS, reminder=Period(1, Unit.MINUTES)), datetime(2026, 11, 23, 23, 59, 30))
    assert [(m.key, m.kind, m.due_at.strftime("%H:%M:%S")) for m in planned.messages] == [
        ("t0:invite", MessageKind.INVITE, "22:59:30"),
        ("t0:reminder", MessageKind.REMINDER, "23:01:00"),  # rounded up to a whole minute
        ("t1:invite", MessageKind.INVITE, "23:02:00"),
        ("t1:reminder", MessageKind.REMINDER, "23:03:00"),
    ]


def test_later_keeps_the_local_time_over_a_clock_change() -> None:
    moment = datetime(2026, 10, 24, 8, tzinfo=UTC)
    assert later(days(1), moment, "Europe/Amsterdam") == datetime(2026, 10, 25, 9, tzinfo=UTC)
    assert later(Period(24, Unit.HOURS), moment, "Europe/Amsterdam") == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_planning_twice_gives_the_same(instruments: Mapping[str, Instrument]) -> None:
    text = (ROOT / "service/followup/protocols/dag-en-nacht.yaml").read_text("utf-8")
    read = read_protocol(text, instruments).protocol
    start = datetime(2026, 11, 23, 21, 36, 11)
    assert plan(read, start) == plan(read, start)
    closes = [m.closes_at for m in plan(read, start).measurements]
    opens = [m.opens_at for m in plan(read, start).measurements]
    assert all(close <= after for close, after in zip(closes, opens[1:], strict=False))
