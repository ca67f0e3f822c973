"""One programme in figures: who stays, what changes, and how certain that is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.followup.figures import Figures, figures
from service.followup.protocol import Protocol
from service.followup.protocol_file import read_protocol
from service.measures.instrument import OutcomeInstrument, outcome
from service.store.reports import ProgrammeLine, find_programme, measurements_of
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """What the page shows. `at` is the moment of the data (UTC)."""

    line: ProgrammeLine
    summary: str
    protocol: Protocol
    instrument: OutcomeInstrument
    figures: Figures
    at: datetime


def show_programme(services: Services, actor: Actor, programme_id: uuid.UUID) -> ProgrammeView:
    """The figures of one programme; nothing about fewer than ten people. Raises Denied, NotFound."""
    access.require(actor, Action.SEE_FIGURES)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        head = find_programme(session, programme_id)
        if head is None:
            raise NotFound(programme_id)
        rows = measurements_of(session, programme_id)
    protocol = read_protocol(head.protocol_source, services.instruments).protocol
    return ProgrammeView(
        line=head.line,
        summary=head.summary,
        protocol=protocol,
        instrument=outcome(services.instruments[protocol.instrument]),
        figures=figures(protocol, rows, now),
        at=now,
    )
