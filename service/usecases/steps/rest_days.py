"""Days on which a person would rather not hear from us: nothing is sent on them, answers to own words excepted.

Whoever adds them (staff, or the person on their own page) asks these steps, in a transaction of their own use case.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from service.followup.problem import Problem, Refusal
from service.store import rest_days
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day

#: Who wrote them down; "participant" is the other.
STAFF = "staff"
#: Longer than this is no rest but the end of taking part: that is another conversation.
LONGEST = timedelta(days=183)
#: Nobody plans further ahead; a year typed wrong would.
FURTHEST = timedelta(days=366)


def keep_rest_days(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    first_on: date,
    last_on: date,
    source: str,
) -> uuid.UUID:
    """Keep a period, first and last day included; it counts from the next send on. The caller writes the audit line.

    Raises Refusal (ends before it begins, is over, is too long, or is too far ahead).
    """
    now = services.now()
    today = office_day(now)
    if last_on < first_on:
        raise Refusal(Problem("rest_days_order", "last_on"))
    if last_on < today:
        raise Refusal(Problem("rest_days_past", "last_on"))
    if last_on - first_on >= LONGEST or first_on > today + FURTHEST:
        raise Refusal(Problem("rest_days_long", "last_on", values={"most": LONGEST.days}))
    return rest_days.add_rest_days(session, org_id, participant_id, first_on, last_on, source=source, at=now)
