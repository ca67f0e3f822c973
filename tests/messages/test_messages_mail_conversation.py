"""The conversation by mail: every text it can say exists, and the invitation is a mail that anybody can use."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from service.bootstrap import load_instruments, load_render
from service.followup.conversation import Dialogue, Stage, Step, step
from service.followup.planning import MessageKind
from service.followup.replies import Reading, ReplyKind
from service.messages.compose import text_key
from service.messages.fills import FILL

RENDER = load_render()
ITEMS = tuple(item.number for item in load_instruments()["djg6"].items)
#: What never goes by mail: mail resumes on a new consent only, so START is read by a person.
NOT_BY_MAIL = {"start_confirm"}


def everything_said() -> set[str]:
    found: set[str] = {"thank_you", "late_answer", "older_question", "unplaced", "stop_confirm"}
    for stage in set(Stage) - {Stage.NAMING}:  # a mail that is answered says whose it was
        for position in (0, 1, len(ITEMS) - 1):
            for unclear in (0, 1, 2):
                talk = Dialogue(stage, ITEMS, position, unclear)
                for kind in ReplyKind:
                    for also in (None, ReplyKind.YES, ReplyKind.NO):
                        reading = Reading(kind, "yes" if kind is ReplyKind.ANSWER else None, also)
                        steps: tuple[Step, ...] = (step(talk, reading), step(None, replace(reading, also=None)))
                        found |= {one.text for following in steps for one in following.say}
    return found - NOT_BY_MAIL


@pytest.mark.parametrize("key", sorted(everything_said()))
@pytest.mark.parametrize(("language", "form"), [("nl", "u"), ("nl", "je"), ("en", "u")])
def test_every_text_of_the_conversation_can_go_by_mail(key: str, language: str, form: str) -> None:
    mail = RENDER.email(key, language, FILL[language], form)
    assert mail.subject
    assert str(FILL[language]["phone"]) in mail.text


@pytest.mark.parametrize("kind", [MessageKind.INVITE, MessageKind.REMINDER, MessageKind.LAST_REMINDER])
@pytest.mark.parametrize(("language", "yes"), [("nl", "JA"), ("en", "YES")])
def test_an_invitation_has_one_button_and_a_plain_part_that_works_alone(
    kind: MessageKind, language: str, yes: str
) -> None:
    mail = RENDER.email(text_key(kind, "", by_link=True, by_reply=True), language, FILL[language])
    link, leave = str(FILL[language]["link"]), str(FILL[language]["unsubscribe"])
    assert [line for line in mail.text.splitlines() if line == link] == [link]
    assert leave in mail.text
    assert f" {yes} " in mail.text
    assert len(re.findall(r'<a href="[^"]*" style="display:inline-block', mail.html)) == 1
    assert set(re.findall(r'href="([^"]*)"', mail.html)) == {link, leave}


@pytest.mark.parametrize("key", ["invite_reply", "reminder_reply", "question_first", "question", "thank_you"])
def test_opening_a_mail_fetches_nothing(key: str) -> None:
    html = RENDER.email(key, "nl", FILL["nl"]).html
    assert re.search(r"<img|<link|<script|<iframe|<style|url\(|src=|@import|background=", html, re.IGNORECASE) is None


def test_a_mail_asks_for_an_answer_only_when_somebody_reads_it() -> None:
    assert text_key(MessageKind.INVITE, "", by_link=True) == "invite_link"
    assert text_key(MessageKind.INVITE, "", by_link=True, by_reply=True) == "invite_reply"
    assert text_key(MessageKind.INVITE, "", by_link=False, by_reply=False) == "invite_questions"
    assert text_key(MessageKind.RESEND, "", by_link=True, by_reply=True) == "invite_link"
