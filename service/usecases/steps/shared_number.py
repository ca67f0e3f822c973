"""Several people use one number: the conversation goes on with whoever gave a name, and never by the number alone."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from service.followup.conversation import Dialogue, Stage, Step, named, nobody_named, step
from service.followup.naming import Heard, Name, hear_name
from service.followup.planning import MessageKind
from service.followup.replies import Reading, ReplyKind
from service.store import contacts, conversations, measurements, messages
from service.store.conversations import Conversation
from service.store.measurements import Given, Measurement
from service.store.session import Session
from service.usecases.services import Services

#: What a name looks like to whoever does not expect one.
MAYBE_A_NAME: Final = frozenset({ReplyKind.PERSONAL, ReplyKind.UNCLEAR})
#: What says something about one person. Of somebody without a name it is for a human, and nothing is done.
ABOUT_ONE: Final = frozenset({ReplyKind.PAUSE, ReplyKind.NOT_COMING, ReplyKind.LESS_OFTEN, ReplyKind.UNDO})


@dataclass(frozen=True, slots=True)
class Spoken:
    """What follows from a name, and the conversation that goes on."""

    talk: Conversation
    wave: Measurement
    following: Step
    given: Mapping[int, Given] = field(default_factory=dict)  # of another person than the conversation was about


def hear_who(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    talk: Conversation,
    wave: Measurement,
    dialogue: Dialogue,
    people: Sequence[uuid.UUID],
    words: str,
    reading: Reading,
) -> Spoken:
    """What follows from a reply to "who are you?" that may be a name.

    The name of whom the conversation is about opens the questions; that of somebody else who has questions open moves
    the conversation to that person. A name of nobody here is asked about once; one that fits several people, or
    somebody without questions, is for a human.
    """
    heard, place = hear_name(words, _names(services, session, org_id, people))
    if heard is Heard.NO_NAME:
        return Spoken(talk, wave, step(dialogue, reading))
    if heard is Heard.STRANGER:
        return Spoken(talk, wave, step(dialogue, Reading(ReplyKind.UNCLEAR)))
    if place is not None and people[place] == talk.participant_id:
        return Spoken(talk, wave, named(dialogue))
    other = _with_another(services, session, org_id, talk, people[place]) if place is not None else None
    return other or Spoken(talk, wave, nobody_named(dialogue))


def _names(services: Services, session: Session, org_id: uuid.UUID, people: Sequence[uuid.UUID]) -> list[Name]:
    found = (contacts.read_contact(session, services.vault, org_id, one) for one in people)
    return [Name(one.first_name, one.last_name) if one else Name("", "") for one in found]


def _with_another(
    services: Services, session: Session, org_id: uuid.UUID, talk: Conversation, person: uuid.UUID
) -> Spoken | None:
    """The conversation with somebody else of this number, when they have one measurement that may be asked by SMS. The
    first one is asked again by its own reminder; the invitation that waited for the other is not needed any more."""
    now = services.now()
    waves = [
        one for one in measurements.open_of(session, person, now) if services.instruments[one.instrument].sms_allowed
    ]
    if len(waves) != 1:
        return None
    (wave,) = waves
    given = measurements.answers(session, [wave.id]).get(wave.id, {})
    items = tuple(item.number for item in services.instruments[wave.instrument].items)
    position = next((n for n, item in enumerate(items) if item not in given), 0)
    conversations.save(session, [(talk.id, Stage.CLOSED, talk.position, 0, True)], now)
    conversations.begin(session, org_id, person, wave.id, talk.address_hash, Stage.NAMING, position, now)
    messages.cancel_unsent(session, now, "named", measurement_id=wave.id, kinds=[MessageKind.INVITE])
    begun = conversations.open_with(session, [talk.address_hash])[talk.address_hash]
    following = named(Dialogue(Stage.NAMING, items, position, shared=True))
    return Spoken(begun, wave, following, given)


def credited(dialogue: Dialogue | None, reading: Reading) -> bool:
    """Whether words may stand under the name of whom the conversation is about."""
    return dialogue is None or not dialogue.unnamed or reading.kind not in MAYBE_A_NAME
