"""E-mail over real SMTP: what goes over the wire, and what each way of going wrong means."""

# ruff: noqa: ARG002, N802 - the SMTP library calls its handlers so
from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from service.channels.base import Accepted, Outcome, Outgoing, Rejected, Throttled, Unknown
from service.channels.email_smtp import Server, SmtpChannel
from tests.simulator.practice import bound, smtp_server

LONG_LINK = "https://peil.example/v/" + "a1B2-" * 40
MESSAGE = Outgoing(
    token="t",
    to="toon@voorbeeld.invalid",
    text="Dag meneer Willems,\n\n.Een punt vooraan\nUw vragen staan klaar: " + LONG_LINK + "\nGroet, Zoë",
    subject="Uw vragen van Welzijn Rivierwaard, de organisatie waar u meedoet, met een lange naam én tekens",
    html="<p>Dag meneer Willems, één vraag</p>",
    sender_name="Marieke de Boer, Welzijn Rivierwaard",
    message_id="<m-17@peil.example>",
    unsubscribe_url="https://peil.example/afmelden/" + "x" * 120,
)


class Catches:
    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"

    def only(self) -> EmailMessage:
        (envelope,) = self.envelopes
        assert isinstance(envelope.content, bytes)
        return message_from_bytes(envelope.content, policy=policy.default)


class Says:
    """Answers one command with this, or cuts the connection when there is nothing to say."""

    def __init__(self, command: str, answer: str) -> None:
        setattr(self, f"handle_{command}", self._handle)
        self.answer, self.is_rcpt = answer, command == "RCPT"

    async def _handle(self, server: SMTP, session: Session, envelope: Envelope, *more: object) -> str:
        if not self.answer:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.answer or "421 gone"


def send(port: int, message: Outgoing = MESSAGE, scheme: str = "smtp") -> Outcome:
    return SmtpChannel(f"{scheme}://127.0.0.1:{port}", "peil@peil.example", timeouts=(1, 1)).send(message)


def caught(message: Outgoing = MESSAGE) -> tuple[EmailMessage, bytes]:
    catcher = Catches()
    with smtp_server(catcher) as port:
        assert isinstance(send(port, message), Accepted)
    content = catcher.envelopes[0].content
    assert isinstance(content, bytes)
    return catcher.only(), content


def test_what_goes_over_the_wire() -> None:
    mail, raw = caught()
    assert mail["From"] == '"Marieke de Boer, Welzijn Rivierwaard" <peil@peil.example>'
    assert mail["To"] == MESSAGE.to
    assert mail["Subject"] == MESSAGE.subject
    assert mail["Message-ID"] == "<m-17@peil.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["List-Unsubscribe"] == f"<{MESSAGE.unsubscribe_url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"List-Unsubscribe: <{MESSAGE.unsubscribe_url}>\r\n".encode() in raw
    assert all(byte < 128 for byte in raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_both_parts_say_exactly_what_was_written() -> None:
    mail, _ = caught()
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == MESSAGE.text.splitlines()
    assert html.get_content().strip() == MESSAGE.html


def test_plain_only_and_without_a_way_out() -> None:
    mail, _ = caught(Outgoing("t", "toon@voorbeeld.invalid", "Dag", subject="Test"))
    assert mail.get_content_type() == "text/plain"
    assert mail["List-Unsubscribe"] is None
    assert mail["Message-ID"].endswith("@peil.example>")


def test_the_same_message_keeps_its_id() -> None:
    catcher = Catches()
    with smtp_server(catcher) as port:
        assert send(port) == send(port) == Accepted("<m-17@peil.example>")


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("RCPT", "550 5.1.1 no such user", Rejected("550", bad_address=True)),
        ("RCPT", "553 not allowed", Rejected("553", bad_address=True)),
        ("RCPT", "550 5.7.1 not from you", Rejected("550")),
        ("RCPT", "451 later please", Throttled("451")),
        ("RCPT", "", Throttled("unreachable")),
        ("MAIL", "550 your address is refused", Throttled("550")),
        ("DATA", "550 looks like spam", Rejected("550")),
        ("DATA", "552 too much", Rejected("552")),
        ("DATA", "451 later please", Throttled("451")),
        ("DATA", "", Unknown("SMTPServerDisconnected")),
    ],
)
def test_what_each_answer_means(command: str, answer: str, outcome: Outcome) -> None:
    with smtp_server(Says(command, answer)) as port:
        assert send(port) == outcome


def test_a_server_that_falls_silent_after_the_text_leaves_it_unknown() -> None:
    class Sleeps:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.pause_reading()
            return "250-half an answer"

    with smtp_server(Sleeps()) as port:
        assert isinstance(send(port), Unknown)


def test_nobody_there_is_surely_not_sent() -> None:
    place, port = bound()
    assert send(port) == Throttled("unreachable")
    place.close()


def test_something_that_is_no_mail_server() -> None:
    place, port = bound()
    place.listen()
    assert send(port) == Throttled("unreachable")
    place.close()


def test_tls_is_insisted_on_when_asked() -> None:
    with smtp_server(Catches()) as port:
        assert send(port, scheme="starttls") == Throttled("unreachable")


def test_log_in() -> None:
    def check(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        right = getattr(data, "password", b"") == b"p@ss"
        return AuthResult(success=right, handled=right)

    catcher = Catches()
    with smtp_server(catcher, authenticator=check, auth_require_tls=False) as port:
        right = SmtpChannel(f"smtp://peil:p%40ss@127.0.0.1:{port}", "peil@peil.example", timeouts=(1, 1))
        wrong = SmtpChannel(f"smtp://peil:no@127.0.0.1:{port}", "peil@peil.example", timeouts=(1, 1))
        assert isinstance(right.send(MESSAGE), Accepted)
        assert wrong.send(MESSAGE) == Throttled("535")
    assert len(catcher.envelopes) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Dag\r\nBcc: iedereen@voorbeeld.invalid"},
        {"sender_name": "Peil\nBcc: iedereen@voorbeeld.invalid"},
        {"to": "toon@voorbeeld.invalid\r\nDATA"},
        {"to": "toon@voorbeeld.invalid>, <iedereen@voorbeeld.invalid"},
        {"to": "geen adres"},
        {"to": ""},
        {"message_id": "<a@b>\r\nBcc: iedereen@voorbeeld.invalid"},
        {"unsubscribe_url": "https://peil.example/\r\nBcc: iedereen@voorbeeld.invalid"},
    ],
)
def test_nobody_writes_headers_of_their_own(changes: dict[str, Any]) -> None:
    catcher = Catches()
    message = Outgoing("t", MESSAGE.to, "Dag", subject="Test")
    with smtp_server(catcher) as port:
        assert send(port, replace(message, **changes)) == Rejected("malformed")
    assert catcher.envelopes == []


def test_smtp_cannot_tell_what_it_did() -> None:
    channel = SmtpChannel("smtp://127.0.0.1:25", "Peil <peil@peil.example>")
    assert channel.sender == "peil@peil.example"
    with pytest.raises(LookupError):
        channel.look_up("toon@voorbeeld.invalid", datetime(2026, 3, 2, tzinfo=UTC), "")


def test_addresses_of_servers() -> None:
    assert Server.from_url("smtps://a%40b:c@mail.example") == Server("smtps", "mail.example", 465, "a@b", "c")
    assert Server.from_url("starttls://mail.example").port == 587
    for wrong in ("mail.example:25", "http://mail.example", "smtp://"):
        with pytest.raises(ValueError, match="SMTP_URL"):
            Server.from_url(wrong)
