"""The simulator does what the provider does: signed webhooks, callbacks, retries, and a log that tells the truth."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests

from service.channels.base import Accepted, Incoming, Outgoing, Receipt
from service.channels.sms_twilio import TwilioWebhooks
from tests.simulator.practice import ACCOUNT, SENDER, TOKEN, Post, Practice, bound, practice, wait_for

PHONE = "+31600000137"


@pytest.fixture
def running() -> Iterator[Practice]:
    with practice() as running:
        yield running


def incoming(running: Practice, post: Post) -> Incoming:
    return TwilioWebhooks(ACCOUNT, (TOKEN,), running.service.url).read_reply(post.form, post.signature)


def receipt(running: Practice, post: Post) -> Receipt | None:
    token = post.path.rsplit("/", 1)[1]
    return TwilioWebhooks(ACCOUNT, (TOKEN,), running.service.url).read_receipt(post.form, token, post.signature)


def reply(running: Practice, text: str) -> None:
    answer = requests.post(
        f"{running.url}/reply", data={"phone": PHONE, "text": text}, timeout=5, allow_redirects=False
    )
    assert answer.status_code == 303


def test_a_message_is_sent_then_delivered_and_the_service_hears_both(running: Practice) -> None:
    outcome = running.channel().send(Outgoing("token-1", PHONE, "Dag"))
    assert isinstance(outcome, Accepted)
    wait_for(lambda: len(running.service.posts) == 2)
    heard = [receipt(running, post) for post in running.service.posts]
    assert [(r.status, r.provider_id, r.token) for r in heard if r] == [
        ("sent", outcome.provider_id, "token-1"),
        ("delivered", outcome.provider_id, "token-1"),
    ]
    wait_for(lambda: running.kinds() == ["accepted", "sent", "told", "delivered", "told"])


def test_an_undelivered_message_carries_its_code(running: Practice) -> None:
    requests.post(f"{running.url}/misbehave", json={"how": "undelivered", "code": 30005}, timeout=5)
    running.channel().send(Outgoing("token-2", PHONE, "Dag"))
    wait_for(lambda: len(running.service.posts) == 2)
    last = receipt(running, running.service.posts[1])
    assert last is not None
    assert (last.status, last.code) == ("undelivered", "30005")
    assert 'class="sms in"' not in requests.get(running.url, params={"phone": PHONE}, timeout=5).text


@pytest.mark.parametrize(
    ("how", "heard"),
    [
        ("callbacks_doubled", ["delivered", "delivered", "sent", "sent"]),
        ("callbacks_reversed", ["delivered", "sent"]),
    ],
)
def test_callbacks_in_disorder(running: Practice, how: str, heard: list[str]) -> None:
    requests.post(f"{running.url}/misbehave", json={"how": how}, timeout=5)
    running.channel().send(Outgoing("t", PHONE, "Dag"))
    wait_for(lambda: len(running.service.posts) == len(heard))
    said = [post.form["MessageStatus"][0] for post in running.service.posts]
    assert sorted(said) == heard
    assert how == "callbacks_doubled" or said == heard
    assert [sms.status for sms in running.simulator.truth.outbound()] == ["delivered"]


@pytest.mark.parametrize("text", ["2", "", "ja hoor, één keer 👍\nen nog iets", "<b>vet</b> & zo", "x" * 1600])
def test_a_reply_reaches_the_service_signed_and_word_for_word(running: Practice, text: str) -> None:
    running.channel().send(Outgoing("t", PHONE, "Vraag 1"))
    reply(running, text)
    wait_for(lambda: [p for p in running.service.posts if p.path == "/webhooks/twilio/sms"])
    (post,) = [p for p in running.service.posts if p.path == "/webhooks/twilio/sms"]
    got = incoming(running, post)
    assert (got.sender, got.sent_to, got.text) == (PHONE, SENDER, text)


def test_a_reply_waits_until_the_service_is_back() -> None:
    with practice(serve=False) as running:
        requests.post(f"{running.url}/phones", json=[{"number": PHONE, "label": "Greet"}], timeout=5)
        reply(running, "1")
        wait_for(lambda: "service_down" in running.kinds())
        assert "onderweg" in requests.get(running.url, timeout=5).text
        running.service.start()
        wait_for(lambda: "told" in running.kinds())
        assert "verzonden" in requests.get(running.url, timeout=5).text


def test_a_reply_that_the_service_refuses_is_not_brought_again(running: Practice) -> None:
    running.service.status = 403
    requests.post(f"{running.url}/phones", json=[{"number": PHONE, "label": "Greet"}], timeout=5)
    reply(running, "1")
    wait_for(lambda: "refused_by_service" in running.kinds())
    assert len(running.service.posts) == 1


def test_what_was_not_finished_is_finished_after_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "truth.jsonl"
    with practice(serve=False, data=data) as running:
        running.channel().send(Outgoing("t", PHONE, "Vraag 1"))
        reply(running, "3")
        wait_for(lambda: running.kinds().count("service_down") == 3)
    with data.open("a") as lines:
        lines.write('{"number": 99, "cut')
    with practice(serve=False, data=data) as again:
        assert [sms.text for sms in again.simulator.truth.conversation(PHONE)] == ["Vraag 1", "3"]
        wait_for(lambda: again.kinds().count("service_down") == 5)
    kinds = [json.loads(line)["kind"] for line in data.read_text().splitlines() if line.endswith("}")]
    assert (kinds.count("accepted"), kinds.count("reply"), kinds.count("delivered")) == (1, 1, 1)


def test_the_truth_can_be_read_and_followed(running: Practice) -> None:
    running.channel().send(Outgoing("t", PHONE, "Dag"))
    events = requests.get(f"{running.url}/truth", timeout=5).json()["events"]
    assert events[0]["kind"] == "accepted"
    assert events[0]["facts"]["text"] == "Dag"
    later = requests.get(f"{running.url}/truth", params={"after": "1"}, timeout=5).json()["events"]
    assert all(event["number"] > 1 for event in later)


def test_the_list_comes_in_pages(running: Practice) -> None:
    channel = running.channel()
    for number in range(5):
        channel.send(Outgoing(f"t{number}", PHONE, f"bericht {number}"))
    found = channel.client.messages.list(to=PHONE, page_size=2)
    assert [m.body for m in found] == [f"bericht {n}" for n in (4, 3, 2, 1, 0)]
    assert channel.client.messages(found[0].sid).fetch().body == "bericht 4"


def test_only_this_machine_may_use_it(running: Practice) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = requests.post(f"{running.url}/misbehave", json={"how": "throttle"}, headers=headers, timeout=5)
        assert answer.status_code == 403
    assert requests.post(f"{running.url}/misbehave", json={"how": "explode"}, timeout=5).status_code == 400


def letter(to: str, subject: str, html: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Marieke <peil@peil.example>", to, subject
    mail["List-Unsubscribe"] = "<https://peil.example/af>"
    mail.set_content("Uw vragen: http://127.0.0.1:8000/v/abc")
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def test_mail_is_caught_and_readable(running: Practice) -> None:
    with smtplib.SMTP("127.0.0.1", running.smtp_port) as server:
        server.send_message(letter("Toon@voorbeeld.invalid", "Zonder opmaak", ""))
        server.send_message(letter("toon@voorbeeld.invalid", "Uw vragen één", "<p>Dag <script>alert(1)</script></p>"))
    page = requests.get(running.url, timeout=5).text
    assert "Uw vragen één" in page
    assert "https://peil.example/af" in page
    plain, html = list(running.simulator.truth.mails)
    shown = requests.get(f"{running.url}/mail/{html}", timeout=5)
    assert "<p>Dag" in shown.text
    assert shown.headers["Content-Security-Policy"].startswith("sandbox allow-popups")
    older = requests.get(running.url, params={"box": "toon@voorbeeld.invalid", "mail": plain}, timeout=5).text
    assert '<a href="http://127.0.0.1:8000/v/abc"' in older
    assert requests.get(f"{running.url}/mail/nothing", timeout=5).status_code == 404


def test_it_runs_as_a_process_of_its_own_and_stops_when_told(tmp_path: Path) -> None:
    (web, port), (mail, smtp_port) = bound(), bound()
    web.close()
    mail.close()
    command = [sys.executable, "-m", "service.simulator", "--port", str(port), "--smtp-port", str(smtp_port)]
    data = ["--data", str(tmp_path / "truth.jsonl")]
    with subprocess.Popen([*command, *data], stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stderr is not None
        assert str(port) in process.stderr.readline()
        second = subprocess.run([*command, *data], capture_output=True, text=True, check=False, timeout=20)
        assert second.returncode == 1
        assert "cannot be used" in second.stderr
        assert requests.get(f"http://127.0.0.1:{port}/truth", timeout=5).json() == {"events": []}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
