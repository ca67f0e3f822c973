"""Participants by pseudonym, their consents, intakes and enrolments: the writing side. No contact details here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.orm import Session

from service.followup.consent import Consent, Purpose
from service.store.base import Base
from service.store.tables.enrolment import Enrolment as EnrolmentRow
from service.store.tables.participant import ConsentRow, Intake
from service.store.tables.participant import Participant as Row

# The table itself: one statement, prepared once, for however many rows.
CONSENTS = Base.metadata.tables["consent"]


@dataclass(frozen=True, slots=True)
class Participant:
    """A person who takes part, without a name."""

    id: uuid.UUID
    pseudonym: str
    recognition_word: str
    language: str
    birth_year: int | None
    preferred_channel: str
    died_on: date | None


@dataclass(frozen=True, slots=True)
class NewConsent:
    """One purpose that is agreed to, as it is kept."""

    purpose: str
    legal_basis: str
    taken_how: str
    wording: str


@dataclass(frozen=True, slots=True)
class NewIntake:
    """One dated intake, as it is kept."""

    taken_on: date
    know: int | None
    want: int | None
    can: int | None
    causes: Sequence[str]
    risk_factors: Sequence[str]
    prevention_level: str | None
    referrer: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One spell of taking part. `started_at` is UTC."""

    id: uuid.UUID
    participant_id: uuid.UUID
    programme_id: uuid.UUID
    protocol_id: uuid.UUID
    arm: str
    started_at: datetime
    started_on: date
    exited_on: date | None


def add_participant(session: Session, org_id: uuid.UUID, participant: Participant, at: datetime) -> None:
    """Add a person."""
    session.execute(
        insert(Row).values(
            id=participant.id,
            org_id=org_id,
            pseudonym=participant.pseudonym,
            recognition_word=participant.recognition_word,
            language=participant.language,
            birth_year=participant.birth_year,
            preferred_channel=participant.preferred_channel,
            created_at=at,
        )
    )


def pseudonym_exists(session: Session, pseudonym: str) -> bool:
    """Whether the organisation already uses this pseudonym."""
    return session.execute(select(Row.id).where(Row.pseudonym == pseudonym)).first() is not None


def read_participant(session: Session, participant_id: uuid.UUID) -> Participant | None:
    """One person of this organisation; locked, because whoever reads one here is about to change it."""
    row = session.execute(select(Row).where(Row.id == participant_id).with_for_update()).scalar_one_or_none()
    if row is None:
        return None
    return Participant(
        row.id, row.pseudonym, row.recognition_word, row.language, row.birth_year, row.preferred_channel, row.died_on
    )


def set_preferences(session: Session, participant_id: uuid.UUID, *, preferred_channel: str, language: str) -> None:
    """Change how and in which language a person wants to be asked."""
    session.execute(
        update(Row).where(Row.id == participant_id).values(preferred_channel=preferred_channel, language=language)
    )


def set_died(session: Session, participant_id: uuid.UUID, died_on: date) -> None:
    """Record a death."""
    session.execute(update(Row).where(Row.id == participant_id).values(died_on=died_on))


def add_consents(
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    consents: Iterable[NewConsent],
    *,
    taken_by: uuid.UUID,
    at: datetime,
) -> None:
    """Keep what was agreed to; a purpose that is already in force stays as it was."""
    rows = [
        {
            "org_id": org_id,
            "participant_id": participant_id,
            "purpose": consent.purpose,
            "legal_basis": consent.legal_basis,
            "taken_how": consent.taken_how,
            "taken_by": taken_by,
            "wording": consent.wording,
            "given_at": at,
        }
        for consent in consents
    ]
    if rows:
        session.execute(insert_new(CONSENTS).on_conflict_do_nothing(), rows)


def consents_of(session: Session, participant_id: uuid.UUID) -> list[Consent]:
    """Every consent a person gave, withdrawn ones too."""
    rows = session.execute(
        select(ConsentRow).where(ConsentRow.participant_id == participant_id).order_by(ConsentRow.given_at)
    ).scalars()
    return [Consent(Purpose(row.purpose), row.given_at, row.withdrawn_at) for row in rows]


def withdraw_consents(
    session: Session, participant_id: uuid.UUID, purposes: Iterable[str], how: str, at: datetime
) -> list[str]:
    """Withdraw purposes; returns those that were in force."""
    return list(
        session.execute(
            update(ConsentRow)
            .where(
                ConsentRow.participant_id == participant_id,
                ConsentRow.purpose.in_(list(purposes)),
                ConsentRow.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=at, withdrawn_how=how)
            .returning(ConsentRow.purpose)
        ).scalars()
    )


def add_intake(
    session: Session, org_id: uuid.UUID, participant_id: uuid.UUID, intake: NewIntake, taken_by: uuid.UUID
) -> None:
    """Keep one intake."""
    session.execute(
        insert(Intake).values(
            org_id=org_id,
            participant_id=participant_id,
            taken_on=intake.taken_on,
            taken_by=taken_by,
            know=intake.know,
            want=intake.want,
            can=intake.can,
            causes=list(intake.causes),
            risk_factors=list(intake.risk_factors),
            prevention_level=intake.prevention_level,
            referrer=intake.referrer,
            details={},
        )
    )


def add_enrolment(session: Session, org_id: uuid.UUID, enrolment: Enrolment) -> None:
    """Begin a spell of taking part."""
    session.execute(
        insert(EnrolmentRow).values(
            id=enrolment.id,
            org_id=org_id,
            participant_id=enrolment.participant_id,
            programme_id=enrolment.programme_id,
            protocol_id=enrolment.protocol_id,
            arm=enrolment.arm,
            started_at=enrolment.started_at,
            started_on=enrolment.started_on,
        )
    )


def enrolments_of(session: Session, participant_id: uuid.UUID) -> list[Enrolment]:
    """Every spell of one person, the latest first."""
    rows = session.execute(
        select(EnrolmentRow)
        .where(EnrolmentRow.participant_id == participant_id)
        .order_by(EnrolmentRow.exited_on.is_(None).desc(), EnrolmentRow.started_at.desc())
    ).scalars()
    return [
        Enrolment(
            row.id,
            row.participant_id,
            row.programme_id,
            row.protocol_id,
            row.arm,
            row.started_at,
            row.started_on,
            row.exited_on,
        )
        for row in rows
    ]


def exit_enrolment(session: Session, enrolment_id: uuid.UUID, *, exited_on: date, exit_kind: str, reason: str) -> bool:
    """End a spell; False when it had ended."""
    changed = session.execute(
        update(EnrolmentRow)
        .where(EnrolmentRow.id == enrolment_id, EnrolmentRow.exited_on.is_(None))
        .values(exited_on=exited_on, exit_kind=exit_kind, exit_reason=reason)
        .returning(EnrolmentRow.id)
    )
    return changed.scalar_one_or_none() is not None
