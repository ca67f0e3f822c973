"""Plan and take back what people are told about an activity."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from service.followup import activities as rules
from service.followup.activities import ActivityForm
from service.followup.planning import MessageKind
from service.followup.problem import Problem, Refusal
from service.followup.quiet_hours import next_open, to_local, to_utc
from service.messages.catalogue import FORBIDDEN
from service.store import messages, plans, reminders
from service.store.activities import NewActivity
from service.store.listen import notify
from service.store.plans import NewMessage
from service.store.reminders import ToRemind
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import OFFICE_ZONE, office_day

#: How far ahead reminders are written, so that a year of weeks does not fill the outbox.
AHEAD = timedelta(days=15)


def checked(services: Services, form: ActivityForm) -> ActivityForm:
    """The form in one spelling. Raises Refusal, also for a word that must not stand in a message."""
    form = rules.check(form, office_day(services.now()))
    told = [(where, FORBIDDEN.search(getattr(form, where))) for where in ("title", "place")]
    problems = [Problem("activity_word", where, values={"word": found.group()}) for where, found in told if found]
    if problems:
        raise Refusal(*problems)
    return form


def as_kept(form: ActivityForm) -> list[NewActivity]:
    """The activities of a form: local date, time and zone as agreed, the moment derived from them."""
    zone = OFFICE_ZONE.key
    return [
        NewActivity(
            title=form.title,
            place=form.place,
            local_at=datetime.combine(day, form.at),
            time_zone=zone,
            starts_at=to_utc(day, form.at, zone),
            minutes=form.minutes,
            remind=form.remind,
        )
        for day in rules.days(form)
    ]


def plan_reminders(
    services: Services, session: Session, org_id: uuid.UUID, activity_ids: Sequence[uuid.UUID] | None = None
) -> int:
    """Write the reminders that are not there yet: of these activities, or of all that come soon. Returns how many."""
    now = services.now()
    asked = reminders.to_remind(session, now, now + AHEAD, activity_ids)
    return _save(services, session, org_id, [(one, reminders.REMINDER, None) for one in asked])


def tell_again(
    services: Services, session: Session, org_id: uuid.UUID, activity_id: uuid.UUID, text: str
) -> tuple[int, int]:
    """Tell whoever was reminded already that something changed, at the next open moment. Returns how many were
    reminded, and how many of them can be told before it starts."""
    told = reminders.told(session, activity_id)
    return len(told), _save(services, session, org_id, [(one, text, services.now()) for one in told])


def _save(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    wanted: Sequence[tuple[ToRemind, str, datetime | None]],
) -> int:
    """Queue these texts: each at its own time, or (with a moment) as soon as may be written from then on."""
    if not wanted:
        return 0
    now = services.now()
    sources = messages.protocol_sources(session, [one.protocol_id for one, _, _ in wanted])
    new: list[NewMessage] = []
    for one, text, soon in wanted:
        protocol = services.protocols.read(sources[one.protocol_id], services.instruments)
        if soon is None:
            due = rules.reminder_at(one.starts_at, protocol.quiet, one.time_zone, now)
        else:
            due = next_open(soon, protocol.quiet, one.time_zone)
        if due is None or due >= one.starts_at:
            continue
        new.append(
            NewMessage(
                participant_id=one.participant_id,
                enrolment_id=one.enrolment_id,
                measurement_id=None,
                kind=MessageKind.ACTIVITY,
                text_key=text,
                local_at=to_local(due, one.time_zone),
                time_zone=one.time_zone,
                due_at=due,
                expires_at=one.starts_at,
                dedupe_key=f"activity:{one.activity_id}:{one.participant_id}:{one.number}",
                activity_id=one.activity_id,
            )
        )
    plans.save_messages(session, org_id, new, now)
    notify(session)
    return len(new)
