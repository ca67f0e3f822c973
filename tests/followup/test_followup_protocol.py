"""A protocol file is checked whole: every problem at once, each with its line and its cure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from service.bootstrap import load_render
from service.followup.problem import Refusal
from service.followup.protocol import Cap, Period, QuietHours, Reminder, Slot, SmsForm, Unit
from service.followup.protocol_file import Reading, read_protocol
from service.measures.instrument import Instrument

SHIPPED = sorted((Path(__file__).parents[2] / "service/followup/protocols").glob("*.yaml"))
GOOD = """\
key: proef
version: 3
title: {nl: Proef, en: Trial}
instrument: djg6
language: nl
time_zone: Europe/Amsterdam
waves:
  - key: t0
    title: {nl: Nulmeting, en: Baseline}
    offset: 0 days
    window: 21 days
  - key: t1
    title: {nl: Later, en: Later}
    offset: 3 months
    at: "09:30"
    window: 28 days
reminder: {after: 3 days}
call: {after: 10 days}
quiet_hours:
  open: ["14:00-17:00", "10:00-12:00"]
  closed_on: [sundays]
cap: {per_day: 3, per_30_days: 9}
"""

BROKEN = [
    # what stands there, what replaces it, the problem, its line
    ("version: 3", "version: 3\nlink: {open: 21 days, grace: 1 day}", "protocol_missing", 3),
    ("version: 3", "version: 3\nlink: {open: 27 days, grace: 1 day, idle: 0 days}", "protocol_link_short", 3),
    ("version: 3", "version: 3\nlink: {open: 28 days, grace: 5 minutes, idle: 0 days}", "protocol_link_hasty", 3),
    ("version: 3", "version: 3\nlink: {open: 0 days, grace: 0 days, idle: 29 minutes}", "protocol_link_hasty", 3),
    ("version: 3", "version: 3\nlink: {open: lang, grace: 0 days, idle: 0 days}", "protocol_bad_period", 3),
    ("version: 3", "version: 3\nlink: 21 days", "protocol_not_table", 3),
    ("key: proef", "key: Mijn Proef", "protocol_bad_key", 1),
    ("key: proef", "ky: proef", "protocol_unknown_key_near", 1),
    ("key: proef", "key: proef\nzzz: 1", "protocol_unknown_key", 2),
    ("key: proef", "key: proef\nkey: nog", "protocol_double_key", 2),
    ("version: 3", "version: drie", "protocol_bad_number", 2),
    ("version: 3", "version: 0", "protocol_bad_number", 2),
    ("version: 3", "version: 99999999999999999999", "protocol_bad_number", 2),
    ("version: 3", "version:", "protocol_missing", 2),
    ("title: {nl: Proef, en: Trial}", "title: {en: Trial}", "protocol_missing", 3),
    ("title: {nl: Proef, en: Trial}", "title: [a]", "protocol_not_table", 3),
    ("instrument: djg6", "instrument: djg7", "protocol_unknown_instrument", 4),
    ("instrument: djg6", "instrument: [djg6]", "protocol_not_text", 4),
    ("language: nl", "language: de", "protocol_language", 5),
    ("time_zone: Europe/Amsterdam", "time_zone: Europe/Utrecht", "protocol_zone", 6),
    ("time_zone: Europe/Amsterdam", "time_zone: ../etc/passwd", "protocol_zone", 6),
    ("time_zone: Europe/Amsterdam", "time_zone: Europe", "protocol_zone", 6),
    ("  - key: t1", "  - key: t0", "protocol_double_wave", 12),
    ("offset: 3 months", "offset: 3 moons", "protocol_bad_period", 14),
    ("offset: 3 months", "offset: -3 months", "protocol_bad_period", 14),
    ("offset: 3 months", "offset: 2000 months", "protocol_period_long", 14),
    ("offset: 3 months", "offset: 9999999 months", "protocol_period_long", 14),
    ("offset: 3 months", "offset: 20 days", "protocol_overlap", 12),
    ("offset: 3 months", "offset: 0 days", "protocol_overlap", 12),
    ("window: 21 days", "window: 90 days", "protocol_overlap", 12),  # 3 months can be 89 days
    ("window: 28 days", "window: 0 days", "protocol_zero", 16),
    ('at: "09:30"', 'at: "25:30"', "protocol_time", 15),
    ('at: "09:30"', "at: ochtend", "protocol_time", 15),
    ("window: 21 days", 'window: 21 days\n    at: "10:00"', "protocol_at_unused", 12),
    ("window: 28 days", "window: 28 days\n    by_sms: fax", "protocol_choice", 17),
    ("window: 28 days", "window: 28 days\n    primary: maybe", "protocol_choice", 17),
    ("reminder: {after: 3 days}", "reminder: {after: 21 days}", "protocol_reminder_late", 17),
    ("reminder: {after: 3 days}", "reminder: {after: 0 days}", "protocol_zero", 17),
    ("reminder: {after: 3 days}", "reminder: 3 days", "protocol_not_table", 17),
    ("reminder: {after: 3 days}", "remindr: {after: 3 days}", "protocol_unknown_key_near", 17),
    ('["14:00-17:00", "10:00-12:00"]', "[]", "protocol_no_slots", 20),
    ('["14:00-17:00", "10:00-12:00"]', '["17:00-14:00"]', "protocol_slot", 20),
    ('["14:00-17:00", "10:00-12:00"]', '["10:00-25:00"]', "protocol_slot", 20),
    ('["14:00-17:00", "10:00-12:00"]', '"10:00-12:00"', "protocol_not_list", 20),
    ("closed_on: [sundays]", "closed_on: [zondag]", "protocol_closed_on", 21),
    ("per_day: 3", "per_day: 0", "protocol_bad_number", 22),
    ("per_day: 3, ", "", "protocol_missing", 22),
]


def refusal(text: str, instruments: Mapping[str, Instrument]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_protocol(text, instruments)
    return caught.value


def test_a_good_file_is_read_as_written(instruments: Mapping[str, Instrument]) -> None:
    reading = read_protocol(GOOD, instruments)
    protocol = reading.protocol
    assert reading.warnings == ()
    assert (protocol.key, protocol.version, protocol.title["en"]) == ("proef", 3, "Trial")
    assert protocol.quiet == QuietHours((Slot(600, 720), Slot(840, 1020)), sundays=True, holidays=False)
    assert protocol.cap == Cap(3, 9)
    assert protocol.ladder.reminders == (Reminder(Period(3, Unit.DAYS)),)
    assert protocol.ladder.call_after == Period(10, Unit.DAYS)
    assert [(w.key, w.at, w.primary, w.by_sms) for w in protocol.waves] == [
        ("t0", None, False, SmsForm.QUESTIONS),
        ("t1", time(9, 30), True, SmsForm.QUESTIONS),
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_can_be_used(path: Path, instruments: Mapping[str, Instrument]) -> None:
    reading = read_protocol(path.read_text("utf-8"), instruments)
    assert reading.protocol.key == path.stem
    assert reading.warnings == ()
    assert sum(wave.primary for wave in reading.protocol.waves) == 1


@pytest.mark.parametrize(("there", "instead", "key", "line"), BROKEN)
def test_each_problem_has_its_line(
    there: str, instead: str, key: str, line: int, instruments: Mapping[str, Instrument]
) -> None:
    assert there in GOOD
    found = [(problem.key, problem.line) for problem in refusal(GOOD.replace(there, instead, 1), instruments).problems]
    assert (key, line) in found


@pytest.mark.parametrize(("there", "instead", "key", "line"), BROKEN)
def test_each_problem_has_a_sentence_in_both_languages(
    there: str, instead: str, key: str, line: int, instruments: Mapping[str, Instrument]
) -> None:
    render = load_render()
    for problem in refusal(GOOD.replace(there, instead, 1), instruments).problems:
        assert render.problem(problem, "nl").startswith("Regel ")
        assert render.problem(problem, "en").startswith("Line ")


def test_all_problems_are_found_at_once(instruments: Mapping[str, Instrument]) -> None:
    text = GOOD.replace("version: 3", "version: x").replace("djg6", "djg7").replace("28 days", "28 dayz")
    lines = [problem.line for problem in refusal(text, instruments).problems]
    assert lines == [2, 4, 16]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "protocol_empty"),
        ("# only a comment\n", "protocol_empty"),
        ("- a\n- b\n", "protocol_not_table"),
        ("key: 'open\n", "protocol_yaml"),
        ("\tkey: x\n", "protocol_yaml"),
        ("key: \x00\n", "protocol_yaml"),
        ("[" * 5000, "protocol_yaml"),
        ("a: 1\n---\nb: 2\n", "protocol_yaml"),
        ("x" * 100_001, "protocol_too_large"),
    ],
)
def test_what_is_no_protocol_at_all(text: str, key: str, instruments: Mapping[str, Instrument]) -> None:
    problems = refusal(text, instruments).problems
    assert problems[0].key == key
    assert all(load_render().problem(problem, language) for problem in problems for language in ("nl", "en"))


def test_the_nearest_known_key_is_named(instruments: Mapping[str, Instrument]) -> None:
    problem = refusal(GOOD.replace("window: 28", "windw: 28"), instruments).problems
    assert "window" in {p.values.get("near") for p in problem}


def test_what_a_file_leaves_out_has_a_default(instruments: Mapping[str, Instrument]) -> None:
    text = GOOD[: GOOD.index("reminder:")].replace("time_zone: Europe/Amsterdam\n", "")
    protocol = read_protocol(text, instruments).protocol
    assert protocol.time_zone == "Europe/Amsterdam"
    assert protocol.ladder.reminders == ()
    assert protocol.ladder.call_after is None
    assert protocol.quiet == QuietHours((Slot(600, 720), Slot(840, 1020)), sundays=True, holidays=True)
    assert protocol.cap == Cap(2, 8)


@pytest.mark.parametrize("nothing", ["reminder: none", "reminder:", "reminder: null"])
def test_no_reminder_may_be_said(nothing: str, instruments: Mapping[str, Instrument]) -> None:
    text = GOOD.replace("reminder: {after: 3 days}", nothing)
    assert read_protocol(text, instruments).protocol.ladder.reminders == ()


def test_slots_that_touch_are_one(instruments: Mapping[str, Instrument]) -> None:
    text = GOOD.replace('["14:00-17:00", "10:00-12:00"]', '["12:00-14:00", "9.30-12:00", "13:00 - 24:00"]')
    assert read_protocol(text, instruments).protocol.quiet.slots == (Slot(570, 1440),)


def warnings_of(reading: Reading) -> list[str]:
    return [warning.key for warning in reading.warnings]


def test_many_questions_by_sms_are_warned_about(instruments: Mapping[str, Instrument]) -> None:
    eleven = GOOD.replace("djg6", "djg11")
    assert warnings_of(read_protocol(eleven, instruments)) == ["protocol_many_questions"]
    by_link = eleven.replace("window: 21 days", "window: 21 days\n    by_sms: link")
    by_link = by_link.replace("window: 28 days", "window: 28 days\n    by_sms: link")
    assert warnings_of(read_protocol(by_link, instruments)) == []


def test_a_translation_that_is_not_validated_is_warned_about(instruments: Mapping[str, Instrument]) -> None:
    doubtful = {"djg6": replace(instruments["djg6"], validated={"nl": False})}
    reading = read_protocol(GOOD, doubtful)
    assert warnings_of(reading) == ["protocol_not_validated"]
    assert all(load_render().problem(warning, language) for warning in reading.warnings for language in ("nl", "en"))


def test_an_instrument_that_may_not_go_by_sms_needs_a_link(instruments: Mapping[str, Instrument]) -> None:
    closed = {"djg6": replace(instruments["djg6"], sms_allowed=False)}
    problems = refusal(GOOD, closed).problems
    assert [(p.key, p.line) for p in problems] == [("protocol_sms_not_allowed", 8), ("protocol_sms_not_allowed", 12)]


def test_any_other_text_is_another_digest(instruments: Mapping[str, Instrument]) -> None:
    first, second = (read_protocol(text, instruments).protocol.digest for text in (GOOD, GOOD + "# note\n"))
    assert first != second
    assert len(first) == 64
