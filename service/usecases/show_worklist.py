"""Whom a coordinator should call today, what waits to be read, and what cannot wait."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.followup.calling import call_order
from service.store.paper import count_waiting
from service.store.people import Named, named_people
from service.store.worklists import (
    Call,
    CallMade,
    OpenAlert,
    Standing,
    calls_made,
    calls_to_make,
    mail_from_of,
    open_alerts,
    replies_to_read,
    standings,
    words_of,
)
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services

ZONE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class ReplyToRead:
    """Words somebody wrote. `participant_id` is None when the number or address is not known; `mail_from` is where a
    mail came from ("" for an SMS), which may be another address than the participant's own."""

    id: uuid.UUID
    participant_id: uuid.UUID | None
    received_at: datetime
    words: str
    mail_from: str = ""


@dataclass(frozen=True, slots=True)
class Worklist:
    """The page of the day. `people` holds the names and numbers of everybody on it."""

    alerts: tuple[OpenAlert, ...]
    calls: tuple[Call, ...]
    done: tuple[CallMade, ...]
    replies: tuple[ReplyToRead, ...]
    people: dict[uuid.UUID, Named]
    due: int
    overdue: int
    unreachable: int
    participants: int
    papers: int  # forms that wait for the second time they are typed over
    at: datetime


def show_worklist(services: Services, actor: Actor) -> Worklist:
    """Everything that waits today. Raises Denied."""
    access.require(actor, Action.SEE_WORKLIST)
    now = services.now()
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    with services.transaction(actor.org_id) as session:
        calls = sorted(
            calls_to_make(session, midnight.date()), key=lambda call: call_order(call.reason, call.created_at)
        )
        done = calls_made(session, midnight)
        alerts = open_alerts(session)
        sealed = replies_to_read(session)
        where = standings(session, now)
        papers = count_waiting(session)
        shown = {call.participant_id for call in calls} | {call.participant_id for call in done}
        shown |= {alert.participant_id for alert in alerts if alert.participant_id is not None}
        shown |= {reply.participant_id for reply in sealed if reply.participant_id is not None}
        people = named_people(session, services.vault, actor.org_id, shown)
    replies = [
        ReplyToRead(
            reply.id,
            reply.participant_id,
            reply.received_at,
            words_of(services.vault, actor.org_id, reply),
            mail_from_of(services.vault, actor.org_id, reply),
        )
        for reply in sealed
    ]
    return Worklist(
        alerts=tuple(alerts),
        calls=tuple(calls),
        done=tuple(done),
        replies=tuple(replies),
        people=people,
        due=_count(where, "due"),
        overdue=_count(where, "overdue"),
        unreachable=_count(where, "unreachable"),
        participants=len(where),
        papers=papers,
        at=now,
    )


def _count(standings: list[Standing], flag: str) -> int:
    return sum(bool(getattr(standing, flag)) for standing in standings)
