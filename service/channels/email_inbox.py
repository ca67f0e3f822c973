"""The mailbox to which people answer our mail, read by IMAP; a connection a call, as for sending.

What was dealt with gets a mark of our own, so that somebody who looks in the mailbox by hand takes nothing away from
us; a server that keeps no such marks gets "seen" instead. At most 256 KB of a mail is fetched: an answer is short.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from service.channels.base import InboundMail, MailboxDown
from service.channels.mail_reading import read_mail

SECONDS: Final = 10.0
MOST_BYTES: Final = 262_144
DONE: Final = "PeilDone"
PORTS: Final = {"imap": 143, "imaps": 993}
TROUBLE: Final = (OSError, imaplib.IMAP4.error, ImapToolsError, EOFError)
ARRIVED: Final = re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True)
class Mailbox:
    """Where the answers are: `imaps` speaks TLS from the first byte, `imap` is for this machine only."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def from_url(cls, url: str) -> Mailbox:
        """Read imaps://user:password@host/folder. Raises ValueError with what is wrong; never repeats the address."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or not parts.username or parts.password is None:
            raise ValueError("IMAP_URL must look like imaps://user:password@host")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username),
            password=unquote(parts.password),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )


class ImapInbox:
    """Reads the mailbox. Threads may share it."""

    def __init__(self, imap_url: str, *, seconds: float = SECONDS) -> None:
        self.mailbox = Mailbox.from_url(imap_url)
        self.seconds = seconds

    @property
    def ready(self) -> bool:
        """Always: without settings bootstrap gives a silent inbox instead."""
        return True

    def check(self) -> None:
        """Open it and close it again. Raises MailboxDown."""
        with self._open():
            pass

    def unread(self, limit: int) -> Sequence[InboundMail]:
        """Up to `limit` mails without our mark, oldest first. Raises MailboxDown."""
        with self._open() as (box, mark):
            uids = box.uids("UNSEEN" if mark == MailMessageFlags.SEEN else f"UNKEYWORD {mark}")
            validity = str(box.folder.status(self.mailbox.folder, ["UIDVALIDITY"]).get("UIDVALIDITY", 0))
            return tuple(self._fetch(box, uid, validity) for uid in sorted(uids, key=int)[:limit])

    def mark(self, uids: Sequence[str], *, failed: bool = False) -> None:
        """Never give these again. Raises MailboxDown; then they come again, and are the same mails."""
        if not uids:
            return
        with self._open() as (box, mark):
            flags = f"{mark} {MailMessageFlags.FLAGGED}" if failed else mark
            word, _ = box.client.uid("STORE", ",".join(uids), "+FLAGS", f"({flags})")
            if word != "OK":
                raise MailboxDown("STORE")

    @contextmanager
    def _open(self) -> Iterator[tuple[BaseMailBox, str]]:
        """The open mailbox, and the mark it keeps: our own, or else "seen"."""
        place = self.mailbox
        try:
            box = self._connect()
            try:
                box.login(place.user, place.password, initial_folder=place.folder)
                _, lasting = box.client.response("PERMANENTFLAGS")
                own = any(rb"\*" in (flags or b"") for flags in lasting or [])
                yield box, DONE if own else MailMessageFlags.SEEN
            finally:
                with suppress(*TROUBLE):
                    box.logout()
                with suppress(OSError):
                    box.client.shutdown()
        except TROUBLE as trouble:
            raise MailboxDown(type(trouble).__name__) from None  # its words may hold the name of the user

    def _connect(self) -> BaseMailBox:
        where = (self.mailbox.host, self.mailbox.port)
        if self.mailbox.scheme == "imaps":
            return MailBox(*where, timeout=self.seconds, ssl_context=ssl.create_default_context())
        return MailBoxUnencrypted(*where, timeout=self.seconds)

    @staticmethod
    def _fetch(box: BaseMailBox, uid: str, validity: str) -> InboundMail:
        _, answer = box.client.uid("fetch", uid, f"(UID INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)")
        head, raw, tail = _parts(answer)
        return read_mail(uid, validity, raw, _moment(head + tail))


def _parts(answer: Sequence[Any]) -> tuple[bytes, bytes, bytes]:
    """What stands before the mail, the mail, and what stands behind it."""
    for place, part in enumerate(answer):
        if isinstance(part, tuple):
            behind = answer[place + 1] if place + 1 < len(answer) else b""
            return part[0], part[1], behind if isinstance(behind, bytes) else b""
    return b"", b"", b""


def _moment(words: bytes) -> datetime | None:
    found = ARRIVED.search(words)
    try:
        return datetime.strptime(found[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z") if found else None
    except ValueError:
        return None
