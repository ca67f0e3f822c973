"""What a helper needs to ask somebody the questions of one wave: who, what, and which items have an answer already.

Never the answers that were given, and never a score.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.followup.addresses import as_dialled
from service.measures.instrument import Item, Option
from service.store import contacts, measurements, timelines
from service.store.measurements import Measurement, Sender
from service.store.session import Session
from service.usecases.access import NotFound
from service.usecases.services import Services
from service.usecases.steps.answers import Closed, why_closed


@dataclass(frozen=True, slots=True)
class Asking:
    """One wave of one person. `closed` says why no answers are taken now; `answered` are the numbers of the items."""

    measurement_id: uuid.UUID
    participant_id: uuid.UUID
    pseudonym: str
    first_name: str
    name: str
    phone: str  # to call; "" when there is none
    wave: Mapping[str, str]
    language: str
    sender: Sender
    lead_in: str
    items: tuple[Item, ...]
    options: tuple[Option, ...]
    answered: frozenset[int]
    closed: Closed | None


def read_asking(services: Services, session: Session, org_id: uuid.UUID, measurement_id: uuid.UUID) -> Asking:
    """One wave of one person of this organisation. Raises NotFound."""
    measurement = measurements.read(session, [measurement_id]).get(measurement_id)
    if measurement is None:
        raise NotFound(measurement_id)
    person = timelines.find_person(session, measurement.participant_id)
    if person is None:
        raise NotFound(measurement_id)
    contact = contacts.read_contact(session, services.vault, org_id, person.id)
    numbers = [] if contact is None else [contact.address(kind) for kind in ("sms", "landline")]
    first, last = ("", "") if contact is None else (contact.first_name, contact.last_name)
    instrument = services.instruments[measurement.instrument]
    sender = measurements.sender(session, measurement.enrolment_id)
    given = measurements.answers(session, [measurement_id]).get(measurement_id, {})
    return Asking(
        measurement_id=measurement_id,
        participant_id=person.id,
        pseudonym=person.pseudonym,
        first_name=first,
        name=f"{first} {last}".strip() or person.pseudonym,
        phone=next((one.value for one in numbers if one is not None), ""),
        wave=wave_title(services, session, measurement),
        language=measurement.language,
        sender=replace(sender, phone=as_dialled(sender.phone)),
        lead_in=instrument.lead_in.get(measurement.language, ""),
        items=instrument.items,
        options=instrument.options,
        answered=frozenset(given),
        closed=why_closed(services, session, measurement, services.now()),
    )


def wave_title(services: Services, session: Session, measurement: Measurement) -> Mapping[str, str]:
    """The name of a wave by language, as its protocol gives it."""
    protocol = services.protocols.read(
        measurements.protocol_source(session, measurement.enrolment_id), services.instruments
    )
    wave = protocol.wave(measurement.wave)
    return wave.title if wave else {measurement.language: measurement.wave}
