"""Somebody opens a personal link: what to show. Looking changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.followup.addresses import as_dialled
from service.followup.consent import Purpose, permits
from service.followup.link_expiry import LinkMoments, takes_answers
from service.measures.instrument import Instrument, Item, Option
from service.messages.links import Links
from service.store import measurements, organisations, stops
from service.store.measurements import Measurement, Sender
from service.store.session import Session
from service.usecases.services import Services


class LinkState(StrEnum):
    """What a link can be."""

    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What the pages behind a link show. Without names when there is nothing to answer.

    `sender` of an unknown link is the only organisation of this installation; None when there are several.
    """

    state: LinkState
    sender: Sender | None = None
    language: str = "nl"
    lead_in: str = ""
    items: tuple[Item, ...] = ()
    options: tuple[Option, ...] = ()
    given: Mapping[int, str] | None = None
    opens_at: datetime | None = None
    next_wave_at: datetime | None = None

    @property
    def first_open(self) -> int:
        """The number, from 1, of the first question without an answer; the last one when all have one."""
        answered = self.given or {}
        for number, item in enumerate(self.items, start=1):
            if item.number not in answered:
                return number
        return max(len(self.items), 1)


def open_questionnaire(services: Services, token: str) -> Questionnaire:
    """What stands behind this link now."""
    with services.transaction() as session:
        found = measurements.for_link(session, Links.digest(token))
    if found is None:
        return Questionnaire(LinkState.UNKNOWN, _whom_to_ask(services))
    org_id, measurement_id = found
    with services.transaction(org_id) as session:
        measurement = measurements.read(session, [measurement_id])[measurement_id]
        return _show(services, session, measurement)


def _whom_to_ask(services: Services) -> Sender | None:
    """Who can be called about a link that nobody has: only sure when one organisation works here."""
    with services.transaction() as session:
        everybody = organisations.list_organisation_ids(session)
    if len(everybody) != 1:
        return None
    with services.transaction(everybody[0]) as session:
        found = organisations.read_organisation(session)
        return None if found is None else Sender(found.name, as_dialled(found.phone), "")


def _show(services: Services, session: Session, measurement: Measurement) -> Questionnaire:
    now = services.now()
    sender = measurements.sender(session, measurement.enrolment_id)
    sender = replace(sender, phone=as_dialled(sender.phone))
    state = _state(services, session, measurement, now)
    if state is not LinkState.OPEN:
        upcoming = measurements.upcoming(session, measurement.enrolment_id, now) if state is LinkState.DONE else None
        count = len(services.instruments[measurement.instrument].items)
        items = services.instruments[measurement.instrument].items if state is LinkState.DONE and count else ()
        return Questionnaire(
            state, sender, measurement.language, items=items, opens_at=measurement.opens_at, next_wave_at=upcoming
        )
    instrument: Instrument = services.instruments[measurement.instrument]
    given = measurements.answers(session, [measurement.id]).get(measurement.id, {})
    return Questionnaire(
        state=state,
        sender=sender,
        language=measurement.language,
        lead_in=instrument.lead_in.get(measurement.language, ""),
        items=instrument.items,
        options=instrument.options,
        given={item: one.code for item, one in given.items()},
    )


def _state(services: Services, session: Session, measurement: Measurement, now: datetime) -> LinkState:
    consents = stops.consents(session, [measurement.participant_id]).get(measurement.participant_id, [])
    if measurement.deceased or measurement.status in ("cancelled", "excused"):
        return LinkState.WITHDRAWN
    if not permits(consents, Purpose.QUESTIONS, now):
        return LinkState.WITHDRAWN
    if measurement.completed_at is not None:
        return LinkState.DONE
    if now < measurement.opens_at:
        return LinkState.NOT_YET
    source = measurements.protocol_source(session, measurement.enrolment_id)
    protocol = services.protocols.read(source, services.instruments)
    moments = LinkMoments(measurement.opens_at, measurement.closes_at, measurement.last_answer_at)
    takes = takes_answers(protocol.link, moments, measurement.time_zone, now)
    return LinkState.OPEN if takes else LinkState.EXPIRED
