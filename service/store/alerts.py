"""Words that ask for a quick reaction. An alert is never deleted; the words stay with the reply."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert with what became of it. `level` is red (suicide) or amber (danger, somebody may read along)."""

    id: uuid.UUID
    participant_id: uuid.UUID | None  # None: an unknown number
    level: str
    raised_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    escalated_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an alert: a word, when, and who did it or was told (a name), if anybody."""

    at: datetime
    what: str
    who: str = ""
    detail: str = ""


_ALERTS = """
select al.id, al.participant_id, al.level, al.raised_at, al.due_at, al.acknowledged_at, a.name as acknowledged_by,
  al.escalated_at, al.closed_at, al.outcome
from alert al left join account a on a.org_id = al.org_id and a.id = al.acknowledged_by
"""

_STEPS = """
select e.at, e.action as what, coalesce(a.name, '') as who, coalesce(e.details ->> 'outcome', '') as detail
  from audit_event e left join account a on a.org_id = e.org_id and a.id = e.actor_id
  where e.subject_kind = 'alert' and e.subject_id = :alert
union all
select coalesce(n.sent_at, n.due_at), 'notice_' || n.state, a.name, n.channel
  from staff_notice n join account a on a.org_id = n.org_id and a.id = n.account_id where n.alert_id = :alert
union all
select coalesce(m.sent_at, m.created_at), 'answer_' || m.state, '', m.text_key
  from alert al join message m on m.org_id = al.org_id and m.dedupe_key like 'reply:' || al.reply_id || ':%'
  where al.id = :alert
order by 1
"""


def raise_alert(
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID | None,
    reply_id: uuid.UUID,
    level: str,
    now: datetime,
    due_at: datetime,
) -> uuid.UUID | None:
    """Raise an alert about a reply; None when there was one about it already."""
    found: uuid.UUID | None = session.execute(
        text(
            "insert into alert (org_id, participant_id, reply_id, level, raised_at, due_at)"
            " values (:org, :participant, :reply, :level, :now, :due) on conflict (org_id, reply_id) do nothing"
            " returning id"
        ),
        {"org": org_id, "participant": participant_id, "reply": reply_id, "level": level, "now": now, "due": due_at},
    ).scalar_one_or_none()
    return found


def list_alerts(session: Session, limit: int = 200) -> list[Alert]:
    """Every alert, those that are not closed first, then the newest."""
    rows = session.execute(
        text(f"{_ALERTS} order by al.closed_at is not null, al.raised_at desc, al.id limit :limit"), {"limit": limit}
    )
    return [Alert(**row) for row in rows.mappings()]


def read_alert(session: Session, alert_id: uuid.UUID) -> Alert | None:
    """One alert."""
    row = session.execute(text(f"{_ALERTS} where al.id = :id"), {"id": alert_id}).mappings().one_or_none()
    return None if row is None else Alert(**row)


def story(session: Session, alert_id: uuid.UUID) -> Sequence[Step]:
    """Everything that was done about an alert, in order."""
    rows = session.execute(text(_STEPS), {"alert": alert_id})
    return [Step(row.at, row.what, row.who, row.detail) for row in rows]


def close(session: Session, alert_id: uuid.UUID, outcome: str, at: datetime) -> bool:
    """End an alert; False when it was ended already. What is taken back to the person goes on from here."""
    row = session.execute(
        text("update alert set closed_at = :at, outcome = :outcome where id = :id and closed_at is null returning id"),
        {"id": alert_id, "outcome": outcome, "at": at},
    ).first()
    return row is not None


def to_escalate(session: Session, raised_before: datetime, now: datetime) -> list[Alert]:
    """Mark and return the alerts that nobody took on in time. Each one once."""
    ids = session.execute(
        text(
            "update alert set escalated_at = :now where acknowledged_at is null and closed_at is null"
            " and escalated_at is null and raised_at <= :before returning id"
        ),
        {"before": raised_before, "now": now},
    ).scalars()
    found = [read_alert(session, one) for one in ids.all()]
    return [one for one in found if one is not None]


def counts(session: Session) -> tuple[int, int]:
    """How many alerts were closed, and how many of them were false alarms."""
    row = session.execute(
        text("select count(*) as closed, count(*) filter (where outcome = 'false_alarm') as false from alert"
             " where closed_at is not null")
    ).one()  # fmt: skip
    return row.closed, row.false
