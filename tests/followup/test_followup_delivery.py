"""The life of a message: one table; reports in any order end the same; and what is decided when its moment comes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path

import pytest

from service.followup.attempts import next_try
from service.followup.consent import Consent, Purpose, permits
from service.followup.delivery import (
    FINAL,
    TRANSITIONS,
    Decision,
    Event,
    Facts,
    State,
    Verdict,
    advance,
    decide,
    diagram,
)
from service.followup.planning import MessageKind
from service.followup.protocol import Cap, QuietHours, Slot

REPORTS = (Event.REPORT_SENT, Event.REPORT_DELIVERED, Event.REPORT_UNDELIVERED, Event.REPORT_FAILED)
CERTAINTY = {
    Event.REPORT_SENT: (2, State.SENT),
    Event.REPORT_FAILED: (3, State.FAILED),
    Event.REPORT_UNDELIVERED: (4, State.UNDELIVERED),
    Event.REPORT_DELIVERED: (5, State.DELIVERED),
}
NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)  # Monday, 11.00 in Amsterdam
FACTS = Facts(
    kind=MessageKind.INVITE,
    due_at=NOON,
    expires_at=NOON + timedelta(days=21),
    has_address=True,
    stopped=False,
    channel_consent=True,
    questions_consent=True,
    deceased=False,
    answered=False,
    replied_at=None,
    sent_last_day=0,
    sent_last_30_days=0,
    oldest_in_day=None,
    quiet=QuietHours((Slot(600, 720), Slot(840, 1020)), sundays=True, holidays=True),
    zone="Europe/Amsterdam",
    cap=Cap(2, 8),
)


def run(state: State, events: tuple[Event, ...]) -> State:
    return reduce(lambda current, event: advance(current, event) or current, events, state)


@pytest.mark.parametrize("start", [State.SENDING, State.UNKNOWN, State.ACCEPTED, State.NEEDS_REVIEW])
def test_the_end_is_a_function_of_the_set_of_reports(start: State) -> None:
    """Every row of one to five reports, doubled and in any order (fault B6)."""
    for length in range(1, 6):
        for events in itertools.product(REPORTS, repeat=length):
            assert run(start, events) is max(CERTAINTY[event] for event in set(events))[1]


@pytest.mark.parametrize("answer", [Event.ACCEPT, Event.LOSE_SIGHT])
def test_a_report_may_come_before_the_answer_to_our_own_call(answer: Event) -> None:
    for events in itertools.product(REPORTS, repeat=2):
        ends = {run(State.SENDING, order) for order in itertools.permutations((answer, *events))}
        assert ends == {max(CERTAINTY[event] for event in events)[1]}


def test_what_has_ended_stays_ended() -> None:
    for state in FINAL:
        leaving = {end for (start, _), end in TRANSITIONS.items() if start is state}
        assert leaving <= {State.UNDELIVERED, State.DELIVERED}
    assert not [
        key for key in TRANSITIONS if key[0] in (State.DELIVERED, State.SUPPRESSED, State.EXPIRED, State.CANCELLED)
    ]


def test_every_state_can_be_reached_and_none_is_a_trap() -> None:
    reached, edge = {State.PLANNED}, {State.PLANNED}
    while edge:
        edge = {end for (start, _), end in TRANSITIONS.items() if start in edge} - reached
        reached |= edge
    assert reached == set(State)


@pytest.mark.parametrize(
    ("start", "events", "end"),
    [
        (State.PLANNED, (Event.FALL_DUE, Event.CLAIM, Event.ACCEPT), State.ACCEPTED),
        (State.SENDING, (Event.THROTTLE,), State.DUE),
        (State.SENDING, (Event.REFUSE,), State.FAILED),
        (State.SENDING, (Event.LOSE_SIGHT, Event.FOUND), State.ACCEPTED),
        (State.SENDING, (Event.LOSE_SIGHT, Event.NOT_FOUND), State.DUE),
        (State.SENDING, (Event.LOSE_SIGHT, Event.GIVE_UP), State.NEEDS_REVIEW),
        (State.SENDING, (Event.LOSE_SIGHT, Event.NOT_FOUND, Event.REPORT_DELIVERED), State.DELIVERED),
        (State.DUE, (Event.SUPPRESS,), State.SUPPRESSED),
        (State.PLANNED, (Event.EXPIRE,), State.EXPIRED),
        (State.DUE, (Event.CANCEL,), State.CANCELLED),
        (State.SENDING, (Event.SUPPRESS,), State.SUPPRESSED),
    ],
)
def test_the_ways_through(start: State, events: tuple[Event, ...], end: State) -> None:
    assert run(start, events) is end


def test_a_message_is_not_claimed_twice() -> None:
    assert [state for state in State if advance(state, Event.CLAIM)] == [State.DUE]


def test_the_documented_diagram_is_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/states.md").read_text("utf-8")
    assert f"```mermaid\n{diagram()}```" in page


def test_an_invitation_in_order_is_sent() -> None:
    assert decide(FACTS, NOON) == Decision(Verdict.SEND)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"questions_consent": False}, "no_consent"),
        ({"channel_consent": False}, "no_channel_consent"),
        ({"stopped": True}, "stopped"),
        ({"answered": True}, "answered"),
        ({"deceased": True}, "deceased"),
        ({"has_address": False}, "no_address"),
        ({"questions_consent": False, "stopped": True, "deceased": True}, "no_consent"),
        ({"answered": True, "expires_at": NOON}, "answered"),
    ],
)
def test_what_is_not_sent_at_all(change: dict[str, bool], reason: str) -> None:
    for kind in (MessageKind.INVITE, MessageKind.REMINDER, MessageKind.RESEND):
        assert decide(replace(FACTS, kind=kind, **change), NOON) == Decision(Verdict.SUPPRESS, reason)  # type: ignore[arg-type]


def test_a_closed_window_is_over() -> None:
    assert decide(FACTS, FACTS.expires_at).verdict is Verdict.EXPIRE
    assert decide(FACTS, FACTS.expires_at - timedelta(seconds=1)).verdict is Verdict.SEND
    evening = NOON.replace(hour=18)
    assert decide(replace(FACTS, expires_at=evening + timedelta(hours=2)), evening).verdict is Verdict.EXPIRE


def test_quiet_hours_postpone_to_the_next_open_moment() -> None:
    decision = decide(FACTS, NOON.replace(hour=18))
    assert decision == Decision(Verdict.POSTPONE, "quiet_hours", datetime(2026, 11, 24, 9, tzinfo=UTC))


def test_too_early_waits() -> None:
    assert decide(FACTS, NOON - timedelta(minutes=5)) == Decision(Verdict.POSTPONE, "not_due", NOON)


def test_the_cap_of_a_day_and_of_thirty_days() -> None:
    oldest = NOON - timedelta(hours=20)
    full = replace(FACTS, sent_last_day=2, oldest_in_day=oldest)
    expected = Decision(Verdict.POSTPONE, "cap_per_day", datetime(2026, 11, 23, 14, tzinfo=UTC))
    assert decide(full, NOON) == expected
    month = replace(FACTS, sent_last_30_days=8)
    assert decide(month, NOON) == Decision(Verdict.POSTPONE, "cap_per_30_days", NOON + timedelta(days=1))
    assert decide(replace(FACTS, sent_last_day=1, sent_last_30_days=7), NOON).verdict is Verdict.SEND


def test_an_answer_to_someone_who_just_wrote_waits_for_nothing() -> None:
    night = NOON.replace(hour=22)
    answer = replace(FACTS, kind=MessageKind.CONVERSATION, replied_at=night - timedelta(minutes=14), sent_last_day=9,
                     sent_last_30_days=99, answered=True)  # fmt: skip
    assert decide(answer, night).verdict is Verdict.SEND
    assert decide(replace(answer, replied_at=night - timedelta(minutes=15)), night).verdict is Verdict.POSTPONE
    invitation = replace(answer, kind=MessageKind.INVITE, answered=False)
    assert decide(invitation, night).reason == "quiet_hours"


def test_while_a_person_must_read_whether_to_stop_only_answers_go_out() -> None:
    held = replace(FACTS, held=True)
    assert decide(held, NOON) == Decision(Verdict.POSTPONE, "words_to_read", NOON + timedelta(hours=1))
    assert decide(replace(held, expires_at=NOON + timedelta(minutes=30)), NOON).verdict is Verdict.EXPIRE
    for kind in (MessageKind.CONVERSATION, MessageKind.STOP_CONFIRMATION):
        assert decide(replace(held, kind=kind, replied_at=NOON), NOON) == Decision(Verdict.SEND)


def test_a_stop_confirmation_goes_to_a_stopped_address_only() -> None:
    stop = replace(FACTS, kind=MessageKind.STOP_CONFIRMATION, stopped=True, channel_consent=False, questions_consent=False,
                   answered=True, replied_at=NOON)  # fmt: skip
    assert decide(stop, NOON).verdict is Verdict.SEND
    assert (
        decide(replace(stop, kind=MessageKind.CONVERSATION, channel_consent=True, questions_consent=True), NOON).reason
        == "stopped"
    )


def test_a_test_message_needs_no_measurement() -> None:
    test = replace(FACTS, kind=MessageKind.TEST, questions_consent=False, answered=True)
    assert decide(test, NOON).verdict is Verdict.SEND
    assert decide(replace(test, stopped=True), NOON).reason == "stopped"
    assert decide(replace(test, channel_consent=False), NOON).reason == "no_channel_consent"


def test_a_postponed_message_is_never_postponed_into_the_past_or_beyond_its_end() -> None:
    for hour in range(24):
        now = NOON + timedelta(hours=hour)
        for day, month in itertools.product((0, 2, 5), (0, 8)):
            facts = replace(FACTS, sent_last_day=day, sent_last_30_days=month, oldest_in_day=now - timedelta(hours=24),
                            expires_at=NOON + timedelta(hours=30))  # fmt: skip
            decision = decide(facts, now)
            if decision.until is not None:
                assert now < decision.until < facts.expires_at


def test_tries_come_less_and_less_often_until_the_message_would_expire() -> None:
    far = NOON + timedelta(days=21)
    waits = [(next_try(n, NOON, far) or NOON) - NOON for n in range(1, 10)]
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert next_try(5000, NOON, far) == NOON + timedelta(hours=1)
    assert next_try(1, NOON, NOON + timedelta(minutes=1)) is None


def test_a_consent_holds_from_its_moment_until_it_is_withdrawn() -> None:
    given = Consent(Purpose.SMS, NOON, NOON + timedelta(days=2))
    again = Consent(Purpose.SMS, NOON + timedelta(days=3), None)
    at = [NOON + timedelta(days=d) for d in (-1, 0, 1, 2, 3, 900)]
    assert [permits([given, again], Purpose.SMS, moment) for moment in at] == [False, True, True, False, True, True]
    assert not permits([given, again], Purpose.EMAIL, NOON)
    assert not permits([], Purpose.SMS, NOON)
