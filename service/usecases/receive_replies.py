"""Read what participants wrote: answers are kept, the next words are queued, and what asks for a person gets one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.followup.conversation import Dialogue, Say, Stage, Step, TaskReason, step
from service.followup.participation import Mode
from service.followup.planning import MessageKind
from service.followup.replies import Reading, ReplyKind, read_reply
from service.store import alerts, audit, call_tasks, conversations, measurements, messages, replies, stops
from service.store import attempts as attempt_rows
from service.store.conversations import Conversation
from service.store.listen import notify
from service.store.measurements import Given, Measurement, NewAnswer
from service.store.messages import NewMessage
from service.store.replies import Done, Pending
from service.store.session import Refused, Session
from service.store.vault import Unreadable
from service.usecases.services import Services
from service.usecases.steps.answers import record_answers
from service.usecases.steps.calendar import OFFICE_ZONE, office_day
from service.usecases.steps.stopping import apply_stop

#: Our own failures with one reply, after which a person reads it.
FAILURES = 3
MISTAKES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Unreadable, Refused)
#: How long our answer may wait for a channel; after that it would come out of the blue.
ANSWER_LIVES = timedelta(days=2)
ALERT_WITHIN = timedelta(hours=4)
#: What means the same for everybody who shares a number.
NUMBER_WIDE = frozenset({ReplyKind.DISTRESS, ReplyKind.DANGER, ReplyKind.HELP, ReplyKind.START, ReplyKind.STOP})
ANSWERING = frozenset({ReplyKind.ANSWER, ReplyKind.NO_ANSWER})


@dataclass(slots=True)
class Desk:
    """What a batch of replies is read against, in a few queries."""

    people: dict[bytes, list[tuple[uuid.UUID, uuid.UUID]]]
    talks: dict[bytes, Conversation]
    waves: dict[uuid.UUID, Measurement]
    given: dict[uuid.UUID, dict[int, Given]]


@dataclass(frozen=True, slots=True)
class Letter:
    """One reply with who wrote it and the conversation it belongs to."""

    reply: Pending
    participant_id: uuid.UUID
    address_id: uuid.UUID
    talk: Conversation | None
    wave: Measurement | None


def receive_replies(services: Services, limit: int = 50) -> int:
    """Read up to `limit` waiting replies per organisation, in the order in which they came. Returns how many."""
    with services.transaction() as session:
        organisations = replies.with_pending_input(session)
    return sum(_receive(services, org_id, limit) for org_id in organisations)


def _receive(services: Services, org_id: uuid.UUID, limit: int) -> int:
    with services.transaction(org_id) as session:
        waiting = replies.pending(session, limit)
        if not waiting:
            return 0
        desk = _desk(session, waiting)
        for reply in waiting:
            try:
                with session.begin_nested():
                    _read(services, session, org_id, desk, reply)
            except MISTAKES:
                replies.stumble(session, reply.id, FAILURES)
        notify(session)
    return len(waiting)


def _desk(session: Session, waiting: Sequence[Pending]) -> Desk:
    hashes = [reply.sender_hash for reply in waiting]
    talks = conversations.open_with(session, hashes)
    about = [talk.measurement_id for talk in talks.values()]
    return Desk(
        people=stops.people_at(session, hashes),
        talks=talks,
        waves=measurements.read(session, about),
        given=measurements.answers(session, about),
    )


def _read(services: Services, session: Session, org_id: uuid.UUID, desk: Desk, reply: Pending) -> None:
    words = services.vault.decrypt(reply.words, org_id, reply.provider_id, "words")
    people = desk.people.get(reply.sender_hash, [])
    talk = desk.talks.get(reply.sender_hash)
    wave = desk.waves[talk.measurement_id] if talk else None
    dialogue = _dialogue(services, talk, wave)
    reading = _reading(services, words, dialogue, wave)
    if talk is None and (not people or (len(people) > 1 and reading.kind not in NUMBER_WIDE)):
        for participant_id, _ in people[:1]:
            _ask_for_call(services, session, org_id, participant_id, None, TaskReason.SHARED_NUMBER, reply.id)
        replies.settle(session, [Done(reply.id, None, reading.kind, "to_read")])
        return
    owner = talk.participant_id if talk else people[0][0]
    address = next((found for person, found in people if person == owner), people[0][1] if people else None)
    if address is None:
        replies.settle(session, [Done(reply.id, owner, reading.kind, "to_read")])
        return
    letter = Letter(reply, owner, address, talk, wave)
    if talk is None and reading.kind is ReplyKind.YES and attempt_rows.was_tested(session, address):
        stops.mark(session, address, "working", services.now())
        replies.settle(session, [Done(reply.id, owner, reading.kind, "done")])
        return
    if dialogue is not None and talk is not None and reading.kind in ANSWERING and dialogue.open_item is not None:
        if talk.waiting or (talk.asked_at is not None and reply.received_at < talk.asked_at):
            # written before the open question was asked: a person must say what it answers
            replies.settle(session, [Done(reply.id, owner, reading.kind, "to_read")])
            return
        if talk.asked_item != dialogue.open_item:  # the person went on elsewhere: ask what is open now
            dialogue, reading = replace(dialogue, stage=Stage.LATER), Reading(ReplyKind.YES)
    _follow(services, session, org_id, desk, letter, step(dialogue, reading), reading)


def _dialogue(services: Services, talk: Conversation | None, wave: Measurement | None) -> Dialogue | None:
    if talk is None or wave is None:
        return None
    items = tuple(item.number for item in services.instruments[wave.instrument].items)
    return Dialogue(Stage(talk.stage), items, talk.position, talk.unclear)


def _reading(services: Services, words: str, dialogue: Dialogue | None, wave: Measurement | None) -> Reading:
    if wave is None or dialogue is None:
        return read_reply(words, None)
    options = services.instruments[wave.instrument].options if dialogue.open_item is not None else None
    return read_reply(words, options, wave.language)


def _follow(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    desk: Desk,
    letter: Letter,
    following: Step,
    reading: Reading,
) -> None:
    """Write what one reply leads to, in the order in which it matters: stop and start first, our own words last."""
    now, reply, wave = services.now(), letter.reply, letter.wave
    if following.stop:
        apply_stop(services, session, org_id, reply.sender_hash, "sms")
    if following.start and stops.lift(session, reply.sender_hash, reply.received_at):
        audit.append(session, org_id, now, None, "participant.started", "participant", letter.participant_id)
    if following.wrong_number:
        stops.mark(session, letter.address_id, "invalid", now)
        messages.cancel_unsent(session, now, "wrong_number", participant_ids=[letter.participant_id])
    following = _keep_answers(services, session, org_id, desk, letter, following)
    if letter.talk is not None and following.dialogue is not None:
        _move(services, session, desk, letter.talk, following)
    _hold_reminders(session, following, wave, now)
    if following.pause_weeks:
        messages.pause(session, letter.participant_id, now, following.pause_weeks)
        weeks = {"weeks": following.pause_weeks}
        audit.append(session, org_id, now, None, "participant.paused", "participant", letter.participant_id, weeks)
    if following.task is not None:
        about = wave.id if wave else None
        _ask_for_call(services, session, org_id, letter.participant_id, about, following.task, reply.id)
    if following.alert is not None:
        due = now + ALERT_WITHIN
        alerts.raise_alert(session, org_id, letter.participant_id, reply.id, following.alert, now, due)
    _say(services, session, org_id, letter, following.say)
    state = "to_read" if following.to_read else "done"
    replies.settle(session, [Done(reply.id, letter.participant_id, reading.kind, state)])


def _hold_reminders(session: Session, following: Step, wave: Measurement | None, now: datetime) -> None:
    """No reminder follows after a no, nor while a person has to look at what was written."""
    handed_over = following.dialogue is not None and following.dialogue.stage is Stage.HANDED_OVER
    if wave is None or not (following.declined or handed_over):
        return
    if following.declined:
        measurements.decline(session, wave.id)
    reason = "declined" if following.declined else "handed_over"
    messages.cancel_unsent(session, now, reason, measurement_id=wave.id)


def _keep_answers(
    services: Services, session: Session, org_id: uuid.UUID, desk: Desk, letter: Letter, following: Step
) -> Step:
    """Store the answers; with the last one the conversation ends in thanks, whatever was asked next."""
    wave, reply = letter.wave, letter.reply
    if wave is None or not following.store:
        return following
    given = desk.given.setdefault(wave.id, {})
    new = [
        NewAnswer(wave.id, item, code, Mode.SMS, f"reply:{reply.id}:{item}", reply.received_at)
        for item, code in following.store
    ]
    if following.undone:  # what was answered elsewhere meanwhile stays; an answer taken back finishes nothing
        measurements.append_answers(session, org_id, new)
        given.update({one.item: Given(one.code, 1, one.mode) for one in new})
        return following
    finished = record_answers(services, session, org_id, wave, given=given, new=new, mode=Mode.SMS)
    for one in new:
        given[one.item] = Given(one.code, 1, one.mode)
    if not finished or following.dialogue is None:
        return following
    thanks = "late_answer" if services.now() > wave.closes_at else "thank_you"
    return replace(following, dialogue=replace(following.dialogue, stage=Stage.CLOSED), say=(Say(thanks),))


def _move(services: Services, session: Session, desk: Desk, talk: Conversation, following: Step) -> None:
    after = following.dialogue
    if after is None:
        return
    closed = after.stage is Stage.CLOSED
    conversations.save(session, [(talk.id, after.stage, after.position, after.unclear, closed)], services.now())
    if closed:
        desk.talks.pop(talk.address_hash, None)
    else:
        desk.talks[talk.address_hash] = replace(
            talk,
            stage=after.stage,
            position=after.position,
            unclear=after.unclear,
            waiting=talk.waiting or bool(following.say),
        )


def _say(services: Services, session: Session, org_id: uuid.UUID, letter: Letter, say: Sequence[Say]) -> None:
    now, wave = services.now(), letter.wave
    queued = [
        NewMessage(
            key=f"reply:{letter.reply.id}:{number}",
            participant_id=letter.participant_id,
            kind=MessageKind.STOP_CONFIRMATION if one.text == "stop_confirm" else MessageKind.CONVERSATION,
            text_key=one.text,
            values=one.values,
            time_zone=wave.time_zone if wave else OFFICE_ZONE.key,
            due_at=now,
            expires_at=now + ANSWER_LIVES,
            enrolment_id=wave.enrolment_id if wave else None,
            measurement_id=wave.id if wave else None,
            channel="sms",
            address_id=letter.address_id,
            replied_at=letter.reply.received_at,
        )
        for number, one in enumerate(say)
    ]
    messages.queue(session, org_id, queued, now)


def _ask_for_call(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    measurement_id: uuid.UUID | None,
    reason: TaskReason,
    reply_id: uuid.UUID,
) -> None:
    now = services.now()
    key = f"{reason}:{reply_id}"
    call_tasks.ask(session, org_id, participant_id, measurement_id, reason, now, office_day(now), key)
