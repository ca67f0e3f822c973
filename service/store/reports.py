"""What the figures are made of: plain rows per measurement, read in one query each. No names, no item answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Row, Select, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from service.followup.outcomes import WaveFacts
from service.followup.replanning import REPLANNED
from service.store.tables.account import Account
from service.store.tables.enrolment import Enrolment
from service.store.tables.intervention import Intervention, Programme, ProtocolVersion
from service.store.tables.measurement import AnswerEvent, Measurement, Score
from service.store.tables.message import Message
from service.store.tables.participant import ConsentRow, Participant

ARRIVED = ("sending", "unknown", "accepted", "sent", "delivered", "needs_review")
NOT_SENT = ("planned", "due", "suppressed", "expired", "cancelled")


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One programme in a list: how many people were ever enrolled, how many take part now."""

    id: uuid.UUID
    name: str
    site: str
    municipality: str
    intervention: str
    goal_type: str
    starts_on: date
    coordinator: str
    enrolled: int
    current: int


@dataclass(frozen=True, slots=True)
class ProgrammeHead:
    """A programme with the source of its protocol."""

    line: ProgrammeLine
    summary: str
    protocol_source: str
    protocol_title: str


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """One measurement of one enrolment, with its newest primary score (points) when it has one."""

    enrolment_id: uuid.UUID
    wave: str
    score: int | None
    facts: WaveFacts


def list_programmes(session: Session) -> list[ProgrammeLine]:
    """Every programme of the organisation, alphabetical."""
    return [_line(row) for row in session.execute(_lines().order_by(Programme.name))]


def find_programme(session: Session, programme_id: uuid.UUID) -> ProgrammeHead | None:
    """One programme, or None."""
    row = session.execute(
        _lines()
        .join(
            ProtocolVersion,
            (ProtocolVersion.id == Programme.protocol_id) & (ProtocolVersion.org_id == Programme.org_id),
        )
        .add_columns(Intervention.summary, ProtocolVersion.source, ProtocolVersion.title)
        .group_by(Intervention.summary, ProtocolVersion.source, ProtocolVersion.title)
        .where(Programme.id == programme_id)
    ).one_or_none()
    return ProgrammeHead(_line(row), row.summary, row.source, row.title) if row else None


def measurements_of(session: Session, programme_id: uuid.UUID, arm: str = "intervention") -> list[MeasurementRow]:
    """Every measurement of everybody ever enrolled in this arm of the programme, as far as the plan still has it."""
    scored = (
        select(Score.measurement_id, Score.primary_value)
        .ext(distinct_on(Score.measurement_id))
        .join(Measurement, Measurement.id == Score.measurement_id)
        .join(Enrolment, Enrolment.id == Measurement.enrolment_id)
        .where(Enrolment.programme_id == programme_id)
        .order_by(Score.measurement_id, Score.sequence.desc())
        .subquery()
    )
    sent = (
        select(
            Message.measurement_id,
            func.count().label("messages"),
            func.sum(cast(Message.state.in_(ARRIVED), Integer)).label("arrived"),
        )
        .where(Message.measurement_id.is_not(None), Message.state.not_in(NOT_SENT))
        .group_by(Message.measurement_id)
        .subquery()
    )
    consent = (
        select(
            ConsentRow.participant_id,
            func.max(ConsentRow.withdrawn_at).label("ended_at"),
            func.bool_or(ConsentRow.withdrawn_at.is_(None)).label("in_force"),
        )
        .where(ConsentRow.purpose == "questions")
        .group_by(ConsentRow.participant_id)
        .subquery()
    )
    answered = select(AnswerEvent.id).where(AnswerEvent.measurement_id == Measurement.id).exists()
    rows = session.execute(
        select(
            Measurement,
            scored.c.primary_value,
            answered.label("answered"),
            func.coalesce(sent.c.messages, 0).label("messages"),
            func.coalesce(sent.c.arrived, 0).label("arrived"),
            Participant.died_on,
            consent.c.ended_at,
            consent.c.in_force,
        )
        .join(Enrolment, Enrolment.id == Measurement.enrolment_id)
        .join(Participant, Participant.id == Measurement.participant_id)
        .outerjoin(scored, scored.c.measurement_id == Measurement.id)
        .outerjoin(sent, sent.c.measurement_id == Measurement.id)
        .outerjoin(consent, consent.c.participant_id == Measurement.participant_id)
        .where(Enrolment.programme_id == programme_id, Enrolment.arm == arm)
        .where(Measurement.status_reason != REPLANNED)  # a changed plan took it away: nobody left
        .order_by(Measurement.position, Measurement.enrolment_id)
    )
    return [_measurement(row) for row in rows]


def _measurement(row: Row[Any]) -> MeasurementRow:
    measurement: Measurement = row.Measurement
    return MeasurementRow(
        enrolment_id=measurement.enrolment_id,
        wave=measurement.wave,
        score=row.primary_value,
        facts=WaveFacts(
            opens_at=measurement.opens_at,
            closes_at=measurement.closes_at,
            completed_at=measurement.completed_at,
            scored=row.primary_value is not None,
            answered=row.answered,
            status=measurement.status,
            status_reason=measurement.status_reason,
            messages=row.messages,
            arrived=row.arrived,
            died_on=row.died_on,
            ended_at=None if row.in_force else row.ended_at,
        ),
    )


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Programme.id,
            Programme.name,
            Programme.site,
            Programme.municipality,
            Intervention.name.label("intervention"),
            Intervention.goal_type,
            Programme.starts_on,
            Account.name.label("coordinator"),
            func.count(Enrolment.id).label("enrolled"),
            func.count(Enrolment.id).filter(Enrolment.exited_on.is_(None)).label("current"),
        )
        .join(Intervention, Intervention.id == Programme.intervention_id)
        .join(Account, Account.id == Programme.coordinator_id)
        .outerjoin(Enrolment, (Enrolment.programme_id == Programme.id) & (Enrolment.arm == "intervention"))
        .group_by(Programme.id, Intervention.name, Intervention.goal_type, Account.name)
    )


def _line(row: Row[Any]) -> ProgrammeLine:
    return ProgrammeLine(
        id=row.id,
        name=row.name,
        site=row.site,
        municipality=row.municipality,
        intervention=row.intervention,
        goal_type=row.goal_type,
        starts_on=row.starts_on,
        coordinator=row.coordinator,
        enrolled=row.enrolled,
        current=row.current,
    )
