"""Send what is due: claim, let go, look once more, send, write down (DESIGN section 3)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from service.channels.base import Accepted, Channel, Outcome, Outgoing, Rejected, Throttled
from service.followup import attempts, conversation, reach
from service.followup.addresses import as_dialled
from service.followup.conversation import OWN_PAGE_LINK, Stage, TaskReason
from service.followup.delivery import Event, State, Verdict, advance, decide
from service.followup.planning import MessageKind
from service.followup.problem import Refusal
from service.followup.protocol import Protocol
from service.followup.quiet_hours import to_local
from service.measures.instrument import Instrument
from service.messages import compose
from service.messages.catalogue import LANGUAGES
from service.messages.render import Render
from service.messages.sms_parts import measure
from service.store import attempts as attempt_rows
from service.store import call_tasks, conversations, measurements, messages, own_texts, stops
from service.store.attempts import AttemptRow
from service.store.conversations import Conversation
from service.store.facts import BETWEEN, Known, address_of, facts_of, gather, hours_of
from service.store.measurements import Given
from service.store.messages import Change, Due, Organisation
from service.store.session import Session
from service.store.stops import Address
from service.store.vault import Unreadable
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.stopping import apply_stop

TRIES = 3
AGAIN = timedelta(minutes=5)
#: What a text that cannot be made raises: our mistake; the rest of the queue goes on.
POISON = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Unreadable, Refusal)


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message with its words, and the attempt that was written for it."""

    due: Due
    attempt: AttemptRow
    address: Address
    outgoing: Outgoing


@dataclass(slots=True)
class Around:
    """Everything a batch of one organisation needs to know, read in a few queries."""

    organisation: Organisation
    render: Render
    known: Known
    talks: dict[bytes, Conversation]
    answers: dict[uuid.UUID, dict[int, Given]]
    busy: set[bytes] = field(default_factory=set)  # numbers with which this batch opened a conversation


@dataclass(slots=True)
class Written:
    """What the first transaction writes."""

    ready: list[Ready] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    later: list[tuple[uuid.UUID, datetime, str]] = field(default_factory=list)


def dispatch_messages(services: Services, limit: int = 20) -> int:
    """Send up to `limit` messages per organisation. Returns how many were dealt with; 0 when nothing is due."""
    channels = [channel.name for channel in (services.sms, services.email) if channel.ready]
    if not channels:
        return 0
    with services.transaction() as session:
        organisations = messages.with_due_messages(session, services.now())
    return sum(_dispatch(services, org_id, channels, limit) for org_id in organisations)


def _dispatch(services: Services, org_id: uuid.UUID, channels: Sequence[str], limit: int) -> int:
    written = Written()
    with services.transaction(org_id) as session:
        claimed = messages.claim_due(session, services.now(), channels, limit)
        if claimed:
            around = _look_around(session, services, claimed)
            for due in claimed:
                _prepare(services, session, org_id, around, due, written)
            _write(services, session, written)
    if written.ready:
        _send_all(services, org_id, written.ready)
    return len(claimed)


def _look_around(session: Session, services: Services, claimed: Sequence[Due]) -> Around:
    known = gather(session, claimed, services.now())
    asked = [due.measurement_id for due in claimed if due.measurement_id and due.kind != MessageKind.CONVERSATION]
    return Around(
        organisation=messages.organisation(session),
        render=services.render.speaking_as(own_texts.newest(session)),
        known=known,
        talks=conversations.open_with(session, [a.lookup_hash for a in known.book.by_id.values() if a.kind == "sms"])
        if asked
        else {},
        answers=measurements.answers(session, asked) if asked else {},
    )


def _prepare(
    services: Services, session: Session, org_id: uuid.UUID, around: Around, due: Due, written: Written
) -> None:
    """Decide about one message. One that cannot even be made is tried again, and parked after three times."""
    try:
        _decide(services, session, org_id, around, due, written)
    except POISON as error:
        now, name = services.now(), type(error).__name__
        event = Change(due.id, "stumble", due.state, due.state, name, due.attempt_number)
        if messages.stumbles(session, due.id) + 1 >= TRIES:
            written.changes.append(Change(due.id, "give_up", due.state, State.NEEDS_REVIEW, name, due.attempt_number))
        else:
            written.later.append((due.id, now + AGAIN, name))
        messages.write_events(session, [event], now)


