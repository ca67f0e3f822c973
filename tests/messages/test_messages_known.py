"""What is known about each text keeps up with the texts, and with what sends them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.bootstrap import load_render
from service.messages.known import LOCKED, RESERVED, Moment, allowed_values, moment, needed_values

CATALOGUE = load_render().catalogue
KEYS = {key for _, key in CATALOGUE.sms} | {key for _, key in CATALOGUE.email}
SERVICE = Path(__file__).parents[2] / "service"
#: Pages name every text, and the words themselves are in messages/: neither sends anything.
SAYS_NOTHING = ("messages", "translations", "text_words.py")
CODE = "\n".join(
    path.read_text("utf-8")
    for path in SERVICE.rglob("*")
    if path.suffix in (".py", ".yaml") and not set(SAYS_NOTHING) & {path.name, *path.relative_to(SERVICE).parts}
)
#: compose.text_key puts these together.
BY_KIND = re.compile(r"(invite|reminder|last_reminder)_(questions|link|reply)|stop_confirm|test_message")


def named_in_code(key: str) -> bool:
    return bool(BY_KIND.fullmatch(key) or re.search(rf"\b{key}\b", CODE))


@pytest.mark.parametrize("key", sorted(KEYS - RESERVED))
def test_every_text_on_the_pages_is_sent_by_something(key: str) -> None:
    assert named_in_code(key), f"nothing sends {key}: put it in known.RESERVED, or take it out"


@pytest.mark.parametrize("key", sorted(RESERVED))
def test_what_is_kept_for_later_is_not_sent(key: str) -> None:
    assert key in KEYS
    assert not re.search(rf"\"{key}\"|text: {key}\b", CODE), f"{key} is sent now: take it out of known.RESERVED"


def test_what_is_fixed_exists() -> None:
    assert set(LOCKED) <= KEYS


@pytest.mark.parametrize(
    ("key", "when"),
    [
        ("test_message", Moment.START),
        ("invite_link", Moment.QUESTIONS),
        ("last_reminder_reply", Moment.QUESTIONS),
        ("enc_start", Moment.ENCOURAGEMENT),
        ("activity_tomorrow", Moment.ACTIVITY),
        ("call_ack", Moment.ANSWER),
        ("help", Moment.SAFETY),
    ],
)
def test_when_a_text_is_sent(key: str, when: Moment) -> None:
    assert moment(key) is when


def test_a_text_may_name_what_every_message_knows_and_must_keep_what_it_is_for() -> None:
    standard = CATALOGUE.sms["nl", "invite_link"].names
    assert "first_name" in allowed_values("invite_link", standard)
    assert "place" not in allowed_values("invite_link", standard)
    assert "place" in allowed_values("activity_tomorrow", CATALOGUE.sms["nl", "activity_tomorrow"].names)
    assert needed_values(standard) == {"link", "word", "phone"}
