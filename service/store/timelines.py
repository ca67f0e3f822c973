"""The story of one participant as a coordinator may read it: that answers came, never what they were."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.store.tables.account import Account
from service.store.tables.contact import ContactMoment
from service.store.tables.enrolment import Enrolment
from service.store.tables.intervention import Programme
from service.store.tables.measurement import Measurement
from service.store.tables.message import Message
from service.store.tables.participant import ConsentRow, Intake, Participant


@dataclass(frozen=True, slots=True)
class Person:
    """A participant by pseudonym."""

    id: uuid.UUID
    pseudonym: str
    recognition_word: str
    language: str
    birth_year: int | None
    preferred_channel: str
    died_on: date | None
    encouragement: str = "normal"
    bereaved_on: date | None = None
    erasure_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent, with who took it."""

    purpose: str
    legal_basis: str
    taken_how: str
    taken_by: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """One spell of taking part."""

    id: uuid.UUID
    programme_id: uuid.UUID
    programme: str
    arm: str
    started_on: date
    exited_on: date | None
    exit_kind: str | None


@dataclass(frozen=True, slots=True)
class MeasurementLine:
    """One wave: whether it was answered and how, never the answers."""

    id: uuid.UUID
    programme: str
    wave: str
    status: str
    status_reason: str
    opens_at: datetime
    closes_at: datetime
    first_answer_at: datetime | None
    completed_at: datetime | None
    mode: str | None


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message. `at` is when it was sent, else when it is due."""

    kind: str
    channel: str | None
    state: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallLine:
    """One contact between people: a call, a visit, ... `minutes` is None when nobody wrote it down."""

    id: uuid.UUID
    at: datetime
    kind: str
    outcome: str
    two_way: bool
    minutes: int | None
    made_by: str


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """One dated intake."""

    taken_on: date
    know: int | None
    want: int | None
    can: int | None
    prevention_level: str | None
    referrer: str


def find_person(session: Session, participant_id: uuid.UUID) -> Person | None:
    """One participant, or None."""
    row = session.get(Participant, participant_id)
    if row is None:
        return None
    return Person(
        row.id,
        row.pseudonym,
        row.recognition_word,
        row.language,
        row.birth_year,
        row.preferred_channel,
        row.died_on,
        row.encouragement,
        row.bereaved_on,
        row.erasure_asked_at,
    )


def consents(session: Session, participant_id: uuid.UUID) -> list[ConsentLine]:
    """Every consent ever given, in force first."""
    rows = session.execute(
        select(ConsentRow, Account.name)
        .join(Account, Account.id == ConsentRow.taken_by)
        .where(ConsentRow.participant_id == participant_id)
        .order_by(ConsentRow.withdrawn_at.is_not(None), ConsentRow.purpose)
    )
    return [ConsentLine(c.purpose, c.legal_basis, c.taken_how, name, c.given_at, c.withdrawn_at) for c, name in rows]


def enrolments(session: Session, participant_id: uuid.UUID) -> list[EnrolmentLine]:
    """Every spell, newest first."""
    rows = session.execute(
        select(Enrolment, Programme.name)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Enrolment.participant_id == participant_id)
        .order_by(Enrolment.started_at.desc())
    )
    return [
        EnrolmentLine(e.id, e.programme_id, name, e.arm, e.started_on, e.exited_on, e.exit_kind) for e, name in rows
    ]


def measurements(session: Session, participant_id: uuid.UUID) -> list[MeasurementLine]:
    """Every wave of every spell, in time order."""
    rows = session.execute(
        select(Measurement, Programme.name)
        .join(Enrolment, Enrolment.id == Measurement.enrolment_id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Measurement.participant_id == participant_id)
        .order_by(Measurement.opens_at)
    )
    return [
        MeasurementLine(
            m.id,
            name,
            m.wave,
            m.status,
            m.status_reason,
            m.opens_at,
            m.closes_at,
            m.first_answer_at,
            m.completed_at,
            m.mode,
        )
        for m, name in rows
    ]


def messages(session: Session, participant_id: uuid.UUID, most: int = 300) -> list[MessageLine]:
    """The newest messages, those still to come included."""
    at = func.coalesce(Message.sent_at, Message.due_at)
    rows = session.execute(
        select(Message, at.label("at")).where(Message.participant_id == participant_id).order_by(at.desc()).limit(most)
    )
    return [MessageLine(m.kind, m.channel, m.state, m.reason, moment) for m, moment in rows]


def calls(session: Session, participant_id: uuid.UUID) -> list[CallLine]:
    """Every contact that was written down and not undone, the newest first."""
    rows = session.execute(
        select(ContactMoment, Account.name)
        .join(Account, Account.id == ContactMoment.made_by)
        .where(ContactMoment.participant_id == participant_id, ContactMoment.undone_at.is_(None))
        .order_by(ContactMoment.at.desc())
    )
    return [
        CallLine(
            c.id, c.at, c.kind, c.outcome, c.outcome == "spoken" if c.two_way is None else c.two_way, c.minutes, name
        )
        for c, name in rows
    ]


def intakes(session: Session, participant_id: uuid.UUID) -> list[IntakeLine]:
    """Every intake, newest first."""
    rows = session.execute(
        select(Intake).where(Intake.participant_id == participant_id).order_by(Intake.taken_on.desc())
    ).scalars()
    return [IntakeLine(i.taken_on, i.know, i.want, i.can, i.prevention_level, i.referrer) for i in rows]
