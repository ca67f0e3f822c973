"""Participants by pseudonym, their consents, intakes and enrolments: the writing side. No contact details here."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.orm import Session

from service.followup.consent import Consent, Purpose
from service.followup.registration import IntakeForm
from service.store.base import Base
from service.store.tables.enrolment import Enrolment as EnrolmentRow
from service.store.tables.participant import ConsentRow
from service.store.tables.participant import Participant as Row

# The tables themselves: one statement, prepared once, for however many rows.
PARTICIPANTS = Base.metadata.tables["participant"]
CONSENTS = Base.metadata.tables["consent"]
INTAKES = Base.metadata.tables["intake"]
ENROLMENTS = Base.metadata.tables["enrolment"]


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
    form_of_address: str = "u"


@dataclass(frozen=True, slots=True)
class NewConsent:
    """One purpose that is agreed to, as it is kept."""

    participant_id: uuid.UUID
    purpose: str
    legal_basis: str
    taken_how: str
    wording: str


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
    first_activity_on: date | None = None


def add_participants(session: Session, org_id: uuid.UUID, people: Sequence[Participant], at: datetime) -> None:
    """Add people."""
    rows: list[dict[str, object]] = [
        {
            "id": person.id,
            "org_id": org_id,
            "pseudonym": person.pseudonym,
            "recognition_word": person.recognition_word,
            "language": person.language,
            "birth_year": person.birth_year,
            "preferred_channel": person.preferred_channel,
            "form_of_address": person.form_of_address,
            "created_at": at,
        }
        for person in people
    ]
    if rows:
        session.execute(insert(PARTICIPANTS), rows)


def pseudonyms_in_use(session: Session, pseudonyms: Collection[str]) -> frozenset[str]:
    """Which of these the organisation uses already."""
    return frozenset(session.execute(select(Row.pseudonym).where(Row.pseudonym.in_(list(pseudonyms)))).scalars())


def read_participant(session: Session, participant_id: uuid.UUID) -> Participant | None:
    """One person of this organisation; locked, because whoever reads one here is about to change it."""
    return read_participants(session, [participant_id]).get(participant_id)


def read_participants(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Participant]:
    """These people by id; locked, in one order, so that two that wait for each other cannot happen."""
    rows = session.execute(select(Row).where(Row.id.in_(list(ids))).order_by(Row.id).with_for_update()).scalars()
    return {
        row.id: Participant(
            row.id,
            row.pseudonym,
            row.recognition_word,
            row.language,
            row.birth_year,
            row.preferred_channel,
            row.died_on,
            row.form_of_address,
        )
        for row in rows
    }


def set_preferences(session: Session, participant_id: uuid.UUID, *, preferred_channel: str, language: str) -> None:
    """Change how and in which language a person wants to be asked."""
    session.execute(
        update(Row).where(Row.id == participant_id).values(preferred_channel=preferred_channel, language=language)
    )


def set_form_of_address(session: Session, participant_id: uuid.UUID, form: str) -> None:
    """From now on this person is called "u" or "je"."""
    session.execute(update(Row).where(Row.id == participant_id).values(form_of_address=form))


def wish_of(session: Session, participant_id: uuid.UUID) -> str:
    """How often this person wants to hear from us between the questions: normal, less or none. Locked."""
    return session.execute(select(Row.encouragement).where(Row.id == participant_id).with_for_update()).scalar_one()


def set_bereaved(session: Session, participant_id: uuid.UUID, bereaved_on: date | None) -> None:
    """Since when somebody mourns; None takes it back."""
    session.execute(update(Row).where(Row.id == participant_id).values(bereaved_on=bereaved_on))


def set_died(session: Session, participant_id: uuid.UUID, died_on: date) -> None:
    """Record a death."""
    session.execute(update(Row).where(Row.id == participant_id).values(died_on=died_on))


def add_consents(
    session: Session, org_id: uuid.UUID, consents: Iterable[NewConsent], *, taken_by: uuid.UUID, at: datetime
) -> None:
    """Keep what was agreed to; a purpose that is already in force stays as it was."""
    rows = [
        {
            "org_id": org_id,
            "participant_id": consent.participant_id,
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
    return consents_by_person(session, [participant_id])[participant_id]


def consents_by_person(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Consent]]:
    """Every consent these people gave, withdrawn ones too; an empty list for who gave none."""
    found: dict[uuid.UUID, list[Consent]] = {one: [] for one in ids}
    rows = session.execute(
        select(ConsentRow.participant_id, ConsentRow.purpose, ConsentRow.given_at, ConsentRow.withdrawn_at)
        .where(ConsentRow.participant_id.in_(list(ids)))
        .order_by(ConsentRow.given_at)
    )
    for row in rows:
        found[row.participant_id].append(Consent(Purpose(row.purpose), row.given_at, row.withdrawn_at))
    return found


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


def add_intakes(
    session: Session, org_id: uuid.UUID, intakes: Iterable[tuple[uuid.UUID, IntakeForm]], taken_by: uuid.UUID
) -> None:
    """Keep intakes, each with whose it is."""
    rows: list[dict[str, object]] = [
        {
            "org_id": org_id,
            "participant_id": participant_id,
            "taken_on": intake.taken_on,
            "taken_by": taken_by,
            "know": intake.know,
            "want": intake.want,
            "can": intake.can,
            "causes": list(intake.causes),
            "risk_factors": list(intake.risk_factors),
            "prevention_level": intake.prevention_level,
            "referrer": intake.referrer,
            "details": {},
        }
        for participant_id, intake in intakes
    ]
    if rows:
        session.execute(insert(INTAKES), rows)


def add_enrolments(session: Session, org_id: uuid.UUID, enrolments: Iterable[Enrolment]) -> None:
    """Begin spells of taking part."""
    rows: list[dict[str, object]] = [
        {
            "id": enrolment.id,
            "org_id": org_id,
            "participant_id": enrolment.participant_id,
            "programme_id": enrolment.programme_id,
            "protocol_id": enrolment.protocol_id,
            "arm": enrolment.arm,
            "started_at": enrolment.started_at,
            "started_on": enrolment.started_on,
        }
        for enrolment in enrolments
    ]
    if rows:
        session.execute(insert(ENROLMENTS), rows)


def spells_in(session: Session, programme_id: uuid.UUID) -> dict[uuid.UUID, bool]:
    """Who was ever enrolled in this programme, and whether they take part now."""
    running = func.bool_or(EnrolmentRow.exited_on.is_(None)).label("running")
    rows = session.execute(
        select(EnrolmentRow.participant_id, running)
        .where(EnrolmentRow.programme_id == programme_id)
        .group_by(EnrolmentRow.participant_id)
    )
    return {row.participant_id: row.running for row in rows}


def died(session: Session) -> frozenset[uuid.UUID]:
    """The people of this organisation who died."""
    return frozenset(session.execute(select(Row.id).where(Row.died_on.is_not(None))).scalars())


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
            row.first_activity_on,
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
