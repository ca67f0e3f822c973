"""A person's own page: whose it is, what was guessed at its door, and the choices they make there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.store.measurements import Sender

#: The audit line of a wrong answer at the door: they are what is counted, so that no second place can disagree.
WRONG_ANSWER = "own_page.wrong_answer"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who the page is about, as far as the page itself needs it."""

    id: uuid.UUID
    language: str
    birth_year: int | None
    recognition_word: str
    preferred_channel: str
    encouragement: str
    died: bool
    erasure_asked_at: datetime | None


def for_link(session: Session, digest: bytes) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The organisation and the participant of a link to an own page; None when nobody has it."""
    row = session.execute(text("select * from participant_for_own_link(:digest)"), {"digest": digest}).first()
    return None if row is None else (row.org_id, row.participant_id)


def set_link(session: Session, participant_id: uuid.UUID, digest: bytes) -> None:
    """From now on this link opens this person's own page."""
    session.execute(
        text("update participant set own_link_digest = :digest where id = :id"),
        {"digest": digest, "id": participant_id},
    )


def link_version(session: Session, participant_id: uuid.UUID) -> int:
    """Which link of this person's own page counts. Locks the person: what is counted or changed comes one by one."""
    found: int = session.execute(
        text("select own_link_version from participant where id = :id for update"), {"id": participant_id}
    ).scalar_one()
    return found


def end_link(session: Session, participant_id: uuid.UUID) -> None:
    """The link that was sent opens nothing any more: it may be on a telephone that somebody else has now."""
    session.execute(
        text("update participant set own_link_version = own_link_version + 1, own_link_digest = null where id = :id"),
        {"id": participant_id},
    )


def owner(session: Session, participant_id: uuid.UUID) -> Owner:
    """Who it is."""
    row = session.execute(
        text(
            "select id, language, birth_year, recognition_word, preferred_channel, encouragement,"
            " died_on is not null as died, erasure_asked_at from participant where id = :id"
        ),
        {"id": participant_id},
    ).mappings()
    return Owner(**row.one())


def sender(session: Session, participant_id: uuid.UUID) -> Sender:
    """Who writes to this person: the coordinator of the latest programme, else the organisation."""
    row = session.execute(
        text(
            "select o.name, coalesce(nullif(a.phone, ''), o.phone) as phone, coalesce(a.name, '') as coordinator"
            " from organisation o left join lateral (select g.coordinator_id from enrolment e"
            "   join programme g on g.org_id = e.org_id and g.id = e.programme_id where e.participant_id = :id"
            "   order by e.exited_on is null desc, e.started_at desc limit 1) x on true"
            " left join account a on a.id = x.coordinator_id"
        ),
        {"id": participant_id},
    ).one()
    return Sender(row.name, row.phone, row.coordinator)


def wrong_answers(session: Session, participant_id: uuid.UUID, since: datetime) -> int:
    """How often somebody answered wrongly at this door since then."""
    found: int = session.execute(
        text("select count(*) from audit_event where subject_id = :id and action = :action and at > :since"),
        {"id": participant_id, "action": WRONG_ANSWER, "since": since},
    ).scalar_one()
    return found


def is_paused(session: Session, participant_id: uuid.UUID, now: datetime) -> bool:
    """Whether this person asked for a pause that is not over: also when nothing was planned for those weeks. It is read
    from the audit trail, as in circumstances.py."""
    found: bool = session.execute(
        text("""
select exists (select 1 from audit_event d where d.subject_id = :id and d.action = 'participant.paused'
  and d.at + make_interval(weeks => cast(d.details ->> 'weeks' as integer)) > :now
  and not exists (select 1 from audit_event r where r.subject_id = d.subject_id and r.sequence > d.sequence
    and r.action in ('participant.resumed', 'participant.started', 'participant.paused')))
"""),
        {"id": participant_id, "now": now},
    ).scalar_one()
    return found


def end_pause(session: Session, participant_id: uuid.UUID) -> None:
    """What waited because of a pause is due again at the moment it was planned for; what has no use any more expires
    at send time, and the cap holds whatever comes at once."""
    session.execute(
        text(
            "update message set reason = '', due_at = local_at at time zone time_zone where participant_id = :id"
            " and state in ('planned', 'due') and reason = 'paused' and replied_at is null"
        ),
        {"id": participant_id},
    )


def set_encouragement(session: Session, participant_id: uuid.UUID, how_often: str) -> None:
    """How often the person wants to hear from us between the questions: normal, less or none."""
    session.execute(
        text("update participant set encouragement = :how where id = :id"), {"how": how_often, "id": participant_id}
    )


def ask_erasure(session: Session, participant_id: uuid.UUID, at: datetime) -> None:
    """The person asked that everything about them goes; the first moment they asked is what counts."""
    session.execute(
        text("update participant set erasure_asked_at = coalesce(erasure_asked_at, :at) where id = :id"),
        {"at": at, "id": participant_id},
    )
