"""The flow of people through a programme, as CONSORT draws it: one place per person in every row, so it adds up.

Two branches leave from the enrolled, and never mix: what became of taking part (the programme), and what became of
being asked (the measurement). Somebody may stop the programme and keep answering, or take part and never answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from service.measures.leaving import Exit
from service.measures.response_rates import VALID
from service.measures.retention import WaveOutcome, WaveRetention, wave_retention


class LeftOut(StrEnum):
    """Why somebody is not in the paired analysis; the first that holds."""

    PENDING = "pending"  # one of the two windows has not closed yet
    LEFT = "left"  # died or withdrew before one of the two windows opened
    NO_BASELINE = "no_baseline"
    NO_FOLLOW_UP = "no_follow_up"


@dataclass(frozen=True, slots=True)
class Assessed:
    """One person who was considered: excluded for a reason, or enrolled in an arm.

    `received`: the intervention (or what the arm gets) has begun for this person. `exit_kind` is None while taking
    part. `waves` holds the outcome of every wave that was planned for this person. Of an excluded person only
    `excluded` counts.
    """

    excluded: str | None = None  # the reason, as it is recorded
    arm: str = ""
    received: bool = False
    exit_kind: Exit | None = None
    waves: Mapping[str, WaveOutcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taking:
    """The branch of the programme. Each map counts people by how they left; None is who has not left.

    received + not_received = enrolled of the arm.
    """

    by_exit: Mapping[Exit | None, int]  # of those who received it
    by_exit_before: Mapping[Exit | None, int]  # of those who did not

    @property
    def received(self) -> int:
        """For whom the intervention has begun."""
        return sum(self.by_exit.values())

    @property
    def not_received(self) -> int:
        """For whom it has not (yet) begun."""
        return sum(self.by_exit_before.values())


@dataclass(frozen=True, slots=True)
class WaveSplit:
    """One wave: what became of it for those it was planned for, and for how many of the arm it was not planned."""

    retention: WaveRetention
    not_planned: int


@dataclass(frozen=True, slots=True)
class Asking:
    """The branch of the measurement: each wave splits everybody in the arm; so does the paired analysis."""

    waves: tuple[WaveSplit, ...]
    analysed: int
    left_out: Mapping[LeftOut, int]


@dataclass(frozen=True, slots=True)
class ArmFlow:
    """One arm: how many were enrolled, and the two branches, each of which holds all of them."""

    arm: str
    enrolled: int
    taking: Taking
    asking: Asking


@dataclass(frozen=True, slots=True)
class Flow:
    """Everybody: assessed = excluded + enrolled, and enrolled is the sum of the arms."""

    excluded: Mapping[str, int]
    arms: tuple[ArmFlow, ...]

    @property
    def enrolled(self) -> int:
        """In one of the arms."""
        return sum(arm.enrolled for arm in self.arms)

    @property
    def assessed(self) -> int:
        """Considered for the programme."""
        return sum(self.excluded.values()) + self.enrolled


def flow(people: Iterable[Assessed], waves: Sequence[str], baseline: str, primary: str) -> Flow:
    """Count everybody, by arm (in alphabetical order) and wave (in the order given).

    The paired analysis is of a valid score at `baseline` and at `primary`. ValueError when one of these is not among
    `waves`, or when somebody has a wave that is not: a measurement must not fall out of the figure.
    """
    everybody = list(people)
    planned = {baseline, primary}.union(*(person.waves for person in everybody))
    if not planned.issubset(waves):
        raise ValueError(f"unknown waves: {', '.join(sorted(planned.difference(waves)))}")
    excluded = Counter(person.excluded for person in everybody if person.excluded is not None)
    arms: dict[str, list[Assessed]] = {}
    for person in everybody:
        if person.excluded is None:
            arms.setdefault(person.arm, []).append(person)
    return Flow(dict(excluded), tuple(_arm(arm, arms[arm], waves, baseline, primary) for arm in sorted(arms)))


def left_out(before: WaveOutcome | None, after: WaveOutcome | None) -> LeftOut | None:
    """Why these two outcomes make no pair; None when they do. An outcome is None when the wave was not planned."""
    if before in VALID and after in VALID:
        return None
    if WaveOutcome.PENDING in {before, after}:
        return LeftOut.PENDING
    if WaveOutcome.LEFT in {before, after}:
        return LeftOut.LEFT
    return LeftOut.NO_FOLLOW_UP if before in VALID else LeftOut.NO_BASELINE


def _arm(arm: str, people: Sequence[Assessed], waves: Sequence[str], baseline: str, primary: str) -> ArmFlow:
    begun = Counter(person.exit_kind for person in people if person.received)
    not_begun = Counter(person.exit_kind for person in people if not person.received)
    pairs = Counter(left_out(person.waves.get(baseline), person.waves.get(primary)) for person in people)
    analysed = pairs.pop(None, 0)
    missing = {why: count for why, count in pairs.items() if why is not None}
    splits = tuple(_split(wave, people) for wave in waves)
    return ArmFlow(arm, len(people), Taking(dict(begun), dict(not_begun)), Asking(splits, analysed, missing))


def _split(wave: str, people: Sequence[Assessed]) -> WaveSplit:
    outcomes = [person.waves[wave] for person in people if wave in person.waves]
    return WaveSplit(wave_retention(wave, outcomes), len(people) - len(outcomes))
