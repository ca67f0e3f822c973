"""What an administrator can change about one programme: its last day, and which protocol it follows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.followup.protocol import Anchor
from service.store import programmes
from service.store.programmes import ProgrammeHead, StoredProtocol
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class ProgrammeSettings:
    """One programme. `waits_for_end`: its protocol has waves that count from the last day."""

    programme: ProgrammeHead
    protocol: StoredProtocol
    waits_for_end: bool


def show_programme_settings(services: Services, actor: Actor, programme_id: uuid.UUID) -> ProgrammeSettings:
    """One programme with its protocol. Raises Denied, NotFound."""
    access.require(actor, Action.CHANGE_PROGRAMMES)
    with services.transaction(actor.org_id) as session:
        programme = programmes.read_programme(session, programme_id)
        stored = programmes.protocol_of_programme(session, programme_id)
    if programme is None or stored is None:
        raise NotFound(programme_id)
    protocol = services.protocols.read(stored.source, services.instruments)
    return ProgrammeSettings(programme, stored, any(wave.anchor is Anchor.PROGRAMME_END for wave in protocol.waves))
