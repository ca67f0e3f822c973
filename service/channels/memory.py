"""A channel that remembers what it was given: for tests, and for the history of the demonstration."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.channels.base import Accepted, InboundMail, Incoming, MailboxDown, Outcome, Outgoing, Receipt


def accept(message: Outgoing) -> Outcome:
    """Accept everything."""
    return Accepted(f"mem-{message.token}")


@dataclass
class MemoryChannel:
    """Keeps every message it accepted, in order. `answer` may be replaced to refuse, lose or throttle."""

    name: str
    ready: bool = True
    answer: Callable[[Outgoing], Outcome] = accept
    sent: list[Outgoing] = field(default_factory=list)

    def send(self, message: Outgoing) -> Outcome:
        """Remember it when it is accepted."""
        outcome = self.answer(message)
        if isinstance(outcome, Accepted):
            self.sent.append(message)
        return outcome

    def look_up(self, to: str, since: datetime, body_digest: str) -> str | None:  # noqa: ARG002 - it remembers all
        """The id of a message with this text to this address."""
        for message in reversed(self.sent):
            if message.to == to and hashlib.sha256(message.text.encode()).hexdigest() == body_digest:
                return f"mem-{message.token}"
        return None


@dataclass
class MemoryInbox:
    """A mailbox that remembers: put mails in `waiting`; what is marked moves to `marked` or `failed`."""

    ready: bool = True
    down: bool = False
    waiting: list[InboundMail] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Raises MailboxDown while it is down."""
        if self.down:
            raise MailboxDown("down")

    def unread(self, limit: int) -> Sequence[InboundMail]:
        """What was not marked."""
        self.check()
        return tuple(mail for mail in self.waiting if mail.uid not in (*self.marked, *self.failed))[:limit]

    def mark(self, uids: Sequence[str], *, failed: bool = False) -> None:
        """Remember it."""
        self.check()
        (self.failed if failed else self.marked).extend(uids)


class MemoryWebhooks:
    """Takes replies without a signature: for what people of the demonstration wrote before it began."""

    def read_reply(self, form: Mapping[str, list[str]], signature: str) -> Incoming:  # noqa: ARG002 - nobody signed
        """What the form says."""
        sid, sender, to, words = (form[name][0] for name in ("MessageSid", "From", "To", "Body"))
        return Incoming("memory", sid, sender, to, words)

    def read_receipt(self, form: Mapping[str, list[str]], token: str, signature: str) -> Receipt | None:  # noqa: ARG002
        """Nothing is reported."""
        return None
