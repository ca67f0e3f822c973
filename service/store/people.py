"""Names and numbers for the pages of those who may see them: decrypted within one organisation."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.store.tables.contact import Address, Person, Stop
from service.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Reach:
    """One address as a page shows it; `stopped`: nothing automatic goes there."""

    kind: str
    value: str
    state: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Who it is, and how to reach them."""

    name: str
    reaches: tuple[Reach, ...] = ()

    @property
    def phone(self) -> str:
        """The number to call: mobile first, else the landline; empty when there is none."""
        numbers = {reach.kind: reach.value for reach in self.reaches}
        return numbers.get("sms") or numbers.get("landline") or ""


def named_people(
    session: Session, vault: Vault, org_id: uuid.UUID, ids: Collection[uuid.UUID] | None = None
) -> dict[uuid.UUID, Named]:
    """These people (or everybody of the organisation) by id, with the addresses in use."""
    people = select(Person.participant_id, Person.first_name, Person.last_name)
    if ids is not None:
        people = people.where(Person.participant_id.in_(list(ids)))
    reaches = _reaches(session, vault, org_id, ids)
    return {
        row.participant_id: Named(
            " ".join(
                part
                for field in ("first_name", "last_name")
                if (part := vault.decrypt(getattr(row, field), org_id, str(row.participant_id), field))
            ),
            tuple(reaches.get(row.participant_id, ())),
        )
        for row in session.execute(people)
    }


def _reaches(
    session: Session, vault: Vault, org_id: uuid.UUID, ids: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, list[Reach]]:
    stopped = select(Stop.id).where(Stop.lookup_hash == Address.lookup_hash, Stop.lifted_at.is_(None)).exists()
    query = (
        select(Address.participant_id, Address.kind, Address.value, Address.state, stopped.label("stopped"))
        .where(Address.replaced_at.is_(None))
        .order_by(Address.kind.desc())
    )
    if ids is not None:
        query = query.where(Address.participant_id.in_(list(ids)))
    found: dict[uuid.UUID, list[Reach]] = {}
    for row in session.execute(query):
        value = vault.decrypt(row.value, org_id, str(row.participant_id), row.kind)
        found.setdefault(row.participant_id, []).append(Reach(row.kind, value, row.state, row.stopped))
    return found
