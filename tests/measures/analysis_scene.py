"""A made-up programme as records: people with answers to the eleven items at three waves, some of whom fall silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from service.bootstrap import load_instruments
from service.measures.analysis.plan import AnalysisPlan, default_plan
from service.measures.analysis.records import Enrolled, PlannedWave, Record, Records, age_group
from service.measures.goal import GoalType
from service.measures.instrument import OutcomeInstrument, outcome
from service.measures.leaving import Exit
from service.measures.response_rates import Reach
from service.measures.retention import WaveOutcome
from service.measures.scoring import score

INSTRUMENT = outcome(load_instruments()["djg11"])
WAVES = (
    PlannedWave("t0", {"nl": "Nulmeting", "en": "Baseline"}, 0.0),
    PlannedWave("t3m", {"nl": "Na 3 maanden", "en": "After 3 months"}, 91.3),
    PlannedWave("t6m", {"nl": "Na 6 maanden", "en": "After 6 months"}, 182.6),
)
START = date(2025, 1, 6)
CODES = ("no", "more_or_less", "yes")


def made_up(
    people: int = 80,
    others: int = 0,
    *,
    seed: int = 1,
    silent: float = 0.2,
    skipped: float = 0.0,
    goal: GoalType = GoalType.REDUCE,
) -> Records:
    """So many people in the programme and in a comparison arm; a share falls silent per later wave, and skips items."""
    chance = np.random.default_rng(seed)
    arms = ["intervention"] * people + ["comparison"] * others
    enrolments: list[Enrolled] = []
    measurements: list[Record] = []
    for number, arm in enumerate(arms):
        key = f"P{number:04d}"
        started = START + timedelta(days=int(chance.integers(0, 60)))
        left = chance.random() < 0.15
        enrolments.append(
            Enrolled(
                key=key,
                arm=arm,
                enrolled_on=started,
                exit_kind=Exit(str(chance.choice(["stopped", "moved", "deceased", "completed"]))) if left else None,
                exit_on=started + timedelta(days=int(chance.integers(10, 170))) if left else None,
                received=chance.random() < 0.95,
                age_group=age_group(started, int(chance.integers(1930, 1960))),
            )
        )
        level = chance.normal(0, 1)
        silent_from = 3
        for place in (1, 2):
            if silent_from == 3 and chance.random() < silent:
                silent_from = place
        for place, wave in enumerate(WAVES):
            helped = 0.25 * place if arm == "intervention" else 0.05 * place
            codes = _codes(chance, level - helped, skipped) if place < silent_from else {}
            measurements.append(_record(len(measurements) + 2, key, wave, started, codes, chance))
    return Records(
        programme="Samen aan tafel",
        intervention="Samen aan tafel",
        goal=goal,
        instrument=INSTRUMENT,
        waves=WAVES,
        baseline="t0",
        primary="t6m",
        as_of=datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
        enrolments=tuple(enrolments),
        measurements=tuple(measurements),
    )


def plan_of(records: Records, **changes: object) -> AnalysisPlan:
    """The default plan of these records, with changes."""
    made = default_plan(records.instrument, [wave.key for wave in records.waves], records.primary)
    return replace(made, **changes)  # type: ignore[arg-type]


def _codes(chance: np.random.Generator, level: float, skipped: float) -> dict[int, str]:
    codes = {}
    for item in INSTRUMENT.items:
        lonely = chance.normal(level, 1.0) > 0
        towards = "yes" if item.subscale == "emotional" else "no"
        away = "no" if item.subscale == "emotional" else "yes"
        if chance.random() < skipped:
            codes[item.number] = "no_answer"
        else:
            codes[item.number] = (towards if chance.random() < 0.7 else "more_or_less") if lonely else away
    return codes


def _record(
    row: int, key: str, wave: PlannedWave, started: date, codes: dict[int, str], chance: np.random.Generator
) -> Record:
    opened = started + timedelta(days=round(wave.days))
    scored = score(INSTRUMENT, {number: code for number, code in codes.items() if code != "no_answer"})
    valid = bool(codes) and scored.values["total"] is not None
    answered = {number: code for number, code in codes.items() if code != "no_answer"}
    became = WaveOutcome.COMPLETE if valid else WaveOutcome.PARTIAL if answered else WaveOutcome.NO_REPLY
    return Record(
        row=row,
        enrolment=key,
        wave=wave.key,
        outcome=became,
        reach=Reach.STARTED if answered else Reach.DELIVERED,
        instrument=INSTRUMENT.key,
        version=INSTRUMENT.version,
        language="nl",
        opened_on=opened,
        mode=("sms" if chance.random() < 0.9 else "web") if answered else "",
        answered_on=opened if answered else None,
        in_course=valid,
        in_change=valid and wave.key == "t6m",
        codes=codes,
        scores=scored.values if codes else {},
    )


@dataclass(frozen=True)
class Somebody:
    """One person of a scene made by hand: the answers by wave ({}: silent, no wave: still to come), and the rest."""

    answers: Mapping[str, Mapping[int, str]]
    arm: str = "intervention"
    cluster: str = ""
    mode: Mapping[str, str] = field(default_factory=dict)
    outcome: Mapping[str, WaveOutcome] = field(default_factory=dict)
    waits: frozenset[str] = frozenset()
    helped: bool = False


def records_of(
    people: Sequence[Somebody],
    *,
    instrument: OutcomeInstrument = INSTRUMENT,
    waves: Sequence[PlannedWave] = WAVES,
    baseline: str = "t0",
    primary: str = "t6m",
    goal: GoalType = GoalType.REDUCE,
) -> Records:
    """These people as records, in their order."""
    enrolments: list[Enrolled] = []
    measurements: list[Record] = []
    for number, somebody in enumerate(people):
        key = f"P{number:04d}"
        enrolments.append(Enrolled(key=key, arm=somebody.arm, enrolled_on=START, cluster=somebody.cluster))
        for wave in waves:
            if wave.key in somebody.answers:
                made = _measured(len(measurements) + 2, key, wave, somebody, instrument, primary)
                measurements.append(made)
    return Records(
        programme="Samen aan tafel",
        intervention="Samen aan tafel",
        goal=goal,
        instrument=instrument,
        waves=tuple(waves),
        baseline=baseline,
        primary=primary,
        as_of=datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
        enrolments=tuple(enrolments),
        measurements=tuple(measurements),
    )


def lonely(count: int, skipped: frozenset[int] = frozenset()) -> dict[int, str]:
    """Answers to the eleven items of which the first `count` are lonely; some skipped."""
    codes = {}
    for item in INSTRUMENT.items:
        towards, away = ("yes", "no") if item.subscale == "emotional" else ("no", "yes")
        if item.number not in skipped:
            codes[item.number] = towards if item.number <= count else away
    return codes


def _measured(
    row: int, key: str, wave: PlannedWave, somebody: Somebody, instrument: OutcomeInstrument, primary: str
) -> Record:
    codes = dict(somebody.answers[wave.key])
    scores = score(instrument, codes).values if codes else {}
    valid = scores.get(instrument.primary.key) is not None
    became = WaveOutcome.COMPLETE if valid else WaveOutcome.PARTIAL if codes else WaveOutcome.NO_REPLY
    counts = valid and wave.key not in somebody.waits
    opened = START + timedelta(days=round(wave.days))
    return Record(
        row=row,
        enrolment=key,
        wave=wave.key,
        outcome=somebody.outcome.get(wave.key, became),
        reach=Reach.STARTED if codes else Reach.DELIVERED,
        instrument=instrument.key,
        version=instrument.version,
        language="nl",
        opened_on=opened,
        mode=somebody.mode.get(wave.key, "sms") if codes else "",
        answered_on=opened if codes else None,
        helper_delivers=somebody.helped,
        in_course=counts,
        in_change=counts and wave.key == primary,
        codes=codes,
        scores=scores,
    )
