"""Read what participants wrote: answers are kept, the next words are queued, and what asks for a person gets one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.followup.conversation import ASKS, OWN_PAGE_LINK, AlertLevel, Dialogue, Say, Stage, Step, TaskReason, step
from service.followup.participation import Mode
from service.followup.planning import MessageKind
from service.followup.replies import Reading, ReplyKind, read_reply
from service.store import attempts as attempt_rows
from service.store import audit, call_tasks, conversations, measurements, messages, replies, stops
from service.store.conversations import Conversation
from service.store.listen import notify
from service.store.measurements import Given, Measurement, NewAnswer
from service.store.messages import NewMessage
from service.store.replies import Done, Pending
from service.store.session import Refused, Session
from service.store.vault import Unreadable
from service.usecases.services import Services
from service.usecases.steps.alarm import raise_alarm
from service.usecases.steps.answers import record_answers
from service.usecases.steps.calendar import OFFICE_ZONE, office_day
from service.usecases.steps.mail_reply import place_mail, says
from service.usecases.steps.own_link import end_links, make_own_link
from service.usecases.steps.shared_number import ABOUT_ONE, MAYBE_A_NAME, credited, hear_who
from service.usecases.steps.stopping import apply_stop
from service.usecases.steps.wishes import carry_out

#: Our own failures with one reply, after which a person reads it.
FAILURES = 3
MISTAKES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Unreadable, Refused)
#: How long our answer may wait for a channel; after that it would come out of the blue.
ANSWER_LIVES = timedelta(days=2)
#: What means the same for everybody who shares a number.
NUMBER_WIDE = frozenset({ReplyKind.DISTRESS, ReplyKind.DANGER, ReplyKind.HELP, ReplyKind.START, ReplyKind.STOP})
ALARMING = frozenset({ReplyKind.DISTRESS, ReplyKind.DANGER})
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
    credited: bool = True  # False: several people use the number, and nobody said who wrote


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
                    read = _read_mail if reply.channel == "email" else _read
                    read(services, session, org_id, desk, reply)
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
    shared = len({person for person, _ in people}) > 1
    talk = _talk_at(desk, reply.sender_hash)
    wave = desk.waves[talk.measurement_id] if talk else None
    dialogue = _dialogue(services, talk, wave, shared=shared)
    reading = _reading(services, words, dialogue, wave)
    if _is_for_a_person(reading.kind, dialogue, len(people), shared=shared):
        _hand_over(services, session, org_id, reply, people, reading.kind)
        return
    owner = talk.participant_id if talk else people[0][0]
    address = next(found for person, found in people if person == owner)
    letter = Letter(reply, owner, address, talk, wave, credited(dialogue, reading))
    if talk is None and reading.kind is ReplyKind.YES and attempt_rows.was_tested(session, address):
        stops.mark(session, address, "working", services.now())
        _say(services, session, org_id, letter, (Say("test_ack"),))
        replies.settle(session, [Done(reply.id, owner, reading.kind, "done")])
        return
    if dialogue is None or talk is None or wave is None:
        _follow(services, session, org_id, desk, letter, step(dialogue, reading), reading)
        return
    if _crossed(reply, talk, dialogue, reading):  # a person must say what it answers
        replies.settle(session, [Done(reply.id, owner if letter.credited else None, reading.kind, "to_read")])
        return
    if dialogue.stage is Stage.NAMING and reading.kind in MAYBE_A_NAME:
        _name(services, session, org_id, desk, letter, dialogue, words, reading)
        return
    if dialogue.open_item is not None and reading.kind in ANSWERING and talk.asked_item != dialogue.open_item:
        # the person went on elsewhere: ask what is open now
        dialogue, reading = replace(dialogue, stage=Stage.LATER), Reading(ReplyKind.YES)
    _follow(services, session, org_id, desk, letter, step(dialogue, reading), reading)


def _talk_at(desk: Desk, number: bytes) -> Conversation | None:
    """The open conversation with this number; none when the person it is about has another number now."""
    talk = desk.talks.get(number)
    here = talk is not None and any(person == talk.participant_id for person, _ in desk.people.get(number, []))
    return talk if here else None


def _is_for_a_person(kind: ReplyKind, dialogue: Dialogue | None, people: int, *, shared: bool) -> bool:
    """Whether nobody can know whose words these are, or whom they are about."""
    if dialogue is None:
        return people == 0 or (shared and kind not in NUMBER_WIDE)
    if shared and kind is ReplyKind.OWN_PAGE:  # the link must not reach somebody else's eyes
        return True
    return dialogue.unnamed and kind in ABOUT_ONE


def _crossed(reply: Pending, talk: Conversation, dialogue: Dialogue, reading: Reading) -> bool:
    """Whether this was written before our open question was asked, so that it cannot be its answer."""
    expected = reading.kind in ANSWERING and dialogue.open_item is not None
    expected = expected or (dialogue.stage is Stage.NAMING and reading.kind in MAYBE_A_NAME)
    return expected and (talk.waiting or (talk.asked_at is not None and reply.received_at < talk.asked_at))


def _name(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    desk: Desk,
    letter: Letter,
    dialogue: Dialogue,
    words: str,
    reading: Reading,
) -> None:
    """Several people use this number, and somebody answered who writes."""
    talk, wave = letter.talk, letter.wave
    if talk is None or wave is None:
        return
    people = list(desk.people[talk.address_hash])
    spoken = hear_who(services, session, org_id, talk, wave, dialogue, [person for person, _ in people], words, reading)
    is_known = spoken.following.dialogue is not None and not spoken.following.dialogue.unnamed
    if spoken.wave.id != wave.id:
        desk.waves[spoken.wave.id], desk.given[spoken.wave.id] = spoken.wave, dict(spoken.given)
    owner = spoken.talk.participant_id
    address = next(found for person, found in people if person == owner)
    letter = Letter(letter.reply, owner, address, spoken.talk, spoken.wave, is_known)
    _follow(services, session, org_id, desk, letter, spoken.following, reading)


def _read_mail(services: Services, session: Session, org_id: uuid.UUID, desk: Desk, reply: Pending) -> None:
    words = services.vault.decrypt(reply.words, org_id, reply.provider_id, "words")
    placed = place_mail(services, session, org_id, reply, words)
    if placed.owner is None or placed.address_id is None:
        _hand_over(services, session, org_id, reply, placed.people, placed.reading.kind)
        return
    if placed.wave is not None:
        desk.given[placed.wave.id] = dict(placed.given)
    letter = Letter(reply, placed.owner, placed.address_id, placed.talk, placed.wave)
    _follow(services, session, org_id, desk, letter, placed.following, placed.reading)


def _hand_over(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    reply: Pending,
    people: Sequence[tuple[uuid.UUID, uuid.UUID]],
    kind: ReplyKind,
) -> None:
    """Nobody knows whose words these are: a person reads them. A stranger's alarming words warn staff all the same."""
    for participant_id, address_id in people[:1]:
        _ask_for_call(services, session, org_id, participant_id, None, TaskReason.SHARED_NUMBER, reply.id)
        heard = Letter(reply, participant_id, address_id, None, None, credited=False)
        _say(services, session, org_id, heard, (Say("free_text"),))  # it names nobody, and silence would be unkind
    if kind in ALARMING:
        raise_alarm(services, session, org_id, None, reply.id, AlertLevel.RED)
    replies.settle(session, [Done(reply.id, None, kind, "to_read")])


