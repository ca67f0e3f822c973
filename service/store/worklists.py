"""What waits for a coordinator: calls, words to read, alerts, and who is due, overdue or out of reach."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from service.store.tables.contact import Address, ContactMoment, Stop
from service.store.tables.enrolment import Enrolment
from service.store.tables.intervention import Programme
from service.store.tables.measurement import Measurement
from service.store.tables.message import Message
from service.store.tables.participant import Participant
from service.store.tables.reply import Alert, CallTask, ReplyRow
from service.store.vault import Vault

WAITING = ("planned", "due", "sending", "unknown")
GONE_OUT = ("accepted", "sent", "delivered", "undelivered", "failed", "needs_review")
ASKING = ("invite", "reminder", "last_reminder", "resend")


@dataclass(frozen=True, slots=True)
class Call:
    """A call to make. `closes_at`: when the window of the measurement it is about closes."""

    task_id: uuid.UUID
    participant_id: uuid.UUID
    reason: str
    created_at: datetime
    closes_at: datetime | None
    tries: int
    measurement_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class CallMade:
    """A call written down today; it can be undone."""

    moment_id: uuid.UUID
    participant_id: uuid.UUID
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SealedReply:
    """A reply a person should read; `sender` and `words` are still encrypted."""

    id: uuid.UUID
    provider_id: str
    participant_id: uuid.UUID | None
    received_at: datetime
    sender: str
    words: str
    channel: str = "sms"


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """Words that ask for a quick reaction; the words themselves stay with the reply."""

    id: uuid.UUID
    participant_id: uuid.UUID | None  # None: an unknown number
    reply_id: uuid.UUID
    level: str
    raised_at: datetime
    due_at: datetime
    escalated: bool
    taken_on: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands now, without a name."""

    id: uuid.UUID
    pseudonym: str
    preferred_channel: str
    programmes: tuple[str, ...]
    died_on: date | None
    due: bool
    overdue: bool
    unreachable: bool
    closes_at: datetime | None


