"""Measurements: where they are, the answers as they came in, and the scores."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.measures.scoring import Scored


@dataclass(frozen=True, slots=True)
class Measurement:
    """One wave of one person, as far as answering it is concerned."""

    id: uuid.UUID
    enrolment_id: uuid.UUID
    participant_id: uuid.UUID
    wave: str
    instrument: str
    language: str
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    status: str
    status_reason: str
    completed_at: datetime | None
    deceased: bool
    last_answer_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """One answer as it came in. `key` makes it unique within the measurement."""

    measurement_id: uuid.UUID
    item: int
    code: str
    mode: str
    key: str
    given_at: datetime
    recorded_by: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to an item that counts now, and how often the item was answered."""

    code: str
    times: int
    mode: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, as it stands on the pages of the participant."""

    organisation: str
    phone: str
    coordinator: str


COLUMNS = """me.id, me.enrolment_id, me.participant_id, me.wave, me.instrument, me.language, me.time_zone, me.opens_at,
  me.closes_at, me.status, me.status_reason, me.completed_at, p.died_on is not null as deceased,
  (select max(x.given_at) from answer_event x where x.org_id = me.org_id and x.measurement_id = me.id) as last_answer_at
from measurement me join participant p on p.org_id = me.org_id and p.id = me.participant_id"""


def for_link(session: Session, digest: bytes) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The organisation and the measurement of a personal link; None when nobody has it."""
    row = session.execute(text("select * from measurement_for_link(:digest)"), {"digest": digest}).first()
    return None if row is None else (row.org_id, row.measurement_id)


def read(session: Session, measurement_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Measurement]:
    """These measurements."""
    rows = session.execute(
        text(f"select {COLUMNS} where me.id = any(:ids)"),
        {"ids": list(set(measurement_ids))},
    )
    return {row["id"]: Measurement(**row) for row in rows.mappings()}


def open_of(session: Session, participant_id: uuid.UUID, now: datetime) -> list[Measurement]:
    """The unfinished measurements of one person whose window is open; not those that were declined."""
    rows = session.execute(
        text(
            f"select {COLUMNS} where me.participant_id = :participant and me.status in ('scheduled', 'open')"
            " and me.status_reason <> 'refused' and me.opens_at <= :now and me.closes_at > :now order by me.opens_at"
        ),
        {"participant": participant_id, "now": now},
    )
    return [Measurement(**row) for row in rows.mappings()]


def lock(session: Session, measurement_id: uuid.UUID) -> Measurement:
    """One measurement, locked: what is written about it is written by one process at a time."""
    row = session.execute(
        text(f"select {COLUMNS} where me.id = :id for update of me"),
        {"id": measurement_id},
    ).mappings()
    return Measurement(**row.one())


def lock_closed(session: Session, now: datetime, limit: int) -> list[Measurement]:
    """Lock up to `limit` measurements whose window has closed and whose outcome is not written yet."""
    rows = session.execute(
        text(
            f"select {COLUMNS} where me.status in ('scheduled', 'open') and me.closes_at <= :now"
            " order by me.closes_at limit :limit for update of me skip locked"
        ),
        {"now": now, "limit": limit},
    )
    return [Measurement(**row) for row in rows.mappings()]


def answers(session: Session, measurement_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[int, Given]]:
    """Per measurement and item the answer that counts: the latest."""
    rows = session.execute(
        text(
            "select distinct on (measurement_id, item) measurement_id, item, code, mode, given_at,"
            " count(*) over (partition by measurement_id, item) as times"
            " from answer_event where measurement_id = any(:ids) order by measurement_id, item, sequence desc"
        ),
        {"ids": list(set(measurement_ids))},
    )
    found: dict[uuid.UUID, dict[int, Given]] = {}
    for row in rows:
        found.setdefault(row.measurement_id, {})[row.item] = Given(row.code, row.times, row.mode, row.given_at)
    return found


def append_answers(session: Session, org_id: uuid.UUID, new: Sequence[NewAnswer]) -> None:
    """Append answers; one that was here before (by its key) changes nothing."""
    if new:
        session.execute(
            text(
                "insert into answer_event (org_id, measurement_id, item, code, mode, submission_key, given_at,"
                " recorded_by)"
                " values (:org, :measurement, :item, :code, :mode, :key, :at, :by) on conflict do nothing"
            ),
            [
                {
                    "org": org_id,
                    "measurement": a.measurement_id,
                    "item": a.item,
                    "code": a.code,
                    "mode": a.mode,
                    "key": a.key,
                    "at": a.given_at,
                    "by": a.recorded_by,
                }
                for a in new
            ],
        )


