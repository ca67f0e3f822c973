"""An administrator opens a protocol as the form in which its next version is typed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from service.followup.problem import Problem
from service.followup.protocol_file import read_protocol
from service.followup.protocol_text import Draft, draft_of
from service.measures.instrument import Use
from service.store import programmes
from service.store.programmes import StoredProtocol
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class OpenProtocol:
    """A version that exists, and the draft of the next one. `instruments` are the questionnaires to choose from, by
    key, with their names by language."""

    stored: StoredProtocol | None
    draft: Draft
    warnings: tuple[Problem, ...]
    instruments: dict[str, str]


def open_protocol(services: Services, actor: Actor, protocol_id: uuid.UUID | None, language: str) -> OpenProtocol:
    """The draft of the version after the newest one, filled with this version; empty for None (a new protocol).

    Raises Denied, NotFound.
    """
    access.require(actor, Action.CHANGE_PROGRAMMES)
    choice = [one for one in services.instruments.values() if one.use is Use.OUTCOME]
    instruments = {one.key: one.title.get(language, one.key) for one in choice}
    if protocol_id is None:
        return OpenProtocol(None, Draft(), (), instruments)
    with services.transaction(actor.org_id) as session:
        stored = programmes.read_protocol_version(session, protocol_id)
        if stored is None:
            raise NotFound(protocol_id)
        newest = max(one.version for one in programmes.list_protocols(session) if one.key == stored.key)
    reading = read_protocol(stored.source, services.instruments)
    draft = replace(draft_of(reading.protocol), version=str(newest + 1))
    return OpenProtocol(stored, draft, reading.warnings, instruments)
