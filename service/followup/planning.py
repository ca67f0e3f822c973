"""Enrolment + protocol -> the measurements and the messages that are planned, each with a key that makes it unique."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from service.followup.participation import Arm
from service.followup.protocol import Anchor, Ladder, Period, Protocol, QuietHours, Wave
from service.followup.quiet_hours import next_open, to_local, to_utc


class MessageKind(StrEnum):
    """Why a message is sent. The kind decides which rules apply at send time (delivery.decide)."""

    INVITE = "invite"
    REMINDER = "reminder"
    LAST_REMINDER = "last_reminder"  # the last automatic message about a wave
    CONVERSATION = "conversation"  # the next question, or any answer to what the person wrote
    STOP_CONFIRMATION = "stop_confirmation"
    TEST = "test"
    RESEND = "resend"  # a personal link sent again by a coordinator
    ENCOURAGEMENT = "encouragement"  # a word between the waves
    ACTIVITY = "activity"  # a reminder of an activity, or that it does not take place


@dataclass(frozen=True, slots=True)
class PlannedMeasurement:
    """One wave for one enrolment. `target_on` is the local date the protocol aims at; both moments are UTC."""

    wave: str
    position: int
    target_on: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """One message. `key` is unique within the enrolment ("t0:invite"). `local_at` is naive, in the protocol's zone."""

    key: str
    kind: MessageKind
    wave: str
    local_at: datetime
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that follows from one enrolment."""

    measurements: tuple[PlannedMeasurement, ...]
    messages: tuple[PlannedMessage, ...]

    def left_at(self, now: datetime) -> Plan:
        """What is still to come: windows that are not over, invitations that still make sense. A reminder of the past
        is not caught up on."""
        return Plan(
            tuple(one for one in self.measurements if one.closes_at > now),
            tuple(
                one
                for one in self.messages
                if one.expires_at > now and (one.kind == MessageKind.INVITE or one.due_at >= now)
            ),
        )


@dataclass(frozen=True, slots=True)
class Anchors:
    """The moments from which waves are counted. `enrolled_at` is a naive local moment; None: not known yet."""

    enrolled_at: datetime
    first_activity_on: date | None = None
    programme_ends_on: date | None = None

    def moment(self, anchor: Anchor) -> datetime | None:
        """The naive local moment of this anchor: the beginning of the day where only the day counts."""
        if anchor is Anchor.ENROLMENT:
            return self.enrolled_at
        day = self.first_activity_on if anchor is Anchor.FIRST_ACTIVITY else self.programme_ends_on
        return None if day is None else datetime.combine(day, time(0))


def plan(protocol: Protocol, anchors: Anchors, zone: str | None = None, arm: Arm = Arm.INTERVENTION) -> Plan:
    """Plan one enrolment in this arm.

    The anchors are local in `zone` (default: the protocol's). Wave dates are always counted from their anchor and
    never chained; a date that does not exist moves to the last day of its month. A wave whose anchor is not known
    is left out until it is. Messages fall in the open hours of the protocol; one that would fall after its window has
    closed is left out.
    """
    where = zone or protocol.time_zone
    ladder = protocol.ladder_of(arm)
    measurements: list[PlannedMeasurement] = []
    messages: list[PlannedMessage] = []
    for position, wave in enumerate(protocol.waves):
        anchor = anchors.moment(wave.anchor)
        if anchor is None or arm not in wave.arms:
            continue
        measurement = _measurement(wave, position, anchor, where)
        measurements.append(measurement)
        messages.extend(_messages(protocol.quiet, ladder, measurement, where))
    return Plan(tuple(measurements), tuple(messages))


def later(period: Period, moment: datetime, zone: str) -> datetime:
    """The UTC moment one period after this UTC moment: elapsed time as it passes, in whole minutes rounded up; calendar
    steps on the local date, at the same local time."""
    if period.elapsed:
        return _whole_minute(period.added_to(moment))
    local = period.added_to(to_local(moment, zone))
    return to_utc(local.date(), local.time(), zone)


def _measurement(wave: Wave, position: int, anchor: datetime, zone: str) -> PlannedMeasurement:
    start = to_utc(anchor.date(), anchor.time(), zone)
    if wave.at is not None:
        target_on = wave.offset.added_to(anchor).date()
        opens_at = to_utc(target_on, wave.at, zone)
    elif wave.offset.count == 0:
        target_on, opens_at = anchor.date(), start
    else:
        opens_at = later(wave.offset, start, zone)
        target_on = to_local(opens_at, zone).date()
    closes_at = later(wave.window, opens_at, zone)
    return PlannedMeasurement(wave.key, position, target_on, opens_at, closes_at)


def _messages(
    quiet: QuietHours, ladder: Ladder, measurement: PlannedMeasurement, zone: str
) -> Iterator[PlannedMessage]:
    """The invitation at the first open moment, each reminder so much after it; none once the window has closed."""
    invited = next_open(measurement.opens_at, quiet, zone)
    if invited >= measurement.closes_at:
        return
    yield _message(f"{MessageKind.INVITE}", MessageKind.INVITE, measurement, invited, zone)
    for number, reminder in enumerate(ladder.reminders, 1):
        due = next_open(later(reminder.after, invited, zone), quiet, zone)
        if due < measurement.closes_at:
            kind = MessageKind.LAST_REMINDER if reminder.last else MessageKind.REMINDER
            name = f"{kind}_{number}" if kind is MessageKind.REMINDER and number > 1 else f"{kind}"
            yield _message(name, kind, measurement, due, zone)


def _message(name: str, kind: MessageKind, measurement: PlannedMeasurement, due: datetime, zone: str) -> PlannedMessage:
    return PlannedMessage(
        key=f"{measurement.wave}:{name}",
        kind=kind,
        wave=measurement.wave,
        local_at=to_local(due, zone),
        due_at=due,
        expires_at=measurement.closes_at,
    )


def _whole_minute(moment: datetime) -> datetime:
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)
