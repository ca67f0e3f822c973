"""A real SMTP server that keeps every mail it gets, and reads it back for people."""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

from aiosmtpd.smtp import SMTP, Envelope, Session

from service.simulator.truth import Mail, Truth


class Keeper:
    """What the SMTP server does with a mail: one copy per address."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Keep it, and say so."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        for address in envelope.rcpt_tos:
            self.truth.note("mail", key=secrets.token_hex(8), to=address.lower(), raw=raw.decode("latin-1"))
        return "250 OK"


class MailCatcher:
    """The server on its own thread. `place` is a bound socket."""

    def __init__(self, truth: Truth, place: socket.socket) -> None:
        self.truth, self.place = truth, place
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        server = await self._loop.create_server(
            lambda: SMTP(Keeper(self.truth), hostname="localhost", loop=self._loop, enable_SMTPUTF8=False),
            sock=self.place,
        )
        async with server:
            await self._stop.wait()
        await end_conversations()


async def end_conversations() -> None:
    """Cancel what is still being said, and let the connections close."""
    talking = asyncio.all_tasks() - {asyncio.current_task()}
    for task in talking:
        task.cancel()
    await asyncio.gather(*talking, return_exceptions=True)
    await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as a person reads it."""

    sender: str
    subject: str
    unsubscribe: str
    html: str
    plain: str


def read_letter(mail: Mail) -> Letter:
    """Take a mail apart; a mail that is broken shows what can be read of it."""
    message = message_from_bytes(mail.raw.encode("latin-1"), policy=policy.default)
    sender = str(message.get("From", ""))
    return Letter(
        sender=parseaddr(sender)[0] or sender,
        subject=str(message.get("Subject", "")),
        unsubscribe=str(message.get("List-Unsubscribe", "")).strip().strip("<>"),
        html=_part(message, "html"),
        plain=_part(message, "plain"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def write_answer(mail: Mail, text: str) -> bytes:
    """What a mail program sends when somebody answers this mail: the words, and the mail it answers under them."""
    asked = message_from_bytes(mail.raw.encode("latin-1"), policy=policy.default)
    answer = EmailMessage()
    answer["From"], answer["To"] = mail.to, parseaddr(str(asked.get("From", "")))[1]
    answer["Subject"] = f"Re: {asked.get('Subject', '')}"
    answer["Date"], answer["Message-ID"] = formatdate(usegmt=True), make_msgid(domain="voorbeeld.invalid")
    answer["In-Reply-To"] = answer["References"] = str(asked.get("Message-ID", ""))
    quoted = "\n".join(f"> {line}" for line in _part(asked, "plain").splitlines())
    sender = parseaddr(str(asked.get("From", "")))[0] or answer["To"]
    answer.set_content(f"{text}\n\nOp {mail.at:%d-%m-%Y} schreef {sender}:\n\n{quoted}\n")
    return answer.as_bytes()
