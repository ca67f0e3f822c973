"""Addresses: what can be used, what stopped, and what a stop means for everything else we would have sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.followup.consent import Consent, Purpose


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a person. `value` is sealed."""

    id: uuid.UUID
    participant_id: uuid.UUID
    kind: str
    value: str
    lookup_hash: bytes
    state: str
    current: bool
    stopped: bool


class AddressBook:
    """The addresses of the people a batch is about."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        self.by_id = {one.id: one for one in addresses}

    def current(self, participant_id: uuid.UUID) -> dict[str, Address]:
        """The addresses in use of one person, by kind."""
        own = (one for one in self.by_id.values() if one.participant_id == participant_id and one.current)
        return {one.kind: one for one in own}

    def stopped(self, address: Address) -> bool:
        """Stopped itself, or (e-mail) with the number of its owner: STOP ends every automated channel."""
        number = self.current(address.participant_id).get("sms") if address.kind == "email" else None
        return address.stopped or (number is not None and number.stopped)


def addresses(
    session: Session, participant_ids: Iterable[uuid.UUID], address_ids: Iterable[uuid.UUID]
) -> list[Address]:
    """The current addresses of these people, and the addresses with these ids."""
    rows = session.execute(
        text("""
select a.id, a.participant_id, a.kind, a.value, a.lookup_hash, a.state, a.replaced_at is null as current,
  exists (select 1 from contact.stop s
    where s.org_id = a.org_id and s.lookup_hash = a.lookup_hash and s.lifted_at is null) as stopped
from contact.address a
where (a.participant_id = any(:people) and a.replaced_at is null) or a.id = any(:ids)
"""),
        {"people": list(set(participant_ids)), "ids": list(set(address_ids))},
    )
    return [Address(**row) for row in rows.mappings()]


def people_at(session: Session, hashes: Iterable[bytes]) -> dict[bytes, list[tuple[uuid.UUID, uuid.UUID]]]:
    """Who is reached at these addresses now: (participant, address) per keyed hash."""
    rows = session.execute(
        text(
            "select lookup_hash, participant_id, id from contact.address"
            " where lookup_hash = any(:hashes) and replaced_at is null order by created_at, id"
        ),
        {"hashes": list(set(hashes))},
    )
    found: dict[bytes, list[tuple[uuid.UUID, uuid.UUID]]] = {}
    for lookup_hash, participant_id, address_id in rows:
        found.setdefault(bytes(lookup_hash), []).append((participant_id, address_id))
    return found


def consents(session: Session, participant_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Consent]]:
    """Every consent of these people, in force or not."""
    rows = session.execute(
        text("select participant_id, purpose, given_at, withdrawn_at from consent where participant_id = any(:ids)"),
        {"ids": list(set(participant_ids))},
    )
    found: dict[uuid.UUID, list[Consent]] = {}
    for row in rows:
        found.setdefault(row.participant_id, []).append(Consent(Purpose(row.purpose), row.given_at, row.withdrawn_at))
    return found


def is_stopped(session: Session, lookup_hash: bytes) -> bool:
    """Whether this address has stopped, in this organisation."""
    found: bool = session.execute(
        text("select exists (select 1 from contact.stop where lookup_hash = :hash and lifted_at is null)"),
        {"hash": lookup_hash},
    ).scalar_one()
    return found


def stop_everywhere(session: Session, org_id: uuid.UUID, lookup_hash: bytes, source: str, at: datetime) -> None:
    """End this address in every organisation that knows it."""
    session.execute(
        text("select stop_everywhere(:hash, :org, :source, :at)"),
        {"hash": lookup_hash, "org": org_id, "source": source, "at": at},
    )


def end_email_consent(session: Session, participant_ids: Iterable[uuid.UUID], how: str, at: datetime) -> None:
    """After a stop, e-mail resumes only on a new consent."""
    session.execute(
        text(
            "update consent set withdrawn_at = :at, withdrawn_how = :how"
            " where participant_id = any(:ids) and purpose = 'email' and withdrawn_at is null"
        ),
        {"at": at, "how": how, "ids": list(participant_ids)},
    )


def lift(session: Session, lookup_hash: bytes, at: datetime) -> bool:
    """Lift the stop of this address when it is older than `at`. Returns whether there was one."""
    row = session.execute(
        text(
            "update contact.stop set lifted_at = :at where lookup_hash = :hash and lifted_at is null and"
            " stopped_at < :at"
            " returning id"
        ),
        {"hash": lookup_hash, "at": at},
    ).first()
    return row is not None


def mark(session: Session, address_id: uuid.UUID, state: str, at: datetime) -> None:
    """Note how an address behaves: working, failing or invalid."""
    session.execute(
        text("update contact.address set state = :state, state_at = :at where id = :id and state <> :state"),
        {"state": state, "at": at, "id": address_id},
    )
