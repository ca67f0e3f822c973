"""An administrator gives a protocol its next version and moves people of chosen programmes to it: all or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from service.followup.problem import Problem, Refusal
from service.followup.protocol import Protocol
from service.followup.replanning import Fate
from service.store import audit, contacts, programmes, replans
from service.store.session import Session
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services
from service.usecases.steps.protocol_change import NextVersion, next_version, replanned
from service.usecases.steps.replanning import Replan, write


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done: people who follow the new version, and their measurements that moved, came or went."""

    protocol_id: uuid.UUID
    version: int
    people: int
    moved: int
    added: int
    cancelled: int


def change_protocol(
    services: Services, actor: Actor, protocol_id: uuid.UUID, text: str, move: Collection[uuid.UUID]
) -> Changed:
    """Keep the next version; every programme that follows the old one follows the new one for whoever enrols from now
    on, and in the programmes of `move` whoever takes part already does too.

    One transaction. What has started or ended stays, and so does every message whose send has started; a send that is
    just being claimed is waited for. Raises Denied, NotFound, Refusal (as `preview_protocol`).
    """
    access.require(actor, Action.CHANGE_PROGRAMMES)
    with services.transaction(actor.org_id) as session:
        contacts.hold_registrations(session, actor.org_id)
        version = next_version(services, session, protocol_id, text)
        new_id = _keep(services, session, actor, version, text)
        done: list[Replan] = []
        for programme in programmes.followers(session, protocol_id):
            programmes.lock_programme(session, programme.id)
            programmes.set_protocol(session, programme.id, new_id)
            if programme.id in move:
                done += _move(services, session, actor.org_id, programme.id, new_id, version.reading.protocol)
        fates = [change.fate for one in done for change in one.changes]
        changed = Changed(
            protocol_id=new_id,
            version=version.reading.protocol.version,
            people=len(done),
            moved=fates.count(Fate.MOVES),
            added=fates.count(Fate.ADDED),
            cancelled=fates.count(Fate.CANCELLED),
        )
        _tell(services, session, actor, version, changed)
    return changed


def _keep(services: Services, session: Session, actor: Actor, version: NextVersion, text: str) -> uuid.UUID:
    protocol = version.reading.protocol
    new_id = programmes.add_protocol(
        session,
        actor.org_id,
        key=protocol.key,
        version=protocol.version,
        title=protocol.title["nl"],
        source=text,
        digest=protocol.digest,
        at=services.now(),
        made_by=actor.account_id,
        replaces_id=version.old.id,
    )
    if new_id is None:  # somebody else saved this number a moment ago
        values = {"version": protocol.version, "next": protocol.version + 1}
        raise Refusal(Problem("version_taken", "version", values=values))
    return new_id


def _move(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    programme_id: uuid.UUID,
    new_id: uuid.UUID,
    protocol: Protocol,
) -> list[Replan]:
    """Locked first, then worked out: what was claimed in between has started by then."""
    replans.lock(session, [spell.id for spell in replans.spells_in(session, programme_id)])
    found = replanned(services, session, programme_id, protocol)
    replans.set_protocol(session, [one.spell.id for one in found], new_id)
    write(services, session, org_id, found, protocol)
    return found


def _tell(services: Services, session: Session, actor: Actor, version: NextVersion, changed: Changed) -> None:
    audit.append(
        session,
        actor.org_id,
        services.now(),
        actor.account_id,
        "change_protocol",
        "protocol_version",
        changed.protocol_id,
        {
            "key": version.old.key,
            "version": changed.version,
            "replaces": str(version.old.id),
            "people": changed.people,
            "moved": changed.moved,
            "added": changed.added,
            "cancelled": changed.cancelled,
        },
    )
