"""A coordinator reads in a list: first looked at, then kept whole or not at all; the same list twice adds nobody."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.followup.participant_file import FileRow, read_participants
from service.followup.problem import Problem, Refusal
from service.followup.registration import NewParticipant, check
from service.store import audit, contacts, participants, programmes
from service.store.contacts import Known
from service.store.participants import Participant
from service.store.session import Session
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day
from service.usecases.steps.registration import add_people, begin_spells, hashes_of, notes_on

#: So many people are written in one go: few round trips, and no more rows in memory than these need.
SLICE = 500


class RowState(StrEnum):
    """What a row of the list means."""

    NEW = "new"
    AGAIN = "again"  # is here already and now takes part in this programme too
    KNOWN = "known"  # takes part in this programme, left it, died, or stands higher up in the same list
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
    """A list as it was read. `applied` is True when its people are enrolled now."""

    rows: tuple[ImportRow, ...]
    notes: tuple[Problem, ...]
    applied: bool

    def count(self, state: str) -> int:
        """How many rows are new, again, known or wrong."""
        return sum(1 for row in self.rows if row.state == state)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A row with the form to register; `participant_id` when it is somebody who is here already."""

    row: ImportRow
    form: NewParticipant | None = None
    participant_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class _Here:
    """Who is here: recognised by hash, who was ever in this programme (and is now), who died."""

    known: Known
    spells: Mapping[uuid.UUID, bool]
    died: Collection[uuid.UUID]

    def why_not(self, participant_id: uuid.UUID) -> str:
        """Why somebody who is here is left as they are; empty when they can take part in this programme too.

        Whoever left it is not enrolled again by a list: the same list twice would bring everybody back.
        """
        if participant_id in self.died:
            return "row_died"
        if participant_id in self.spells:
            return "row_known" if self.spells[participant_id] else "row_left"
        return ""


def import_participants(
    services: Services, actor: Actor, programme_id: uuid.UUID, data: bytes, *, apply: bool
) -> Import:
    """Look at a list (`apply` False), or enrol its people in one transaction (True), slice by slice.

    Somebody who is here already keeps their name, numbers and consent, and is enrolled in this programme too.
    With one wrong row nobody is. Raises Denied, NotFound, and Refusal when the file cannot be read at all.
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    today = office_day(services.now())
    file = read_participants(data, programme_id, today)
    with services.transaction(actor.org_id) as session:
        stored = programmes.protocol_of_programme(session, programme_id)
        if stored is None:
            raise NotFound
        contacts.hold_registrations(session, actor.org_id)
        here = _Here(
            contacts.known_people(session), participants.spells_in(session, programme_id), participants.died(session)
        )
        ready = list(_judge(services, here, file.rows, today))
        rows = tuple(one.row for one in ready)
        if not apply or any(row.state == RowState.WRONG for row in rows):
            return Import(rows, file.notes, applied=False)
        wanted = [one for one in ready if one.form is not None]
        for first in range(0, len(wanted), SLICE):
            people = _keep(services, session, actor, wanted[first : first + SLICE])
            begin_spells(services, session, actor, people, programme_id, stored)
        result = Import(rows, file.notes, applied=True)
        audit.append(
            session,
            actor.org_id,
            services.now(),
            actor.account_id,
            "import_participants",
            "programme",
            programme_id,
            {"added": result.count(RowState.NEW), "again": result.count(RowState.AGAIN), "rows": len(rows)},
        )
    return result


def _keep(services: Services, session: Session, actor: Actor, ready: Sequence[_Ready]) -> list[tuple[Participant, str]]:
    new = [one.form for one in ready if one.form is not None and one.participant_id is None]
    again = {one.participant_id: one.form for one in ready if one.form is not None and one.participant_id is not None}
    talks = [(participant_id, form.intake) for participant_id, form in again.items() if form.intake is not None]
    participants.add_intakes(session, actor.org_id, talks, actor.account_id)
    here = participants.read_participants(session, list(again))
    return add_people(services, session, actor, new) + [(here[one], form.arm) for one, form in again.items()]


def _judge(services: Services, here: _Here, rows: Sequence[FileRow], today: date) -> Iterator[_Ready]:
    seen: set[tuple[bytes, bytes]] = set()
    taken: set[uuid.UUID] = set()
    for row in rows:
        try:
            if row.form is None:
                raise Refusal(*row.problems)
            form = check(row.form, today, practice=services.practice_numbers)
        except Refusal as refusal:
            yield _Ready(_said(row, RowState.WRONG, *refusal.problems))
            continue
        hashes = hashes_of(services, form)
        found = here.known.find(hashes)
        if hashes.pairs & seen or found in taken:
            yield _Ready(_said(row, RowState.KNOWN, Problem("row_twice")))
        elif found is None:
            yield _Ready(_said(row, RowState.NEW, *notes_on(here.known, hashes, form)), form)
        elif reason := here.why_not(found):
            yield _Ready(_said(row, RowState.KNOWN, Problem(reason)))
        else:
            yield _Ready(_said(row, RowState.AGAIN, Problem("row_again")), form, found)
            taken.add(found)
        seen |= hashes.pairs


def _said(row: FileRow, state: RowState, *problems: Problem) -> ImportRow:
    return ImportRow(row.line, row.name, state, tuple(Problem(p.key, p.where, row.line, p.values) for p in problems))
