"""What makes records no series of outcomes: named, with the row, before anything is averaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from service.measures.analysis.arm_view import ARMS
from service.measures.analysis.plan import AnalysisPlan, problems
from service.measures.analysis.records import Record, Records
from service.measures.analysis.result import Fault
from service.measures.instrument import NO_ANSWER
from service.measures.like_for_like import Measured, RefusedSeries, outcome_series
from service.measures.scoring_table import codes_of


def faults_in(records: Records, plan: AnalysisPlan) -> tuple[Fault, ...]:
    """Everything that stands in the way, in the order of the rows; first what is wrong with the plan (row 0).

    The plan does not fit the waves or the instrument; an arm, a wave or an enrolment that is not known, or an enrolment
    twice; a code that the instrument does not have; instruments, versions or check-ins mixed in one series; a person
    twice in one wave; an answer from before the enrolment.
    """
    waves = [wave.key for wave in records.waves]
    found = [
        Fault(0, f"plan_{one.fault}", one.found, one.expected) for one in problems(plan, records.instrument, waves)
    ]
    for name, ours, theirs in (
        ("baseline", plan.baseline, records.baseline),
        ("primary", plan.primary, records.primary),
    ):
        if ours != theirs:
            found.append(Fault(0, f"plan_other_{name}", ours, theirs))
    rows = [*_unknown(records, waves), *_series(records)]
    return (*found, *sorted(rows, key=lambda fault: fault.row))


def _unknown(records: Records, waves: list[str]) -> Iterator[Fault]:
    people = {person.key for person in records.enrolments}
    yield from _enrolments(records)
    codes = {*codes_of(records.instrument), NO_ANSWER}
    items = {item.number for item in records.instrument.items}
    for record in records.measurements:
        if record.wave not in waves:
            yield Fault(record.row, "unknown_wave", record.wave, ", ".join(waves))
        if record.enrolment not in people:
            yield Fault(record.row, "unknown_enrolment", record.enrolment)
        for item, code in record.codes.items():
            if item not in items:
                yield Fault(record.row, "unknown_item", str(item))
            elif code not in codes:
                yield Fault(record.row, "unknown_code", f"item {item}: {code}", ", ".join(sorted(codes)))


def _enrolments(records: Records) -> Iterator[Fault]:
    """An arm that no figure is made of, and an enrolment that stands there twice."""
    for key, count in sorted(Counter(person.key for person in records.enrolments).items()):
        if count > 1:
            yield Fault(0, "duplicate_enrolment", key)
    for arm in sorted({person.arm for person in records.enrolments} - set(ARMS)):
        yield Fault(0, "unknown_arm", arm, ", ".join(ARMS))


def _series(records: Records) -> Iterator[Fault]:
    """The measurements with answers, as one series of the protocol's instrument."""
    enrolled = {person.key: person.enrolled_on for person in records.enrolments}
    instrument = records.instrument
    rows = [_measured(record, enrolled) for record in records.measurements if record.codes]
    found = outcome_series(rows, {instrument.key: frozenset(one.key for one in instrument.cutoffs)}) if rows else None
    if isinstance(found, RefusedSeries):
        for fault in found.faults:
            yield Fault(fault.row, str(fault.fault), fault.found, fault.expected)
    for row in rows:
        if (row.instrument, row.version) != (instrument.key, instrument.version):
            theirs = f"{row.instrument} {row.version}"
            yield Fault(row.row, "other_instrument", theirs, f"{instrument.key} {instrument.version}")


def _measured(record: Record, enrolled: dict[str, date]) -> Measured:
    day = record.answered_on or record.opened_on
    return Measured(
        row=record.row,
        person=record.enrolment,
        wave=record.wave,
        instrument=record.instrument,
        version=record.version,
        language=record.language,
        mode=record.mode,
        day=day,
        enrolled_on=enrolled.get(record.enrolment, day),
        helper_delivers=record.helper_delivers,
    )
