"""Protocols of real studies: waves from several anchors, for single arms, and a ladder of at most two reminders."""

# ruff: noqa: DTZ001 - enrolments are local moments, without a zone on purpose

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from service.followup.participation import Arm
from service.followup.planning import Anchors, plan
from service.followup.problem import Refusal
from service.followup.protocol import Anchor, Period, Reminder, Unit
from service.followup.protocol_file import read_protocol
from service.measures.instrument import Instrument

STUDY = """\
key: studie
version: 1
title: Studie
instrument: djg6
language: nl
waves:
  - {key: t0, title: Begin, offset: 0 days, window: 14 days}
  - {key: m1, title: Een maand, anchor: first_activity, offset: 1 months, window: 21 days, arms: [intervention]}
  - {key: w6, title: Wachtlijst, offset: 6 weeks, window: 14 days, arms: [waiting_list, comparison]}
  - {key: end, title: Na afloop, anchor: programme_end, offset: 1 weeks, at: "14:30", window: 28 days}
reminders:
  - {after: 3 days}
  - {after: 7 days, last: true}
call: {after: 10 days}
arms:
  comparison: {reminders: none, call: none}
  waiting_list: {reminders: [{after: 5 days, last: true}]}
"""
START = datetime(2026, 11, 23, 10)


def refused(text: str, instruments: Mapping[str, Instrument]) -> list[tuple[str, int]]:
    with pytest.raises(Refusal) as caught:
        read_protocol(text, instruments)
    return [(problem.key, problem.line) for problem in caught.value.problems]


def test_the_file_says_who_when_and_how_often(instruments: Mapping[str, Instrument]) -> None:
    protocol = read_protocol(STUDY, instruments).protocol
    assert [wave.anchor for wave in protocol.waves] == [
        Anchor.ENROLMENT, Anchor.FIRST_ACTIVITY, Anchor.ENROLMENT, Anchor.PROGRAMME_END,
    ]  # fmt: skip
    assert protocol.waves[1].arms == {Arm.INTERVENTION}
    three, seven, ten = (Period(count, Unit.DAYS) for count in (3, 7, 10))
    assert protocol.ladder_of(Arm.INTERVENTION).reminders == (Reminder(three), Reminder(seven, last=True))
    assert protocol.ladder_of(Arm.COMPARISON).reminders == ()
    assert protocol.ladder_of(Arm.COMPARISON).call_after is None
    assert protocol.ladder_of(Arm.WAITING_LIST).reminders == (Reminder(Period(5, Unit.DAYS), last=True),)
    assert protocol.ladder_of(Arm.WAITING_LIST).call_after == ten  # what an arm leaves out is everybody's


@pytest.mark.parametrize(
    ("arm", "waves"),
    [
        (Arm.INTERVENTION, ["t0", "m1", "end"]),
        (Arm.WAITING_LIST, ["t0", "w6", "end"]),
        (Arm.COMPARISON, ["t0", "w6", "end"]),
    ],
)
def test_each_arm_gets_its_own_waves(arm: Arm, waves: list[str], instruments: Mapping[str, Instrument]) -> None:
    protocol = read_protocol(STUDY, instruments).protocol
    everything = Anchors(START, date(2026, 12, 1), date(2027, 3, 1))
    planned = plan(protocol, everything, arm=arm)
    assert [one.wave for one in planned.measurements] == waves
    count = len(protocol.ladder_of(arm).reminders) + 1
    assert [one.wave for one in planned.messages] == [wave for wave in waves for _ in range(count)]


def test_a_wave_waits_until_its_anchor_is_known(instruments: Mapping[str, Instrument]) -> None:
    protocol = read_protocol(STUDY, instruments).protocol
    assert [one.wave for one in plan(protocol, Anchors(START)).measurements] == ["t0"]
    known = plan(protocol, Anchors(START, date(2026, 12, 31), date(2027, 3, 1)))
    assert [(one.wave, one.target_on.isoformat()) for one in known.measurements] == [
        ("t0", "2026-11-23"), ("m1", "2027-01-31"), ("end", "2027-03-08"),
    ]  # fmt: skip
    assert [one.local_at.isoformat(" ", "minutes") for one in known.messages if one.wave == "end"] == [
        "2027-03-08 14:30", "2027-03-11 14:30", "2027-03-15 14:30",
    ]  # fmt: skip


