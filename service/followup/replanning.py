"""What changes for one enrolment when its plan changes: another version of the protocol, or an anchor that moved.

Preview and application ask the same function. What has started or closed stays as it is: its window, its messages, its
answers. A wave that has not started moves with its plan, is added, or is cancelled; a wave that was cancelled here may
come back, and nobody gets a wave twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from service.followup.delivery import State
from service.followup.participation import MeasurementStatus
from service.followup.planning import Plan, PlannedMeasurement, PlannedMessage
from service.followup.quiet_hours import to_local

#: The reason of what was cancelled because it is no longer planned; only that may be planned again.
REPLANNED = "plan_changed"
#: The reason of what waits because the person asked for a pause: a new plan does not end it.
PAUSED = "paused"


class Fate(StrEnum):
    """What becomes of something that was planned."""

    STAYS = "stays"
    MOVES = "moves"
    ADDED = "added"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class MessageNow:
    """A message as it is. `key` is that of the plan ("t0:invite"); `turn` counts how often it was planned anew."""

    id: uuid.UUID
    key: str
    turn: int
    state: str
    reason: str
    due_at: datetime
    expires_at: datetime

    @property
    def unsent(self) -> bool:
        """Whether no send has started and none was refused."""
        return self.state in (State.PLANNED, State.DUE)

    @property
    def gone(self) -> bool:
        """Whether an earlier change took it away."""
        return self.state == State.CANCELLED and self.reason == REPLANNED


@dataclass(frozen=True, slots=True)
class WaveNow:
    """A measurement as it is, with its invitation and reminders. Moments are UTC."""

    id: uuid.UUID
    wave: str
    status: str
    reason: str
    target_on: date
    opens_at: datetime
    closes_at: datetime
    messages: tuple[MessageNow, ...] = ()

    @property
    def gone(self) -> bool:
        """Whether an earlier change took it away."""
        return self.status == MeasurementStatus.CANCELLED and self.reason == REPLANNED

    def started(self, now: datetime) -> bool:
        """Whether it is too late to change it: opened, ended, or a message about it has started."""
        if self.gone:
            return False
        begun = self.status != MeasurementStatus.SCHEDULED or self.opens_at <= now
        return begun or any(not (one.unsent or one.gone) for one in self.messages)


@dataclass(frozen=True, slots=True)
class MessageChange:
    """One message that moves, is added, or is cancelled. A new one has `turn` 0 the first time."""

    fate: Fate
    old: MessageNow | None
    new: PlannedMessage | None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class WaveChange:
    """What becomes of one wave. `old` is None when it was never planned, `new` when it is not planned any more."""

    wave: str
    fate: Fate
    old: WaveNow | None
    new: PlannedMeasurement | None
    messages: tuple[MessageChange, ...] = ()
    started: bool = False


def compare(present: Sequence[WaveNow], plan: Plan, now: datetime, zone: str) -> tuple[WaveChange, ...]:
    """What becomes of every wave, in the order of the plan; then those that are not in it.

    Of the plan only what can still happen counts: windows that are not over, reminders that are not past.
    """
    left = plan.left_at(now)
    here = {one.wave: one for one in present}
    found: list[WaveChange] = []
    for new in left.measurements:
        messages = [one for one in left.messages if one.wave == new.wave]
        found.append(_planned(here.get(new.wave), new, messages, now, zone))
    kept = {one.wave for one in left.measurements}
    for old in present:
        if old.wave in kept or old.gone:
            continue
        if old.started(now):
            found.append(WaveChange(old.wave, Fate.STAYS, old, None, started=True))
        else:
            found.append(WaveChange(old.wave, Fate.CANCELLED, old, None, _cancelled(old.messages, set())))
    return tuple(found)


def _planned(
    old: WaveNow | None, new: PlannedMeasurement, planned: Sequence[PlannedMessage], now: datetime, zone: str
) -> WaveChange:
    if old is None:
        added = tuple(MessageChange(Fate.ADDED, None, one) for one in planned)
        return WaveChange(new.wave, Fate.ADDED, None, new, added)
    if old.started(now):
        return WaveChange(old.wave, Fate.STAYS, old, None, started=True)
    changes = _messages({one.key: one for one in old.messages}, old.messages, planned, zone)
    if old.gone:
        return WaveChange(old.wave, Fate.ADDED, old, new, changes)
    same = (old.target_on, old.opens_at, old.closes_at) == (new.target_on, new.opens_at, new.closes_at)
    return WaveChange(old.wave, Fate.STAYS if same else Fate.MOVES, old, new, changes)


def _messages(
    newest: Mapping[str, MessageNow], present: Sequence[MessageNow], planned: Sequence[PlannedMessage], zone: str
) -> tuple[MessageChange, ...]:
    """`newest` holds the last turn of every key: `present` is in the order in which they were planned."""
    found: list[MessageChange] = []
    for new in planned:
        old = newest.get(new.key)
        if old is None:
            found.append(MessageChange(Fate.ADDED, None, new))
        elif old.gone:
            found.append(MessageChange(Fate.ADDED, None, new, old.turn + 1))
        elif old.unsent:
            found.append(_moved(old, new, zone))
    return (*found, *_cancelled(present, {one.key for one in planned}))


def _moved(old: MessageNow, new: PlannedMessage, zone: str) -> MessageChange:
    """A pause that the person asked for lasts as long as it lasts."""
    if old.reason == PAUSED and old.due_at > new.due_at:
        new = replace(new, due_at=old.due_at, local_at=to_local(old.due_at, zone))
    same = (old.due_at, old.expires_at) == (new.due_at, new.expires_at)
    return MessageChange(Fate.STAYS if same else Fate.MOVES, old, new, old.turn)


def _cancelled(present: Sequence[MessageNow], kept: set[str]) -> tuple[MessageChange, ...]:
    return tuple(
        MessageChange(Fate.CANCELLED, one, None, one.turn) for one in present if one.unsent and one.key not in kept
    )