def _decide(
    services: Services, session: Session, org_id: uuid.UUID, around: Around, due: Due, written: Written
) -> None:
    now = services.now()
    protocol = _protocol(services, around, due)
    address = address_of(around.known, due, now)
    if address is None:
        _leave_to_a_call(services, session, org_id, around, due)
        written.changes.append(_change(due, Event.SUPPRESS, State.SUPPRESSED, "no_channel"))
        return
    decision = decide(facts_of(around.known, due, address, protocol, now), now)
    if decision.verdict is Verdict.SUPPRESS:
        written.changes.append(_change(due, Event.SUPPRESS, State.SUPPRESSED, decision.reason))
    elif decision.verdict is Verdict.EXPIRE:
        written.changes.append(_change(due, Event.EXPIRE, State.EXPIRED, decision.reason))
    elif decision.verdict is Verdict.POSTPONE:
        written.later.append((due.id, decision.until or now + AGAIN, decision.reason))
    elif not _channel(services, address).ready:
        written.later.append((due.id, now + AGAIN, "channel_not_ready"))
    elif _asks_by_sms(services, due, address, protocol) and not _may_talk(
        services, session, org_id, around, due, address
    ):
        wait = max(timedelta(minutes=1), min(timedelta(days=1), (due.expires_at - now) / 4))
        written.later.append((due.id, now + wait, "number_in_conversation"))
    else:
        written.ready.append(_make(services, org_id, around, due, address, protocol))
        if due.replied_at is None:
            around.known.note(due, now)


def _leave_to_a_call(services: Services, session: Session, org_id: uuid.UUID, around: Around, due: Due) -> None:
    """Nothing can be sent to this person: somebody calls about the questions, nobody about encouragement."""
    if due.kind not in BETWEEN:
        kinds = set(around.known.book.current(due.participant_id))
        _ask_for_call(services, session, org_id, due, reach.why_nobody_writes(due.preferred_channel, kinds))


def _protocol(services: Services, around: Around, due: Due) -> Protocol | None:
    if due.protocol_id is None:
        return None
    return services.protocols.read(around.known.sources[due.protocol_id], services.instruments)


def _instrument(services: Services, due: Due) -> Instrument | None:
    return services.instruments[due.instrument] if due.instrument else None


def _asks_by_sms(services: Services, due: Due, address: Address, protocol: Protocol | None) -> bool:
    if protocol is None or due.wave is None or address.kind != "sms":
        return False
    return reach.asks_by_sms(MessageKind(due.kind), protocol.wave(due.wave), _instrument(services, due))


def _may_reply(services: Services, due: Due, address: Address) -> bool:
    """Whether the questions may be answered by answering this mail."""
    instrument = _instrument(services, due)
    return address.kind == "email" and services.inbox.ready and instrument is not None and instrument.sms_allowed


def _may_talk(
    services: Services, session: Session, org_id: uuid.UUID, around: Around, due: Due, address: Address
) -> bool:
    """Whether the number is free for this measurement; opens the conversation when it is."""
    now, number = services.now(), address.lookup_hash
    talk = around.talks.get(number)
    if talk is not None and talk.measurement_id == due.measurement_id:
        if talk.stage in (Stage.ASKING, Stage.NAMING):  # after this message JA means "go on", and answers no question
            conversations.save(session, [(talk.id, Stage.LATER, talk.position, 0, False)], now)
        return True
    if talk is not None and talk.participant_id == due.participant_id and talk.closes_at <= now:
        conversations.close_for_measurement(session, talk.measurement_id, now)
        around.talks.pop(number)
        talk = None
    instrument = _instrument(services, due)
    if talk is not None or number in around.busy or instrument is None or due.measurement_id is None:
        return False
    given = around.answers.get(due.measurement_id, {})
    items = tuple(item.number for item in instrument.items)
    position = next((n for n, item in enumerate(items) if item not in given), 0)
    dialogue, _ = conversation.begin(items)
    conversations.begin(session, org_id, due.participant_id, due.measurement_id, number, dialogue.stage, position, now)
    around.busy.add(number)
    return True


