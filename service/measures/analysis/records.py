"""What an analysis is made of: one programme's enrolments and measurements as they stood at one moment. No names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from service.measures.goal import GoalType
from service.measures.instrument import OutcomeInstrument
from service.measures.leaving import Exit
from service.measures.response_rates import Reach
from service.measures.retention import WaveOutcome

#: From this age on somebody is in the older of the two age groups.
OLDER = 75


class AgeGroup(StrEnum):
    """How old somebody was in the year of enrolment."""

    YOUNGER = "younger"  # under 75
    OLDER = "older"
    UNKNOWN = "unknown"


def age_group(enrolled_on: date, birth_year: int | None) -> AgeGroup:
    """The group of somebody born in this year, by the age they reach in the year of enrolment."""
    if birth_year is None:
        return AgeGroup.UNKNOWN
    return AgeGroup.OLDER if enrolled_on.year - birth_year >= OLDER else AgeGroup.YOUNGER


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """One wave of the protocol: its key, its names by language, and how many days after enrolment it is aimed at."""

    key: str
    title: Mapping[str, str]
    days: float


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One enrolment. `key` tells enrolments apart: the pseudonym, and which enrolment of that person it is.

    Dates are local. `received`: the intervention (or what the arm gets) has begun. `cluster`: the group whose members
    may resemble each other (a site). `age_group` is that at enrolment: an age would say too much of one person.
    """

    key: str
    arm: str
    enrolled_on: date
    exit_kind: Exit | None = None
    exit_on: date | None = None
    planned_end: date | None = None
    received: bool = True
    cluster: str = ""
    age_group: AgeGroup = AgeGroup.UNKNOWN


@dataclass(frozen=True, slots=True)
class Record:
    """One measurement of one enrolment, answered or not.

    `row` is the line it stood on in a file, for whoever must mend it (0: it comes from the database). `in_course` and
    `in_change` say whether its score counts, at this moment, in the mean of its wave and in the paired change: figures
    move in steps (service.measures.steps), and a pair waits for the end of the later window. `codes` are the answers
    that count, by item; `scores` the points by score key, None where the published rule gives none.
    """

    row: int
    enrolment: str
    wave: str
    outcome: WaveOutcome
    reach: Reach
    instrument: str
    version: str
    language: str
    opened_on: date
    mode: str = ""
    answered_on: date | None = None
    helper_delivers: bool = False
    in_course: bool = False
    in_change: bool = False
    codes: Mapping[int, str] = field(default_factory=dict)
    scores: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Records:
    """Everything an analysis needs. `as_of` is the moment of the data (UTC); waves stand in the order of the protocol.

    `primary` is the wave the change is about, `baseline` the first one. `withheld` counts measurements whose answers
    are not here because the person did not agree to sharing them. Every record is of an enrolment that is here.
    """

    programme: str
    intervention: str
    goal: GoalType
    instrument: OutcomeInstrument
    waves: tuple[PlannedWave, ...]
    baseline: str
    primary: str
    as_of: datetime
    enrolments: tuple[Enrolled, ...]
    measurements: tuple[Record, ...]
    withheld: int = 0
