"""A coordinator reads in a list: first looked at, then kept whole or not at all; the same list twice adds nobody."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.followup.participant_file import FileRow, read_participants
from service.followup.problem import Problem, Refusal
from service.followup.protocol_file import read_protocol
from service.followup.registration import NewParticipant, check
from service.store import audit, contacts, programmes
from service.store.contacts import Known
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps import enrol_person, hashes_of, is_known, notes_on, office_day


class RowState(StrEnum):
    """What a row of the list means."""

    NEW = "new"
    KNOWN = "known"  # takes part already, or stands higher up in the same list
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row, with everything that is wrong with it or worth knowing."""

    line: int
    name: str
    state: RowState
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """A list as it was read. `applied` is True when its new people are registered now."""

    rows: tuple[ImportRow, ...]
    notes: tuple[Problem, ...]
    applied: bool

    def count(self, state: str) -> int:
        """How many rows are new, known or wrong."""
        return sum(1 for row in self.rows if row.state == state)


@dataclass(frozen=True, slots=True)
class _Ready:
    row: ImportRow
    form: NewParticipant | None


def import_participants(
    services: Services, actor: Actor, programme_id: uuid.UUID, data: bytes, *, apply: bool
) -> Import:
    """Look at a list (`apply` False), or register its new people in one transaction (True).

    With one wrong row nobody is registered. Raises Denied, NotFound, and Refusal when the file cannot be read at all.
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    today = office_day(services.now())
    file = read_participants(data, programme_id, today)
    with services.transaction(actor.org_id) as session:
        stored = programmes.protocol_of_programme(session, programme_id)
        if stored is None:
            raise NotFound
        contacts.hold_registrations(session, actor.org_id)
        ready = list(_judge(services, contacts.known_people(session), file.rows, today))
        rows = tuple(one.row for one in ready)
        if not apply or any(row.state == RowState.WRONG for row in rows):
            return Import(rows, file.notes, applied=False)
        protocol = read_protocol(stored.source, services.instruments).protocol
        for one in ready:
            if one.form is not None:
                enrol_person(services, session, actor, stored=stored, protocol=protocol, form=one.form)
        added = sum(1 for one in ready if one.form is not None)
        audit.append(
            session,
            actor.org_id,
            services.now(),
            actor.account_id,
            "import_participants",
            "programme",
            programme_id,
            {"added": added, "rows": len(rows)},
        )
    return Import(rows, file.notes, applied=True)


def _judge(services: Services, known: Known, rows: tuple[FileRow, ...], today: date) -> Iterator[_Ready]:
    seen: set[tuple[bytes, bytes]] = set()
    for row in rows:
        if row.form is None:
            yield _Ready(ImportRow(row.line, row.name, RowState.WRONG, row.problems), None)
            continue
        try:
            form = check(row.form, today, practice=services.practice_numbers)
        except Refusal as refusal:
            problems = tuple(Problem(p.key, p.where, row.line, p.values) for p in refusal.problems)
            yield _Ready(ImportRow(row.line, row.name, RowState.WRONG, problems), None)
            continue
        hashes = hashes_of(services, form)
        pairs = {(hashes.name, address) for address in hashes.addresses or (b"",)}
        if is_known(known, hashes):
            yield _Ready(ImportRow(row.line, row.name, RowState.KNOWN, (Problem("row_known", "", row.line),)), None)
        elif pairs & seen:
            yield _Ready(ImportRow(row.line, row.name, RowState.KNOWN, (Problem("row_twice", "", row.line),)), None)
        else:
            notes = tuple(Problem(p.key, p.where, row.line, p.values) for p in notes_on(known, hashes, form))
            yield _Ready(ImportRow(row.line, row.name, RowState.NEW, notes), form)
        seen |= pairs
