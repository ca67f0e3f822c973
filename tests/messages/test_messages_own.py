"""Which words a message carries when an organisation has its own, in one form of address or in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from service.bootstrap import load_render
from service.messages.fills import FILL
from service.messages.own import read_body, write_body

RENDER = load_render()
VALUES = {name: dict(FILL[name]) for name in FILL}


@dataclass(frozen=True)
class Saved:
    key: str
    body: Mapping[str, Any] | None
    language: str = "nl"
    form: str = "u"
    channel: str = "sms"
    version: int = 3


def said(*saved: Saved, key: str, language: str = "nl", form: str = "u") -> tuple[str, int | None]:
    render = RENDER.speaking_as(saved)
    return render.sms(key, language, VALUES[language], form), render.version("sms", key, language, form)


def test_words_for_u_are_not_said_to_who_is_called_je() -> None:
    own = Saved("thank_you", {"text": "Fijn dat u antwoordde. {coordinator}, {phone}"})
    assert said(own, key="thank_you") == ("Fijn dat u antwoordde. Jacqueline, 078 000 0137", 3)
    words, version = said(own, key="thank_you", form="je")
    assert (words.startswith("Dank je wel"), version) == (True, None)


def test_words_that_address_nobody_serve_both_forms_where_the_standard_does_too() -> None:
    neutral = Saved("unclear_once", {"text": "Hm. {options}. {organisation} {phone}"})
    assert said(neutral, key="unclear_once", form="je")[1] == 3
    addressing = Saved("unclear_once", {"text": "Wat bedoelt u? {options}. {organisation} {phone}"})
    assert said(addressing, key="unclear_once", form="je")[1] is None


def test_english_words_serve_both_forms() -> None:
    own = Saved("thank_you", {"text": "Thanks. {coordinator}, {phone}"}, language="en")
    assert said(own, key="thank_you", language="en", form="je") == ("Thanks. Jacqueline, 078 000 0137", 3)
    assert said(own, key="thank_you")[1] is None


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("thank_you", None),
        ("thank_you", {}),
        ("thank_you", {"text": 5}),
        ("thank_you", {"text": "{link}"}),
        ("thank_you", {"text": "{"}),
        ("invite_questions", {"text": "alleen meer {organisation} {phone}"}),
        ("distress_red", {"text": "Bel ons. {organisation} {phone}"}),
        ("no_such_text", {"text": "Dag {organisation} {phone}"}),
    ],
)
def test_what_cannot_be_sent_gives_way_to_the_standard(key: str, body: Mapping[str, Any] | None) -> None:
    render = RENDER.speaking_as([Saved(key, body)])
    assert render.version("sms", key, "nl") is None
    if key != "no_such_text":
        assert render.sms(key, "nl", VALUES["nl"]) == RENDER.sms(key, "nl", VALUES["nl"])


@pytest.mark.parametrize("key", ["thank_you", "pause_confirm"])
def test_what_is_saved_reads_back_as_it_was(key: str) -> None:
    words = RENDER.catalogue.sms_text(key, "nl")
    assert read_body(write_body(words), words) == words
    mail = RENDER.catalogue.mail("invite_link", "nl")
    assert read_body(write_body(mail), mail) == mail