def _dialogue(
    services: Services, talk: Conversation | None, wave: Measurement | None, *, shared: bool
) -> Dialogue | None:
    if talk is None or wave is None:
        return None
    items = tuple(item.number for item in services.instruments[wave.instrument].items)
    return Dialogue(Stage(talk.stage), items, talk.position, talk.unclear, shared)


def _reading(services: Services, words: str, dialogue: Dialogue | None, wave: Measurement | None) -> Reading:
    if wave is None or dialogue is None:
        return read_reply(words, None, signs=services.signs)
    options = services.instruments[wave.instrument].options if dialogue.open_item is not None else None
    return read_reply(words, options, wave.language, signs=services.signs)


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
        apply_stop(services, session, org_id, reply.sender_hash, reply.channel)
    if following.start and stops.lift(session, reply.sender_hash, reply.received_at):
        audit.append(session, org_id, now, None, "participant.started", "participant", letter.participant_id)
    if following.wrong_number:
        stops.mark(session, letter.address_id, "invalid", now)
        end_links(services, session, letter.participant_id, letter.address_id)
        messages.cancel_unsent(session, now, "wrong_number", participant_ids=[letter.participant_id])
    following = carry_out(services, session, org_id, letter.participant_id, following)
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
        raise_alarm(services, session, org_id, letter.participant_id, reply.id, following.alert)
    _say(services, session, org_id, letter, says(following) if reply.channel == "email" else following.say)
    state = "to_read" if following.to_read else "done"
    replies.settle(session, [Done(reply.id, letter.participant_id if letter.credited else None, reading.kind, state)])


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
    given, mode = desk.given.setdefault(wave.id, {}), Mode(reply.channel)
    new = [
        NewAnswer(wave.id, item, code, mode, f"reply:{reply.id}:{item}", reply.received_at)
        for item, code in following.store
    ]
    if following.undone:  # what was answered elsewhere meanwhile stays; an answer taken back finishes nothing
        measurements.append_answers(session, org_id, new)
        given.update({one.item: Given(one.code, 1, one.mode) for one in new})
        return following
    finished = record_answers(services, session, org_id, wave, given=given, new=new, mode=mode)
    for one in new:
        given[one.item] = Given(one.code, 1, one.mode)
    if not finished or following.dialogue is None:
        return following
    conversations.close_for_measurement(session, wave.id, services.now())  # on every channel
    left = measurements.anything_left(session, wave.participant_id, services.now())
    thanks = "late_answer" if services.now() > wave.closes_at else "thank_you" if left else "end_followup"
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
            waiting=talk.waiting or any(one.text in ASKS for one in following.say),
        )


def _say(services: Services, session: Session, org_id: uuid.UUID, letter: Letter, say: Sequence[Say]) -> None:
    now, wave = services.now(), letter.wave
    if any(one.text == OWN_PAGE_LINK for one in say):
        make_own_link(services, session, letter.participant_id)
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
            channel=letter.reply.channel,
            address_id=letter.address_id,
            replied_at=letter.reply.received_at,
            activity_id=one.about,
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
