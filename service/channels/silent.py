"""The channel there is when nothing is configured: it sends nothing, and says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.channels.base import Outcome, Outgoing, Throttled


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
