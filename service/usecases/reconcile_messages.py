"""Messages whose fate is unknown: ask the provider before anything is sent again."""

from __future__ import annotations

import uuid
from datetime import timedelta

from service.followup import attempts
from service.followup.conversation import TaskReason
from service.followup.delivery import Event, State, advance
from service.store import attempts as attempt_rows
from service.store import call_tasks, messages
from service.store.attempts import Doubtful
from service.store.messages import Change
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day

#: After this an SMS that nobody can tell us about goes to a person.
PATIENCE = timedelta(hours=24)
BATCH = 20


def reconcile_messages(services: Services) -> int:
    """Settle what can be settled. Returns how many messages changed."""
    with services.transaction() as session:
        organisations = messages.in_flight(session)
    return sum(_reconcile(services, org_id) for org_id in organisations)


def _reconcile(services: Services, org_id: uuid.UUID) -> int:
    now = services.now()
    with services.transaction(org_id) as session:
        changed = attempt_rows.expire_leases(session, now)
        doubtful = attempt_rows.doubtful(session, now - services.delivery.grace, services.delivery.lease, BATCH)
    for one in doubtful:
        changed += _settle(services, org_id, one)
    return changed


def _settle(services: Services, org_id: uuid.UUID, one: Doubtful) -> int:
    """The look-up happens without a transaction; what it says is written only when the message is still in doubt."""
    channel = services.sms if one.address_kind == "sms" else services.email
    to = services.vault.decrypt(one.address, org_id, str(one.participant_id), one.address_kind)
    try:
        provider_id, known = channel.look_up(to, one.started_at, one.body_digest), True
    except LookupError:
        provider_id, known = None, False
    with services.transaction(org_id) as session:
        state, number = messages.state_of(session, one.message_id)
        if state != State.UNKNOWN or number != one.number:
            return 0
        return _write(services, session, org_id, one, provider_id, known=known)


def _write(
    services: Services, session: Session, org_id: uuid.UUID, one: Doubtful, provider_id: str | None, *, known: bool
) -> int:
    now, due_at = services.now(), None
    if provider_id is not None:
        event, reason = Event.FOUND, "found"
        attempt_rows.finish(session, one.message_id, one.number, "accepted", now, provider_id, "found")
    elif known:
        due_at = attempts.next_try(one.number, now, one.expires_at)
        event, reason = (Event.NOT_FOUND, "not_found") if due_at else (Event.GIVE_UP, "not_found")
    elif one.channel == "email" or now - one.started_at >= PATIENCE:
        event, reason = Event.GIVE_UP, "fate_unknown"
    else:
        attempt_rows.hold_doubt(session, one.message_id, services.delivery.lease)
        return 0
    if event is Event.GIVE_UP:
        why = TaskReason.FATE_UNKNOWN
        key = f"{why}:{one.message_id}"
        call_tasks.ask(session, org_id, one.participant_id, one.measurement_id, why, now, office_day(now), key)
    after = advance(State.UNKNOWN, event) or State.NEEDS_REVIEW
    change = Change(one.message_id, event, State.UNKNOWN, after, reason, one.number)
    messages.advance_to(session, change, now, due_at=due_at)
    return 1
