"""Which question a reply by mail answers: the one of the mail that was answered, and never another.

A conversation by mail belongs to one measurement. Its key is made of the address and the measurement, so that two
people who share a mailbox, or two waves that overlap, never meet in one conversation. It begins when an invitation is
answered.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from service.followup.conversation import Dialogue, Say, Stage, Step, step
from service.followup.mail_replies import read_mail_reply
from service.followup.planning import MessageKind
from service.followup.replies import Reading, ReplyKind
from service.store import conversations, mails, measurements, stops
from service.store.conversations import Conversation
from service.store.mails import Origin
from service.store.measurements import Given, Measurement
from service.store.plans import UNFINISHED
from service.store.replies import Pending
from service.store.session import Session
from service.usecases.services import Services

#: Answers to one address in a day. A robot that does not say that it is one gets no more; the longest list needs 24.
MOST_ANSWERS: Final = 30
DAY: Final = timedelta(days=1)
ANSWERING: Final = frozenset({ReplyKind.ANSWER, ReplyKind.NO_ANSWER})
#: Our own words: whoever answers these does not answer an invitation.
NO_INVITATION: Final = frozenset({MessageKind.CONVERSATION, MessageKind.STOP_CONFIRMATION, MessageKind.TEST})


@dataclass(frozen=True, slots=True)
class Placed:
    """A reply by mail with whose it is, the conversation it belongs to, and what follows from it.

    `owner` is None when nobody knows whose words these are.
    """

    owner: uuid.UUID | None
    address_id: uuid.UUID | None
    reading: Reading
    following: Step
    people: list[tuple[uuid.UUID, uuid.UUID]]
    talk: Conversation | None = None
    wave: Measurement | None = None
    given: Mapping[int, Given] = field(default_factory=dict)


def place_mail(services: Services, session: Session, org_id: uuid.UUID, reply: Pending, words: str) -> Placed:
    """Find what a reply by mail answers, and what follows."""
    origin = mails.origin(session, reply.in_reply_to) if reply.in_reply_to else None
    if origin is None:
        return _without_origin(services, session, reply, words)
    if origin.address_hash != reply.sender_hash:
        return _from_elsewhere(services, origin, words)
    wave = _wave(session, origin)
    given = measurements.answers(session, [wave.id]).get(wave.id, {}) if wave else {}
    talk = _talk(services, session, org_id, origin, wave, given) if wave else None
    reading, following = _follow(services, origin, wave, talk, given, words)
    if origin.kind == MessageKind.TEST and reading.kind is ReplyKind.YES:
        stops.mark(session, origin.address_id, "working", services.now())
        following = Step(None)
    if reading.kind is ReplyKind.OWN_PAGE and _is_shared(session, origin):
        following = Step(following.dialogue, to_read=True)  # the link must not reach somebody else's eyes
    following = _within_bounds(services, session, origin.address_id, following)
    return Placed(origin.participant_id, origin.address_id, reading, following, [], talk, wave, given)


def says(following: Step) -> tuple[Say, ...]:
    """What is said by mail; each carries the question that is open, so that an answer to any of them is placed."""
    item = following.dialogue.open_item if following.dialogue is not None else None
    if item is None:
        return following.say
    return tuple(replace(one, values={"item": item, **one.values}) for one in following.say)


def thread_of(address_hash: bytes, measurement_id: uuid.UUID) -> bytes:
    """The key of the conversation by mail about one measurement with one address."""
    return hashlib.sha256(address_hash + measurement_id.bytes).digest()


def _without_origin(services: Services, session: Session, reply: Pending, words: str) -> Placed:
    """A mail that answers nothing of ours: by its sender we know the person, but not the question."""
    reading = read_mail_reply(words, None, "nl", services.signs)
    people = stops.people_at(session, [reply.sender_hash]).get(reply.sender_hash, [])
    if len(people) != 1:
        return Placed(None, None, reading, Step(None, to_read=True), people)
    ((owner, address_id),) = people
    following = step(None, reading)
    if any(one.text == "nothing_open" for one in following.say):
        following = replace(following, say=(Say("unplaced"),))
    following = _within_bounds(services, session, address_id, following)
    return Placed(owner, address_id, reading, following, people)


def _from_elsewhere(services: Services, origin: Origin, words: str) -> Placed:
    """Somebody answers our mail from an address that we did not write to: perhaps a relative. A person reads it; only
    an alert is raised by itself."""
    reading = read_mail_reply(words, None, "nl", services.signs)
    following = Step(None, alert=step(None, reading).alert, to_read=True)
    return Placed(origin.participant_id, origin.address_id, reading, following, [])


def _is_shared(session: Session, origin: Origin) -> bool:
    found = stops.people_at(session, [origin.address_hash]).get(origin.address_hash, [])
    return len({person for person, _ in found}) > 1


def _wave(session: Session, origin: Origin) -> Measurement | None:
    if origin.measurement_id is None:
        return None
    return measurements.read(session, [origin.measurement_id]).get(origin.measurement_id)


def _talk(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    origin: Origin,
    wave: Measurement,
    given: Mapping[int, Given],
) -> Conversation | None:
    """The conversation about this wave; answering the invitation of a wave that is open begins it."""
    thread = thread_of(origin.address_hash, wave.id)
    talk = conversations.open_with(session, [thread]).get(thread)
    if talk is not None or origin.kind in NO_INVITATION or not _takes_answers(services, wave):
        return talk
    items = _items(services, wave)
    position = next((n for n, item in enumerate(items) if item not in given), 0)
    now = services.now()
    conversations.begin(session, org_id, origin.participant_id, wave.id, thread, Stage.INVITED, position, now)
    return conversations.open_with(session, [thread]).get(thread)


def _takes_answers(services: Services, wave: Measurement) -> bool:
    open_now = wave.status in UNFINISHED and services.now() < wave.closes_at and wave.status_reason != "refused"
    return open_now and services.instruments[wave.instrument].sms_allowed


def _items(services: Services, wave: Measurement) -> tuple[int, ...]:
    return tuple(item.number for item in services.instruments[wave.instrument].items)


def _follow(
    services: Services,
    origin: Origin,
    wave: Measurement | None,
    talk: Conversation | None,
    given: Mapping[int, Given],
    words: str,
) -> tuple[Reading, Step]:
    """Read the words as an answer to the mail they answer. Only the question that is open now takes an answer."""
    dialogue = None
    if talk is not None and wave is not None:
        dialogue = Dialogue(Stage(talk.stage), _items(services, wave), talk.position, talk.unclear)
    asked = origin.item is not None or (dialogue is not None and dialogue.open_item is not None)
    options = services.instruments[wave.instrument].options if wave is not None and asked else None
    reading = read_mail_reply(words, options, wave.language if wave else "nl", services.signs)
    if reading.kind is ReplyKind.EMPTY:
        return reading, Step(dialogue, to_read=True)
    if reading.kind is ReplyKind.START:  # mail resumes on a new consent only: a person arranges that
        return reading, Step(dialogue, to_read=True)
    if reading.kind not in ANSWERING:
        return reading, step(dialogue, reading)
    if origin.item is None and dialogue is not None:
        # the invitation or a reminder is answered while the questions have begun: ask what is open now
        return reading, step(replace(dialogue, stage=Stage.LATER), Reading(reading.also or ReplyKind.YES))
    if dialogue is None or origin.item != dialogue.open_item:
        return reading, _older(dialogue, origin.item, given, reading)
    return reading, step(dialogue, reading)


def _older(dialogue: Dialogue | None, item: int | None, given: Mapping[int, Given], reading: Reading) -> Step:
    """An answer to a question that is not the open one. The same answer once more changes nothing; another answer may
    be a correction or a slip of the finger: a person reads it, and nothing is overwritten."""
    now_given = given.get(item) if item is not None else None
    if now_given is not None and now_given.code == reading.code:
        return Step(dialogue)
    return Step(dialogue, (Say("older_question"),), to_read=True)


def _within_bounds(services: Services, session: Session, address_id: uuid.UUID, following: Step) -> Step:
    """No answers without end to a program that answers us; the numbers for somebody in distress always go."""
    if not following.say or following.alert is not None:
        return following
    if mails.answers_since(session, address_id, services.now() - DAY) < MOST_ANSWERS:
        return following
    return replace(following, say=(), to_read=True)
