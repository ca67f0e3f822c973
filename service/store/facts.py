"""What the decision about a message needs to know, gathered once for sending and for saying why (not)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.followup import reach
from service.followup.consent import Consent, Purpose, permits
from service.followup.delivery import Facts
from service.followup.planning import MessageKind
from service.followup.protocol import Protocol, QuietHours
from service.followup.quiet_hours import Rest
from service.store import circumstances, messages, reminders, rest_days, stops
from service.store.circumstances import Around
from service.store.messages import Asked, Due
from service.store.stops import Address, AddressBook

#: Owed to whoever writes, also from an address that we marked as not working.
ANSWERS = (MessageKind.CONVERSATION, MessageKind.STOP_CONFIRMATION)
#: What goes out between the questions.
BETWEEN = (MessageKind.ENCOURAGEMENT, MessageKind.ACTIVITY)
_DAY, _MONTH = timedelta(days=1), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Known:
    """About the people of some messages: addresses, consents, what they got lately, and the texts of their protocols.

    Whoever decides about several messages at once notes what is about to go.
    """

    book: AddressBook
    consents: dict[uuid.UUID, list[Consent]]
    sent: dict[uuid.UUID, list[datetime]]
    sources: dict[uuid.UUID, str]
    around: dict[uuid.UUID, Around] = field(default_factory=dict)
    rest: dict[uuid.UUID, Rest] = field(default_factory=dict)
    asked: dict[uuid.UUID, Asked] = field(default_factory=dict)  # by measurement

    def note(self, due: Due, at: datetime) -> None:
        """This message is about to go: it counts for the cap and the pace of those that follow it."""
        self.sent.setdefault(due.participant_id, []).append(at)
        if due.measurement_id is not None:
            before = self.asked.get(due.measurement_id)
            reminds = due.kind in (MessageKind.REMINDER, MessageKind.LAST_REMINDER)
            self.asked[due.measurement_id] = Asked(at, (before.reminders if before else 0) + reminds)


def gather(session: Session, due: Sequence[Due], now: datetime) -> Known:
    """Read what is known, in a few queries."""
    people = [one.participant_id for one in due]
    rest: dict[uuid.UUID, Rest] = {}
    for one in rest_days.rest_days_of(session, people, now.date() - _DAY):  # somewhere it is still yesterday
        rest[one.participant_id] = (*rest.get(one.participant_id, ()), (one.first_on, one.last_on))
    return Known(
        book=AddressBook(stops.addresses(session, people, [one.address_id for one in due if one.address_id])),
        consents=stops.consents(session, people),
        sent=messages.recently_sent(session, people, now - _MONTH),
        sources=messages.protocol_sources(session, [one.protocol_id for one in due if one.protocol_id]),
        around=circumstances.read(session, [one.id for one in due if one.kind in BETWEEN or one.activity_id], now),
        rest=rest,
        asked=messages.asked_about(session, [one.measurement_id for one in due if one.measurement_id]),
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
    asked = known.asked.get(due.measurement_id) if due.measurement_id else None
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
        alert_open=due.alert_open,
        urgent=due.text_key == "distress_red",
        around=known.around[due.id].circumstances if due.id in known.around else None,
        tells_cancelled=due.text_key == reminders.CANCELLED,
        asked_at=asked.at if asked else None,
        reminded=asked.reminders if asked else 0,
        pace=protocol.pace if protocol else timedelta(0),
        rest=known.rest.get(due.participant_id, ()),
    )


def hours_of(due: Due, protocol: Protocol | None) -> tuple[QuietHours, str]:
    """The hours this message keeps to, and their zone."""
    return (protocol.quiet, protocol.time_zone) if protocol else (reach.QUIET_WITHOUT_PROTOCOL, due.time_zone)
