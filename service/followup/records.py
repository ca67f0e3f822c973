"""From what the store knows of a programme to the rows of the long file and the records of an analysis, at one moment.

The rows are made first and the records from them: a file that was exported gives the same records again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.followup import counted
from service.followup.figures import days_of
from service.followup.outcomes import WaveFacts, outcome
from service.followup.participation import Arm
from service.followup.protocol import Protocol, Wave
from service.followup.replanning import REPLANNED
from service.measures.analysis.records import PlannedWave, Records, age_group
from service.measures.goal import GoalType
from service.measures.instrument import OutcomeInstrument
from service.measures.leaving import Exit
from service.measures.long_records import BASELINE, PRIMARY, Setting, records_of
from service.measures.long_row import LongRow
from service.measures.response_rates import Reach


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme, as far as its figures need it. `ends_on` is its last day, None while that is not fixed."""

    name: str
    intervention: str
    goal: str
    site: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Spell:
    """One enrolment. `number` counts those of this person in this programme, from 1.

    `present`: an attendance during it was recorded as present; `noted`: present or absent was recorded at all.
    """

    id: UUID
    pseudonym: str
    number: int
    arm: str
    started_on: date
    birth_year: int | None
    exit_kind: str | None
    exited_on: date | None
    present: bool
    noted: bool
    shared: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement: its row of the file as far as the store can fill it, its primary score, and what is known."""

    enrolment_id: UUID
    row: LongRow
    score: int | None
    facts: WaveFacts


@dataclass(frozen=True, slots=True)
class Told:
    """A complete row of the long file, and whether the person agreed that the evaluator reads its answers."""

    row: LongRow
    shared: bool


def long_rows(
    protocol: Protocol,
    instrument: OutcomeInstrument,
    programme: Programme,
    spells: Sequence[Spell],
    measured: Sequence[Measured],
    now: datetime,
) -> tuple[Told, ...]:
    """Every wave of every enrolment, with all columns, as it stands at `now` (UTC). In the order of the enrolments.

    A wave of the protocol that is not planned for somebody (yet) has a row without an outcome. So has a measurement
    that counts in no figure: a changed plan took it away, or the protocol does not have its wave any more.
    """
    steps = _steps(protocol, spells, measured, now)
    begun, waves = _begun(spells), _waves(protocol)
    here: dict[UUID, list[Measured]] = defaultdict(list)
    for one in measured:
        here[one.enrolment_id].append(one)
    found: list[Told] = []
    for spell in spells:
        of_person = _person(programme, spell, received=begun[spell.id], now=now)
        rows = [
            replace(one.row, **of_person, **waves.get(one.row.wave, {}), **_became(one, steps, now))
            for one in here[spell.id]
        ]
        planned = {row.wave for row in rows}
        rows += [
            replace(_not_planned(protocol, instrument, programme, spell, wave), **of_person, **waves[wave.key])
            for wave in protocol.waves
            if wave.key not in planned
        ]
        found += [Told(row, spell.shared) for row in sorted(rows, key=_place)]
    return tuple(found)


def records(
    protocol: Protocol,
    instrument: OutcomeInstrument,
    programme: Programme,
    rows: Iterable[LongRow],
    now: datetime,
) -> Records:
    """The records of one programme, from all its rows."""
    first, last = ends(protocol)
    setting = Setting(
        programme=programme.name,
        intervention=programme.intervention,
        goal=GoalType(programme.goal),
        instrument=instrument,
        waves=tuple(PlannedWave(wave.key, wave.title, float(days_of(wave.offset))) for wave in protocol.waves),
        baseline=first.key,
        primary=last.key,
        as_of=now,
    )
    return records_of(setting, [(0, row) for row in rows])


def ends(protocol: Protocol) -> tuple[Wave, Wave]:
    """The two waves that a change is about: the first one, and the primary one (the last when none is named)."""
    return protocol.waves[0], next((wave for wave in protocol.waves if wave.primary), protocol.waves[-1])


def reach(facts: WaveFacts) -> Reach:
    """How far a wave came. Who declined has been reached, also when a person asked and no message did."""
    if facts.answered:
        return Reach.STARTED
    if facts.arrived > 0 or facts.status_reason == "declined":
        return Reach.DELIVERED
    return Reach.INVITED if facts.messages > 0 else Reach.NOT_INVITED


@dataclass(frozen=True, slots=True)
class _Steps:
    """Whose scores count now, in the mean of a wave and in the change, by wave; and the waves that the figures know."""

    course: frozenset[tuple[UUID, str]]
    change: frozenset[tuple[UUID, str]]
    waves: frozenset[str]


def _steps(protocol: Protocol, spells: Sequence[Spell], measured: Sequence[Measured], now: datetime) -> _Steps:
    """Per arm: a step of ten is ten people of one arm."""
    arms = {spell.id: spell.arm for spell in spells}
    waves = frozenset(wave.key for wave in protocol.waves)
    groups: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    for one in measured:
        if one.row.wave in waves and one.facts.status_reason != REPLANNED:
            groups[arms[one.enrolment_id], one.row.wave].append(one)
    first, last = ends(protocol)
    course: set[tuple[UUID, str]] = set()
    change: set[tuple[UUID, str]] = set()
    for (_, wave), group in groups.items():
        course |= {(person, wave) for person in counted.in_course(group, now)}
    if first != last:
        for arm in Arm:
            people = counted.in_change(groups[arm, first.key], groups[arm, last.key], now)
            change |= {(person, wave.key) for person in people for wave in (first, last)}
    return _Steps(frozenset(course), frozenset(change), waves)


def _begun(spells: Sequence[Spell]) -> dict[UUID, bool]:
    """Whether taking part really began: by the attendance where an arm keeps one, else by how it ended."""
    keeping = {spell.arm for spell in spells if spell.noted}
    return {
        spell.id: spell.present if spell.arm in keeping else spell.exit_kind != Exit.NEVER_STARTED for spell in spells
    }


def _person(programme: Programme, spell: Spell, *, received: bool, now: datetime) -> dict[str, Any]:
    """The columns that all rows of one enrolment have in common."""
    return {
        "enrolment": spell.number,
        "site": programme.site,
        "goal": programme.goal,
        "age_group": str(age_group(spell.started_on, spell.birth_year)),
        "received": received,
        "exit_kind": spell.exit_kind,
        "exited_on": spell.exited_on,
        "planned_end_on": programme.ends_on,
        "as_of": now,
    }


def _waves(protocol: Protocol) -> dict[str, dict[str, Any]]:
    """The columns that say what the protocol has of a wave, by its key."""
    first, last = ends(protocol)
    return {
        wave.key: {
            "wave_number": number,
            "wave_role": PRIMARY if wave == last else BASELINE if wave == first else "",
            "wave_days": float(days_of(wave.offset)),
            "wave_title_nl": wave.title.get("nl", ""),
            "wave_title_en": wave.title.get("en", ""),
        }
        for number, wave in enumerate(protocol.waves, start=1)
    }


def _became(one: Measured, steps: _Steps, now: datetime) -> dict[str, Any]:
    """What became of a measurement; nothing when it counts in no figure."""
    if one.row.wave not in steps.waves or one.facts.status_reason == REPLANNED:
        return {}
    key = (one.enrolment_id, one.row.wave)
    return {
        "outcome": str(outcome(one.facts, now)),
        "reach": reach(one.facts).name.lower(),
        "in_course": key in steps.course,
        "in_change": key in steps.change,
    }


def _not_planned(
    protocol: Protocol, instrument: OutcomeInstrument, programme: Programme, spell: Spell, wave: Wave
) -> LongRow:
    """The row of a wave without a measurement."""
    return LongRow(
        pseudonym=spell.pseudonym,
        intervention=programme.intervention,
        programme=programme.name,
        arm=spell.arm,
        enrolled_on=spell.started_on,
        wave=wave.key,
        wave_position=protocol.waves.index(wave),
        target_on=None,
        opened_on=None,
        closed_on=None,
        status="",
        status_reason="",
        mode=None,
        language=protocol.language,
        instrument=instrument.key,
        instrument_version=instrument.version,
        answered_on=None,
    )


def _place(row: LongRow) -> tuple[int, int]:
    return row.wave_number or 0, row.wave_position