def _make(
    services: Services, org_id: uuid.UUID, around: Around, due: Due, address: Address, protocol: Protocol | None
) -> Ready:
    """Render the words and make the attempt."""
    subject = str(due.participant_id)
    token = services.tokens.secret()
    own = around.organisation
    background = compose.Background(
        organisation=own.short_name,
        coordinator=(due.coordinator or own.short_name).split()[0],
        phone=as_dialled(due.coordinator_phone or own.phone),
        first_name=services.vault.decrypt(due.first_name, org_id, subject, "first_name") if due.first_name else "",
        word=due.recognition_word,
        link=_link(services, due),
        unsubscribe=f"{services.links.public_url}/uit/{token}",
        check=f"{services.links.public_url}/echt",
        form=due.form_of_address,
    )
    wanted = due.measurement_language or due.language
    language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    questions = _asks_by_sms(services, due, address, protocol)
    key = compose.text_key(
        MessageKind(due.kind), due.text_key, by_link=not questions, by_reply=_may_reply(services, due, address)
    )
    to = services.vault.decrypt(address.value, org_id, str(address.participant_id), address.kind)
    instrument = _instrument(services, due)
    values = {**due.values, **_activity(services, around, due, language)}
    if address.kind == "sms":
        text = compose.sms(around.render, key, language, background, instrument, values)
        outgoing = Outgoing(
            token, to, text, valid_minutes=reach.valid_minutes(services.now(), *hours_of(due, protocol), due.expires_at)
        )
    else:
        mail = compose.email(around.render, key, language, background, instrument, values)
        outgoing = Outgoing(
            token,
            to,
            mail.text,
            subject=mail.subject,
            html=mail.html,
            sender_name=own.name,
            message_id=f"{due.id}@{urlsplit(services.links.public_url).hostname}",
            unsubscribe_url=background.unsubscribe,
        )
    parts = measure(outgoing.text).parts if address.kind == "sms" else 1
    digest = hashlib.sha256(outgoing.text.encode()).hexdigest()
    version = around.render.version(address.kind, key, language, due.form_of_address)
    attempt = AttemptRow(due.id, due.attempt_number + 1, token, address.kind, address.id, digest, parts, version)
    return Ready(due, attempt, address, outgoing)


def _activity(services: Services, around: Around, due: Due, language: str) -> dict[str, str | int]:
    """What the message says about its activity, as the calendar has it at this moment."""
    found = around.known.around.get(due.id)
    if found is None or found.about is None:
        return {}
    one = found.about
    today = to_local(services.now(), one.time_zone).date()
    return compose.activity_values(one.title, one.place, one.local_at, today, language)


def _link(services: Services, due: Due) -> str:
    """Where the link in this message leads: to the person's own page, else to the questions it is about."""
    if due.text_key == OWN_PAGE_LINK:
        return services.links.own_url(due.participant_id, due.own_link_version)
    return services.links.url(due.measurement_id, due.link_version or 0) if due.measurement_id else ""


def _write(services: Services, session: Session, written: Written) -> None:
    now = services.now()
    messages.set_state(session, written.changes, now)
    messages.postpone(session, written.later)
    attempt_rows.start(session, [one.attempt for one in written.ready], now, services.delivery.lease)
    claims = [
        Change(one.due.id, Event.CLAIM, one.due.state, State.SENDING, "", one.attempt.number) for one in written.ready
    ]
    messages.write_events(session, claims, now)


