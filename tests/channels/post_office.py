"""A real IMAP server on the loopback, in this process: somebody may put mail in it, look in it, and shut it down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from service.simulator.mailbox import USER, MailboxServer
from tests.simulator.practice import bound

PASSWORD, QUOTED = "een geheim: met/tekens@", "een%20geheim%3A%20met%2Ftekens%40"


@dataclass
class Post:
    """The mailbox as its owner sees it."""

    server: MailboxServer

    @property
    def url(self) -> str:
        return f"imap://{USER}:{QUOTED}@127.0.0.1:{self.server.port}"

    def put(self, mail: EmailMessage | bytes) -> None:
        self.server.put(mail if isinstance(mail, bytes) else mail.as_bytes())

    def flags(self) -> list[tuple[str, ...]]:
        with self.server.open() as box:
            return [mail.flags for mail in box.fetch(mark_seen=False)]


@contextmanager
def mailbox() -> Iterator[Post]:
    """Run one; it is down when the block ends, and what was in it is gone."""
    place, _ = bound()
    server = MailboxServer(place, PASSWORD)
    server.start()
    try:
        yield Post(server)
    finally:
        server.stop()
