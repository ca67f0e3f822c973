"""Who may be encouraged next: one word at a time, so that a long plan does not fill the outbox."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ToEncourage:
    """One enrolment without a word on its way. `after` is the place of the plan that was used last."""

    enrolment_id: uuid.UUID
    participant_id: uuid.UUID
    protocol_id: uuid.UUID
    started_on: date
    wish: str
    after: int | None
    last_at: datetime | None


_TO_ENCOURAGE = """
select e.id as enrolment_id, e.participant_id, e.protocol_id, e.started_on, p.encouragement as wish,
  (select max(cast(m.values ->> 'number' as integer)) from message m where m.org_id = e.org_id
    and m.participant_id = e.participant_id and m.enrolment_id = e.id and m.kind = 'encouragement') as after,
  (select max(m.sent_at) from message m where m.org_id = e.org_id and m.participant_id = e.participant_id
    and m.kind = 'encouragement') as last_at
from enrolment e
join participant p on p.org_id = e.org_id and p.id = e.participant_id
join programme g on g.org_id = e.org_id and g.id = e.programme_id
where e.exited_on is null and e.arm = 'intervention' and p.died_on is null and p.encouragement <> 'none'
  and p.preferred_channel <> 'phone' and (g.ends_on is null or g.ends_on >= :today)
  and exists (select 1 from consent c where c.org_id = p.org_id and c.participant_id = p.id
    and c.purpose = 'encouragement' and c.withdrawn_at is null)
  and not exists (select 1 from message m where m.org_id = e.org_id and m.participant_id = e.participant_id
    and m.enrolment_id = e.id and m.kind = 'encouragement' and m.state in ('planned', 'due'))
order by e.id
"""


def to_encourage(session: Session, today: date) -> list[ToEncourage]:
    """Who takes part now in the arm that gets the help, agreed to it, and has no word on its way."""
    return [ToEncourage(**row) for row in session.execute(text(_TO_ENCOURAGE), {"today": today}).mappings()]
