"""What every way of sending has in common: what goes out, and the four things that can come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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


class MailKind(StrEnum):
    """What a mail that came in is."""

    REPLY = "reply"  # somebody wrote it
    AUTOMATIC = "automatic"  # a program says so itself; never answered
    MAYBE_AUTOMATIC = "maybe_automatic"  # only its subject looks like an absence: a person reads it; never answered
    BOUNCE = "bounce"  # a report about the delivery of a mail of ours
    COMPLAINT = "complaint"  # somebody called a mail of ours spam, by a button of their mail program


@dataclass(frozen=True, slots=True)
class InboundMail:
    """One mail in the mailbox. `uid` is the mailbox's own, for marking; `provider_id` is the same whenever it is seen.

    `references` are the Message-IDs it is about, without brackets, the most telling one first; `token` is that of an
    attempt when a returned mail still shows the link to end our mail. `text` is what was written, without the quoted
    mail and the signature of a telephone. `status` is a bounce's code, such as "5.1.1", and "" for everything else.
    """

    uid: str
    provider_id: str
    kind: MailKind
    sender: str = ""
    subject: str = ""
    text: str = ""
    references: tuple[str, ...] = ()
    token: str = ""
    status: str = ""
    arrived_at: datetime | None = None  # when the mailbox got it


class MailboxDown(Exception):
    """The mailbox cannot be reached or opened; the message is the kind of failure, never an address."""


class Inbox(Protocol):
    """The mailbox to which people answer our mail. Every call may raise MailboxDown."""

    @property
    def ready(self) -> bool:
        """Whether there is one: without it no mail invites people to answer it."""
        ...

    def check(self) -> None:
        """Open it and close it again."""
        ...

    def unread(self, limit: int) -> Sequence[InboundMail]:
        """Up to `limit` mails that were not marked, oldest first. Looking marks nothing."""
        ...

    def mark(self, uids: Sequence[str], *, failed: bool = False) -> None:
        """These are dealt with: never give them again. `failed`: our own mistake, flagged for the operator to see."""
        ...
