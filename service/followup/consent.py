"""What a consent permits, per purpose and channel, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a person said yes or no to, apart from each other (domain.md 4.6)."""

    QUESTIONS = "questions"
    SMS = "sms"
    EMAIL = "email"
    PHONE = "phone"
    ENCOURAGEMENT = "encouragement"
    SHARING = "sharing"  # pseudonymous answers may be used by the evaluator


#: What somebody must have agreed to before they are reached by the channel they prefer.
CHANNEL_PURPOSE = {"sms": Purpose.SMS, "email": Purpose.EMAIL, "phone": Purpose.PHONE}


class LegalBasis(StrEnum):
    """The ground in law, chosen by the controller per purpose; taking part stays voluntary either way."""

    CONSENT = "consent"
    PUBLIC_TASK = "public_task"


class TakenHow(StrEnum):
    """How a consent was given."""

    PAPER = "paper"
    WEB = "web"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Consent:
    """One purpose, from when it holds and since when it no longer does (UTC)."""

    purpose: Purpose
    given_at: datetime
    withdrawn_at: datetime | None


def permits(consents: Iterable[Consent], purpose: Purpose, at: datetime) -> bool:
    """Whether a consent for this purpose is in force at this moment."""
    return any(
        consent.purpose is purpose
        and consent.given_at <= at
        and (consent.withdrawn_at is None or at < consent.withdrawn_at)
        for consent in consents
    )
