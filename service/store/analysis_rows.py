"""The programmes and enrolments that figures are about, by pseudonym; the measurements are read by long_rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Date, cast, func, or_, select
from sqlalchemy.orm import Session

from service.followup.records import Programme, Spell
from service.store.tables.activity import Activity, Attendance
from service.store.tables.enrolment import Enrolment
from service.store.tables.intervention import Intervention, ProtocolVersion
from service.store.tables.intervention import Programme as ProgrammeRow
from service.store.tables.participant import ConsentRow, Participant


@dataclass(frozen=True, slots=True)
class StoredProgramme:
    """One programme with the text of the protocol it follows now."""

    id: uuid.UUID
    programme: Programme
    protocol_source: str


def read_programmes(session: Session, programme_id: uuid.UUID | None) -> list[StoredProgramme]:
    """One programme, or all of the organisation by name: one query."""
    query = (
        select(
            ProgrammeRow.id,
            ProgrammeRow.name,
            Intervention.name.label("intervention"),
            Intervention.goal_type,
            ProgrammeRow.site,
            ProgrammeRow.ends_on,
            ProtocolVersion.source,
        )
        .join(Intervention, Intervention.id == ProgrammeRow.intervention_id)
        .join(ProtocolVersion, ProtocolVersion.id == ProgrammeRow.protocol_id)
        .order_by(ProgrammeRow.name)
    )
    if programme_id is not None:
        query = query.where(ProgrammeRow.id == programme_id)
    return [
        StoredProgramme(row.id, Programme(row.name, row.intervention, row.goal_type, row.site, row.ends_on), row.source)
        for row in session.execute(query)
    ]


def read_spells(session: Session, programme_id: uuid.UUID | None) -> dict[uuid.UUID, list[Spell]]:
    """Everybody ever enrolled, per programme, in the order of pseudonym and enrolment: one query."""
    query = (
        select(
            Enrolment,
            Participant.pseudonym,
            Participant.birth_year,
            func.row_number()
            .over(
                partition_by=(Enrolment.programme_id, Enrolment.participant_id),
                order_by=(Enrolment.started_at, Enrolment.id),
            )
            .label("number"),
            _attended("present").label("present"),
            _attended("present", "absent").label("noted"),
            select(ConsentRow.id)
            .where(
                ConsentRow.participant_id == Participant.id,
                ConsentRow.purpose == "sharing",
                ConsentRow.withdrawn_at.is_(None),
            )
            .exists()
            .label("shared"),
        )
        .join(Participant, Participant.id == Enrolment.participant_id)
        .order_by(Participant.pseudonym, Enrolment.started_at, Enrolment.id)
    )
    if programme_id is not None:
        query = query.where(Enrolment.programme_id == programme_id)
    found: dict[uuid.UUID, list[Spell]] = {}
    for row in session.execute(query):
        one: Enrolment = row.Enrolment
        found.setdefault(one.programme_id, []).append(
            Spell(
                id=one.id,
                pseudonym=row.pseudonym,
                number=row.number,
                arm=one.arm,
                started_on=one.started_on,
                birth_year=row.birth_year,
                exit_kind=one.exit_kind,
                exited_on=one.exited_on,
                present=row.present,
                noted=row.noted,
                shared=row.shared,
            )
        )
    return found


def _attended(*states: str) -> ColumnElement[bool]:
    """Whether one of these was noted at an activity of the programme during the enrolment (local days)."""
    day = cast(Activity.local_at, Date)
    return (
        select(Attendance.id)
        .join(Activity, Activity.id == Attendance.activity_id)
        .where(
            Attendance.participant_id == Enrolment.participant_id,
            Activity.programme_id == Enrolment.programme_id,
            Attendance.state.in_(states),
            day >= Enrolment.started_on,
            or_(Enrolment.exited_on.is_(None), day <= Enrolment.exited_on),
        )
        .exists()
    )
