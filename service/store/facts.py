"""What the decision about a message needs to know, gathered once for sending and for saying why (not)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.followup import reach
from service.followup.consent import Consent, Purpose, permits
from service.followup.delivery import Facts
from service.followup.planning import MessageKind
from service.followup.protocol import Protocol, QuietHours
from service.store import messages, stops
from service.store.messages import Due
from service.store.stops import Address, AddressBook

#: Owed to whoever writes, also from an address that we marked as not working.
ANSWERS = (MessageKind.CONVERSATION, MessageKind.STOP_CONFIRMATION)
_DAY, _MONTH = timedelta(days=1), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Known:
    """About the people of some messages: addresses, consents, what they got lately, and the texts of their protocols.

    Whoever decides about several messages at once adds to `sent` what is about to go.
    """

    book: AddressBook
    consents: dict[uuid.UUID, list[Consent]]
    sent: dict[uuid.UUID, list[datetime]]
    sources: dict[uuid.UUID, str]


def gather(session: Session, due: Sequence[Due], now: datetime) -> Known:
    """Read what is known, in a few queries."""
    people = [one.participant_id for one in due]
    return Known(
        book=AddressBook(stops.addresses(session, people, [one.address_id for one in due if one.address_id])),
        consents=stops.consents(session, people),
        sent=messages.recently_sent(session, people, now - _MONTH),
        sources=messages.protocol_sources(session, [one.protocol_id for one in due if one.protocol_id]),
    )


def address_of(known: Known, due: Due, now: datetime) -> Address | None:
    """The address this message goes to: the one it names, else the one of the best channel of this moment."""
    book = known.book
    if due.address_id is not None:
        return book.by_id.get(due.address_id)
    current = book.current(due.participant_id)
    given = known.consents.get(due.participant_id, [])
    ways = [
        reach.Way(kind, one.state != "invalid", not book.stopped(one) and permits(given, Purpose(kind), now))
        for kind, one in current.items()
        if kind in ("sms", "email")
    ]
    return current.get(due.channel or reach.choose(due.preferred_channel, ways) or "")


def facts_of(known: Known, due: Due, address: Address, protocol: Protocol | None, now: datetime) -> Facts:
    """The facts about one message at this moment."""
    given = known.consents.get(due.participant_id, [])
    sent = sorted(at for at in known.sent.get(due.participant_id, []) if at >= now - _MONTH)
    in_day = [at for at in sent if at > now - _DAY]
    kind = MessageKind(due.kind)
    quiet, zone = hours_of(due, protocol)
    return Facts(
        kind=kind,
        due_at=due.due_at,
        expires_at=due.expires_at,
        has_address=address.state != "invalid" or kind in ANSWERS,
        stopped=known.book.stopped(address),
        channel_consent=permits(given, Purpose(address.kind), now),
        questions_consent=permits(given, Purpose.QUESTIONS, now),
        deceased=due.deceased,
        answered=due.measurement_status not in (None, "scheduled", "open") or due.measurement_reason == "refused",
        replied_at=due.replied_at,
        sent_last_day=len(in_day),
        sent_last_30_days=len(sent),
        oldest_in_day=in_day[0] if in_day else None,
        quiet=quiet,
        zone=zone,
        cap=protocol.cap if protocol else reach.CAP_WITHOUT_PROTOCOL,
        held=due.held,
    )


def hours_of(due: Due, protocol: Protocol | None) -> tuple[QuietHours, str]:
    """The hours this message keeps to, and their zone."""
    return (protocol.quiet, protocol.time_zone) if protocol else (reach.QUIET_WITHOUT_PROTOCOL, due.time_zone)
