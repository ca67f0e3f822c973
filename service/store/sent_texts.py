"""Which texts we sent, across organisations: it takes the whole text to ask, and it tells who sent it and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of ours: the organisation, its number, the channel (sms, email) and when (UTC)."""

    organisation: str
    phone: str
    channel: str
    at: datetime


def sent_by_us(session: Session, fingerprints: Iterable[str]) -> Sent | None:
    """The message with one of these fingerprints, the newest; None when nobody here sent it."""
    for fingerprint in fingerprints:
        row = session.execute(text("select * from sent_by_us(:digest)"), {"digest": fingerprint}).mappings().first()
        if row is not None:
            return Sent(**row)
    return None