def _send_all(services: Services, org_id: uuid.UUID, ready: Sequence[Ready]) -> None:
    """The part without a transaction. Between writing down one message and sending the next, look once more: whoever
    stopped since the claim is not written to, nor is anybody when the lease leaves a slow provider too little time."""
    margin = services.delivery.lease / 3
    before: tuple[Ready, Outcome | None, str] | None = None
    for one in (*ready, None):
        look = ""
        with services.transaction(org_id) as session:
            if before is not None:
                _settle(services, session, org_id, *before)
            if one is not None:
                look = attempt_rows.may_start(session, one.attempt, one.address.lookup_hash, margin)
        if one is not None:
            outcome = _channel(services, one.address).send(one.outgoing) if look == "go" else None
            before = (one, outcome, look)


def _settle(
    services: Services, session: Session, org_id: uuid.UUID, one: Ready, outcome: Outcome | None, look: str
) -> None:
    state, number = messages.state_of(session, one.due.id)
    if outcome is None:
        _hold_back(services, session, one, state, number, look)
    else:
        _write_down(services, session, org_id, one, State(state), number, outcome)


def _hold_back(services: Services, session: Session, one: Ready, state: str, number: int, look: str) -> None:
    attempt_rows.finish(session, one.due.id, one.attempt.number, "not_started", services.now(), None, look)
    if state != State.SENDING or number != one.attempt.number:
        return
    event = Event.SUPPRESS if look == "stopped" else Event.THROTTLE
    after = advance(State.SENDING, event) or State.SUPPRESSED
    messages.advance_to(session, Change(one.due.id, event, state, after, look, number), services.now())


def _write_down(
    services: Services, session: Session, org_id: uuid.UUID, one: Ready, state: State, number: int, outcome: Outcome
) -> None:
    """What happened, fenced by the number of the attempt: a result that comes too late is noted and changes nothing."""
    now = services.now()
    provider_id = outcome.provider_id if isinstance(outcome, Accepted) else None
    word, event, code = _name(outcome)
    due_at = None
    if event is Event.THROTTLE:
        due_at = attempts.next_try(number, now, one.due.expires_at)
        if due_at is None:
            event = Event.REFUSE
    if event is Event.ACCEPT and state is State.DUE:
        event = Event.REPORT_SENT  # it was taken for lost, and is there after all
    after = advance(state, event) if number == one.attempt.number else None
    if after is None and not (event is Event.ACCEPT and number == one.attempt.number):
        word = "late_result"
    attempt_rows.finish(session, one.due.id, one.attempt.number, word, now, provider_id, code)
    if after is not None:
        messages.advance_to(session, Change(one.due.id, event, state, after, code, number), now, due_at=due_at)
    if isinstance(outcome, Rejected):
        _after_refusal(services, session, org_id, one, outcome)


def _name(outcome: Outcome) -> tuple[str, Event, str]:
    if isinstance(outcome, Accepted):
        return "accepted", Event.ACCEPT, ""
    if isinstance(outcome, Rejected):
        return "rejected", Event.REFUSE, outcome.code
    if isinstance(outcome, Throttled):
        return "throttled", Event.THROTTLE, outcome.code
    return "unknown", Event.LOSE_SIGHT, outcome.reason


def _after_refusal(services: Services, session: Session, org_id: uuid.UUID, one: Ready, outcome: Rejected) -> None:
    if outcome.opted_out:
        apply_stop(services, session, org_id, one.address.lookup_hash, "provider")
    if outcome.bad_address:
        stops.mark(session, one.address.id, "invalid", services.now())
        _ask_for_call(services, session, org_id, one.due, TaskReason.UNREACHABLE)


def _ask_for_call(services: Services, session: Session, org_id: uuid.UUID, due: Due, reason: TaskReason) -> None:
    now = services.now()
    key = f"{reason}:{due.measurement_id or due.participant_id}"
    call_tasks.ask(session, org_id, due.participant_id, due.measurement_id, reason, now, office_day(now), key)


def _change(due: Due, event: Event, state: State, reason: str) -> Change:
    return Change(due.id, event, due.state, state, reason, due.attempt_number)


def _channel(services: Services, address: Address) -> Channel:
    return services.sms if address.kind == "sms" else services.email
