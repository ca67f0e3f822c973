"""Analyses of every shape, with what they are told by: for the tests of the words of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from service.bootstrap import load_render
from service.measures.analysis.analyse import analyse
from service.measures.analysis.plan import AnalysisPlan, Subgroup
from service.measures.analysis.records import Records
from service.measures.analysis.result import Analysis, Fault, Figure, Head, Unit
from service.measures.ancova import Assignment
from service.measures.estimate import Reason
from service.measures.goal import GoalType
from service.measures.instrument import OutcomeInstrument, outcome
from service.measures.instrument_file import read_instruments
from service.measures.leaving import Exit
from service.measures.regression_to_mean import Population
from service.measures.response_rates import Reach
from service.measures.retention import WaveOutcome
from service.messages.results.names import Names, names_of
from service.messages.results.sentences import sentences
from service.messages.results.telling import Passage, Telling
from tests.measures.analysis_scene import INSTRUMENT, WAVES, made_up, plan_of

#: One room of sentences.
Part = Callable[[Telling], Iterator[Passage]]
TEXTS = load_render().catalogue.results
LANGUAGES = ("nl", "en")
_EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "who5.yaml"

HEAD = Head(
    programme="Samen aan tafel",
    intervention="Samen aan tafel",
    goal="reduce",
    instrument="djg11",
    instrument_version="1999/2022",
    outcome="total",
    cutoff_set="manual",
    waves=("t0", "t3m", "t6m"),
    baseline="t0",
    primary="t6m",
    arms=("intervention",),
    as_of="2026-01-05T23:30:00+00:00",
    live=True,
    plan_digest="f" * 64,
    plan_locked_on="",
    data_digest="0123456789abcdef" * 4,
    people=80,
    measurements=240,
    withheld=0,
)


@dataclass(frozen=True)
class Told:
    """One programme, analysed."""

    records: Records
    plan: AnalysisPlan
    analysis: Analysis

    def names(self, language: str) -> Names:
        """The names in it."""
        plan, records = self.plan, self.records
        return names_of(records.instrument, records.waves, language, outcome=plan.outcome, cutoff_set=plan.cutoff_set)

    def passages(self, language: str) -> list[Passage]:
        """All of it in words."""
        return sentences(self.analysis, self.names(language), language, TEXTS)


def names(language: str) -> Names:
    """The names of the made-up programme."""
    return names_of(INSTRUMENT, WAVES, language)


def telling(
    language: str = "nl",
    figures: dict[str, Figure] | None = None,
    words: dict[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
    plan_late: bool | None = None,
    **head: Any,
) -> Telling:
    """An analysis of these figures only, to be told in this language."""
    made = replace(HEAD, **head)
    analysis = Analysis(made, figures or {}, words=words or {}, faults=faults)
    return Telling(analysis, names(language), language, TEXTS, plan_late)


#: What cannot be estimated from fifteen people.
TOO_FEW = Figure(Unit.POINTS, n=15, reason=Reason.TOO_FEW, detail={"n": 15, "needed": 30})


def count(number: int, of: int | None = None) -> Figure:
    """A number of people."""
    return Figure(Unit.PEOPLE, float(number), n=number, of=of)


def told_by(
    part: Part,
    key: str,
    figures: Mapping[str, Figure],
    language: str = "nl",
    words: Mapping[str, str] | None = None,
    **head: Any,
) -> tuple[str, str]:
    """Heading and text of one passage, with ordinary spaces and hyphens."""
    given = {"waves": ("t6m",), "baseline": "t0"} | head
    found = {one.key: one for one in part(telling(language, dict(figures), dict(words or {}), **given))}[key]
    return plain(found.heading), plain(found.text)


def plain(words: str) -> str:
    """With ordinary spaces and hyphens."""
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "--")


def who5() -> OutcomeInstrument:
    """The questionnaire of one's own of the examples, where higher is better, with words filled in."""
    text = _EXAMPLE.read_text("utf-8").replace("FILL IN: ", "a text for ")
    return outcome(read_instruments({"who5.yaml": text}, {})["who5"])


