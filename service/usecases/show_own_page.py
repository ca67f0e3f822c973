"""Somebody's own page, behind its door: what comes next and why, and what they chose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from service.followup.addresses import as_dialled
from service.followup.consent import Purpose, permits
from service.followup.delivery import Verdict
from service.store import messages, own_pages, rest_days, stops
from service.store.facts import gather
from service.store.measurements import Sender
from service.store.rest_days import RestDays
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.foresight import foresee_all
from service.usecases.steps.own_channels import own_channels, writing_stopped
from service.usecases.steps.own_door import enter


@dataclass(frozen=True, slots=True)
class Ahead:
    """One message to come. `at` is when it goes out as things are now (UTC); `waits` what it waits for, or ""."""

    kind: str
    at: datetime
    channel: str | None
    waits: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What the page shows. `own_pass` is a new one: every look begins the time anew.

    `asked` whether there is consent to questions, `stopped` whether all messages were stopped, `channels` what may be
    chosen from. `shows_data` whether what is kept may be seen here: not by a code word alone.
    """

    sender: Sender
    own_pass: str
    ahead: tuple[Ahead, ...]
    asked: bool
    stopped: bool
    paused: bool
    rest: tuple[RestDays, ...]
    encouragement: str
    encouraged: bool
    channel: str
    channels: tuple[str, ...]
    erasure_asked_at: datetime | None
    shows_data: bool


def show_own_page(services: Services, token: str, own_pass: str) -> OwnPage:
    """The page of whoever holds this pass. Nothing is written. Raises NotFound, NoPass."""
    visitor = enter(services, token, own_pass)
    now, person = services.now(), visitor.participant_id
    with services.transaction(visitor.org_id) as session:
        owner = own_pages.owner(session, person)
        sender = own_pages.sender(session, person)
        unsent = messages.unsent_of(session, person)
        foreseen = foresee_all(services, gather(session, unsent, now), unsent, now)
        agreed = stops.consents(session, [person]).get(person, [])
        ahead = [
            Ahead(due.kind, found.at, found.channel, found.reason)
            for due in unsent
            if (found := foreseen[due.id]).verdict in (Verdict.SEND, Verdict.POSTPONE)
        ]
        return OwnPage(
            sender=replace(sender, phone=as_dialled(sender.phone)),
            own_pass=services.links.own_pass(token, now),
            ahead=tuple(sorted(ahead, key=lambda one: one.at)),
            asked=permits(agreed, Purpose.QUESTIONS, now),
            stopped=writing_stopped(session, person),
            paused=own_pages.is_paused(session, person, now),
            rest=tuple(rest_days.rest_days_of(session, [person], office_day(now))),
            encouragement=owner.encouragement,
            encouraged=permits(agreed, Purpose.ENCOURAGEMENT, now),
            channel=owner.preferred_channel,
            channels=own_channels(session, person, now),
            erasure_asked_at=owner.erasure_asked_at,
            shows_data=owner.birth_year is not None,
        )
