"""Planning again: what an enrolment has now, and what it gets instead. One transaction writes it whole."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from service.followup.planning import PlannedMeasurement
from service.followup.replanning import REPLANNED, Fate, MessageChange, MessageNow, WaveNow
from service.store.tables.measurement import Measurement
from service.store.tables.message import Message, MessageEvent

#: The messages that a protocol plans. Whatever else is sent about a wave follows from what people do.
PLANNED_KINDS = ("invite", "reminder", "last_reminder")


@dataclass(frozen=True, slots=True)
class Spell:
    """One enrolment with what its plan depends on. `started_at` is UTC."""

    id: uuid.UUID
    participant_id: uuid.UUID
    pseudonym: str
    language: str
    preferred_channel: str
    died_on: date | None
    programme_id: uuid.UUID
    protocol_id: uuid.UUID
    arm: str
    started_at: datetime
    first_activity_on: date | None
    programme_ends_on: date | None


@dataclass(frozen=True, slots=True)
class WaveForm:
    """In which form a wave that has not started is asked."""

    instrument: str
    instrument_version: str
    language: str
    time_zone: str


_SPELLS = """
select e.id, e.participant_id, p.pseudonym, p.language, p.preferred_channel, p.died_on, e.programme_id, e.protocol_id,
  e.arm, e.started_at, e.first_activity_on, g.ends_on as programme_ends_on
from enrolment e
join participant p on p.org_id = e.org_id and p.id = e.participant_id
join programme g on g.org_id = e.org_id and g.id = e.programme_id
where {which} order by p.pseudonym, e.id
"""


def spells(session: Session, enrolment_ids: Iterable[uuid.UUID]) -> list[Spell]:
    """These enrolments."""
    rows = session.execute(text(_SPELLS.format(which="e.id = any(:ids)")), {"ids": list(set(enrolment_ids))})
    return [Spell(**row) for row in rows.mappings()]


def spells_in(session: Session, programme_id: uuid.UUID) -> list[Spell]:
    """Every enrolment of one programme, ended ones too: leaving does not end measurement."""
    rows = session.execute(text(_SPELLS.format(which="e.programme_id = :programme")), {"programme": programme_id})
    return [Spell(**row) for row in rows.mappings()]


def lock(session: Session, enrolment_ids: Iterable[uuid.UUID]) -> None:
    """Hold the people, measurements and unsent messages of these enrolments, in one order. Who withdraws at this moment
    is waited for, and so is a message that is being claimed: when we see it, its send has started."""
    ids = {"ids": list(set(enrolment_ids))}
    people = "select participant_id from enrolment where id = any(:ids)"
    session.execute(text(f"select id from participant where id in ({people}) order by id for update"), ids)  # noqa: S608
    session.execute(text("select id from measurement where enrolment_id = any(:ids) order by id for update"), ids)
    session.execute(
        text(
            "select m.id from message m join measurement me on me.org_id = m.org_id and me.id = m.measurement_id"
            " where me.enrolment_id = any(:ids) and m.state in ('planned', 'due') order by m.id for update of m"
        ),
        ids,
    )


def waves_now(session: Session, enrolment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[WaveNow]]:
    """What each enrolment has, in its order, with the messages that the protocol planned."""
    ids = list(set(enrolment_ids))
    messages: dict[uuid.UUID, list[MessageNow]] = {}
    rows = session.execute(
        text(
            "select m.id, m.measurement_id, m.dedupe_key, m.state, m.reason, m.due_at, m.expires_at from message m"
            " join measurement me on me.org_id = m.org_id and me.id = m.measurement_id"
            " where me.enrolment_id = any(:ids) and m.kind = any(:kinds) order by m.created_at, length(m.dedupe_key)"
        ),
        {"ids": ids, "kinds": list(PLANNED_KINDS)},
    )
    for row in rows:
        key, turn = _key(row.dedupe_key)
        one = MessageNow(row.id, key, turn, row.state, row.reason, row.due_at, row.expires_at)
        messages.setdefault(row.measurement_id, []).append(one)
    found: dict[uuid.UUID, list[WaveNow]] = {one: [] for one in ids}
    rows = session.execute(
        text(
            "select id, enrolment_id, wave, status, status_reason, target_on, opens_at, closes_at from measurement"
            " where enrolment_id = any(:ids) order by position, opens_at"
        ),
        {"ids": ids},
    )
    for row in rows:
        own = tuple(messages.get(row.id, ()))
        wave = WaveNow(row.id, row.wave, row.status, row.status_reason, row.target_on, row.opens_at, row.closes_at, own)
        found[row.enrolment_id].append(wave)
    return found


def dedupe_key(enrolment_id: uuid.UUID, key: str, turn: int) -> str:
    """What makes a planned message unique."""
    return f"{enrolment_id}:{key}" + (f":{turn + 1}" if turn else "")


def _key(dedupe: str) -> tuple[str, int]:
    """The plan's key and how often it was planned anew, out of "enrolment:wave:name" or "enrolment:wave:name:turn"."""
    _, wave, name, *again = dedupe.split(":")
    return f"{wave}:{name}", int(again[0]) - 1 if again else 0


def set_protocol(session: Session, enrolment_ids: Iterable[uuid.UUID], protocol_id: uuid.UUID) -> None:
    """From now on these enrolments follow another version."""
    ids = {"ids": list(set(enrolment_ids)), "protocol": protocol_id}
    session.execute(text("update enrolment set protocol_id = :protocol where id = any(:ids)"), ids)


def move_measurements(session: Session, moves: Mapping[uuid.UUID, tuple[PlannedMeasurement, WaveForm]]) -> None:
    """Put waves that have not started where the plan has them now."""
    for measurement_id, (new, form) in moves.items():
        session.execute(
            update(Measurement)
            .where(Measurement.id == measurement_id)
            .values(
                position=new.position,
                target_on=new.target_on,
                opens_at=new.opens_at,
                closes_at=new.closes_at,
                instrument=form.instrument,
                instrument_version=form.instrument_version,
                language=form.language,
                time_zone=form.time_zone,
                status="scheduled",
                status_reason="",
            )
        )


def cancel_measurements(session: Session, measurement_ids: Collection[uuid.UUID]) -> None:
    """Take away waves that have not started."""
    session.execute(
        update(Measurement)
        .where(Measurement.id.in_(list(measurement_ids)))
        .values(status="cancelled", status_reason=REPLANNED)
    )


def change_messages(
    session: Session, org_id: uuid.UUID, changes: Sequence[MessageChange], time_zone: str, at: datetime
) -> None:
    """Move or cancel messages that were not sent, in place, each with its line in the history."""
    events: list[dict[str, object]] = []
    for change in changes:
        old, new = change.old, change.new
        if old is None or change.fate is Fate.STAYS:
            continue
        values: dict[str, object] = {"state": "cancelled", "reason": REPLANNED}
        if new is not None:
            reason = old.reason if old.due_at == new.due_at else ""
            values = {"state": "planned", "reason": reason, "due_at": new.due_at, "local_at": new.local_at}
            values |= {"expires_at": new.expires_at, "time_zone": time_zone, "kind": new.kind}
        session.execute(update(Message).where(Message.id == old.id).values(**values))
        events.append(
            {
                "org_id": org_id,
                "message_id": old.id,
                "at": at,
                "event": "cancel" if new is None else "replan",
                "state_from": old.state,
                "state_to": values["state"],
                "reason": REPLANNED,
                "attempt_number": 0,
            }
        )
    if events:
        session.execute(insert(MessageEvent), events)
