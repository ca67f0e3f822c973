"""A channel that remembers what it was given: for tests, and for the history of the demonstration."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from service.channels.base import Accepted, Outcome, Outgoing


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
