"""Apply what providers reported: late, repeated and reordered reports change nothing."""

from __future__ import annotations

import uuid

from service.followup.bounces import address_after
from service.followup.conversation import TaskReason
from service.followup.delivery import Event, State, advance
from service.store import call_tasks, messages, receipts, replies, stops
from service.store.messages import Change
from service.store.receipts import Pending
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.stopping import apply_stop

EVENTS = {
    "sent": Event.REPORT_SENT,
    "delivered": Event.REPORT_DELIVERED,
    "undelivered": Event.REPORT_UNDELIVERED,
    "failed": Event.REPORT_FAILED,
}
#: Codes of a number that will never work, and of one that stopped at the provider; 30003 (switched off) may pass.
DEAD = frozenset({"21211", "21214", "21217", "21614", "21635", "30005", "30006"})
OPTED_OUT = frozenset({"21610"})


def record_receipts(services: Services, limit: int = 100) -> int:
    """Apply up to `limit` waiting reports per organisation. Returns how many."""
    with services.transaction() as session:
        organisations = replies.with_pending_input(session)
    return sum(_record(services, org_id, limit) for org_id in organisations)


def _record(services: Services, org_id: uuid.UUID, limit: int) -> int:
    with services.transaction(org_id) as session:
        waiting = receipts.pending(session, limit)
        states: dict[uuid.UUID, State] = {}
        for one in waiting:
            if one.message_id is not None:
                _apply(services, session, org_id, one, states)
        if waiting:
            receipts.applied(session, [one.id for one in waiting], services.now())
        return len(waiting)


def _apply(
    services: Services, session: Session, org_id: uuid.UUID, one: Pending, states: dict[uuid.UUID, State]
) -> None:
    """One report about a message we know. What it says about the address counts also when the message is past it."""
    if one.message_id is None or one.number is None:
        return
    now = services.now()
    receipts.bind(session, one.message_id, one.number, one.provider, one.provider_id)
    if one.message_id not in states:
        states[one.message_id] = State(messages.state_of(session, one.message_id)[0])
    before = states[one.message_id]
    event = EVENTS.get(one.status)
    after = advance(before, event) if event is not None else None
    if after is not None and event is not None:
        states[one.message_id] = after
        messages.advance_to(session, Change(one.message_id, event, before, after, one.code, one.number), now)
    if one.status == "delivered" and one.address_id is not None:
        stops.mark(session, one.address_id, "working", now)
    elif one.code in OPTED_OUT and one.lookup_hash is not None:
        apply_stop(services, session, org_id, one.lookup_hash, "provider")
    elif (state := _address_after(one)) and one.address_id is not None and one.participant_id is not None:
        stops.mark(session, one.address_id, state, now)
        reason, about = TaskReason.UNREACHABLE, one.measurement_id or one.participant_id
        key = f"{reason}:{about}"
        call_tasks.ask(session, org_id, one.participant_id, one.measurement_id, reason, now, office_day(now), key)


def _address_after(one: Pending) -> str:
    """What the report says of the address: "invalid", "failing", or "" for nothing."""
    if one.channel == "email":
        return address_after(one.code)
    return "invalid" if one.code in DEAD else ""
