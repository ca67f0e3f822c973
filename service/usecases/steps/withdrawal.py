"""What ends with a consent that is withdrawn: by the coordinator, or by the person on their own page."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from service.followup.consent import CHANNEL_PURPOSE, Purpose, TakenHow
from service.store import calls, messages, participants, plans
from service.store.session import Session
from service.usecases.services import Services


def withdraw(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    preferred_channel: str,
    purposes: Collection[Purpose],
    how: TakenHow,
    by: uuid.UUID | None,
) -> list[str]:
    """Withdraw consents; returns those that were in force. `by` is None when the person did it.

    Without the questions everything ends: unsent messages are cancelled, waves to come are cancelled as "withdrawn", a
    wave that was open is missed as "refused", no call remains. Without the preferred channel only the unsent messages
    of open waves go: later ones are decided at their own moment, and the waves stay, because a person may still ask.
    """
    now = services.now()
    ended = participants.withdraw_consents(session, participant_id, purposes, how, now)
    if Purpose.QUESTIONS in purposes:
        plans.cancel_unsent(session, org_id, participant_id, "withdrawn", now)
        plans.end_measurements(session, participant_id, before=now, not_yet_open="withdrawn", while_open="refused")
        plans.close_conversations(session, participant_id, now)
        calls.close_tasks(session, participant_id, "withdrawn", by, now)
    elif CHANNEL_PURPOSE[preferred_channel] in purposes:
        messages.cancel_unsent(session, now, "withdrawn", participant_ids=[participant_id])
        plans.close_conversations(session, participant_id, now)
    return ended
