"""What a word of encouragement and a reminder of an activity depend on, read at the moment they would go."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.followup.encouragement import Circumstances, Wish

_LATELY = timedelta(days=3)
_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class About:
    """The activity that a message is about. `local_at` is naive, in `time_zone`."""

    title: str
    place: str
    local_at: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds one message; `about` is None for a word of encouragement."""

    circumstances: Circumstances
    about: About | None


_AROUND = """
select m.id, p.encouragement as wish, p.bereaved_on, e.id is not null and e.exited_on is null as taking_part,
  exists (select 1 from consent c where c.org_id = m.org_id and c.participant_id = p.id
    and c.purpose = 'encouragement' and c.given_at <= :now and (c.withdrawn_at is null or c.withdrawn_at > :now)
  ) as agreed,
  array(select x.sent_at from message x where x.org_id = m.org_id and x.participant_id = p.id
    and x.kind in ('invite', 'reminder', 'last_reminder', 'resend') and x.sent_at > :lately) as asked_at,
  array(select x.due_at from message x where x.org_id = m.org_id and x.participant_id = p.id
    and x.kind in ('invite', 'reminder', 'last_reminder', 'resend') and x.state in ('planned', 'due')
    and x.due_at < :soon) as to_ask_at,
  exists (select 1 from conversation v where v.org_id = m.org_id and v.participant_id = p.id
    and v.closed_at is null) as in_conversation,
  (select max(al.closed_at) from alert al where al.org_id = m.org_id and al.participant_id = p.id) as alert_closed_at,
  (select max(k.at) from contact_moment k where k.org_id = m.org_id and k.participant_id = p.id
    and k.kind = 'call' and k.outcome = 'no_answer' and k.undone_at is null
    and not exists (select 1 from contact_moment t where t.org_id = k.org_id
      and t.participant_id = k.participant_id and t.at > k.at and t.undone_at is null
      and coalesce(t.two_way, t.outcome = 'spoken'))) as missed_call_at,
  (select max(x.sent_at) from message x where x.org_id = m.org_id and x.participant_id = p.id
    and x.kind = 'encouragement') as last_at,
  (select max(d.at + make_interval(weeks => cast(d.details ->> 'weeks' as integer))) from audit_event d
    where d.org_id = m.org_id and d.subject_id = p.id and d.action = 'participant.paused'
    and not exists (select 1 from audit_event r where r.org_id = d.org_id and r.subject_id = d.subject_id
      and r.sequence > d.sequence and r.action in ('participant.resumed', 'participant.started', 'participant.paused')
    )) as paused_until,
  a.id is not null and a.cancelled_at is not null as activity_cancelled,
  exists (select 1 from attendance t where t.org_id = m.org_id and t.activity_id = m.activity_id
    and t.participant_id = p.id and t.state = 'not_coming') as not_coming,
  a.title, a.place, a.local_at, a.time_zone
from message m join participant p on p.org_id = m.org_id and p.id = m.participant_id
left join enrolment e on e.org_id = m.org_id and e.id = m.enrolment_id
left join activity a on a.org_id = m.org_id and a.id = m.activity_id
where m.id = any(:ids)
"""


def read(session: Session, message_ids: Collection[uuid.UUID], now: datetime) -> dict[uuid.UUID, Around]:
    """What surrounds each of these messages, in one query."""
    if not message_ids:
        return {}
    rows = session.execute(
        text(_AROUND), {"ids": list(message_ids), "now": now, "lately": now - _LATELY, "soon": now + _SOON}
    )
    return {
        row.id: Around(
            Circumstances(
                agreed=row.agreed,
                taking_part=row.taking_part,
                wish=Wish(row.wish),
                asked_at=tuple(row.asked_at),
                to_ask_at=tuple(row.to_ask_at),
                in_conversation=row.in_conversation,
                alert_closed_at=row.alert_closed_at,
                bereaved_on=row.bereaved_on,
                missed_call_at=row.missed_call_at,
                last_at=row.last_at,
                activity_cancelled=row.activity_cancelled,
                not_coming=row.not_coming,
                paused_until=row.paused_until,
            ),
            None if row.title is None else About(row.title, row.place, row.local_at, row.time_zone),
        )
        for row in rows
    }
