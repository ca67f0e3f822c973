"""What is kept about one person, as counts and dates: never the names, numbers, answers or words themselves."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.followup.consent import Purpose


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much of each kind is kept. `addresses` are the kinds in use: sms, email, landline."""

    birth_year: bool
    addresses: frozenset[str]
    answers: int  # questions that have an answer; "no answer" is none
    received: int  # messages that the person wrote
    sent: int  # messages that went out
    contacts: int  # calls and visits that were written down
    intakes: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """A purpose in force, and since when (UTC)."""

    purpose: Purpose
    since: datetime


def count(session: Session, participant_id: uuid.UUID) -> Holdings:
    """What is kept about this person."""
    row = session.execute(
        text("""
select p.birth_year is not null as birth_year,
  array(select distinct a.kind from contact.address a
    where a.participant_id = p.id and a.replaced_at is null) as addresses,
  (select count(*) from (select distinct on (x.measurement_id, x.item) x.code from answer_event x
    join measurement me on me.org_id = x.org_id and me.id = x.measurement_id where me.participant_id = p.id
    order by x.measurement_id, x.item, x.sequence desc) latest where latest.code <> 'no_answer') as answers,
  (select count(*) from reply r where r.participant_id = p.id) as received,
  (select count(*) from message m where m.participant_id = p.id and m.attempt_number > 0) as sent,
  (select count(*) from contact_moment c where c.participant_id = p.id and c.undone_at is null) as contacts,
  (select count(*) from intake i where i.participant_id = p.id) as intakes
from participant p where p.id = :id
"""),
        {"id": participant_id},
    ).one()
    return Holdings(
        birth_year=row.birth_year,
        addresses=frozenset(row.addresses),
        answers=row.answers,
        received=row.received,
        sent=row.sent,
        contacts=row.contacts,
        intakes=row.intakes,
    )


def agreed(session: Session, participant_id: uuid.UUID, at: datetime) -> list[Agreed]:
    """The purposes in force at this moment."""
    rows = session.execute(
        text(
            "select purpose, min(given_at) as since from consent where participant_id = :id and given_at <= :at"
            " and (withdrawn_at is null or withdrawn_at > :at) group by purpose"
        ),
        {"id": participant_id, "at": at},
    )
    return [Agreed(Purpose(row.purpose), row.since) for row in rows]
