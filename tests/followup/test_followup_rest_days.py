"""A person's own "liever niet" dates: postponed to after them, never past the window, and never for an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.followup.delivery import Decision, Verdict, decide
from service.followup.planning import MessageKind
from service.followup.quiet_hours import Rest, after_rest, is_open, next_welcome, to_local
from tests.followup.test_followup_delivery import FACTS, NOON

AMSTERDAM = "Europe/Amsterdam"
WEEK = ((date(2026, 11, 23), date(2026, 11, 27)),)  # Monday to Friday; NOON is that Monday


def test_a_message_waits_until_after_the_days() -> None:
    assert decide(replace(FACTS, rest=WEEK), NOON) == Decision(
        Verdict.POSTPONE, "rest_days", datetime(2026, 11, 28, 9, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("rest", "until"),
    [
        (((date(2026, 11, 23), date(2026, 11, 23)),), "2026-11-24T10:00"),  # one day
        (((date(2026, 11, 23), date(2026, 11, 28)),), "2026-11-30T10:00"),  # then a Sunday
        (((date(2026, 11, 23), date(2026, 11, 28)), (date(2026, 11, 30), date(2026, 12, 1))), "2026-12-02T10:00"),
        (((date(2026, 11, 1), date(2026, 11, 24)), (date(2026, 11, 24), date(2026, 11, 25))), "2026-11-26T10:00"),
        (((date(2026, 11, 24), date(2026, 11, 30)),), None),  # begins tomorrow
        (((date(2026, 11, 1), date(2026, 11, 22)),), None),  # over
    ],
)
def test_the_first_welcome_moment(rest: Rest, until: str | None) -> None:
    decision = decide(replace(FACTS, rest=rest), NOON)
    if until is None:
        assert decision.verdict is Verdict.SEND
    else:
        assert decision.until is not None
        assert to_local(decision.until, AMSTERDAM) == datetime.fromisoformat(until)


def test_what_would_come_after_its_window_is_not_sent() -> None:
    short = replace(FACTS, rest=WEEK, expires_at=NOON + timedelta(days=3))
    assert decide(short, NOON) == Decision(Verdict.EXPIRE, "rest_days")


def test_an_answer_to_own_words_does_not_wait() -> None:
    answer = replace(FACTS, rest=WEEK, kind=MessageKind.CONVERSATION, replied_at=NOON - timedelta(minutes=1))
    assert decide(answer, NOON).verdict is Verdict.SEND
    assert decide(replace(answer, replied_at=NOON - timedelta(hours=1)), NOON).reason == "rest_days"


def test_what_may_not_be_sent_at_all_says_so_first() -> None:
    assert decide(replace(FACTS, rest=WEEK, stopped=True), NOON).reason == "stopped"


def test_a_day_is_the_day_where_the_person_is() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Tuesday in Amsterdam, Monday in Aruba
    monday = ((date(2026, 11, 23), date(2026, 11, 23)),)
    assert after_rest(late, monday, AMSTERDAM) == late
    assert after_rest(late, monday, "America/Aruba") == datetime(2026, 11, 24, 4, tzinfo=UTC)


def test_a_reminder_keeps_its_distance_from_what_was_really_sent() -> None:
    """A pause or days of rest move an invitation to the day of its reminder: not both at once."""
    late = replace(FACTS, kind=MessageKind.REMINDER, asked_at=NOON - timedelta(minutes=1), pace=timedelta(days=1.5))
    assert decide(late, NOON) == Decision(Verdict.POSTPONE, "just_asked", datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert decide(replace(late, asked_at=NOON - timedelta(days=3)), NOON).verdict is Verdict.SEND
    assert decide(replace(late, asked_at=None), NOON).verdict is Verdict.SEND
    assert decide(replace(late, kind=MessageKind.INVITE), NOON).verdict is Verdict.SEND
    assert decide(replace(late, kind=MessageKind.LAST_REMINDER), NOON).reason == "just_asked"


def test_never_a_third_reminder_whatever_protocol_planned_it() -> None:
    third = replace(FACTS, kind=MessageKind.LAST_REMINDER, reminded=2)
    assert decide(third, NOON) == Decision(Verdict.SUPPRESS, "reminded_enough")
    assert decide(replace(third, reminded=1), NOON).verdict is Verdict.SEND
    assert decide(replace(third, kind=MessageKind.RESEND), NOON).verdict is Verdict.SEND


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
periods = st.lists(st.tuples(days, st.integers(0, 40)), max_size=4).map(
    lambda found: tuple((first, first + timedelta(days=length)) for first, length in found)
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)


@given(moments, periods, st.sampled_from([AMSTERDAM, "UTC", "America/Aruba"]))
@settings(max_examples=200, deadline=None)
def test_no_message_on_a_day_of_rest(moment: datetime, rest: Rest, zone: str) -> None:
    found = next_welcome(moment, FACTS.quiet, zone, rest)
    assert found >= moment
    assert is_open(found, FACTS.quiet, zone)
    day = to_local(found, zone).date()
    assert not any(first <= day <= last for first, last in rest)
