"""What every way of sending has in common: what goes out, and the four things that can come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way out. `token` is the attempt's own and travels in the status callback address."""

    token: str
    to: str
    text: str
    subject: str = ""
    html: str = ""
    sender_name: str = ""
    message_id: str = ""  # stable per message, e-mail only
    unsubscribe_url: str = ""
    valid_minutes: int = 240  # SMS: how long the provider may keep trying


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it, under this id."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A known refusal. `opted_out`: the number stopped at the provider. `bad_address`: it will never work."""

    code: str
    opted_out: bool = False
    bad_address: bool = False


@dataclass(frozen=True, slots=True)
class Throttled:
    """The provider asks us to slow down; it did not take the message."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything else: it may or may not have been taken. Never send again before reconciliation."""

    reason: str  # the kind of failure, never an address


Outcome = Accepted | Rejected | Throttled | Unknown


@dataclass(frozen=True, slots=True)
class Incoming:
    """A reply that came in. `sent_to` is our own number."""

    provider: str
    provider_id: str
    sender: str
    sent_to: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider reports about a message. `status` is delivery's word: sent, delivered, undelivered, failed."""

    provider: str
    provider_id: str
    token: str
    status: str
    code: str = ""


class Forged(Exception):
    """The signature does not match: refuse, and store nothing."""


class Malformed(Exception):
    """A required field is missing, doubled or of another account: refuse, and store nothing."""


class Channel(Protocol):
    """A way of sending. `ready` is false when nothing is configured: then nothing is sent and every page says so."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether it can send at all."""
        ...

    def send(self, message: Outgoing) -> Outcome:
        """Send once, within ten seconds; never raises for what the network or the provider does."""
        ...

    def look_up(self, to: str, since: datetime, body_digest: str) -> str | None:
        """The provider's id of a message with this text to this address since then; None when it has none.

        Raises LookupError when the provider cannot tell (no connection, or no such service).
        """
        ...


class Webhooks(Protocol):
    """Reads what a provider posts to us. `form` holds every value of every field; raises Forged or Malformed."""

    def read_reply(self, form: Mapping[str, list[str]], signature: str) -> Incoming:
        """A reply from a participant."""
        ...

    def read_receipt(self, form: Mapping[str, list[str]], token: str, signature: str) -> Receipt | None:
        """None for a status that changes nothing (queued, accepted)."""
        ...
