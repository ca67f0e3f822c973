"""Which scores a live figure rests on at this moment: service.measures.steps, for the mean of a wave and a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol as Shape
from typing import TypeVar
from uuid import UUID

from service.followup.outcomes import WaveFacts, outcome
from service.measures.retention import WaveOutcome
from service.measures.steps import Awaited, settled


class Row(Shape):
    """One measurement of one wave, as the store gives it."""

    @property
    def enrolment_id(self) -> UUID:
        """Whose it is."""
        ...

    @property
    def score(self) -> int | None:
        """The primary score in points."""
        ...

    @property
    def facts(self) -> WaveFacts:
        """What is known about it."""
        ...


AnyRow = TypeVar("AnyRow", bound=Row)


def in_course(rows: Sequence[Row], now: datetime) -> frozenset[UUID]:
    """Whose score counts in the mean of this wave. `rows`: everybody's measurement of one wave in one arm."""
    awaited = [
        Awaited(row.enrolment_id, row.facts.opens_at, row.facts.closes_at, _since(row)) for row in rows
    ]  # fmt: skip
    return frozenset(row.enrolment_id for row in rows if row.score is not None) & _settled(awaited, now)


def is_closed(row: Row, now: datetime) -> bool:
    """Whether this measurement is over and the person was there to be asked."""
    return outcome(row.facts, now) not in (WaveOutcome.LEFT, WaveOutcome.PENDING)


def pairs(earlier: Sequence[Row], later: Sequence[AnyRow], now: datetime) -> list[AnyRow]:
    """The later measurements, closed and with a score, of whom the earlier wave has a score too."""
    before = {row.enrolment_id for row in earlier if row.score is not None}
    return [row for row in later if row.score is not None and row.enrolment_id in before and is_closed(row, now)]


def in_change(earlier: Sequence[Row], later: Sequence[Row], now: datetime) -> frozenset[UUID]:
    """Whose pair counts in the change: the later window is closed, and the step of the pair is full."""
    people = {row.enrolment_id for row in pairs(earlier, later, now)}
    awaited = []
    for row in later:
        since = max(_since(row) or row.facts.closes_at, row.facts.closes_at) if row.enrolment_id in people else None
        awaited.append(Awaited(row.enrolment_id, row.facts.opens_at, row.facts.closes_at, since))
    return frozenset(people) & _settled(awaited, now)


def _settled(awaited: Sequence[Awaited], now: datetime) -> frozenset[UUID]:
    return frozenset(person for person in settled(awaited, now) if isinstance(person, UUID))


def _since(row: Row) -> datetime | None:
    return None if row.score is None else row.facts.completed_at or row.facts.closes_at
