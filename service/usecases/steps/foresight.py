"""What would become of the messages to come, decided as at send time with the facts of today."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.followup.delivery import Verdict, decide
from service.followup.planning import MessageKind
from service.followup.protocol import Protocol
from service.store.facts import Known, address_of, facts_of
from service.store.messages import Due
from service.usecases.services import Services

#: How often one message may be put off before we stop looking; each time is at least a minute later.
_LOOKS = 60
#: What ends when a person does something: nobody knows when.
_FOR_A_PERSON = ("words_to_read", "alert_open", "in_conversation")
#: Messages that count for the cap.
_COUNTED = (
    MessageKind.INVITE,
    MessageKind.REMINDER,
    MessageKind.LAST_REMINDER,
    MessageKind.RESEND,
    MessageKind.ENCOURAGEMENT,
    MessageKind.ACTIVITY,
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be decided about one message, why, when (UTC) and by which channel."""

    verdict: Verdict
    reason: str
    at: datetime
    channel: str | None


def foresee_all(services: Services, known: Known, unsent: Sequence[Due], now: datetime) -> dict[uuid.UUID, Foreseen]:
    """Decide about these messages in the order in which they fall due: an earlier one counts for the cap of a later."""
    found: dict[uuid.UUID, Foreseen] = {}
    for due in unsent:
        ahead = found[due.id] = _foresee(services, known, due, now)
        if ahead.verdict is Verdict.SEND and due.kind in _COUNTED and due.replied_at is None:
            known.note(due, ahead.at)
    return found


def _foresee(services: Services, known: Known, due: Due, now: datetime) -> Foreseen:
    """Decide, wait as long as it says, and decide again; the first thing it waits for is the reason that is told."""
    protocol = _protocol(services, known, due)
    moment = max(now, due.due_at)
    waits = due.reason if due.due_at > now else ""
    for _ in range(_LOOKS):
        address = address_of(known, due, moment)
        if address is None:
            return Foreseen(Verdict.SUPPRESS, "no_channel", moment, None)
        decision = decide(facts_of(known, due, address, protocol, moment), moment)
        if decision.reason in _FOR_A_PERSON and decision.verdict is Verdict.POSTPONE:
            return Foreseen(decision.verdict, decision.reason, moment, address.kind)
        if decision.verdict is Verdict.POSTPONE and decision.until is not None:
            moment, waits = decision.until, waits or decision.reason
            continue
        if decision.verdict is not Verdict.SEND:
            return Foreseen(decision.verdict, decision.reason, moment, address.kind)
        channel = services.sms if address.kind == "sms" else services.email
        if not channel.ready:
            return Foreseen(Verdict.POSTPONE, "channel_not_ready", moment, address.kind)
        return Foreseen(Verdict.SEND, waits, moment, address.kind)
    return Foreseen(Verdict.POSTPONE, waits, moment, None)


def _protocol(services: Services, known: Known, due: Due) -> Protocol | None:
    if due.protocol_id is None:
        return None
    return services.protocols.read(known.sources[due.protocol_id], services.instruments)
