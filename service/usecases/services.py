"""Everything concrete that a use case needs, built by bootstrap and by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from service.channels.base import Channel, Inbox, Webhooks
from service.followup import protocol as rules
from service.followup.protocol_file import read_protocol
from service.followup.warning_signs import WarningSigns
from service.measures.instrument import Instrument
from service.messages.links import Links
from service.messages.render import Render
from service.store.session import Transaction
from service.store.vault import Vault


class Tokens(Protocol):
    """Chance, made in one place: tests and the demonstration replace it by a seeded one."""

    def secret(self) -> str:
        """An unguessable token of at least 128 bits, safe in an address."""
        ...

    def pseudonym(self) -> str:
        """A new pseudonym, such as "P7K4-2MQ9"; says nothing about the person."""
        ...

    def recognition_word(self) -> str:
        """A plain Dutch word that every message to this person carries."""
        ...


class Passwords(Protocol):
    """Password hashing (argon2)."""

    def hash(self, password: str) -> str:
        """What may be stored."""
        ...

    def matches(self, stored: str, password: str) -> bool:
        """Whether this password made what is stored."""
        ...


@dataclass(frozen=True, slots=True)
class DeliveryTimes:
    """How long a send may take before we doubt it, and how long we wait before we believe the provider's look-up."""

    lease: timedelta = timedelta(seconds=60)
    grace: timedelta = timedelta(seconds=60)


class ProtocolShelf:
    """Protocol versions as read from their text: they never change, and reading is slower than sending."""

    def __init__(self) -> None:
        self._read: dict[str, rules.Protocol] = {}

    def read(self, source: str, instruments: Mapping[str, Instrument]) -> rules.Protocol:
        """The protocol in this text. Raises Refusal when it cannot be used."""
        if source not in self._read:
            self._read[source] = read_protocol(source, instruments).protocol
        return self._read[source]


@dataclass(frozen=True, slots=True)
class Services:
    """The service, as the use cases see it."""

    transaction: Transaction
    now: Callable[[], datetime]  # aware, UTC
    vault: Vault
    tokens: Tokens
    passwords: Passwords
    sms: Channel
    email: Channel
    inbox: Inbox
    webhooks: Webhooks
    render: Render
    links: Links
    instruments: Mapping[str, Instrument]
    signs: WarningSigns  # words that raise an alert
    practice_numbers: bool  # the documented impossible range is accepted: only while the provider is on loopback
    delivery: DeliveryTimes = DeliveryTimes()
    protocols: ProtocolShelf = field(default_factory=ProtocolShelf)
    sms_sender: str = ""  # the number our SMS come from, unless the organisation has its own; "" when it varies
