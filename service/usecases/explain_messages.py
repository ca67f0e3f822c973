"""What one person gets and why (not): what happened to each message, and what would become of the others today."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.followup.delivery import Verdict, decide
from service.followup.planning import MessageKind
from service.followup.protocol import Protocol
from service.followup.quiet_hours import to_local
from service.store import histories, messages, timelines
from service.store.facts import Known, address_of, facts_of, gather
from service.store.histories import History, Step
from service.store.messages import Due
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services

#: How often one message may be put off before we stop looking; each time is at least a minute later.
_LOOKS = 60
#: What ends when a person does something: nobody knows when.
_FOR_A_PERSON = ("words_to_read",)
#: Messages that count for the cap.
_COUNTED = (MessageKind.INVITE, MessageKind.REMINDER, MessageKind.RESEND)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. `at` is when it went out, or would, or when it was decided that it would not (UTC).

    `foreseen` is None for what is past; otherwise what would be decided on the facts of today. POSTPONE says that it
    has to wait for something without a known end. `reason` is why it was not sent, will not be, or has to wait.
    """

    kind: str
    wave: str | None
    at: datetime
    local_at: datetime
    time_zone: str
    channel: str | None
    state: str
    foreseen: Verdict | None
    reason: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every message of one person, oldest first. `at` is the moment of the facts (UTC)."""

    participant_id: uuid.UUID
    pseudonym: str
    entries: tuple[Entry, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class _Foreseen:
    verdict: Verdict
    reason: str
    at: datetime
    channel: str | None


def explain_messages(
    services: Services, actor: Actor, participant_id: uuid.UUID, on: date | None = None
) -> Explanation:
    """The messages of this person, or those of one local day. Nothing is written. Raises Denied, NotFound.

    What is to come is decided as at send time, with the facts of today and in the order in which it falls due: an
    earlier message counts for the cap of a later one. Not foreseen: that a number will be busy with another
    conversation, and what people still do before then.
    """
    access.require(actor, Action.SEE_PARTICIPANTS)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        person = timelines.find_person(session, participant_id)
        if person is None:
            raise NotFound(participant_id)
        told = histories.of_participant(session, participant_id)
        unsent = messages.unsent_of(session, participant_id)
        known = gather(session, unsent, now)
    foreseen = _foresee_all(services, known, unsent, now)
    entries = sorted((_entry(one, foreseen.get(one.id)) for one in told), key=lambda entry: entry.at)
    kept = tuple(entry for entry in entries if on is None or entry.local_at.date() == on)
    return Explanation(participant_id, person.pseudonym, kept, now)


def _entry(told: History, ahead: _Foreseen | None) -> Entry:
    if ahead is not None:
        at, reason, channel = ahead.at, ahead.reason, ahead.channel
    else:
        at = told.sent_at or (told.steps[-1].at if told.steps else told.due_at)
        reason, channel = told.reason, told.channel
    return Entry(
        kind=told.kind,
        wave=told.wave,
        at=at,
        local_at=to_local(at, told.time_zone),
        time_zone=told.time_zone,
        channel=channel,
        state=told.state,
        foreseen=ahead.verdict if ahead else None,
        reason=reason,
        steps=told.steps,
    )


def _foresee_all(services: Services, known: Known, unsent: Sequence[Due], now: datetime) -> dict[uuid.UUID, _Foreseen]:
    found: dict[uuid.UUID, _Foreseen] = {}
    for due in unsent:
        ahead = found[due.id] = _foresee(services, known, due, now)
        if ahead.verdict is Verdict.SEND and due.kind in _COUNTED and due.replied_at is None:
            known.sent.setdefault(due.participant_id, []).append(ahead.at)
    return found


def _foresee(services: Services, known: Known, due: Due, now: datetime) -> _Foreseen:
    """Decide, wait as long as it says, and decide again; the first thing it waits for is the reason that is told."""
    protocol = _protocol(services, known, due)
    moment = max(now, due.due_at)
    waits = due.reason if due.due_at > now else ""
    for _ in range(_LOOKS):
        address = address_of(known, due, moment)
        if address is None:
            return _Foreseen(Verdict.SUPPRESS, "no_channel", moment, None)
        decision = decide(facts_of(known, due, address, protocol, moment), moment)
        if decision.reason in _FOR_A_PERSON and decision.verdict is Verdict.POSTPONE:
            return _Foreseen(decision.verdict, decision.reason, moment, address.kind)
        if decision.verdict is Verdict.POSTPONE and decision.until is not None:
            moment, waits = decision.until, waits or decision.reason
            continue
        if decision.verdict is not Verdict.SEND:
            return _Foreseen(decision.verdict, decision.reason, moment, address.kind)
        channel = services.sms if address.kind == "sms" else services.email
        if not channel.ready:
            return _Foreseen(Verdict.POSTPONE, "channel_not_ready", moment, address.kind)
        return _Foreseen(Verdict.SEND, waits, moment, address.kind)
    return _Foreseen(Verdict.POSTPONE, waits, moment, None)


def _protocol(services: Services, known: Known, due: Due) -> Protocol | None:
    if due.protocol_id is None:
        return None
    return services.protocols.read(known.sources[due.protocol_id], services.instruments)
