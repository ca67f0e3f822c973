"""The rows of the evaluator's file: every wave of every enrolment, by pseudonym. No name or address is read here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from service.measures.codebook import LongRow
from service.store.tables.enrolment import Enrolment
from service.store.tables.intervention import Intervention, Programme
from service.store.tables.measurement import AnswerEvent, Measurement, Score
from service.store.tables.participant import ConsentRow, Participant


def long_rows(session: Session, programme_id: uuid.UUID | None) -> list[tuple[LongRow, bool]]:
    """Every wave of everybody ever enrolled, in one programme or in all of the organisation.

    With each row whether the evaluator may read its answers.
    """
    answers = _answers(session, programme_id)
    sharing = (
        select(ConsentRow.id)
        .where(
            ConsentRow.participant_id == Participant.id,
            ConsentRow.purpose == "sharing",
            ConsentRow.withdrawn_at.is_(None),
        )
        .exists()
    )
    newest = select(Score).ext(distinct_on(Score.measurement_id)).order_by(Score.measurement_id, Score.sequence.desc())
    score = newest.subquery()
    query = (
        select(
            Measurement,
            Enrolment.arm,
            Enrolment.started_on,
            Participant.pseudonym,
            Programme.name.label("programme"),
            Intervention.name.label("intervention"),
            score.c.score_values,
            score.c.band,
            score.c.cutoff_set,
            score.c.lower_bound,
            score.c.missing,
            score.c.scoring_version,
            sharing.label("shared"),
        )
        .join(Enrolment, Enrolment.id == Measurement.enrolment_id)
        .join(Participant, Participant.id == Measurement.participant_id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .join(Intervention, Intervention.id == Programme.intervention_id)
        .outerjoin(score, score.c.measurement_id == Measurement.id)
        .order_by(Programme.name, Participant.pseudonym, Enrolment.started_at, Measurement.position)
    )
    if programme_id is not None:
        query = query.where(Enrolment.programme_id == programme_id)
    return [(_row(row, answers.get(row.Measurement.id, {})), row.shared) for row in session.execute(query)]


def _answers(session: Session, programme_id: uuid.UUID | None) -> dict[uuid.UUID, dict[int, tuple[str, str]]]:
    """Per measurement and item the answer that counts: its code and how it was given."""
    query = (
        select(AnswerEvent.measurement_id, AnswerEvent.item, AnswerEvent.code, AnswerEvent.mode)
        .ext(distinct_on(AnswerEvent.measurement_id, AnswerEvent.item))
        .order_by(AnswerEvent.measurement_id, AnswerEvent.item, AnswerEvent.sequence.desc())
    )
    if programme_id is not None:
        query = (
            query.join(Measurement, Measurement.id == AnswerEvent.measurement_id)
            .join(Enrolment, Enrolment.id == Measurement.enrolment_id)
            .where(Enrolment.programme_id == programme_id)
        )
    found: dict[uuid.UUID, dict[int, tuple[str, str]]] = {}
    for measurement_id, item, code, mode in session.execute(query):
        found.setdefault(measurement_id, {})[item] = (code, mode)
    return found


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
