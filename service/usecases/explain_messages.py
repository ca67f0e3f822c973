"""What one person gets and why (not): what happened to each message, and what would become of the others today."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from service.followup.delivery import Verdict
from service.followup.quiet_hours import to_local
from service.store import histories, messages, timelines
from service.store.facts import gather
from service.store.histories import History, Step
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.foresight import Foreseen, foresee_all


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. `at` is when it went out, or would, or when it was decided that it would not (UTC).

    `foreseen` is None for what is past; otherwise what would be decided on the facts of today. POSTPONE says that it
    has to wait for something without a known end. `reason` is why it was not sent, will not be, or has to wait.
    """

    kind: str
    wave: str | None
    at: datetime
    local_at: datetime
    time_zone: str
    channel: str | None
    state: str
    foreseen: Verdict | None
    reason: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every message of one person, oldest first. `at` is the moment of the facts (UTC)."""

    participant_id: uuid.UUID
    pseudonym: str
    entries: tuple[Entry, ...]
    at: datetime


def explain_messages(
    services: Services, actor: Actor, participant_id: uuid.UUID, on: date | None = None
) -> Explanation:
    """The messages of this person, or those of one local day. Nothing is written. Raises Denied, NotFound.

    What is to come is decided as at send time, with the facts of today and in the order in which it falls due: an
    earlier message counts for the cap of a later one. Not foreseen: that a number will be busy with another
    conversation, and what people still do before then.
    """
    access.require(actor, Action.SEE_PARTICIPANTS)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        person = timelines.find_person(session, participant_id)
        if person is None:
            raise NotFound(participant_id)
        told = histories.of_participant(session, participant_id)
        unsent = messages.unsent_of(session, participant_id)
        known = gather(session, unsent, now)
    foreseen = foresee_all(services, known, unsent, now)
    entries = sorted((_entry(one, foreseen.get(one.id)) for one in told), key=lambda entry: entry.at)
    kept = tuple(entry for entry in entries if on is None or entry.local_at.date() == on)
    return Explanation(participant_id, person.pseudonym, kept, now)


def _entry(told: History, ahead: Foreseen | None) -> Entry:
    if ahead is not None:
        at, reason, channel = ahead.at, ahead.reason, ahead.channel
    else:
        at = told.sent_at or (told.steps[-1].at if told.steps else told.due_at)
        reason, channel = told.reason, told.channel
    return Entry(
        kind=told.kind,
        wave=told.wave,
        at=at,
        local_at=to_local(at, told.time_zone),
        time_zone=told.time_zone,
        channel=channel,
        state=told.state,
        foreseen=ahead.verdict if ahead else None,
        reason=reason,
        steps=told.steps,
    )