def note_answer(session: Session, measurement_id: uuid.UUID, mode: str, at: datetime) -> None:
    """An answer came in: the first one opens the measurement, and a refusal before it no longer counts.

    One that was closed without an answer is partly answered from now on, however late.
    """
    session.execute(
        text(
            "update measurement set first_answer_at = coalesce(first_answer_at, :at), mode = :mode,"
            " status = case status when 'scheduled' then 'open' when 'missed' then 'partial' else status end,"
            " status_reason = case when status_reason = 'refused' or status = 'missed' then ''"
            " else status_reason end where id = :id"
        ),
        {"at": at, "mode": mode, "id": measurement_id},
    )


def note_helper(session: Session, measurement_id: uuid.UUID, helper_id: uuid.UUID, *, delivers: bool) -> None:
    """Somebody wrote answers down for the person; `delivers` when that helper also gives the help itself."""
    session.execute(
        text("update measurement set assisted_by = :helper, helper_delivers = :delivers where id = :id"),
        {"helper": helper_id, "delivers": delivers, "id": measurement_id},
    )


def set_status(
    session: Session, measurement_id: uuid.UUID, status: str, reason: str, completed_at: datetime | None
) -> None:
    """Write what became of a measurement. A moment of completion that is known stays."""
    session.execute(
        text(
            "update measurement set status = :status, status_reason = :reason,"
            " completed_at = coalesce(completed_at, :done) where id = :id"
        ),
        {"status": status, "reason": reason, "done": completed_at, "id": measurement_id},
    )


def decline(session: Session, measurement_id: uuid.UUID) -> None:
    """The person would rather not answer this wave; it stays open for who changes their mind."""
    session.execute(
        text(
            "update measurement set status_reason = 'refused' where id = :id and status in ('scheduled', 'open',"
            " 'partial')"
        ),
        {"id": measurement_id},
    )


def add_score(session: Session, org_id: uuid.UUID, measurement_id: uuid.UUID, scored: Scored, now: datetime) -> None:
    """Keep the scores of a response as its newest row, unless the newest one says the same of the same answers.

    The caller holds the measurement: two scores of it at once would not see each other.
    """
    kept = {
        "instrument": scored.instrument,
        "instrument_version": scored.version,
        "scoring_version": scored.scoring_version,
        "cutoff_set": scored.cutoff_set,
        "score_values": dict(scored.values),
        "band": scored.band,
        "lower_bound": scored.lower_bound,
        "input_hash": scored.input_hash,
    }
    newest = session.execute(
        text(
            "select instrument, instrument_version, scoring_version, cutoff_set, score_values, band, lower_bound,"
            " input_hash from score where measurement_id = :id order by sequence desc limit 1"
        ),
        {"id": measurement_id},
    ).mappings()
    if [dict(row) for row in newest] == [kept]:
        return
    session.execute(
        text(
            "insert into score (org_id, measurement_id, instrument, instrument_version, scoring_version, cutoff_set,"
            " score_values, band, lower_bound, input_hash, primary_value, missing, scored_at) values (:org,"
            " :measurement, :instrument, :instrument_version, :scoring_version, :cutoff_set,"
            " cast(:score_values as jsonb), :band, :lower_bound, :input_hash, :primary, :missing, :now)"
        ),
        kept
        | {
            "org": org_id,
            "measurement": measurement_id,
            "score_values": json.dumps(kept["score_values"]),
            "primary": list(scored.values.values())[-1],
            "missing": scored.missing,
            "now": now,
        },
    )


def sender(session: Session, enrolment_id: uuid.UUID) -> Sender:
    """Who asks the questions of this enrolment."""
    row = session.execute(
        text(
            "select o.name, coalesce(nullif(a.phone, ''), o.phone) as phone, a.name as coordinator from enrolment e"
            " join organisation o on o.id = e.org_id"
            " join programme g on g.org_id = e.org_id and g.id = e.programme_id"
            " join account a on a.org_id = g.org_id and a.id = g.coordinator_id where e.id = :id"
        ),
        {"id": enrolment_id},
    ).one()
    return Sender(row.name, row.phone, row.coordinator)


