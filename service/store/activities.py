"""The calendar of activities, and who came."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class NewActivity:
    """One activity to keep. `local_at` is naive, in `time_zone`."""

    title: str
    place: str
    local_at: datetime
    time_zone: str
    starts_at: datetime
    minutes: int
    remind: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity with its programme, and how many people were noted how."""

    id: uuid.UUID
    programme_id: uuid.UUID
    programme: str
    title: str
    place: str
    local_at: datetime
    time_zone: str
    starts_at: datetime
    minutes: int
    remind: bool
    cancelled_at: datetime | None
    present: int
    absent: int
    not_coming: int


@dataclass(frozen=True, slots=True)
class Guest:
    """One person who takes part in the programme, and what was noted. `said_so`: the person said it, not the staff."""

    participant_id: uuid.UUID
    enrolment_id: uuid.UUID
    state: str | None
    said_so: bool


_LINES = """
select a.id, a.programme_id, g.name as programme, a.title, a.place, a.local_at, a.time_zone, a.starts_at, a.minutes,
  a.remind, a.cancelled_at, count(t.id) filter (where t.state = 'present') as present,
  count(t.id) filter (where t.state = 'absent') as absent,
  count(t.id) filter (where t.state = 'not_coming') as not_coming
from activity a join programme g on g.org_id = a.org_id and g.id = a.programme_id
left join attendance t on t.org_id = a.org_id and t.activity_id = a.id
where {where} group by a.id, g.name order by a.starts_at, a.id
"""

_NEAR = """a.cancelled_at is null and a.starts_at > :now and a.starts_at <= :until and exists (
  select 1 from enrolment e where e.org_id = a.org_id and e.programme_id = a.programme_id
  and e.participant_id = :person and e.exited_on is null and e.arm = 'intervention')"""


def add(
    session: Session,
    org_id: uuid.UUID,
    programme_id: uuid.UUID,
    new: Sequence[NewActivity],
    *,
    created_by: uuid.UUID,
    at: datetime,
) -> list[uuid.UUID]:
    """Keep activities of one programme; their ids, in the same order."""
    return [
        session.execute(
            text(
                "insert into activity (org_id, programme_id, title, place, local_at, time_zone, starts_at, minutes,"
                " remind, created_by, created_at) values (:org, :programme, :title, :place, :local_at, :time_zone,"
                " :starts_at, :minutes, :remind, :by, :at) returning id"
            ),
            {"org": org_id, "programme": programme_id, "by": created_by, "at": at, **_fields(one)},
        ).scalar_one()
        for one in new
    ]


def change(session: Session, activity_id: uuid.UUID, new: NewActivity) -> None:
    """Another title, place, moment or length."""
    session.execute(
        text(
            "update activity set title = :title, place = :place, local_at = :local_at, time_zone = :time_zone,"
            " starts_at = :starts_at, minutes = :minutes, remind = :remind where id = :id"
        ),
        {"id": activity_id, **_fields(new)},
    )


def cancel(session: Session, activity_id: uuid.UUID, at: datetime) -> None:
    """The activity does not take place."""
    session.execute(
        text("update activity set cancelled_at = :at where id = :id and cancelled_at is null"),
        {"id": activity_id, "at": at},
    )


def lock(session: Session, activity_id: uuid.UUID) -> bool:
    """Hold one activity until the end of this transaction; False when there is none."""
    found = session.execute(text("select id from activity where id = :id for update"), {"id": activity_id})
    return found.first() is not None


def read(session: Session, activity_id: uuid.UUID) -> Activity | None:
    """One activity."""
    row = session.execute(text(_LINES.format(where="a.id = :id")), {"id": activity_id}).mappings().one_or_none()
    return None if row is None else Activity(**row)


def of_programme(session: Session, programme_id: uuid.UUID) -> list[Activity]:
    """Every activity of a programme, in time order, cancelled ones too."""
    rows = session.execute(text(_LINES.format(where="a.programme_id = :id")), {"id": programme_id})
    return [Activity(**row) for row in rows.mappings()]


def guests(session: Session, activity_id: uuid.UUID) -> list[Guest]:
    """Who takes part in the programme on that day (the arm that gets the intervention), and what was noted."""
    rows = session.execute(
        text("""
select distinct on (e.participant_id) e.participant_id, e.id as enrolment_id, nullif(t.state, 'open') as state,
  t.id is not null and t.recorded_by is null as said_so
from activity a join enrolment e on e.org_id = a.org_id and e.programme_id = a.programme_id
join participant p on p.org_id = e.org_id and p.id = e.participant_id
left join attendance t on t.org_id = a.org_id and t.activity_id = a.id and t.participant_id = e.participant_id
where a.id = :id and e.arm = 'intervention' and (t.state <> 'open' or (
  e.started_on <= a.local_at::date and (e.exited_on is null or e.exited_on >= a.local_at::date)
  and (p.died_on is null or p.died_on >= a.local_at::date)))
order by e.participant_id, e.started_at desc
"""),
        {"id": activity_id},
    )
    return [Guest(**row) for row in rows.mappings()]


def note(
    session: Session,
    org_id: uuid.UUID,
    activity_id: uuid.UUID,
    people: Sequence[uuid.UUID],
    state: str,
    *,
    by: uuid.UUID | None,
    at: datetime,
) -> None:
    """Note the same about these people; `by` is None when a person said it of themselves."""
    if people:
        session.execute(
            text(
                "insert into attendance (org_id, activity_id, participant_id, state, recorded_by, recorded_at)"
                " values (:org, :activity, :participant, :state, :by, :at)"
                " on conflict (org_id, activity_id, participant_id) do update set state = excluded.state,"
                " recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at"
            ),
            [
                {"org": org_id, "activity": activity_id, "participant": one, "state": state, "by": by, "at": at}
                for one in people
            ],
        )


def noted_at(session: Session, activity_id: uuid.UUID, state: str, at: datetime) -> list[uuid.UUID]:
    """Who was noted so at exactly this moment: what one tap on "everybody" did."""
    rows = session.execute(
        text("select participant_id from attendance where activity_id = :id and state = :state and recorded_at = :at"),
        {"id": activity_id, "state": state, "at": at},
    )
    return list(rows.scalars())


def first_presence(session: Session, enrolment_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Write the day of the first activity of these spells; returns those whose day became known, moved or went."""
    rows = session.execute(
        text("""
with seen as (
  select e.id, e.first_activity_on as before, (
    select min(a.local_at::date) from activity a
    join attendance t on t.org_id = a.org_id and t.activity_id = a.id and t.participant_id = e.participant_id
    where a.org_id = e.org_id and a.programme_id = e.programme_id and t.state = 'present'
      and a.local_at::date >= e.started_on and (e.exited_on is null or a.local_at::date <= e.exited_on)) as first_on
  from enrolment e where e.id = any(:ids))
update enrolment e set first_activity_on = s.first_on from seen s
where s.id = e.id and s.before is distinct from s.first_on returning e.id
"""),
        {"ids": list(enrolment_ids)},
    )
    return list(rows.scalars())


def nearest_for(session: Session, participant_id: uuid.UUID, now: datetime, until: datetime) -> Activity | None:
    """The next activity of a programme in which this person takes part now, before `until`."""
    rows = session.execute(
        text(_LINES.format(where=_NEAR)), {"person": participant_id, "now": now, "until": until}
    ).mappings()
    row = rows.first()
    return None if row is None else Activity(**row)


def _fields(new: NewActivity) -> dict[str, object]:
    return {name: getattr(new, name) for name in NewActivity.__slots__}
