"""What is known about each text: when it is sent, why some may not be changed, and which values it may name."""

from __future__ import annotations

from enum import StrEnum


class Moment(StrEnum):
    """When a text is sent. The pages sort the texts by it."""

    START = "start"
    QUESTIONS = "questions"
    ENCOURAGEMENT = "encouragement"
    ACTIVITY = "activity"
    ANSWER = "answer"
    SAFETY = "safety"


class Lock(StrEnum):
    """Why a text may not be changed."""

    SCALE = "scale"  # the words of a scale are as published, or its scores mean nothing
    SAFETY = "safety"  # agreed with experts; somebody in need reads it
    STOP = "stop"  # whoever stops must always be able to, in the same words everywhere


LOCKED: dict[str, Lock] = {
    "question": Lock.SCALE,
    "question_first": Lock.SCALE,
    "distress_red": Lock.SAFETY,
    "distress_amber": Lock.SAFETY,
    "listening_line": Lock.SAFETY,
    "help": Lock.SAFETY,
    "free_text": Lock.SAFETY,
    "stop_confirm": Lock.STOP,
    "stop_doubt": Lock.STOP,
    "start_confirm": Lock.STOP,
    "ask_scope": Lock.STOP,
    "wrong_number": Lock.STOP,
}

#: Written and checked, for what is not built yet: nothing sends these, so no page shows them. A test holds that.
RESERVED = frozenset({
    "welcome", "optin_confirm", "halfway", "enc_choice", "consent_yearly", "listening_line", "distress_amber",
})  # fmt: skip

_START = {"welcome", "optin_confirm", "test_message", "test_ack", "own_page_link"}
_AROUND_QUESTIONS = ("invite_", "reminder_", "last_reminder_", "question", "halfway", "thank_you", "end_followup")

#: Every message can name these.
ALWAYS = frozenset({"first_name", "organisation", "coordinator", "phone", "word"})
OF_ACTIVITY = frozenset({"day", "time", "place", "title"})
#: A text of one's own keeps these when the standard text has them: without them the message cannot do its work.
NEEDED = frozenset({"link", "unsubscribe", "options", "item_text", "word", "phone", "time", "title"})


def moment(key: str) -> Moment:
    """When this text is sent."""
    if locked(key) is Lock.SAFETY:
        return Moment.SAFETY
    if key in _START:
        return Moment.START
    if key.startswith(_AROUND_QUESTIONS):
        return Moment.QUESTIONS
    if key.startswith(("enc_", "consent_yearly")):
        return Moment.ENCOURAGEMENT
    return Moment.ACTIVITY if key.startswith("activity_") else Moment.ANSWER


def sent(key: str) -> bool:
    """Whether anything sends this text."""
    return key not in RESERVED


def locked(key: str) -> Lock | None:
    """Why nobody changes this text; None when an organisation may."""
    return LOCKED.get(key)


def allowed_values(key: str, standard: frozenset[str]) -> frozenset[str]:
    """The values that an organisation's own version of a text may name."""
    return standard | ALWAYS | (OF_ACTIVITY if key.startswith("activity_") else frozenset())


def needed_values(standard: frozenset[str]) -> frozenset[str]:
    """The values that it must name."""
    return standard & NEEDED