def protocol_source(session: Session, enrolment_id: uuid.UUID) -> str:
    """The text of the protocol version that this enrolment follows."""
    found: str = session.execute(
        text(
            "select v.source from enrolment e join protocol_version v on v.org_id = e.org_id and v.id = e.protocol_id"
            " where e.id = :id"
        ),
        {"id": enrolment_id},
    ).scalar_one()
    return found


def upcoming(session: Session, enrolment_id: uuid.UUID, after: datetime) -> datetime | None:
    """When the next wave of this enrolment opens, if there is one."""
    found: datetime | None = session.execute(
        text(
            "select min(opens_at) from measurement where enrolment_id = :id and opens_at > :after"
            " and status not in ('cancelled', 'excused')"
        ),
        {"id": enrolment_id, "after": after},
    ).scalar()
    return found


def anything_left(session: Session, participant_id: uuid.UUID, now: datetime) -> bool:
    """Whether this person is still to be asked something, now or later, in any programme."""
    found: bool = session.execute(
        text(
            "select exists (select 1 from measurement where participant_id = :person and closes_at > :now"
            " and status in ('scheduled', 'open', 'partial'))"
        ),
        {"person": participant_id, "now": now},
    ).scalar_one()
    return found


def open_waves(session: Session, now: datetime) -> list[Mapping[str, Any]]:
    """Open every wave whose moment has come. Returns (id, participant_id, time_zone) of each."""
    rows = session.execute(
        text(
            "update measurement set status = 'open' where status = 'scheduled' and opens_at <= :now and"
            " closes_at > :now"
            " returning id, participant_id, time_zone"
        ),
        {"now": now},
    )
    return [dict(row) for row in rows.mappings()]


def arrival(session: Session, measurement_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bool]:
    """For measurements we wrote about: whether any message was taken by the provider and not sent back."""
    rows = session.execute(
        text(
            "select measurement_id, bool_or(state in ('accepted', 'sent', 'delivered', 'unknown',"
            " 'needs_review')) as arrived"
            " from message where measurement_id = any(:ids)"
            " and kind in ('invite', 'reminder', 'last_reminder', 'resend')"
            " and state not in ('cancelled', 'planned', 'due') group by measurement_id"
        ),
        {"ids": list(measurement_ids)},
    )
    return {row.measurement_id: row.arrived for row in rows}


def protocols_in_use(session: Session) -> list[tuple[uuid.UUID, str]]:
    """The protocol versions with open waves: id and text."""
    rows = session.execute(
        text(
            "select v.id, v.source from protocol_version v where exists (select 1 from enrolment e join measurement me"
            " on me.org_id = e.org_id and me.enrolment_id = e.id where e.protocol_id = v.id and me.status = 'open')"
        )
    )
    return [(row.id, row.source) for row in rows]


def silent(session: Session, protocol_id: uuid.UUID, arm: str, opened_before: datetime) -> list[Mapping[str, Any]]:
    """Open waves of this protocol and arm that opened before this moment, were written about, and have no complete
    answer, no refusal and no call asked for: (id, participant_id, time_zone)."""
    rows = session.execute(
        text(
            "select me.id, me.participant_id, me.time_zone from measurement me join enrolment e on e.org_id = me.org_id"
            " and e.id = me.enrolment_id and e.protocol_id = :protocol and e.arm = :arm"
            " where me.status = 'open' and me.opens_at <= :before and me.status_reason <> 'refused'"
            " and exists (select 1 from message m where m.org_id = me.org_id and m.measurement_id = me.id"
            "   and m.attempt_number > 0)"
            " and not exists (select 1 from call_task t where t.org_id = me.org_id"
            "   and t.dedupe_key = 'no_answer:' || me.id::text)"
        ),
        {"protocol": protocol_id, "arm": arm, "before": opened_before},
    )
    return [dict(row) for row in rows.mappings()]


def organisations(session: Session) -> list[uuid.UUID]:
    """Every organisation; needs none in the transaction."""
    return list(session.execute(text("select id from organisation_ids() as t(id)")).scalars())


def preferred_channels(session: Session, participant_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """How these people, as far as they are alive, like to be reached."""
    rows = session.execute(
        text("select id, preferred_channel from participant where id = any(:ids) and died_on is null"),
        {"ids": list(set(participant_ids))},
    )
    return {row.id: row.preferred_channel for row in rows}
