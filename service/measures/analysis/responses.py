"""Who was asked, who answered and who left, per arm: about taking part, so nothing of it is hidden (DESIGN 6.6)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from service.measures.analysis.arm_view import ArmView
from service.measures.analysis.result import Figure, Unit
from service.measures.analysis.sheet import Sheet, figure
from service.measures.estimate import NotEstimable
from service.measures.flow import Assessed, flow
from service.measures.leaving import Exit, Leaving, LeavingCurves, Spell, Stay, leaving_curves, spell
from service.measures.log_rank import log_rank
from service.measures.response_rates import Course, WaveFlow, paired_rate, response_course, response_rates, wave_flow
from service.measures.retention import WaveOutcome
from service.measures.survival import MedianTime, median_time, survival_at

#: At how many days the share that still takes part is given.
STAYING = (90, 180, 365)
_COUNTS = (
    "enrolled", "closed", "invited", "delivered", "started", "complete", "late", "partial", "refused", "bounced",
    "no_reply", "pending", "left",
)  # fmt: skip


def fill_responses(sheet: Sheet, view: ArmView) -> None:
    """`response.<arm>`: per wave its counts, AAPOR's rates, cumulative and conditional response; the paired rate."""
    waves = view.wave_keys
    for wave in waves:
        found = wave_flow(wave, [Course(record.outcome, record.reach) for record in view.of_wave(wave)])
        _fill_wave(sheet, f"response.{view.arm}.{wave}", found)
        _fill_open(sheet, view, wave)
    people = [[_outcome(view, key, wave) for wave in waves] for key in view.keys]
    for wave, response in zip(waves, response_course(people, len(waves)), strict=True):
        sheet.process(f"response.{view.arm}.{wave}.cumulative", response.cumulative)
        sheet.process(f"response.{view.arm}.{wave}.conditional", response.conditional)
    ends = [(_outcome(view, key, view.plan.baseline), _outcome(view, key, view.plan.primary)) for key in view.keys]
    sheet.process(f"response.{view.arm}.paired", paired_rate(ends))


def _fill_wave(sheet: Sheet, key: str, found: WaveFlow) -> None:
    for name in _COUNTS:
        sheet.count(f"{key}.{name}", getattr(found, name))
    rates = response_rates(found)
    for name in ("rr1", "rr2", "coop1", "ref1"):
        sheet.process(f"{key}.{name}", getattr(rates, name))


def _fill_open(sheet: Sheet, view: ArmView, wave: str) -> None:
    """How many could answer now, and how many of those have: in no denominator yet."""
    today = view.records.as_of.date()
    here = [
        record for record in view.of_wave(wave) if record.outcome is WaveOutcome.PENDING and record.opened_on <= today
    ]
    answered = sum(record.scores.get(view.plan.outcome) is not None for record in here)
    sheet.count(f"response.{view.arm}.{wave}.open", len(here))
    sheet.count(f"response.{view.arm}.{wave}.open_answered", answered, len(here))


def _outcome(view: ArmView, key: str, wave: str) -> WaveOutcome:
    """What became of a wave; one that was not planned (yet) for this person is still to come."""
    record = view.by_wave.get((key, wave))
    return WaveOutcome.PENDING if record is None else record.outcome


def fill_flow(sheet: Sheet, view: ArmView) -> None:
    """`flow.<arm>`: everybody enrolled, split by what became of taking part and, apart from that, of being asked."""
    people = [
        Assessed(
            arm=view.arm,
            received=person.received,
            exit_kind=person.exit_kind,
            waves={
                wave: view.by_wave[person.key, wave].outcome
                for wave in view.wave_keys
                if (person.key, wave) in view.by_wave
            },
        )
        for person in view.people
    ]
    [arm] = flow(people, view.wave_keys, view.plan.baseline, view.plan.primary).arms
    key = f"flow.{view.arm}"
    sheet.count(f"{key}.enrolled", arm.enrolled)
    sheet.count(f"{key}.received", arm.taking.received, arm.enrolled)
    sheet.count(f"{key}.not_received", arm.taking.not_received, arm.enrolled)
    for kind in (None, *Exit):
        count = arm.taking.by_exit.get(kind, 0) + arm.taking.by_exit_before.get(kind, 0)
        if count or kind is None:
            sheet.count(f"{key}.exit.{kind or Leaving.STILL_THERE}", count, arm.enrolled)
    sheet.count(f"{key}.analysed", arm.asking.analysed, arm.enrolled)
    for why, count in arm.asking.left_out.items():
        sheet.count(f"{key}.left_out.{why}", count, arm.enrolled)


def fill_leaving(sheet: Sheet, view: ArmView) -> None:
    """`leaving.<arm>`: Kaplan-Meier for drop-out from the programme, and per other cause the share that has left."""
    key = f"leaving.{view.arm}"
    found = leaving_curves([_stay(view, place) for place in range(len(view.people))], view.records.as_of.date())
    if isinstance(found, NotEstimable):
        sheet.process(f"{key}.median", found, Unit.DAYS)
        return
    sheet.count(f"{key}.followed", found.followed, len(view.people))
    for why, count in found.not_followed.items():
        if count:
            sheet.count(f"{key}.not_followed.{why}", count, len(view.people))
    _fill_curves(sheet, key, found)


def _fill_curves(sheet: Sheet, key: str, found: LeavingCurves) -> None:
    sheet.put(f"{key}.median", _median(median_time(found.drop_out)))
    for days in STAYING:
        sheet.process(f"{key}.staying.{days}", survival_at(found.drop_out, days))
    sheet.curve(f"{key}.drop_out", found.drop_out)
    for cause, curve in found.incidence.items():
        if curve.events.any():
            sheet.incidence(f"{key}.{cause}", curve)


def _median(found: MedianTime | NotEstimable) -> Figure:
    """The median time; its upper limit may lie beyond what was seen, and is then not there."""
    if isinstance(found, NotEstimable):
        return figure(found, Unit.DAYS, {})
    high = None if isinstance(found.high, NotEstimable) else found.high
    return Figure(Unit.DAYS, found.value, found.low, high, found.n)


def fill_log_rank(sheet: Sheet, views: Sequence[ArmView]) -> None:
    """`leaving.log_rank.<arm>.<arm>`: whether two arms are left at the same pace."""
    for one, other in combinations(views, 2):
        spells = [(place, spelled) for place, view in enumerate((one, other)) for spelled in _spells(view)]
        found = log_rank(
            np.array([each.days for _, each in spells]),
            np.array([each.end is Leaving.DROPPED_OUT for _, each in spells], dtype=bool),
            np.array([place for place, _ in spells]),
        )
        key = f"leaving.log_rank.{one.arm}.{other.arm}"
        if isinstance(found, NotEstimable):
            sheet.process(key, found, Unit.STATISTIC)
        else:
            sheet.constant(key, found.chi2, Unit.STATISTIC, df=found.df, p=found.p)


def _spells(view: ArmView) -> list[Spell]:
    found = [spell(_stay(view, place), view.records.as_of.date()) for place in range(len(view.people))]
    return [each for each in found if isinstance(each, Spell)]


def _stay(view: ArmView, place: int) -> Stay:
    person = view.people[place]
    return Stay(person.enrolled_on, person.exit_kind, person.exit_on, None, person.planned_end)
