"""A participant with e-mail, over a real SMTP server and a real IMAP server: a whole wave, and what goes wrong."""

# ruff: noqa: ARG002, N802 - the SMTP library calls its handlers so
from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine

from service.channels.email_inbox import ImapInbox
from service.channels.email_smtp import SmtpChannel
from service.tasks.followup import collect, receive
from service.tasks.outbox import dispatch
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.show_worklist import show_worklist
from tests.builders import Clock
from tests.channels.post_office import Post, mailbox
from tests.simulator.practice import smtp_server
from tests.usecases.scene import Scene, make_scene, rows

WIL = "Wil.de.Boer@voorbeeld.invalid"


class Caught:
    """What the mail server of the participant got."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@dataclasses.dataclass
class House:
    """A participant who reads and writes e-mail, and the service on the other side."""

    scene: Scene
    services: Services
    clock: Clock
    database: Engine
    caught: Caught
    post: Post

    def tick(self) -> None:
        """One turn of everything that ticks."""
        collect(self.services)
        receive(self.services)
        dispatch(self.services)

    @property
    def mail(self) -> EmailMessage:
        return self.caught.mails[-1]

    def words(self) -> str:
        part = self.mail.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def answer(self, text: str, to: EmailMessage | None = None, **headers: str) -> EmailMessage:
        """Answer as a mail program does: quoting what is answered."""
        asked = to or self.mail
        part = asked.get_body(("plain",))
        assert part is not None
        quoted = "\n".join(f"> {line}" for line in str(part.get_content()).splitlines())
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Wil <{WIL.lower()}>", asked["From"]
        mail["Subject"], mail["Message-ID"] = (
            f"Re: {asked['Subject']}",
            f"<{len(self.caught.mails)}.{id(mail)}@wil.invalid>",
        )
        mail["In-Reply-To"] = mail["References"] = asked["Message-ID"]
        for name, value in headers.items():
            del mail[name.replace("_", "-")]
            mail[name.replace("_", "-")] = value
        mail.set_content(f"{text}\n\nOp ma 2 mrt. 2026 om 10:30 schreef Welzijn <peil@peil.example>:\n\n{quoted}\n")
        self.post.put(mail)
        self.tick()
        return mail

    def ask(self, query: str) -> list[Any]:
        return rows(self.database, query)


@pytest.fixture
def house(services: Services, clock: Clock, database: Engine) -> Iterator[House]:
    caught = Caught()
    with smtp_server(caught) as port, mailbox() as post:
        channel = SmtpChannel(f"smtp://127.0.0.1:{port}", "peil@peil.example")
        services = dataclasses.replace(services, email=channel, inbox=ImapInbox(post.url))
        scene = make_scene(services)
        enrol_participant(services, scene.coordinator, scene.form(email=WIL, mobile="", preferred_channel="email"))
        house = House(scene, services, clock, database, caught, post)
        clock.forward(days=1)
        house.tick()
        yield house


def test_a_whole_wave_by_mail(house: House) -> None:
    assert "antwoord JA op deze e-mail" in house.words()
    assert house.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "peil@peil.example" in house.mail["From"]
    house.answer("Ja hoor!\n\nGroetjes, Wil\n\nVerstuurd vanaf mijn iPad")
    for number, answer in enumerate(("1", "2", "3", "ja", "min of meer", "nee"), 1):
        assert house.mail["Subject"].startswith(f"Vraag {number} van 6")
        house.answer(answer)
    assert house.mail["Subject"].startswith("Dank u wel")
    found = house.ask("select code, mode from answer_event order by sequence")
    assert [row.code for row in found] == ["yes", "more_or_less", "no", "yes", "more_or_less", "no"]
    assert {row.mode for row in found} == {"email"}
    assert house.ask("select status from measurement where wave = 't0'")[0].status == "complete"
    assert house.ask("select count(*) as n from score")[0].n == 1


def test_the_same_mail_put_in_the_mailbox_twice_is_one_reply(house: House) -> None:
    mail = house.answer("JA")
    count = len(house.caught.mails)
    house.post.put(mail)
    house.tick()
    assert len(house.caught.mails) == count
    assert house.ask("select count(*) as n from reply")[0].n == 1


def test_a_mail_that_came_back_an_absence_and_words_for_a_person(house: House) -> None:
    house.answer("Ik ben met vakantie tot 1 april.", Auto_Submitted="auto-replied", Subject="Automatisch antwoord")
    assert len(house.caught.mails) == 1
    house.answer("Wanneer is de koffie weer?")
    assert [one.words for one in show_worklist(house.services, house.scene.coordinator).replies] == [
        "Wanneer is de koffie weer?"
    ]
    report = (
        "From: MAILER-DAEMON@relay.invalid\r\nTo: peil@peil.example\r\nSubject: Undeliverable\r\n"
        "Message-ID: <dsn@relay.invalid>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.invalid\r\n\r\n"
        f"Final-Recipient: rfc822; {WIL}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{house.caught.mails[0].as_string()}\r\n--b--\r\n"
    )
    house.post.put(report.encode())
    house.tick()
    assert house.ask("select state from contact.address where kind = 'email'")[0].state == "invalid"
    assert (
        house.ask("select state from message where kind = 'invite' and sent_at is not null")[0].state == "undelivered"
    )
    assert house.ask("select count(*) as n from call_task where reason = 'unreachable'")[0].n == 1


def test_stop_by_mail(house: House) -> None:
    house.answer("stop")
    assert house.mail["Subject"].startswith("U krijgt geen e-mail meer")
    count = len(house.caught.mails)
    house.clock.forward(days=30)
    house.tick()
    assert len(house.caught.mails) == count


def test_while_the_mailbox_is_down_the_clock_goes_on_and_nothing_is_lost(house: House) -> None:
    away = dataclasses.replace(house.services, inbox=ImapInbox("imap://a:b@127.0.0.1:1"))
    assert collect(away) == 0
    house.services, here = away, house.services
    house.answer("JA")
    assert len(house.caught.mails) == 1
    house.services = here
    house.tick()
    assert house.mail["Subject"].startswith("Vraag 1 van 6")
