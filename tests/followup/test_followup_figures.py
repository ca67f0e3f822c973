"""What became of a measurement, and what may be said about a programme."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest

from service.bootstrap import load_instruments
from service.followup.calling import call_order
from service.followup.figures import Direction, Figures, figures
from service.followup.outcomes import WaveFacts, outcome
from service.followup.protocol_file import read_protocol
from service.followup.records import Measured, Programme, Spell, long_rows, records
from service.measures.analysis.analyse import analyse
from service.measures.analysis.plan import default_plan
from service.measures.instrument import outcome as instrument_outcome
from service.measures.long_row import LongRow
from service.measures.retention import WaveOutcome

OPENS = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=21)
AFTER = CLOSES + timedelta(days=1)
SILENT = WaveFacts(OPENS, CLOSES, None, scored=False, answered=False, status="missed", status_reason="", messages=2, arrived=2, died_on=None, ended_at=None)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        (replace(SILENT, scored=True, answered=True, completed_at=OPENS), AFTER, WaveOutcome.COMPLETE),
        (replace(SILENT, scored=True, answered=True, completed_at=AFTER), AFTER, WaveOutcome.LATE),
        (replace(SILENT, answered=True), AFTER, WaveOutcome.PARTIAL),
        (SILENT, AFTER, WaveOutcome.NO_REPLY),
        (replace(SILENT, arrived=0), AFTER, WaveOutcome.UNREACHABLE),
        (replace(SILENT, messages=0, arrived=0), AFTER, WaveOutcome.NO_REPLY),
        (replace(SILENT, status_reason="refused"), AFTER, WaveOutcome.REFUSED),
        (replace(SILENT, ended_at=OPENS + timedelta(days=2)), AFTER, WaveOutcome.REFUSED),
        (replace(SILENT, ended_at=OPENS - timedelta(days=2)), AFTER, WaveOutcome.LEFT),
        (replace(SILENT, died_on=date(2026, 3, 10)), AFTER, WaveOutcome.LEFT),
        (replace(SILENT, status="cancelled", status_reason="withdrawn"), AFTER, WaveOutcome.LEFT),
        (replace(SILENT, scored=True, answered=True, completed_at=OPENS), OPENS, WaveOutcome.PENDING),
        (SILENT, OPENS - timedelta(days=9), WaveOutcome.PENDING),
    ],
)
def test_each_measurement_is_in_one_class(facts: WaveFacts, now: datetime, expected: WaveOutcome) -> None:
    assert outcome(facts, now) is expected


@dataclass(frozen=True)
class Row:
    enrolment_id: uuid.UUID
    wave: str
    score: int | None
    facts: WaveFacts


def rows(pairs: list[tuple[int | None, int | None]]) -> list[Row]:
    made = []
    for pre, post in pairs:
        person = uuid.uuid4()
        for wave, points in (("t0", pre), ("t6m", post)):
            facts = replace(SILENT, scored=points is not None, answered=points is not None, completed_at=OPENS)
            made.append(Row(person, wave, points, facts))
    return made


def page_of(measurements: list[Row], now: datetime) -> Figures:
    """The figures of a programme with these measurements, by the way every page goes."""
    text = (resources.files("service.followup") / "protocols" / "zes-vragen.yaml").read_text("utf-8")
    instruments = load_instruments()
    protocol = read_protocol(text, instruments).protocol
    instrument = instrument_outcome(instruments[protocol.instrument])
    people = {row.enrolment_id: f"P{place:04d}" for place, row in enumerate(measurements)}
    spells = [
        Spell(id=person, pseudonym=name, number=1, arm="intervention", started_on=OPENS.date(), birth_year=None, exit_kind=None, exited_on=None, present=False, noted=False, shared=True)
        for person, name in people.items()
    ]  # fmt: skip
    measured = [
        Measured(row.enrolment_id, _long_row(people[row.enrolment_id], row), row.score, row.facts)
        for row in measurements
    ]
    programme = Programme("Samen", "Samen", "reduce", "Westwijk", None)
    told = long_rows(protocol, instrument, programme, spells, measured, now)
    found = records(protocol, instrument, programme, [one.row for one in told], now)
    plan = default_plan(instrument, [wave.key for wave in protocol.waves], found.primary)
    return figures(protocol, analyse(found, plan, live=True))


def _long_row(pseudonym: str, row: Row) -> LongRow:
    opened = row.facts.opens_at.date()
    return LongRow(
        pseudonym=pseudonym, intervention="Samen", programme="Samen", arm="intervention", enrolled_on=opened,
        wave=row.wave, wave_position=0, target_on=opened, opened_on=opened, closed_on=row.facts.closes_at.date(),
        status=row.facts.status, status_reason="", mode=None, language="nl", instrument="djg6",
        instrument_version="2006", answered_on=None, scores={"total": row.score},
    )  # fmt: skip


def of(pairs: list[tuple[int | None, int | None]]) -> Figures:
    return page_of(rows(pairs), AFTER)


def test_a_fall_is_named_only_when_its_interval_excludes_zero() -> None:
    falls = of([(5, 3), (4, 3), (6, 4), (5, 4), (4, 2), (5, 3), (6, 5), (4, 3), (5, 3), (6, 4)])
    level = of([(5, 4), (4, 5), (3, 3), (5, 6), (4, 3), (2, 3), (6, 5), (4, 4), (5, 5), (3, 4)])
    assert getattr(falls, "direction", None) is Direction.FELL
    assert getattr(level, "direction", None) is Direction.SAME


def test_nine_pairs_say_nothing_and_the_paired_rate_counts_everybody_whose_window_closed() -> None:
    nine = of([(5, 3)] * 9 + [(5, None)] * 3 + [(None, 4)])
    assert getattr(nine, "change", 0) is None
    assert getattr(nine, "direction", None) is Direction.UNKNOWN
    paired = getattr(nine, "paired", None)
    assert (paired.count, paired.of) == (9, 13)  # type: ignore[union-attr]


def test_who_asked_for_us_is_called_before_who_is_silent() -> None:
    later, sooner = OPENS, OPENS - timedelta(days=9)
    assert call_order("asked_for_call", later) < call_order("no_answer", sooner)
    assert call_order("no_answer", sooner) < call_order("no_answer", later)
