"""Rows of the long file -> the records of an analysis. The service and `peil analyse` both go this way, so that a file
and the database it came from give one result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from service.measures.analysis.records import AgeGroup, Enrolled, PlannedWave, Record, Records
from service.measures.goal import GoalType
from service.measures.instrument import OutcomeInstrument
from service.measures.leaving import Exit
from service.measures.long_row import NOT_SHARED, LongRow
from service.measures.response_rates import Reach
from service.measures.retention import WaveOutcome

#: A row with the line it stands on in a file (0: it comes from the database).
Numbered: TypeAlias = tuple[int, LongRow]

#: What the columns `reach` and `wave_role` say.
REACH = {str(reach.name).lower(): reach for reach in Reach}
BASELINE, PRIMARY = "baseline", "primary"


@dataclass(frozen=True, slots=True)
class Setting:
    """What every row of a programme has in common. `as_of`: the moment of the data (UTC)."""

    programme: str
    intervention: str
    goal: GoalType
    instrument: OutcomeInstrument
    waves: tuple[PlannedWave, ...]
    baseline: str
    primary: str
    as_of: datetime


def records_of(setting: Setting, rows: Sequence[Numbered]) -> Records:
    """The records of one programme, in an order that does not depend on that of the rows.

    Rows that are not counted still say who is enrolled. Values must be those of the codebook; a KeyError or ValueError
    otherwise. A row that is counted has a day on which it opened.
    """
    places = {wave.key: place for place, wave in enumerate(setting.waves)}
    counted = sorted(
        ((number, row) for number, row in rows if row.counted),
        key=lambda one: (one[1].key, places.get(one[1].wave, len(places)), one[0]),
    )
    return Records(
        programme=setting.programme,
        intervention=setting.intervention,
        goal=setting.goal,
        instrument=setting.instrument,
        waves=setting.waves,
        baseline=setting.baseline,
        primary=setting.primary,
        as_of=setting.as_of,
        enrolments=_enrolments(row for _, row in rows),
        measurements=tuple(_record(number, row) for number, row in counted),
        withheld=sum(_is_withheld(row) for _, row in counted),
    )


def waves_of(rows: Iterable[LongRow]) -> tuple[PlannedWave, ...]:
    """The waves of the protocol, in its order, as the rows tell them."""
    found = {
        row.wave_number: PlannedWave(row.wave, _titles(row), row.wave_days or 0.0)
        for row in rows
        if row.wave_number is not None
    }
    return tuple(found[number] for number in sorted(found))


def _titles(row: LongRow) -> dict[str, str]:
    return {language: title for language, title in (("nl", row.wave_title_nl), ("en", row.wave_title_en)) if title}


def _enrolments(rows: Iterable[LongRow]) -> tuple[Enrolled, ...]:
    """Everybody enrolled, once each."""
    first: dict[str, LongRow] = {}
    for row in rows:
        first.setdefault(row.key, row)
    return tuple(
        Enrolled(
            key=key,
            arm=row.arm,
            enrolled_on=row.enrolled_on,
            exit_kind=Exit(row.exit_kind) if row.exit_kind else None,
            exit_on=row.exited_on,
            planned_end=row.planned_end_on,
            received=bool(row.received),
            cluster=row.site,
            age_group=AgeGroup(row.age_group),
        )
        for key, row in sorted(first.items())
    )


def _record(number: int, row: LongRow) -> Record:
    return Record(
        row=number,
        enrolment=row.key,
        wave=row.wave,
        outcome=WaveOutcome(row.outcome or ""),
        reach=REACH[row.reach or ""],
        instrument=row.instrument,
        version=row.instrument_version,
        language=row.language,
        opened_on=row.opened_on or date.min,
        mode=row.mode or "",
        answered_on=row.answered_on,
        helper_delivers=bool(row.helper_delivers),
        in_course=bool(row.in_course),
        in_change=bool(row.in_change),
        codes=row.answers,
        scores=row.scores,
    )


def _is_withheld(row: LongRow) -> bool:
    """Whether this person answered and did not agree that others read along."""
    return row.status_reason == NOT_SHARED and row.reach == Reach.STARTED.name.lower()
