"""A small programme as the store gives it: two arms, four waves of which one waits for the end, answers to six items."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.bootstrap import load_instruments
from service.exports.long_csv import long_csv
from service.followup.outcomes import WaveFacts
from service.followup.protocol import Protocol
from service.followup.protocol_file import read_protocol
from service.followup.records import Measured, Programme, Spell, long_rows
from service.measures.analysis.records import Records
from service.measures.instrument import outcome
from service.measures.long_row import LongRow
from service.measures.scoring import score

INSTRUMENTS = load_instruments()
DJG6 = outcome(INSTRUMENTS["djg6"])
TEXT = """\
key: klein
version: 1
title: {nl: Klein, en: Small}
instrument: djg6
language: nl
time_zone: Europe/Amsterdam
waves:
  - {key: t0, title: {nl: Begin, en: Start}, offset: 0 days, window: 14 days}
  - {key: t1, title: {nl: Later, en: Later}, offset: 2 months, window: 14 days, primary: true}
  - {key: t2, title: {nl: Alleen zij, en: Only they}, offset: 3 months, window: 14 days, arms: [waiting_list]}
  - {key: na, title: {nl: Na afloop, en: Afterwards}, offset: 1 week, window: 14 days, anchor: programme_end}
reminders: []
quiet_hours: {open: ["10:00-17:00"], closed_on: []}
cap: {per_day: 2, per_30_days: 9}
"""
PROTOCOL: Protocol = read_protocol(TEXT, INSTRUMENTS).protocol
PROGRAMME = Programme('=Noord; "samen"', "Samen, koken", "reduce", "Buurthuis", None)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 8, 1, 9, 0, 7, 99, tzinfo=UTC)
OPENS = {"t0": START, "t1": START + timedelta(days=61)}
SILENT = WaveFacts(START, START, None, scored=False, answered=False, status="missed", status_reason="", messages=2, arrived=2, died_on=None, ended_at=None)  # fmt: skip


@dataclass(frozen=True)
class Small:
    """What the store gives of the programme."""

    spells: list[Spell]
    measured: list[Measured]

    def rows(self, now: datetime = NOW, programme: Programme = PROGRAMME) -> list[LongRow]:
        told = long_rows(PROTOCOL, DJG6, programme, self.spells, self.measured, now)
        return [one.row for one in told]

    def text(self, **changes: Any) -> str:
        return "".join(long_csv(self.rows(), [INSTRUMENTS["djg6"]], **changes))


def spell(number: int, **changes: Any) -> Spell:
    """Somebody who is enrolled and still takes part."""
    values: dict[str, Any] = {
        "id": uuid.UUID(int=number),
        "pseudonym": f"P{number:03d}",
        "number": 1,
        "arm": "intervention",
        "started_on": date(2026, 3, 2),
        "birth_year": 1940 + number % 30,
        "exit_kind": None,
        "exited_on": None,
        "present": False,
        "noted": False,
        "shared": True,
    }
    return Spell(**{**values, **changes})


def measured(of: Spell, wave: str, codes: Mapping[int, str] | None = None, **changes: Any) -> Measured:
    """One measurement, scored when it has all six answers; `changes` are of its facts."""
    opens = OPENS[wave]
    codes = codes or {}
    made = score(DJG6, codes) if len(codes) == 6 else None
    points = made.values["total"] if made else None
    closes = opens + timedelta(days=14)
    facts = replace(
        SILENT,
        opens_at=opens,
        closes_at=closes,
        completed_at=opens + timedelta(days=1) if points is not None else None,
        scored=points is not None,
        answered=bool(codes),
        status="complete" if points is not None else "partial" if codes else "missed",
    )
    facts = replace(facts, **changes)
    row = LongRow(
        pseudonym=of.pseudonym,
        intervention=PROGRAMME.intervention,
        programme=PROGRAMME.name,
        arm=of.arm,
        enrolled_on=of.started_on,
        wave=wave,
        wave_position=list(OPENS).index(wave),
        target_on=opens.date(),
        opened_on=opens.date(),
        closed_on=closes.date(),
        status=facts.status,
        status_reason=facts.status_reason,
        mode="sms" if codes else None,
        language="nl",
        instrument="djg6",
        instrument_version=DJG6.version,
        answered_on=opens.date() if codes else None,
        answers=codes,
        scores=made.values if made else {},
        band=made.band if made else None,
        cutoff_set=made.cutoff_set if made else None,
        lower_bound=made.lower_bound if made else None,
        missing=made.missing if made else None,
        scoring_version=made.scoring_version if made else None,
        modes="sms" if codes else None,
        assisted=False if codes else None,
    )
    return Measured(of.id, row, points, facts)


def small(people: int = 24, others: int = 14) -> Small:
    """Some people of the programme and some of a waiting list; a few fall silent or skip questions."""
    chance = random.Random(3)
    spells, found = [], []
    for number in range(1, people + others + 1):
        arm = "intervention" if number <= people else "waiting_list"
        left = number % 7 == 0
        one = spell(
            number,
            arm=arm,
            exit_kind="stopped" if left else None,
            exited_on=date(2026, 4, 3) if left else None,
        )  # fmt: skip
        spells.append(one)
        for wave, fall in (("t0", 0), ("t1", number % 3)):
            codes = {
                item.number: chance.choice(("yes", "no", "more_or_less", "no", "no_answer"))
                if number % 5 == 4
                else _lonely(item.number, number % 4 + 1 - fall)
                for item in DJG6.items
            }
            silent = number % 9 == 8 and wave == "t1"
            half = dict(list(codes.items())[:3])
            found.append(measured(one, wave, {} if silent else half if number % 11 == 10 else codes))
    return Small(spells, found)


def _lonely(item: int, points: int) -> str:
    place = [one.number for one in DJG6.items].index(item)
    towards = "yes" if DJG6.item(item).subscale == "emotional" else "no"
    return towards if place < points else {"yes": "no", "no": "yes"}[towards]


def record_of(records: Records, key: str, wave: str) -> Any:
    """One measurement."""
    return next(one for one in records.measurements if (one.enrolment, one.wave) == (key, wave))
