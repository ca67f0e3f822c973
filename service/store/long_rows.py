"""The measurements of the long file: what is known of each, by pseudonym. No name or address is read here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Row, Select, Subquery, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from service.followup.outcomes import WaveFacts
from service.followup.records import Measured
from service.measures.long_row import LongRow
from service.store.tables.enrolment import Enrolment
from service.store.tables.intervention import Intervention, Programme
from service.store.tables.measurement import AnswerEvent, Measurement, Score
from service.store.tables.message import Message
from service.store.tables.participant import ConsentRow, Participant

#: States of a message that arrived, as far as is known, and of one that never went.
ARRIVED = ("sending", "unknown", "accepted", "sent", "delivered", "needs_review")
NOT_SENT = ("planned", "due", "suppressed", "expired", "cancelled")


def long_rows(session: Session, programme_id: uuid.UUID | None) -> list[Measured]:
    """Every measurement of everybody ever enrolled, in one programme or in all of the organisation: one query,
    so that answers and scores are of one moment.

    In the order of programme, pseudonym, enrolment and wave, and with everything the store itself knows. What the
    protocol and the moment add is filled in by service.followup.records.
    """
    answers, score = _answers(programme_id), _scores(programme_id)
    sent, consent = _sent(programme_id), _consent()
    query = (
        select(
            Measurement,
            Enrolment.arm,
            Enrolment.started_on,
            Participant.pseudonym,
            Participant.died_on,
            Programme.name.label("programme"),
            Intervention.name.label("intervention"),
            score.c.score_values,
            score.c.primary_value,
            score.c.band,
            score.c.cutoff_set,
            score.c.lower_bound,
            score.c.missing,
            score.c.scoring_version,
            func.coalesce(sent.c.messages, 0).label("messages"),
            func.coalesce(sent.c.arrived, 0).label("arrived"),
            consent.c.ended_at,
            consent.c.in_force,
            answers.c.given,
        )
        .join(Enrolment, Enrolment.id == Measurement.enrolment_id)
        .join(Participant, Participant.id == Measurement.participant_id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .join(Intervention, Intervention.id == Programme.intervention_id)
        .outerjoin(answers, answers.c.measurement_id == Measurement.id)
        .outerjoin(score, score.c.measurement_id == Measurement.id)
        .outerjoin(sent, sent.c.measurement_id == Measurement.id)
        .outerjoin(consent, consent.c.participant_id == Measurement.participant_id)
        .order_by(Programme.name, Participant.pseudonym, Enrolment.started_at, Measurement.position)
    )
    found = session.execute(_of_programme(query, programme_id))
    return [_measured(row, {item: (code, mode) for item, code, mode in row.given or ()}) for row in found]


def _of_programme(query: Select[*tuple[Any, ...]], programme_id: uuid.UUID | None) -> Select[*tuple[Any, ...]]:
    """Only the rows of this programme; the query knows the enrolment."""
    return query if programme_id is None else query.where(Enrolment.programme_id == programme_id)


def _measurements(programme_id: uuid.UUID | None) -> Select[*tuple[Any, ...]]:
    """The measurements of this programme, so that only theirs are looked up."""
    return _of_programme(select(Measurement.id).join(Enrolment, Enrolment.id == Measurement.enrolment_id), programme_id)


def _scores(programme_id: uuid.UUID | None) -> Subquery:
    """The newest score of each measurement."""
    newest = select(Score).ext(distinct_on(Score.measurement_id)).order_by(Score.measurement_id, Score.sequence.desc())
    return newest.where(Score.measurement_id.in_(_measurements(programme_id))).subquery()


def _sent(programme_id: uuid.UUID | None) -> Subquery:
    """How many messages about a measurement were sent, and how many of them arrived as far as is known."""
    return (
        select(
            Message.measurement_id,
            func.count().label("messages"),
            func.sum(cast(Message.state.in_(ARRIVED), Integer)).label("arrived"),
        )
        .where(Message.measurement_id.in_(_measurements(programme_id)), Message.state.not_in(NOT_SENT))
        .group_by(Message.measurement_id)
        .subquery()
    )


def _consent() -> Subquery:
    """Since when nobody may ask a person any more, and whether it may be done now."""
    return (
        select(
            ConsentRow.participant_id,
            func.max(ConsentRow.withdrawn_at).label("ended_at"),
            func.bool_or(ConsentRow.withdrawn_at.is_(None)).label("in_force"),
        )
        .where(ConsentRow.purpose == "questions")
        .group_by(ConsentRow.participant_id)
        .subquery()
    )


def _answers(programme_id: uuid.UUID | None) -> Subquery:
    """Per measurement the answers that count, each as item, code and how it was given."""
    newest = (
        select(AnswerEvent.measurement_id, AnswerEvent.item, AnswerEvent.code, AnswerEvent.mode)
        .ext(distinct_on(AnswerEvent.measurement_id, AnswerEvent.item))
        .where(AnswerEvent.measurement_id.in_(_measurements(programme_id)))
        .order_by(AnswerEvent.measurement_id, AnswerEvent.item, AnswerEvent.sequence.desc())
        .subquery()
    )
    one = func.jsonb_build_array(newest.c.item, newest.c.code, newest.c.mode)
    return (
        select(newest.c.measurement_id, func.jsonb_agg(one).label("given")).group_by(newest.c.measurement_id).subquery()
    )


def _measured(row: Row[Any], answers: Mapping[int, tuple[str, str]]) -> Measured:
    measurement: Measurement = row.Measurement
    return Measured(
        enrolment_id=measurement.enrolment_id,
        row=_row(row, answers),
        score=row.primary_value,
        facts=WaveFacts(
            opens_at=measurement.opens_at,
            closes_at=measurement.closes_at,
            completed_at=measurement.completed_at,
            scored=row.primary_value is not None,
            answered=bool(answers),
            status=measurement.status,
            status_reason=measurement.status_reason,
            messages=row.messages,
            arrived=row.arrived,
            died_on=row.died_on,
            ended_at=None if row.in_force else row.ended_at,
        ),
    )


def _row(row: Row[Any], answers: Mapping[int, tuple[str, str]]) -> LongRow:
    measurement: Measurement = row.Measurement
    zone = ZoneInfo(measurement.time_zone)
    answered_at = measurement.completed_at or measurement.first_answer_at
    return LongRow(
        pseudonym=row.pseudonym,
        intervention=row.intervention,
        programme=row.programme,
        arm=row.arm,
        enrolled_on=row.started_on,
        wave=measurement.wave,
        wave_position=measurement.position,
        target_on=measurement.target_on,
        opened_on=measurement.opens_at.astimezone(zone).date(),
        closed_on=measurement.closes_at.astimezone(zone).date(),
        status=measurement.status,
        status_reason=measurement.status_reason,
        mode=measurement.mode,
        language=measurement.language,
        instrument=measurement.instrument,
        instrument_version=measurement.instrument_version,
        answered_on=answered_at.astimezone(zone).date() if answered_at and answers else None,
        answers={item: code for item, (code, _) in answers.items()},
        scores=row.score_values or {},
        band=row.band,
        cutoff_set=row.cutoff_set,
        lower_bound=row.lower_bound,
        missing=row.missing,
        scoring_version=row.scoring_version,
        modes="+".join(sorted({mode for _, mode in answers.values()})) or None,
        assisted=measurement.assisted_by is not None if answers else None,
        helper_delivers=measurement.helper_delivers if answers else None,
    )
