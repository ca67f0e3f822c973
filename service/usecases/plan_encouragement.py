"""Write the next word for everybody who may have one, and the reminders of activities that are near."""

from __future__ import annotations

import uuid

from service.followup.encouragement import Wish, next_word
from service.followup.planning import MessageKind
from service.followup.quiet_hours import to_local
from service.store import encouragements, measurements, messages, plans
from service.store.plans import NewMessage
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.reminders import plan_reminders


def plan_encouragement(services: Services) -> int:
    """One word at a time for each enrolment; it is decided on at its moment. Returns how many were written."""
    with services.transaction() as session:
        organisations = measurements.organisations(session)
    done = 0
    for org_id in organisations:
        with services.transaction(org_id) as session:
            done += _words(services, session, org_id) + plan_reminders(services, session, org_id)
    return done


def _words(services: Services, session: Session, org_id: uuid.UUID) -> int:
    now = services.now()
    asked = encouragements.to_encourage(session, office_day(now))
    sources = messages.protocol_sources(session, {one.protocol_id for one in asked})
    new: list[NewMessage] = []
    for one in asked:
        protocol = services.protocols.read(sources[one.protocol_id], services.instruments)
        if protocol.encouragement is None:
            continue
        word = next_word(
            protocol.encouragement,
            one.started_on,
            protocol.quiet,
            protocol.time_zone,
            after=one.after,
            last_at=one.last_at,
            wish=Wish(one.wish),
            now=now,
        )
        if word is None:
            continue
        new.append(
            NewMessage(
                participant_id=one.participant_id,
                enrolment_id=one.enrolment_id,
                measurement_id=None,
                kind=MessageKind.ENCOURAGEMENT,
                text_key=word.text,
                local_at=to_local(word.due_at, protocol.time_zone),
                time_zone=protocol.time_zone,
                due_at=word.due_at,
                expires_at=word.expires_at,
                dedupe_key=f"{one.enrolment_id}:enc:{word.number}",
                values={"number": word.number},
            )
        )
    plans.save_messages(session, org_id, new, now)
    return len(new)
