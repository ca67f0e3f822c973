"""Answering a caught mail: it lands in a real mailbox, as a mail program would send it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from service.channels.base import Outgoing
from service.channels.email_inbox import ImapInbox
from service.channels.email_smtp import SmtpChannel
from service.simulator.app import Simulator
from service.simulator.courier import Account
from tests.simulator.practice import ACCOUNT, SENDER, TOKEN, bound

WIL = "wil@voorbeeld.invalid"


@contextmanager
def simulator(data: Path) -> Iterator[tuple[str, SmtpChannel, ImapInbox]]:
    (web, web_port), (mail, mail_port), (post, post_port) = bound(), bound(), bound()
    running = Simulator(Account(ACCOUNT, TOKEN, "http://127.0.0.1:1"), SENDER, web, mail, data, post)
    running.start()
    try:
        channel = SmtpChannel(f"smtp://127.0.0.1:{mail_port}", "peil@peil.example")
        yield f"http://127.0.0.1:{web_port}", channel, ImapInbox(f"imap://peil:{TOKEN}@127.0.0.1:{post_port}")
    finally:
        running.stop()


def test_an_answer_lands_in_the_mailbox_and_is_there_again_after_a_restart(tmp_path: Path) -> None:
    with simulator(tmp_path / "truth.jsonl") as (url, channel, inbox):
        channel.send(
            Outgoing(
                "t", WIL, "Vraag 2 van 6\n\nWelzijn", "Vraag 2", sender_name="Welzijn", message_id="m@peil.example"
            )
        )
        page = requests.get(url, params={"box": WIL}, timeout=5).text
        assert "Beantwoord deze e-mail" in page
        key = page.split('data-mail="')[1].split('"')[0]
        answer = requests.post(f"{url}/mail/{key}", data={"text": "min of meer"}, timeout=5)
        assert answer.status_code == 200
        assert "antwoordt per e-mail “min of meer”" in answer.text
        (found,) = inbox.unread(5)
        assert (found.text, found.sender, found.references) == ("min of meer", WIL, ("m@peil.example",))
        assert requests.post(f"{url}/mail/nothing", data={"text": "x"}, timeout=5).status_code == 404
    with simulator(tmp_path / "truth.jsonl") as (_, _, inbox):
        assert inbox.unread(5)[0].provider_id == found.provider_id
