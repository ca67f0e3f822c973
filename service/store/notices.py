"""Notices to staff about an alert. At least once: a notice that came twice does no harm, one that never came does."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.followup.duty import Guard


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that was claimed: to whom, by which way, and how often it was tried (this time included)."""

    id: uuid.UUID
    alert_id: uuid.UUID
    channel: str
    step: str
    mobile: str
    email: str
    tries: int
    raised_at: datetime


def add_notices(
    session: Session, org_id: uuid.UUID, alert_id: uuid.UUID, step: str, guards: Iterable[Guard], now: datetime
) -> None:
    """One notice per person and way of reaching them; the same one once."""
    rows = [
        {"org": org_id, "alert": alert_id, "account": guard.account_id, "step": step, "channel": channel, "now": now}
        for guard in guards
        for channel in guard.channels
    ]
    if rows:
        session.execute(
            text(
                "insert into staff_notice (org_id, alert_id, account_id, step, channel, due_at)"
                " values (:org, :alert, :account, :step, :channel, :now) on conflict do nothing"
            ),
            rows,
        )


def with_due_notices(session: Session, now: datetime) -> list[uuid.UUID]:
    """The organisations whose staff must be told something."""
    return list(session.execute(text("select * from organisations_with_due_notices(:now)"), {"now": now}).scalars())


def claim(session: Session, now: datetime, lease: timedelta, limit: int) -> list[DueNotice]:
    """Take up to `limit` notices for one try each. Those of an alert somebody has taken on meanwhile are cancelled."""
    session.execute(
        text(
            "update staff_notice n set state = 'cancelled' from alert al where al.org_id = n.org_id"
            " and al.id = n.alert_id and n.state = 'due' and al.acknowledged_at is not null"
        )
    )
    rows = session.execute(
        text(
            "with mine as materialized (select id from staff_notice where state = 'due' and due_at <= :now"
            "   and (lease_until is null or lease_until < clock_timestamp())"
            "   order by due_at limit :limit for update skip locked)"
            " update staff_notice n set tries = n.tries + 1,"
            "   lease_until = clock_timestamp() + make_interval(secs => :lease)"
            " from mine, alert al, account a where n.id = mine.id and al.org_id = n.org_id and al.id = n.alert_id"
            "   and a.org_id = n.org_id and a.id = n.account_id"
            " returning n.id, n.alert_id, n.channel, n.step, a.alert_mobile as mobile, a.email, n.tries, al.raised_at"
        ),
        {"now": now, "limit": limit, "lease": lease.total_seconds()},
    )
    return [DueNotice(**row) for row in rows.mappings()]


def sent(session: Session, notice: DueNotice, at: datetime) -> None:
    """It went out."""
    session.execute(
        text("update staff_notice set state = 'sent', sent_at = :at, lease_until = null where id = :id"),
        {"id": notice.id, "at": at},
    )


def failed(session: Session, notice: DueNotice, code: str, again_at: datetime | None) -> None:
    """It did not go out, or nobody can tell; it goes again at `again_at`, and never again when that is None. Nothing
    changes when a later try took it over meanwhile."""
    session.execute(
        text(
            "update staff_notice set"
            " state = case when cast(:again as timestamptz) is null then 'failed' else 'due' end,"
            " due_at = coalesce(:again, due_at), code = :code, lease_until = null"
            " where id = :id and tries = :tries and state = 'due'"
        ),
        {"id": notice.id, "tries": notice.tries, "again": again_at, "code": code},
    )
