"""Who is to be reminded of which activity, and what of it was not sent yet."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.store.messages import Change, write_events

REMINDER = "activity_tomorrow"
CANCELLED = "activity_cancelled"


@dataclass(frozen=True, slots=True)
class ToRemind:
    """One person and one activity. `number` counts what was planned about it for this person before."""

    activity_id: uuid.UUID
    participant_id: uuid.UUID
    enrolment_id: uuid.UUID
    protocol_id: uuid.UUID
    starts_at: datetime
    time_zone: str
    number: int


_TO_REMIND = """
select a.id as activity_id, e.participant_id, e.id as enrolment_id, e.protocol_id, a.starts_at, a.time_zone,
  (select count(*) from message x where x.org_id = a.org_id and x.activity_id = a.id
    and x.participant_id = e.participant_id) as number
from activity a
join enrolment e on e.org_id = a.org_id and e.programme_id = a.programme_id
  and e.exited_on is null and e.arm = 'intervention'
join participant p on p.org_id = e.org_id and p.id = e.participant_id
  and p.died_on is null and p.encouragement <> 'none' and p.preferred_channel <> 'phone'
where a.cancelled_at is null and a.remind and a.starts_at > :now and a.starts_at <= :until
  and (:every or a.id = any(:activities))
  and exists (select 1 from consent c where c.org_id = p.org_id and c.participant_id = p.id
    and c.purpose = 'encouragement' and c.withdrawn_at is null)
  and not exists (select 1 from attendance t where t.org_id = a.org_id and t.activity_id = a.id
    and t.participant_id = p.id and t.state <> 'open')
  and not exists (select 1 from message m where m.org_id = a.org_id and m.activity_id = a.id
    and m.participant_id = p.id and m.state <> 'cancelled')
order by a.starts_at, e.participant_id
"""


def to_remind(
    session: Session, now: datetime, until: datetime, activity_ids: Sequence[uuid.UUID] | None = None
) -> list[ToRemind]:
    """Everybody who takes part, agreed to encouragement, did not say no, and is not reminded yet."""
    rows = session.execute(
        text(_TO_REMIND),
        {"now": now, "until": until, "every": activity_ids is None, "activities": list(activity_ids or ())},
    )
    return [ToRemind(**row) for row in rows.mappings()]


_TOLD = """
select distinct on (m.participant_id) m.activity_id, m.participant_id, m.enrolment_id, e.protocol_id, a.starts_at,
  a.time_zone, (select count(*) from message x where x.org_id = m.org_id and x.activity_id = m.activity_id
    and x.participant_id = m.participant_id) as number
from message m join activity a on a.org_id = m.org_id and a.id = m.activity_id
join enrolment e on e.org_id = m.org_id and e.id = m.enrolment_id
where m.activity_id = :id and m.text_key = :text
  and m.state not in ('planned', 'due', 'suppressed', 'expired', 'cancelled', 'failed')
  and not exists (select 1 from attendance t where t.org_id = m.org_id and t.activity_id = m.activity_id
    and t.participant_id = m.participant_id and t.state = 'not_coming')
order by m.participant_id, m.created_at desc
"""


def told(session: Session, activity_id: uuid.UUID) -> list[ToRemind]:
    """Who was reminded of this activity, or may have been, and did not say no to it."""
    return [ToRemind(**row) for row in session.execute(text(_TOLD), {"id": activity_id, "text": REMINDER}).mappings()]


def cancel_unsent(
    session: Session, activity_id: uuid.UUID, reason: str, now: datetime, participant_id: uuid.UUID | None = None
) -> int:
    """Cancel what was not sent about this activity: to everybody, or to one person. Returns how many."""
    rows = session.execute(
        text(
            "update message m set state = 'cancelled', reason = :reason from (select id, state from message"
            " where activity_id = :activity and state in ('planned', 'due') and kind = 'activity'"
            " and (cast(:person as uuid) is null or participant_id = :person) for update) old"
            " where m.id = old.id returning m.id, old.state as before, m.attempt_number"
        ),
        {"activity": activity_id, "reason": reason, "person": participant_id},
    ).all()
    write_events(session, [Change(r.id, "cancel", r.before, "cancelled", reason, r.attempt_number) for r in rows], now)
    return len(rows)
