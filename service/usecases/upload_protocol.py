"""An administrator uploads a protocol: checked whole, kept as it was written, never changed afterwards."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.followup.problem import Problem, Refusal
from service.followup.protocol import Protocol
from service.followup.protocol_file import read_protocol
from service.store import audit, programmes
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of an upload; `new` is False when this very text was there already."""

    protocol_id: uuid.UUID
    protocol: Protocol
    warnings: tuple[Problem, ...]
    new: bool


def upload_protocol(services: Services, actor: Actor, text: str) -> Uploaded:
    """Keep a protocol version; a changed text needs a new number. Raises Denied, and Refusal with problems by line."""
    access.require(actor, Action.CHANGE_PROGRAMMES)
    reading = read_protocol(text, services.instruments)
    protocol = reading.protocol
    with services.transaction(actor.org_id) as session:
        now = services.now()
        protocol_id = programmes.add_protocol(
            session,
            actor.org_id,
            key=protocol.key,
            version=protocol.version,
            title=protocol.title.get("nl") or next(iter(protocol.title.values()), protocol.key),
            source=text,
            digest=protocol.digest,
            at=now,
        )
        if protocol_id is not None:
            audit.append(
                session,
                actor.org_id,
                now,
                actor.account_id,
                "upload_protocol",
                "protocol_version",
                protocol_id,
                {"key": protocol.key, "version": protocol.version},
            )
            return Uploaded(protocol_id, protocol, reading.warnings, new=True)
        versions = [one for one in programmes.list_protocols(session) if one.key == protocol.key]
    same = next((one for one in versions if one.version == protocol.version and one.digest == protocol.digest), None)
    if same is None:
        newest = max(one.version for one in versions)
        raise Refusal(Problem("version_taken", "version", values={"version": protocol.version, "next": newest + 1}))
    return Uploaded(same.id, protocol, reading.warnings, new=False)