def _with_own_instrument() -> Records:
    """The made-up people, asked another questionnaire: who was lonely is less well."""
    instrument, records, chance = who5(), made_up(120, 0), np.random.default_rng(3)
    codes = [option.code for option in instrument.options]
    measurements = []
    for record in records.measurements:
        lonely = record.scores.get("total")
        if lonely is None:
            measurements.append(
                replace(record, instrument="who5", version=instrument.version, codes={}, scores={}, in_course=False)
            )
            continue
        places = [min(5, max(0, round(lonely / 11 * 4 + chance.normal(0, 1)))) for _ in instrument.items]
        measurements.append(
            replace(
                record,
                instrument="who5",
                version=instrument.version,
                codes={item.number: codes[place] for item, place in zip(instrument.items, places, strict=True)},
                scores={"total": 25 - sum(places)},
            )
        )
    return replace(records, instrument=instrument, measurements=tuple(measurements))


def _three_arms() -> Records:
    """A third of the participants wait, and others are compared."""
    records = made_up(160, 60, seed=4)
    arms = {
        person.key: "waiting_list" if person.arm == "intervention" and place % 3 == 0 else person.arm
        for place, person in enumerate(records.enrolments)
    }
    return replace(records, enrolments=tuple(replace(one, arm=arms[one.key]) for one in records.enrolments))


def _helped() -> Records:
    """Some were helped by somebody of the programme, answered in English, live at one of three sites, left otherwise."""
    records = made_up(90, 0, seed=5, skipped=0.04)
    people = []
    for place, person in enumerate(records.enrolments):
        kind = list(Exit)[place // 3 % len(Exit)] if place % 3 == 0 else None
        left = person.enrolled_on.replace(day=28) if kind and place % 2 else None
        people.append(replace(person, cluster=("Noord", "Zuid", "Oost.west")[place % 3], exit_kind=kind, exit_on=left))
    measurements = tuple(
        replace(record, helper_delivers=place % 7 == 0, language="en" if place % 5 == 0 else "nl")
        for place, record in enumerate(records.measurements)
    )
    return replace(records, enrolments=tuple(people), measurements=measurements, withheld=1)


def _not_yet() -> Records:
    """Nobody has been asked anything yet."""
    records = made_up(12)
    pending = tuple(
        replace(
            record,
            outcome=WaveOutcome.PENDING,
            reach=Reach.NOT_INVITED,
            codes={},
            scores={},
            mode="",
            answered_on=None,
            in_course=False,
            in_change=False,
        )
        for record in records.measurements
    )
    return replace(records, measurements=pending)


def _of(records: Records, *, live: bool = True, locked_on: date | None = None, **plan: object) -> Told:
    made = plan_of(records, **plan)
    return Told(records, made, analyse(records, made, live=live, locked_on=locked_on))


_POPULATION = Population(3.0, 0.6, 1000, "a survey")
_LOCKED = date(2025, 1, 2)


#: What a plan can ask for, all at once.
_EVERYTHING: dict[str, Any] = {"margin": 0.5, "subgroups": tuple(Subgroup), "population": _POPULATION}
#: Programmes of every shape: large, small and empty, alone and compared, every goal, another questionnaire.
_MADE: dict[str, Callable[[], Told]] = {
    "alone": lambda: _of(made_up(80), **_EVERYTHING),
    "alone, slopes": lambda: _of(made_up(60, skipped=0.03), random_slope=True),
    "small": lambda: _of(made_up(15)),
    "tiny": lambda: _of(made_up(3), **_EVERYTHING),
    "one": lambda: _of(made_up(1, 1)),
    "nobody": lambda: _of(made_up(0)),
    "not yet": lambda: _of(_not_yet()),
    "compared": lambda: _of(made_up(200, 150), live=False, locked_on=_LOCKED, assignment=Assignment.RANDOMISED),
    "three arms": lambda: _of(_three_arms(), locked_on=_LOCKED),
    "few compared": lambda: _of(made_up(80, 15), **_EVERYTHING),
    "only compared": lambda: _of(replace(made_up(0, 40))),
    "stabilise": lambda: _of(made_up(80, goal=GoalType.STABILISE), locked_on=_LOCKED, margin=4.0),
    "stabilise without margin": lambda: _of(made_up(80, goal=GoalType.STABILISE)),
    "prevent": lambda: _of(made_up(50, goal=GoalType.PREVENT_ONSET), margin=0.1),
    "helped": lambda: _of(_helped(), **_EVERYTHING),
    "subscale": lambda: _of(made_up(70), outcome="emotional", cutoff_set=""),
    "own questionnaire": lambda: _of(
        _with_own_instrument(), margin=1.0, population=Population(15.0, 0.5, 500, "a survey")
    ),
}
PROGRAMMES = tuple(sorted(_MADE))


@cache
def programme(name: str) -> Told:
    """One of the programmes, analysed once."""
    return _MADE[name]()
