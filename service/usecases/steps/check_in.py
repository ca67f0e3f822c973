"""A call to hear how somebody is, after a high score: only where the organisation signed for it, not saying why."""

from __future__ import annotations

import uuid

from service.followup.conversation import TaskReason
from service.followup.duty import CHECK_IN_WITHIN, asks_for_check_in
from service.followup.quiet_hours import working_days_later
from service.measures.instrument import Instrument
from service.measures.scoring import Scored
from service.store import call_tasks, duty
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day


def ask_for_check_in(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    instrument: Instrument,
    scored: Scored,
) -> None:
    """Put a call on the list for a score in the highest band. The task names neither the wave nor the score."""
    if not asks_for_check_in(instrument, scored) or duty.amber_agreement(session) is None:
        return
    now = services.now()
    due_on = working_days_later(office_day(now), CHECK_IN_WITHIN)
    key = f"{TaskReason.CHECK_IN}:{participant_id}:{office_day(now)}"
    call_tasks.ask(session, org_id, participant_id, None, TaskReason.CHECK_IN, now, due_on, key)
