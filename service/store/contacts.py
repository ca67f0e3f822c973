"""Names and addresses: encrypted per field, found by keyed hash. The only module that writes the schema `contact`."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from service.store.base import Base
from service.store.tables.contact import Address as AddressRow
from service.store.tables.contact import Person, Stop
from service.store.vault import Vault

# The tables themselves: one statement, prepared once, for however many rows.
PEOPLE = Base.metadata.tables["contact.person"]
ADDRESSES = Base.metadata.tables["contact.address"]


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A name and the addresses by kind (sms, email, landline), as they are kept."""

    participant_id: uuid.UUID
    first_name: str
    last_name: str
    birth_year: int | None
    addresses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a person, readable. `kind` is sms, email or landline; `state` says how sending went."""

    id: uuid.UUID
    kind: str
    value: str
    state: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person's name and the addresses in use."""

    participant_id: uuid.UUID
    first_name: str
    last_name: str
    addresses: tuple[Address, ...]

    def address(self, kind: str) -> Address | None:
        """The address of this kind, if there is one."""
        return next((address for address in self.addresses if address.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Hashes:
    """The keyed hashes by which a person is recognised."""

    name: bytes
    addresses: tuple[bytes, ...]

    @property
    def pairs(self) -> frozenset[tuple[bytes, bytes]]:
        """The name with each address; with an empty one for a person who has none."""
        return frozenset((self.name, address) for address in self.addresses or (b"",))


@dataclass(frozen=True, slots=True)
class Known:
    """Keyed hashes of the people of this organisation, to recognise somebody who is here already.

    `people` holds (name, address) pairs and whose they are, with an empty address for a person who has none.
    """

    people: Mapping[tuple[bytes, bytes], uuid.UUID]
    addresses: frozenset[bytes]
    stopped: frozenset[bytes]

    def find(self, hashes: Hashes) -> uuid.UUID | None:
        """Who this is, when they are here already: the same name with the same address (or both without one)."""
        return next((self.people[pair] for pair in hashes.pairs if pair in self.people), None)


def name_hash(vault: Vault, first_name: str, last_name: str, birth_year: int | None) -> bytes:
    """The keyed hash by which a second import finds the same person."""
    name = " ".join(f"{first_name} {last_name}".split())
    return vault.lookup(f"name|{name}|{birth_year or ''}")


def add_people(session: Session, vault: Vault, org_id: uuid.UUID, people: Sequence[NewPerson], at: datetime) -> None:
    """Keep names and addresses, each encrypted for this organisation, person and field."""
    names: list[dict[str, object]] = []
    addresses: list[dict[str, object]] = []
    for person in people:
        subject = str(person.participant_id)
        names.append(
            {
                "org_id": org_id,
                "participant_id": person.participant_id,
                "first_name": vault.encrypt(person.first_name, org_id, subject, "first_name"),
                "last_name": vault.encrypt(person.last_name, org_id, subject, "last_name"),
                "name_hash": name_hash(vault, person.first_name, person.last_name, person.birth_year),
            }
        )
        addresses += [
            _address(vault, org_id, person.participant_id, kind, value, at) for kind, value in person.addresses.items()
        ]
    if names:
        session.execute(insert(PEOPLE), names)
    if addresses:
        session.execute(insert(ADDRESSES), addresses)


def change_person(
    session: Session,
    vault: Vault,
    org_id: uuid.UUID,
    participant_id: uuid.UUID,
    *,
    first_name: str,
    last_name: str,
    birth_year: int | None,
) -> None:
    """Replace a name."""
    session.execute(
        update(Person)
        .where(Person.participant_id == participant_id)
        .values(
            first_name=vault.encrypt(first_name, org_id, str(participant_id), "first_name"),
            last_name=vault.encrypt(last_name, org_id, str(participant_id), "last_name"),
            name_hash=name_hash(vault, first_name, last_name, birth_year),
        )
    )


def add_address(
    session: Session, vault: Vault, org_id: uuid.UUID, participant_id: uuid.UUID, *, kind: str, value: str, at: datetime
) -> None:
    """Keep one address. The field of the encryption is its kind."""
    session.execute(insert(ADDRESSES), _address(vault, org_id, participant_id, kind, value, at))


def close_address(session: Session, participant_id: uuid.UUID, kind: str, at: datetime) -> None:
    """The address of this kind is no longer used; its row stays."""
    session.execute(
        update(AddressRow)
        .where(AddressRow.participant_id == participant_id, AddressRow.kind == kind, AddressRow.replaced_at.is_(None))
        .values(replaced_at=at)
    )


def read_contact(session: Session, vault: Vault, org_id: uuid.UUID, participant_id: uuid.UUID) -> Contact | None:
    """A person's name and the addresses in use, decrypted."""
    person = session.execute(select(Person).where(Person.participant_id == participant_id)).scalar_one_or_none()
    if person is None:
        return None
    rows = session.execute(
        select(AddressRow).where(AddressRow.participant_id == participant_id, AddressRow.replaced_at.is_(None))
    ).scalars()
    subject = str(participant_id)
    addresses = tuple(
        Address(row.id, row.kind, vault.decrypt(row.value, org_id, subject, row.kind), row.state) for row in rows
    )
    return Contact(
        participant_id,
        vault.decrypt(person.first_name, org_id, subject, "first_name"),
        vault.decrypt(person.last_name, org_id, subject, "last_name"),
        addresses,
    )


def kinds_in_use(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """The kinds of address these people can be reached by; nothing is decrypted."""
    found: dict[uuid.UUID, set[str]] = {one: set() for one in ids}
    rows = session.execute(
        select(AddressRow.participant_id, AddressRow.kind).where(
            AddressRow.participant_id.in_(list(ids)), AddressRow.replaced_at.is_(None)
        )
    )
    for participant_id, kind in rows:
        found[participant_id].add(kind)
    return found


def known_people(session: Session, addresses: Collection[bytes] | None = None, name: bytes | None = None) -> Known:
    """Whom the organisation knows: all of them, or only those with one of these addresses or this name."""
    query = select(Person.participant_id, Person.name_hash, AddressRow.lookup_hash).outerjoin(
        AddressRow,
        (AddressRow.participant_id == Person.participant_id) & AddressRow.replaced_at.is_(None),
    )
    stops = select(Stop.lookup_hash).where(Stop.lifted_at.is_(None))
    if addresses is not None:
        query = query.where(AddressRow.lookup_hash.in_(list(addresses)) | (Person.name_hash == name))
        stops = stops.where(Stop.lookup_hash.in_(list(addresses)))
    rows = session.execute(query).all()
    return Known(
        people={(row.name_hash, row.lookup_hash or b""): row.participant_id for row in rows},
        addresses=frozenset(row.lookup_hash for row in rows if row.lookup_hash is not None),
        stopped=frozenset(session.execute(stops).scalars()),
    )


def address_is_used_by_another(
    session: Session, participant_id: uuid.UUID, lookup_hash: bytes, name: bytes | None = None
) -> bool:
    """Whether another person uses this address now (with this name, when a name is given)."""
    query = (
        select(AddressRow.id)
        .join(Person, Person.participant_id == AddressRow.participant_id)
        .where(
            AddressRow.lookup_hash == lookup_hash,
            AddressRow.replaced_at.is_(None),
            AddressRow.participant_id != participant_id,
        )
    )
    if name is not None:
        query = query.where(Person.name_hash == name)
    return session.execute(query.limit(1)).first() is not None


def hold_registrations(session: Session, org_id: uuid.UUID) -> None:
    """One registration at a time per organisation: two transactions cannot add the same person at once."""
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"register:{org_id}"})


def _address(
    vault: Vault, org_id: uuid.UUID, participant_id: uuid.UUID, kind: str, value: str, at: datetime
) -> dict[str, object]:
    return {
        "org_id": org_id,
        "participant_id": participant_id,
        "kind": kind,
        "value": vault.encrypt(value, org_id, str(participant_id), kind),
        "lookup_hash": vault.lookup(value),
        "state": "unverified",
        "created_at": at,
    }
