"""E-mail through any SMTP server, one connection a message.

What an SMTP server says before it has taken the text is sure: the message was not sent. Once the text is on its way,
only the server's own answer is; a connection that ends there leaves the outcome Unknown.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

from service.channels.base import Accepted, Outcome, Outgoing, Rejected, Throttled, Unknown

CONNECT_SECONDS: Final = 3.05
READ_SECONDS: Final = 10.0
PORTS: Final = {"smtp": 25, "starttls": 587, "smtps": 465}
BAD_ADDRESS: Final = frozenset({550, 551, 553})
ONE_CLICK: Final = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
SAFE_URL: Final = re.compile(r"https?://[!-;=?-~]+")
SEVEN_BIT: Final = SMTP.clone(cte_type="7bit")  # every server takes it, and no relay needs to rewrite it


@dataclass(frozen=True)
class Server:
    """Where the mail goes: `smtp` uses TLS when it is offered, `starttls` insists on it, `smtps` begins with it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read smtp://user:password@host:port. Raises ValueError with what is wrong; never repeats the address."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("SMTP_URL must look like smtp://host:port, starttls://user:password@host or smtps://...")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpChannel:
    """Sends e-mail. `mail_from` is our address; the display name is each message's own. Threads may share it."""

    name = "email"

    def __init__(
        self, smtp_url: str, mail_from: str, *, timeouts: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
    ) -> None:
        self.server = Server.from_url(smtp_url)
        self.sender = parseaddr(mail_from)[1]
        self.domain = Address(addr_spec=self.sender).domain  # raises on an address that is none
        self.timeouts = timeouts

    @property
    def ready(self) -> bool:
        """Always: without settings bootstrap gives a silent channel instead."""
        return True

    def send(self, message: Outgoing) -> Outcome:
        """Send once. `Accepted.provider_id` is the Message-ID."""
        message_id = message.message_id or make_msgid(domain=self.domain)
        try:
            content = compose(message, self.sender, bracketed(message_id))
        except (ValueError, MessageError, IndexError):
            return Rejected("malformed")
        try:
            connection = self._connect()
        except smtplib.SMTPResponseException as refusal:
            return Throttled(str(refusal.smtp_code))  # log-in or greeting: our trouble, not this message's
        except (OSError, smtplib.SMTPException):
            return Throttled("unreachable")
        try:
            return self._hand_over(connection, message.to, content) or Accepted(message_id)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def look_up(self, to: str, since: datetime, body_digest: str) -> str | None:  # noqa: ARG002 - the channel's form
        """SMTP cannot tell. Raises LookupError."""
        raise LookupError("smtp")

    def _connect(self) -> smtplib.SMTP:
        connect, read = self.timeouts
        where = (self.server.host, self.server.port)
        if self.server.scheme == "smtps":
            tls = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                *where, local_hostname=self.domain, timeout=connect, context=tls
            )
        else:
            connection = smtplib.SMTP(*where, local_hostname=self.domain, timeout=connect)
        try:
            if connection.sock is not None:
                connection.sock.settimeout(read)
            self._secure(connection)
        except (OSError, smtplib.SMTPException):
            connection.close()
            raise
        return connection

    def _secure(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        offered = self.server.scheme == "smtp" and connection.has_extn("starttls")
        if self.server.scheme == "starttls" or offered:
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if self.server.user:
            connection.login(self.server.user, self.server.password)

    def _hand_over(self, connection: smtplib.SMTP, to: str, content: bytes) -> Outcome | None:
        """Envelope and text; None when the server took it."""
        try:
            code, _ = connection.mail(self.sender)
            if code >= 400:
                return Throttled(str(code))  # our own address is refused: not this message's fault
            code, words = connection.rcpt(to)
            if code >= 400:
                policy = words.startswith(b"5.7.")  # "not from you", which says nothing about the address
                return refused(code, bad_address=code in BAD_ADDRESS and not policy)
            code, _ = connection.docmd("DATA")
            if code != 354:
                return refused(code)
        except (OSError, smtplib.SMTPException):
            return Throttled("unreachable")
        try:
            connection.send(content)
            code, _ = connection.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            return Unknown(type(fault).__name__)
        return None if 200 <= code < 300 else refused(code)


def refused(code: int, *, bad_address: bool = False) -> Outcome:
    """The server said no: for now (4xx) or for ever (5xx)."""
    if 500 <= code < 600:
        return Rejected(str(code), bad_address=bad_address)
    return Throttled(str(code))


def bracketed(message_id: str) -> str:
    """A Message-ID in the form the header wants."""
    return message_id if message_id.startswith("<") else f"<{message_id}>"


def compose(message: Outgoing, sender: str, message_id: str) -> bytes:
    """The message as it goes over the wire, with its closing dot. Raises ValueError or MessageError when it cannot."""
    mail = EmailMessage(policy=SEVEN_BIT)
    mail["From"] = Address(display_name=message.sender_name, addr_spec=sender)
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    wire = unsubscribe_headers(message.unsubscribe_url) + mail.as_bytes()
    if not wire.endswith(b"\r\n"):
        wire += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", wire) + b".\r\n"


def unsubscribe_headers(url: str) -> bytes:
    """How a mail program may end the e-mail by one click. Written here: the library would encode a long address."""
    if not url:
        return b""
    if not SAFE_URL.fullmatch(url):
        raise ValueError("the address to unsubscribe at has a space or another character that may not be in it")
    return b"List-Unsubscribe: <" + url.encode("ascii") + b">\r\n" + ONE_CLICK
