"""The door of a person's own page: a link says whose page it is, a second fact says that it is that person.

A telephone may be shared or lost: behind the link alone stands nothing but the organisation and its number.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.followup.link_expiry import LinkMoments, takes_answers
from service.messages.links import Links
from service.store import measurements, own_pages
from service.store.measurements import Measurement
from service.store.session import Session
from service.usecases.access import NotFound
from service.usecases.services import Services


class NoPass(Exception):
    """Nobody said who they are, or too long ago: ask (again)."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose page it is."""

    org_id: uuid.UUID
    participant_id: uuid.UUID


def whose(services: Services, token: str) -> Visitor:
    """Whose page this link opens: a link of its own, or that of a questionnaire that can be opened now.

    Raises NotFound: for a link that nobody has, that was replaced, or that went to a number which is another's now.
    """
    digest = Links.digest(token)
    with services.transaction() as session:
        own = own_pages.for_link(session, digest)
        asked = None if own else measurements.for_link(session, digest)
    if own is not None:
        visitor = Visitor(*own)
    elif asked is not None:
        org_id, measurement_id = asked
        with services.transaction(org_id) as session:
            measurement = measurements.read(session, [measurement_id])[measurement_id]
            usable = _may_open(services, session, measurement, services.now())
        if not usable:
            raise NotFound("This link opens no page any more.")
        visitor = Visitor(org_id, measurement.participant_id)
    else:
        raise NotFound("This link is unknown.")
    with services.transaction(visitor.org_id) as session:
        if own_pages.owner(session, visitor.participant_id).died:
            raise NotFound("This person has died.")
    return visitor


def enter(services: Services, token: str, own_pass: str) -> Visitor:
    """Whose page it is, for somebody who said who they are. Raises NotFound, NoPass."""
    visitor = whose(services, token)
    if not services.links.passes(own_pass, token, services.now()):
        raise NoPass
    return visitor


def _may_open(services: Services, session: Session, measurement: Measurement, now: datetime) -> bool:
    if measurement.status in ("cancelled", "excused"):  # who withdrew on this very page can still read what was said
        return measurement.status_reason == "withdrawn" and now < measurement.closes_at
    if measurement.completed_at is not None or now < measurement.opens_at:
        return True
    source = measurements.protocol_source(session, measurement.enrolment_id)
    protocol = services.protocols.read(source, services.instruments)
    moments = LinkMoments(measurement.opens_at, measurement.closes_at, measurement.last_answer_at)
    return takes_answers(protocol.link, moments, measurement.time_zone, now)
