"""The records of a programme as they stand at this moment: what every figure on a page, in a snapshot or in a file is
made of."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from service.followup.protocol import Protocol
from service.followup.records import Measured, Programme, Told, long_rows, records
from service.measures.analysis.records import Records
from service.measures.instrument import OutcomeInstrument, outcome
from service.store import analysis_rows
from service.store import long_rows as measurements
from service.store.session import Session
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class ProgrammeRows:
    """All rows of the long file of one programme, and what they have in common."""

    programme: Programme
    protocol: Protocol
    instrument: OutcomeInstrument
    rows: tuple[Told, ...]


def records_for(services: Services, session: Session, programme_id: uuid.UUID, now: datetime) -> Records | None:
    """The records of this programme at `now` (UTC); None when the organisation has no such programme.

    Everybody's answers are in it, whether they share them with an evaluator or not: figures hide by number of people.
    Three queries, however many people. The data are read as they stand: `now` decides which windows are over.
    """
    for found in rows_for(services, session, programme_id, now):
        rows = (told.row for told in found.rows)
        return records(found.protocol, found.instrument, found.programme, rows, now)
    return None


def rows_for(
    services: Services, session: Session, programme_id: uuid.UUID | None, now: datetime
) -> Iterator[ProgrammeRows]:
    """The rows of this programme, or of every programme of the organisation by name. Three queries in all."""
    found = measurements.long_rows(session, programme_id)
    spells = analysis_rows.read_spells(session, programme_id)
    of_programme = {spell.id: programme for programme, people in spells.items() for spell in people}
    measured: dict[uuid.UUID, list[Measured]] = defaultdict(list)
    for one in found:
        if one.enrolment_id in of_programme:  # else it was erased between the two queries
            measured[of_programme[one.enrolment_id]].append(one)
    for stored in analysis_rows.read_programmes(session, programme_id):
        protocol = services.protocols.read(stored.protocol_source, services.instruments)
        instrument = outcome(services.instruments[protocol.instrument])
        told = long_rows(
            protocol, instrument, stored.programme, spells.get(stored.id, []), measured[stored.id], now
        )  # fmt: skip
        yield ProgrammeRows(stored.programme, protocol, instrument, told)
