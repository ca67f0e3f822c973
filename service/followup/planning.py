"""Enrolment + protocol -> the measurements and the messages that are planned, each with a key that makes it unique."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from service.followup.protocol import Period, Protocol, Wave
from service.followup.quiet_hours import next_open, to_local, to_utc


class MessageKind(StrEnum):
    """Why a message is sent. The kind decides which rules apply at send time (delivery.decide)."""

    INVITE = "invite"
    REMINDER = "reminder"
    CONVERSATION = "conversation"  # the next question, or any answer to what the person wrote
    STOP_CONFIRMATION = "stop_confirmation"
    TEST = "test"
    RESEND = "resend"  # a personal link sent again by a coordinator


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


def plan(protocol: Protocol, enrolled_at: datetime, zone: str | None = None) -> Plan:
    """Plan one enrolment.

    `enrolled_at` is a naive local moment in `zone` (default: the protocol's). Wave dates are always counted from the
    enrolment and never chained; a date that does not exist moves to the last day of its month. Messages fall in the
    open hours of the protocol; one that would fall after its window has closed is left out.
    """
    where = zone or protocol.time_zone
    measurements: list[PlannedMeasurement] = []
    messages: list[PlannedMessage] = []
    for position, wave in enumerate(protocol.waves):
        measurement = _measurement(wave, position, enrolled_at, where)
        measurements.append(measurement)
        messages.extend(_messages(protocol, measurement, where))
    return Plan(tuple(measurements), tuple(messages))


def later(period: Period, moment: datetime, zone: str) -> datetime:
    """The UTC moment one period after this UTC moment: elapsed time as it passes, in whole minutes rounded up; calendar
    steps on the local date, at the same local time."""
    if period.elapsed:
        return _whole_minute(period.added_to(moment))
    local = period.added_to(to_local(moment, zone))
    return to_utc(local.date(), local.time(), zone)


def _measurement(wave: Wave, position: int, enrolled_at: datetime, zone: str) -> PlannedMeasurement:
    start = to_utc(enrolled_at.date(), enrolled_at.time(), zone)
    if wave.at is not None:
        target_on = wave.offset.added_to(enrolled_at).date()
        opens_at = to_utc(target_on, wave.at, zone)
    elif wave.offset.count == 0:
        target_on, opens_at = enrolled_at.date(), start
    else:
        opens_at = later(wave.offset, start, zone)
        target_on = to_local(opens_at, zone).date()
    closes_at = later(wave.window, opens_at, zone)
    return PlannedMeasurement(wave.key, position, target_on, opens_at, closes_at)


def _messages(protocol: Protocol, measurement: PlannedMeasurement, zone: str) -> Iterator[PlannedMessage]:
    """The invitation at the first open moment, the reminder so much later; neither once the window has closed."""
    due = next_open(measurement.opens_at, protocol.quiet, zone)
    if due >= measurement.closes_at:
        return
    yield _message(MessageKind.INVITE, measurement, due, zone)
    if protocol.reminder_after is None:
        return
    due = next_open(later(protocol.reminder_after, due, zone), protocol.quiet, zone)
    if due < measurement.closes_at:
        yield _message(MessageKind.REMINDER, measurement, due, zone)


def _message(kind: MessageKind, measurement: PlannedMeasurement, due: datetime, zone: str) -> PlannedMessage:
    return PlannedMessage(
        key=f"{measurement.wave}:{kind}",
        kind=kind,
        wave=measurement.wave,
        local_at=to_local(due, zone),
        due_at=due,
        expires_at=measurement.closes_at,
    )


def _whole_minute(moment: datetime) -> datetime:
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)