def calls_to_make(session: Session, today: date) -> list[Call]:
    """Every open call whose day has come."""
    tries = (
        select(func.count())
        .where(ContactMoment.task_id == CallTask.id, ContactMoment.undone_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(CallTask, Measurement.closes_at, tries.label("tries"))
        .outerjoin(Measurement, Measurement.id == CallTask.measurement_id)
        .where(CallTask.done_at.is_(None), CallTask.due_on <= today)
    )
    return [
        Call(
            row.CallTask.id,
            row.CallTask.participant_id,
            row.CallTask.reason,
            row.CallTask.created_at,
            row.closes_at,
            row.tries,
            row.CallTask.measurement_id,
        )
        for row in rows
    ]


def calls_made(session: Session, since: datetime) -> list[CallMade]:
    """The calls from the list that were written down since then and not undone, newest first."""
    rows = session.execute(
        select(ContactMoment)
        .where(ContactMoment.at >= since, ContactMoment.undone_at.is_(None), ContactMoment.task_id.is_not(None))
        .order_by(ContactMoment.at.desc())
    ).scalars()
    return [CallMade(row.id, row.participant_id, row.outcome, row.at) for row in rows]


def replies_to_read(session: Session) -> list[SealedReply]:
    """Replies that no person has read yet, newest first; those of an open alert are shown there."""
    alerted = select(Alert.id).where(Alert.reply_id == ReplyRow.id).exists()
    rows = session.execute(
        select(ReplyRow).where(ReplyRow.state == "to_read", ~alerted).order_by(ReplyRow.received_at.desc())
    ).scalars()
    return [_sealed(row) for row in rows]


def find_reply(session: Session, reply_id: uuid.UUID) -> SealedReply | None:
    """One reply, whatever its state."""
    row = session.get(ReplyRow, reply_id)
    return _sealed(row) if row else None


def set_read(session: Session, reply_id: uuid.UUID, at: datetime, by: uuid.UUID) -> bool:
    """Note that a person read this reply; False when there was nothing to note."""
    changed = session.execute(
        update(ReplyRow)
        .where(ReplyRow.id == reply_id, ReplyRow.state == "to_read")
        .values(state="read", read_at=at, read_by=by)
        .returning(ReplyRow.id)
    ).scalar_one_or_none()
    return changed is not None


def open_alerts(session: Session) -> list[OpenAlert]:
    """Alerts that are not closed: those nobody took on first, red before amber, then the oldest."""
    rows = session.execute(
        select(Alert)
        .where(Alert.closed_at.is_(None))
        .order_by(Alert.acknowledged_at.is_not(None), Alert.level.desc(), Alert.raised_at)
    ).scalars()
    return [_alert(row) for row in rows]


def find_alert(session: Session, alert_id: uuid.UUID) -> OpenAlert | None:
    """One alert, acknowledged or not."""
    row = session.get(Alert, alert_id)
    return _alert(row) if row else None


def acknowledge(session: Session, alert_id: uuid.UUID, at: datetime, by: uuid.UUID) -> bool:
    """Somebody has taken this alert on; False when somebody had already."""
    changed = session.execute(
        update(Alert)
        .where(Alert.id == alert_id, Alert.acknowledged_at.is_(None))
        .values(acknowledged_at=at, acknowledged_by=by)
        .returning(Alert.id)
    ).scalar_one_or_none()
    return changed is not None


def standings(session: Session, now: datetime) -> list[Standing]:
    """Everybody of the organisation: who is due, overdue (all messages sent, no complete answer) or unreachable."""
    about = and_(Message.measurement_id == Measurement.id, Message.kind.in_(ASKING))
    waiting = select(Message.id).where(about, Message.state.in_(WAITING)).exists()
    asked = select(Message.id).where(about, Message.state.in_(GONE_OUT)).exists()
    windows = (
        select(
            Measurement.participant_id,
            func.min(Measurement.closes_at).label("closes_at"),
            func.bool_or(and_(asked, ~waiting)).label("overdue"),
        )
        .where(
            Measurement.status.in_(("scheduled", "open", "partial")),
            Measurement.opens_at <= now,
            Measurement.closes_at > now,
        )
        .group_by(Measurement.participant_id)
        .subquery()
    )
    stopped = select(Stop.id).where(Stop.lookup_hash == Address.lookup_hash, Stop.lifted_at.is_(None)).exists()
    usable = (
        select(Address.id)
        .where(
            Address.participant_id == Participant.id,
            Address.replaced_at.is_(None),
            Address.state.in_(("unverified", "working")),
            or_(Address.kind == "landline", ~stopped),
        )
        .exists()
    )
    current = and_(Enrolment.participant_id == Participant.id, Enrolment.exited_on.is_(None))
    rows = session.execute(
        select(
            Participant,
            windows.c.closes_at,
            windows.c.overdue,
            usable.label("usable"),
            func.array_remove(func.array_agg(Programme.name), None).label("programmes"),
        )
        .outerjoin(windows, windows.c.participant_id == Participant.id)
        .outerjoin(Enrolment, current)
        .outerjoin(Programme, Programme.id == Enrolment.programme_id)
        .group_by(Participant.id, windows.c.closes_at, windows.c.overdue)
    )
    return [_standing(row.Participant, row.closes_at, row.overdue, row.usable, row.programmes) for row in rows]


def _standing(
    person: Participant, closes_at: datetime | None, overdue: bool | None, usable: bool, programmes: list[str]
) -> Standing:
    alive = person.died_on is None
    return Standing(
        id=person.id,
        pseudonym=person.pseudonym,
        preferred_channel=person.preferred_channel,
        programmes=tuple(sorted(set(programmes))),
        died_on=person.died_on,
        due=alive and closes_at is not None,
        overdue=alive and bool(overdue),
        unreachable=alive and not usable and bool(programmes),
        closes_at=closes_at,
    )


def _sealed(row: ReplyRow) -> SealedReply:
    return SealedReply(row.id, row.provider_id, row.participant_id, row.received_at, row.sender, row.words, row.channel)


def _alert(row: Alert) -> OpenAlert:
    return OpenAlert(
        row.id,
        row.participant_id,
        row.reply_id,
        row.level,
        row.raised_at,
        row.due_at,
        escalated=row.escalated_at is not None,
        taken_on=row.acknowledged_at is not None,
        closed=row.closed_at is not None,
    )


def words_of(vault: Vault, org_id: uuid.UUID, reply: SealedReply) -> str:
    """The words of a reply."""
    return vault.decrypt(reply.words, org_id, reply.provider_id, "words")


def mail_from_of(vault: Vault, org_id: uuid.UUID, reply: SealedReply) -> str:
    """The address a mail came from; "" for an SMS."""
    return vault.decrypt(reply.sender, org_id, reply.provider_id, "sender") if reply.channel == "email" else ""