def test_the_ladder_is_invite_nudge_last_message(instruments: Mapping[str, Instrument]) -> None:
    planned = plan(read_protocol(STUDY, instruments).protocol, Anchors(START))
    assert [(one.key, one.kind) for one in planned.messages] == [
        ("t0:invite", "invite"), ("t0:reminder", "reminder"), ("t0:last_reminder", "last_reminder"),
    ]  # fmt: skip
    assert [one.due_at - planned.messages[0].due_at for one in planned.messages] == [
        timedelta(days=days) for days in (0, 3, 7)
    ]  # fmt: skip


def test_two_reminders_of_one_kind_are_two_messages(instruments: Mapping[str, Instrument]) -> None:
    planned = plan(read_protocol(STUDY.replace(", last: true", ""), instruments).protocol, Anchors(START))
    assert [one.key for one in planned.messages] == ["t0:invite", "t0:reminder", "t0:reminder_2"]


def test_the_first_spelling_of_a_reminder_still_reads(instruments: Mapping[str, Instrument]) -> None:
    old = STUDY[: STUDY.index("reminders:")] + "reminder: {after: 4 days}\ncall: none\n"
    ladder = read_protocol(old, instruments).protocol.ladder
    assert (ladder.reminders, ladder.call_after) == ((Reminder(Period(4, Unit.DAYS)),), None)


@pytest.mark.parametrize(
    ("there", "instead", "key"),
    [
        ("  - {after: 7 days, last: true}\n", "  - {after: 7 days}\n  - {after: 9 days}\n", "protocol_reminders_many"),
        ("{after: 7 days, last: true}\ncall", "{after: 2 days, last: true}\ncall", "protocol_reminders_order"),
        ("- {after: 3 days}", "- {after: 3 days, last: true}", "protocol_last_is_last"),
        ("- {after: 3 days}", "- {after: 0 days}", "protocol_zero"),
        ("- {after: 7 days, last: true}", "- {after: 15 days, last: true}", "protocol_reminder_late"),
        ("- {after: 7 days, last: true}", "- {after: 7 days, last: maybe}", "protocol_choice"),
        ("call: {after: 10 days}\n", "call: {after: 10 days}\nreminder: {after: 1 days}\n", "protocol_reminder_twice"),
        ("  comparison:", "  control:", "protocol_unknown_key"),
        ("anchor: first_activity, offset: 1 months", "anchor: first_activity, offset: 9 hours", "protocol_anchor_day"),
        ("anchor: first_activity", "anchor: first_visit", "protocol_choice"),
        ("arms: [intervention]", "arms: []", "protocol_no_arms"),
        ("arms: [intervention]", "arms: [everybody]", "protocol_choice"),
        ("offset: 6 weeks, window: 14 days", "offset: 1 weeks, window: 14 days", "protocol_overlap"),
    ],
)
def test_what_is_wrong_with_a_ladder_or_an_anchor_is_said(
    there: str, instead: str, key: str, instruments: Mapping[str, Instrument]
) -> None:
    assert there in STUDY
    assert key in [found for found, line in refused(STUDY.replace(there, instead, 1), instruments) if line]


def test_waves_of_different_arms_or_anchors_may_overlap(instruments: Mapping[str, Instrument]) -> None:
    text = STUDY.replace("offset: 1 months", "offset: 0 days")
    assert read_protocol(text, instruments).protocol.waves[1].at is not None  # a day has no hour of its own


def test_the_pace_is_half_the_shortest_step_of_any_ladder(instruments: Mapping[str, Instrument]) -> None:
    assert read_protocol(STUDY, instruments).protocol.pace == timedelta(days=1.5)
    shorter = STUDY.replace("{after: 5 days, last: true}", "{after: 2 days, last: true}")
    assert read_protocol(shorter, instruments).protocol.pace == timedelta(days=1)
    none = STUDY[: STUDY.index("reminders:")]
    assert read_protocol(none, instruments).protocol.pace == timedelta(0)
