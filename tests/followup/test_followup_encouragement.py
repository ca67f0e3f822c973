"""Words between the questions: when the next one comes, and what holds one back (domain.md 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import pairwise

import pytest

from service.bootstrap import load_instruments
from service.followup.activities import reminder_at
from service.followup.delivery import Facts, Verdict, decide
from service.followup.encouragement import Circumstances, Wish, held_back, next_word, places, too_close
from service.followup.planning import MessageKind
from service.followup.problem import Refusal
from service.followup.protocol import Cap, EncouragementPlan, Period, QuietHours, Slot, Unit, Word
from service.followup.protocol_file import read_protocol
from service.measures.instrument import Instrument

ZONE = "Europe/Amsterdam"
QUIET = QuietHours((Slot(600, 720), Slot(840, 1020)), sundays=True, holidays=True)
NOON = datetime(2026, 3, 16, 10, tzinfo=UTC)  # Monday, 11.00 in Amsterdam
FACTS = Facts(
    kind=MessageKind.ENCOURAGEMENT,
    due_at=NOON,
    expires_at=NOON + timedelta(days=13),
    has_address=True,
    stopped=False,
    channel_consent=True,
    questions_consent=False,  # encouragement is a consent of its own
    deceased=False,
    answered=False,
    replied_at=None,
    sent_last_day=0,
    sent_last_30_days=0,
    oldest_in_day=None,
    quiet=QUIET,
    zone=ZONE,
    cap=Cap(2, 8),
)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


HELD = [
    ("a questionnaire went out yesterday", {"asked_at": (NOON - hours(24),)}, "near_questionnaire", hours(24)),
    ("a questionnaire went out just 48 hours ago", {"asked_at": (NOON - hours(48),)}, "", None),
    ("a questionnaire comes tomorrow", {"to_ask_at": (NOON + hours(24),)}, "near_questionnaire", hours(72)),
    ("a questionnaire comes in 48 hours", {"to_ask_at": (NOON + hours(48),)}, "", None),
    ("somebody is answering", {"in_conversation": True}, "in_conversation", days(1)),
    ("an alert was closed last week", {"alert_closed_at": NOON - days(7)}, "after_alert", days(7)),
    ("an alert was closed 14 days ago", {"alert_closed_at": NOON - days(14)}, "", None),
    ("a call was not answered on Friday", {"missed_call_at": NOON - days(3)}, "missed_call", days(4)),
    ("a call was not answered 7 days ago", {"missed_call_at": NOON - days(7)}, "", None),
    ("a word went out last week", {"last_at": NOON - days(7)}, "encouraged_lately", days(7)),
    ("a word went out 14 days ago", {"last_at": NOON - days(14)}, "", None),
    ("who wants less waits 28 days", {"last_at": NOON - days(14), "wish": Wish.LESS}, "encouraged_lately", days(14)),
    ("a pause that lasts two more days", {"paused_until": NOON + days(2)}, "paused", days(2)),
    ("a pause that is over", {"paused_until": NOON}, "", None),
    ("the longest wait counts", {"last_at": NOON - days(13), "missed_call_at": NOON}, "missed_call", days(7)),
]


@pytest.mark.parametrize(("values", "reason", "wait"), [row[1:] for row in HELD], ids=[row[0] for row in HELD])
def test_what_holds_a_word_back(values: Mapping[str, object], reason: str, wait: timedelta | None) -> None:
    around = Circumstances(**values)  # type: ignore[arg-type]
    until, why = held_back(around, NOON, ZONE)
    assert (until - NOON, why) == (wait or timedelta(0), reason)
    decision = decide(replace(FACTS, around=around), NOON)
    assert (decision.verdict is Verdict.SEND) == (not reason)
    if reason and decision.verdict is Verdict.POSTPONE:
        assert decision.reason == reason


def test_a_death_near_somebody_means_six_weeks_of_quiet() -> None:
    around = Circumstances(bereaved_on=date(2026, 3, 10))
    until, why = held_back(around, NOON, ZONE)
    assert (until, why) == (datetime(2026, 4, 20, 22, tzinfo=UTC), "bereavement")
    assert decide(replace(FACTS, around=around), NOON).verdict is Verdict.EXPIRE


AGAINST = [
    ("no consent to encouragement", MessageKind.ENCOURAGEMENT, {"agreed": False}, "no_encouragement_consent"),
    ("left the programme", MessageKind.ENCOURAGEMENT, {"taking_part": False}, "left_programme"),
    ("wants none", MessageKind.ENCOURAGEMENT, {"wish": Wish.NONE}, "wants_none"),
    ("no consent, reminder", MessageKind.ACTIVITY, {"agreed": False}, "no_encouragement_consent"),
    ("left the programme, reminder", MessageKind.ACTIVITY, {"taking_part": False}, "left_programme"),
    ("said no to the activity", MessageKind.ACTIVITY, {"not_coming": True}, "not_coming"),
    ("the activity is cancelled", MessageKind.ACTIVITY, {"activity_cancelled": True}, "activity_cancelled"),
]


@pytest.mark.parametrize(("kind", "values", "reason"), [row[1:] for row in AGAINST], ids=[row[0] for row in AGAINST])
def test_what_is_against_it(kind: MessageKind, values: Mapping[str, object], reason: str) -> None:
    around = Circumstances(**values)  # type: ignore[arg-type]
    decision = decide(replace(FACTS, kind=kind, around=around), NOON)
    assert (decision.verdict, decision.reason) == (Verdict.SUPPRESS, reason)


def test_that_an_activity_is_cancelled_is_told_also_to_who_wants_no_words() -> None:
    around = Circumstances(activity_cancelled=True, wish=Wish.NONE, taking_part=False)
    facts = replace(FACTS, kind=MessageKind.ACTIVITY, around=around, tells_cancelled=True)
    assert decide(facts, NOON).verdict is Verdict.SEND


def test_a_reminder_of_an_activity_is_not_held_back_by_a_questionnaire() -> None:
    around = Circumstances(asked_at=(NOON - hours(1),), last_at=NOON - hours(30))
    assert decide(replace(FACTS, kind=MessageKind.ACTIVITY, around=around), NOON).verdict is Verdict.SEND


def test_a_pause_holds_a_reminder_of_an_activity_too_but_not_that_it_is_cancelled() -> None:
    around = Circumstances(paused_until=NOON + days(2))
    reminder = replace(FACTS, kind=MessageKind.ACTIVITY, around=around)
    assert decide(reminder, NOON).reason == "paused"
    assert decide(replace(reminder, tells_cancelled=True), NOON).verdict is Verdict.SEND


@pytest.mark.parametrize("kind", [MessageKind.ENCOURAGEMENT, MessageKind.ACTIVITY])
def test_questionnaires_have_the_last_place_under_the_cap(kind: MessageKind) -> None:
    week = replace(FACTS, kind=kind, sent_last_30_days=7)
    ahead = Circumstances(to_ask_at=(NOON + days(5),))
    assert decide(replace(week, around=ahead), NOON).reason == "questions_first"
    assert decide(replace(week, around=Circumstances(to_ask_at=(NOON + days(8),))), NOON).verdict is Verdict.SEND
    day = replace(FACTS, kind=MessageKind.ACTIVITY, sent_last_day=1, oldest_in_day=NOON - hours(2))
    assert decide(replace(day, around=Circumstances(to_ask_at=(NOON + hours(20),))), NOON).reason == "questions_first"


PLAN = EncouragementPlan(
    (Word("enc_start", Period(1, Unit.WEEKS)), Word("enc_expect", Period(3, Unit.WEEKS))),
    ("enc_missed", "enc_role"),
    Period(1, Unit.MONTHS),
    Period(2, Unit.MONTHS),
)


def test_the_plan_goes_on_in_turn_from_its_last_step() -> None:
    found = [pair for pair, _ in zip(places(PLAN, date(2026, 1, 10)), range(5), strict=False)]
    assert found == [
        ("enc_start", date(2026, 1, 17)),
        ("enc_expect", date(2026, 1, 31)),
        ("enc_missed", date(2026, 2, 28)),
        ("enc_role", date(2026, 3, 31)),
        ("enc_missed", date(2026, 4, 30)),
    ]


def test_the_next_word_is_one_that_is_still_to_come_in_the_open_hours() -> None:
    def following(after: int | None, now: datetime, wish: Wish = Wish.NORMAL, last: datetime | None = None) -> object:
        word = next_word(PLAN, date(2026, 1, 10), QUIET, ZONE, after=after, last_at=last, wish=wish, now=now)
        return None if word is None else (word.number, word.text, word.due_at)

    enrolled = datetime(2026, 1, 10, 12, tzinfo=UTC)
    assert following(None, enrolled) == (0, "enc_start", datetime(2026, 1, 17, 9, tzinfo=UTC))
    assert following(0, enrolled + days(7)) == (1, "enc_expect", datetime(2026, 1, 31, 9, tzinfo=UTC))
    assert following(None, enrolled + days(30)) == (2, "enc_missed", datetime(2026, 2, 28, 9, tzinfo=UTC))
    assert following(2, enrolled + days(60), Wish.NONE) is None
    last = datetime(2026, 2, 28, 9, tzinfo=UTC)
    assert following(2, last, Wish.LESS, last) == (4, "enc_missed", datetime(2026, 4, 30, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("steps", "every", "close"),
    [
        ((1, 3, 5, 7), Period(1, Unit.MONTHS), False),
        ((1, 2), Period(1, Unit.MONTHS), True),
        ((1, 3, 9, 11), None, True),  # after eight weeks: once a month
        ((2,), Period(3, Unit.WEEKS), True),
        ((), Period(2, Unit.WEEKS), True),
        ((), Period(28, Unit.DAYS), False),
    ],
)
def test_a_plan_that_writes_too_often_is_known(steps: tuple[int, ...], every: Period | None, close: bool) -> None:
    words = tuple(Word("enc_start", Period(week, Unit.WEEKS)) for week in steps)
    plan = EncouragementPlan(words, ("enc_role",) if every else (), every, Period(2, Unit.MONTHS))
    assert too_close(plan, date(2026, 1, 10)) is close


@pytest.fixture(scope="module")
def instruments() -> Mapping[str, Instrument]:
    return load_instruments()


def shipped(name: str) -> str:
    return (resources.files("service.followup") / "protocols" / f"{name}.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", ["zes-vragen", "elf-vragen"])
def test_the_plans_that_we_ship_keep_to_the_rules(name: str, instruments: Mapping[str, Instrument]) -> None:
    plan = read_protocol(shipped(name), instruments).protocol.encouragement
    assert plan is not None
    for start in (date(2024, 1, 31), date(2026, 3, 2), date(2026, 10, 31)):
        found = [day for (_, day), _ in zip(places(plan, start), range(24), strict=False)]
        for earlier, later in pairwise(found):
            assert later - earlier >= days(14 if earlier < start + days(56) else 28)


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ("{}", "protocol_encouragement_empty"),
        (
            "{steps: [{text: enc_start, after: 1 week}, {text: enc_expect, after: 2 weeks}]}",
            "protocol_encouragement_often",
        ),
        ("{steps: [{text: enc_start, after: 3 hours}]}", "protocol_encouragement_period"),
        ("{steps: [{text: kom_op, after: 1 week}]}", "protocol_choice"),
        ("{then: {texts: [enc_role], every: 1 week}}", "protocol_encouragement_often"),
        ("{then: {every: 1 month}}", "protocol_missing"),
        ("{step: []}", "protocol_unknown_key_near"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused(block: str, key: str, instruments: Mapping[str, Instrument]) -> None:
    text = shipped("zes-vragen").split("encouragement:")[0] + f"encouragement: {block}\n"
    with pytest.raises(Refusal) as refusal:
        read_protocol(text, instruments)
    assert key in {problem.key for problem in refusal.value.problems}


def test_a_protocol_without_it_encourages_nobody(instruments: Mapping[str, Instrument]) -> None:
    text = shipped("zes-vragen").split("encouragement:")[0]
    assert read_protocol(text, instruments).protocol.encouragement is None
    assert read_protocol(text + "encouragement: none\n", instruments).protocol.encouragement is None


@pytest.mark.parametrize(
    ("starts", "now", "due"),
    [
        ("2026-03-05 14:00", "2026-03-02 09:30", "2026-03-04 10:00"),  # Thursday: Wednesday, ten o'clock
        ("2026-03-09 14:00", "2026-03-02 09:30", "2026-03-07 10:00"),  # Monday: Saturday
        ("2026-04-07 14:00", "2026-03-30 09:30", "2026-04-04 10:00"),  # after Easter: Saturday
        ("2026-03-05 14:00", "2026-03-04 15:00", "2026-03-04 15:00"),  # who joins late hears it at once
        ("2026-03-05 14:00", "2026-03-04 18:00", "2026-03-05 10:00"),
        ("2026-03-05 10:00", "2026-03-04 18:00", None),  # nothing may be sent before it starts
        ("2026-03-05 14:00", "2026-03-05 14:00", None),
    ],
)
def test_people_are_reminded_the_day_before(starts: str, now: str, due: str | None) -> None:
    def utc(text: str) -> datetime:
        hour = 2 if text >= "2026-03-29" else 1
        return datetime.fromisoformat(f"{text}+0{hour}:00").astimezone(UTC)

    assert reminder_at(utc(starts), QUIET, ZONE, utc(now)) == (utc(due) if due else None)
