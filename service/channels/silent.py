"""The channel and the mailbox there are when nothing is configured: nothing goes out or comes in, and they say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.channels.base import InboundMail, MailboxDown, Outcome, Outgoing, Throttled


@dataclass
class SilentChannel:
    """Never ready. What it is given stays ours, to be sent when there is a channel."""

    name: str

    @property
    def ready(self) -> bool:
        """Never."""
        return False

    def send(self, message: Outgoing) -> Outcome:  # noqa: ARG002 - the channel's form
        """Take nothing."""
        return Throttled("not_configured")

    def look_up(self, to: str, since: datetime, body_digest: str) -> str | None:  # noqa: ARG002 - the channel's form
        """Nobody can tell: another channel may have been here before. Raises LookupError."""
        raise LookupError("not_configured")


class SilentInbox:
    """No mailbox: nothing comes in, and no mail asks for an answer."""

    @property
    def ready(self) -> bool:
        """Never."""
        return False

    def check(self) -> None:
        """There is nothing to open. Raises MailboxDown."""
        raise MailboxDown("not_configured")

    def unread(self, limit: int) -> Sequence[InboundMail]:  # noqa: ARG002 - the inbox's form
        """Nothing."""
        return ()

    def mark(self, uids: Sequence[str], *, failed: bool = False) -> None:
        """Nothing to mark."""
