"""Who is on duty, who can be warned, and whether the organisation signed for calls after high scores."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.followup.duty import Guard, Roster


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who signed that a high score leads to a call, and when."""

    signed_by: str
    signed_at: datetime


def roster(session: Session) -> Roster:
    """Who is on duty now: the newest row counts."""
    row = session.execute(
        text("select on_duty_id, back_up_id from duty_roster order by sequence desc limit 1")
    ).one_or_none()
    return Roster(None, None) if row is None else Roster(row.on_duty_id, row.back_up_id)


def set_roster(
    session: Session,
    org_id: uuid.UUID,
    on_duty: uuid.UUID,
    back_up: uuid.UUID | None,
    *,
    by: uuid.UUID,
    at: datetime,
) -> None:
    """From now on these two."""
    session.execute(
        text(
            "insert into duty_roster (org_id, on_duty_id, back_up_id, set_by, set_at)"
            " values (:org, :on_duty, :back_up, :by, :at)"
        ),
        {"org": org_id, "on_duty": on_duty, "back_up": back_up, "by": by, "at": at},
    )


def guards(session: Session) -> list[Guard]:
    """Everybody who can log in, by name: they can be warned."""
    rows = session.execute(
        text("select id, alert_mobile, email, role from account where disabled_at is null order by name, id")
    )
    return [Guard(row.id, row.alert_mobile, row.email, row.role == "administrator") for row in rows]


def set_alert_mobile(session: Session, account_id: uuid.UUID, mobile: str) -> None:
    """Where a red alert is announced by SMS; empty: by e-mail only."""
    session.execute(
        text("update account set alert_mobile = :mobile where id = :id"), {"mobile": mobile, "id": account_id}
    )


def coordinators_of(session: Session, participant_id: uuid.UUID) -> list[uuid.UUID]:
    """The coordinators of the programmes this person takes part in, or took part in last."""
    rows = session.execute(
        text(
            "select g.coordinator_id from enrolment e join programme g on g.org_id = e.org_id and g.id = e.programme_id"
            " where e.participant_id = :participant order by e.exited_on is not null, e.started_at desc"
        ),
        {"participant": participant_id},
    )
    return list(dict.fromkeys(rows.scalars()))


def amber_agreement(session: Session) -> Agreement | None:
    """The agreement in force; None: scores never lead to a call."""
    row = session.execute(
        text(
            "select a.name, g.signed_at from amber_agreement g join account a on a.org_id = g.org_id"
            " and a.id = g.signed_by where g.ended_at is null"
        )
    ).one_or_none()
    return None if row is None else Agreement(row.name, row.signed_at)


def sign_amber(session: Session, org_id: uuid.UUID, by: uuid.UUID, at: datetime) -> bool:
    """Sign; False when it was signed already."""
    return (
        session.execute(
            text(
                "insert into amber_agreement (org_id, signed_by, signed_at) values (:org, :by, :at)"
                " on conflict do nothing returning id"
            ),
            {"org": org_id, "by": by, "at": at},
        ).first()
        is not None
    )


def end_amber(session: Session, by: uuid.UUID, at: datetime) -> bool:
    """End the agreement; False when there is none."""
    return (
        session.execute(
            text("update amber_agreement set ended_by = :by, ended_at = :at where ended_at is null returning id"),
            {"by": by, "at": at},
        ).first()
        is not None
    )
