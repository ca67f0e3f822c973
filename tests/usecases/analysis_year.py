"""A programme with three arms and a year behind it, in which everything happens that an analysis must survive."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Connection, Engine, text

from service.followup.activities import ActivityForm, Attended
from service.followup.consent import Purpose, TakenHow
from service.followup.participation import Arm, ExitKind
from service.measures.instrument import NO_ANSWER, Instrument
from service.measures.scoring import score
from service.usecases.add_activity import add_activity
from service.usecases.enrol_again import enrol_again
from service.usecases.enrol_participant import enrol_participant
from service.usecases.record_attendance import record_attendance
from service.usecases.record_death import record_death
from service.usecases.record_exit import record_exit
from service.usecases.steps.calendar import office_day
from service.usecases.withdraw_participant import withdraw_participant
from tests.builders import Clock
from tests.usecases.scene import ALL, GIVEN, Scene

SHARING = {**ALL, Purpose.SHARING: GIVEN}
PEOPLE = {Arm.INTERVENTION: 36, Arm.COMPARISON: 34, Arm.WAITING_LIST: 12}


@dataclass(frozen=True)
class Year:
    """Who was enrolled, by arm in order of enrolment: participant and enrolment."""

    people: Mapping[Arm, list[tuple[uuid.UUID, uuid.UUID]]]


def live_a_year(scene: Scene, database: Engine, clock: Clock) -> Year:
    """Enrol everybody, all of whom share; let a year go by with answers whole, partial, late, skipped and absent."""
    people: dict[Arm, list[tuple[uuid.UUID, uuid.UUID]]] = {}
    number = 0
    for arm, many in PEOPLE.items():
        people[arm] = []
        for _ in range(many):
            number += 1
            form = scene.form(
                first_name=f"P{number}",
                mobile=f"06 0000 {2000 + number}",
                birth_year=None if number % 11 == 0 else 1935 + number % 40,
                consents=SHARING,
                arm=arm,
            )
            made = enrol_participant(scene.services, scene.coordinator, form)
            people[arm].append((made.participant_id, made.enrolment_id))
            if number % 6 == 5:
                clock.forward(days=1)
    _come(scene, clock, people[Arm.INTERVENTION][:30])
    clock.forward(days=40)
    _leave(scene, clock, people)
    clock.forward(days=170)
    _answer(scene, database, clock)
    return Year(people)


def _come(scene: Scene, clock: Clock, people: list[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """One meeting, at which nearly everybody was."""
    day = office_day(clock()) + timedelta(days=3)
    form = ActivityForm("Samen eten", "Buurthuis", day, time(12), 90)
    (activity_id,) = add_activity(scene.services, scene.coordinator, scene.programme_id, form)
    clock.forward(days=4)
    for place, (participant_id, _) in enumerate(people):
        state = Attended.ABSENT if place % 9 == 8 else Attended.PRESENT
        record_attendance(scene.services, scene.coordinator, activity_id, participant_id, state)


def _leave(scene: Scene, clock: Clock, people: Mapping[Arm, list[tuple[uuid.UUID, uuid.UUID]]]) -> None:
    """Some stop, move or die; one withdraws; one comes back for a second spell, in the same arm."""
    today = office_day(clock())
    kinds = (ExitKind.STOPPED, ExitKind.MOVED, ExitKind.NO_CONTACT, ExitKind.NEVER_STARTED, ExitKind.NO_LONGER_NEEDED)
    for arm in (Arm.INTERVENTION, Arm.COMPARISON):
        for place, kind in enumerate(kinds):
            participant_id, enrolment_id = people[arm][2 * place]
            day = today - timedelta(days=3 * place)
            record_exit(
                scene.services, scene.coordinator, participant_id, enrolment_id, exited_on=day, exit_kind=kind
            )  # fmt: skip
    back, _ = people[Arm.INTERVENTION][0]
    enrol_again(scene.services, scene.coordinator, back, scene.programme_id)
    died, _ = people[Arm.INTERVENTION][11]
    record_death(scene.services, scene.coordinator, died, today - timedelta(days=1))
    gone, _ = people[Arm.COMPARISON][11]
    withdraw_participant(scene.services, scene.coordinator, gone, [Purpose.QUESTIONS], TakenHow.SPOKEN)


def _answer(scene: Scene, database: Engine, clock: Clock) -> None:
    chance = random.Random(11)
    instrument = scene.services.instruments["djg6"]
    query = (
        "select m.id, m.position, m.opens_at, m.closes_at, m.status, e.arm from measurement m"
        " join enrolment e on e.id = m.enrolment_id join participant p on p.id = m.participant_id"
        " order by p.pseudonym, e.started_at, m.position"
    )
    with database.begin() as connection:
        for row in connection.execute(text(query)).all():
            if row.opens_at > clock() or row.status in ("cancelled", "missed"):
                continue
            fate = chance.random()
            fall = row.position if row.arm == "intervention" else 0
            codes = _codes(instrument, max(0, 4 - fall + chance.choice((-1, 0, 0, 1))))
            if fate < 0.08:  # two answers, and no score
                write(connection, scene, row.id, dict(list(codes.items())[:2]), at=row.opens_at, scored=False)
            elif fate < 0.16:  # one question skipped
                skipped = {**codes, chance.choice(list(codes)): NO_ANSWER}
                write(connection, scene, row.id, skipped, at=row.opens_at + timedelta(days=1))
            elif fate < 0.24:  # late
                write(connection, scene, row.id, codes, at=row.closes_at + timedelta(days=2), status="late")
            elif fate < 0.88:
                write(
                    connection, scene, row.id, codes, at=row.opens_at + timedelta(days=2), mode=chance.choice(("sms", "web"))
                )  # fmt: skip
        connection.execute(
            text("update message set state = 'delivered', sent_at = due_at, channel = 'sms' where due_at < :now"),
            {"now": clock()},
        )
        connection.execute(
            text(
                "update message set state = 'undelivered' where measurement_id in (select m.id from measurement m"
                " join participant p on p.id = m.participant_id where p.pseudonym like '%7')"
                " and state = 'delivered'"
            )
        )


def _codes(instrument: Instrument, lonely: int) -> dict[int, str]:
    """Answers that give this many points."""
    found = {}
    for place, item in enumerate(instrument.items):
        pointed = instrument.lonely_codes[item.subscale or ""]
        found[item.number] = "yes" if ("yes" in pointed) == (place < lonely) else "no"
    return found


def write(
    connection: Connection,
    scene: Scene,
    measurement_id: uuid.UUID,
    codes: Mapping[int, str],
    *,
    at: datetime,
    mode: str = "sms",
    status: str = "complete",
    scored: bool = True,
) -> None:
    """Answers to one measurement as they are kept, with their score unless the questions were not all answered."""
    for item, code in codes.items():
        connection.execute(
            text(
                "insert into answer_event (org_id, measurement_id, item, code, mode, submission_key, given_at)"
                " values (:org, :m, :item, :code, :mode, :key, :at)"
            ),
            {"org": scene.org_id, "m": measurement_id, "item": item, "code": code, "mode": mode, "key": str(item), "at": at},
        )  # fmt: skip
    made = score(scene.services.instruments["djg6"], codes)
    if scored:
        connection.execute(
            text(
                "insert into score (org_id, measurement_id, instrument, instrument_version, scoring_version,"
                " score_values, primary_value, band, cutoff_set, missing, lower_bound, input_hash, scored_at) values"
                " (:org, :m, :i, :v, :rules, cast(:values as jsonb), :p, :band, :set, :missing, :lower, :hash, :at)"
            ),
            {
                "org": scene.org_id,
                "m": measurement_id,
                "i": made.instrument,
                "v": made.version,
                "rules": made.scoring_version,
                "values": json.dumps(dict(made.values)),
                "p": made.values["total"],
                "band": made.band,
                "set": made.cutoff_set,
                "missing": made.missing,
                "lower": made.lower_bound,
                "hash": made.input_hash,
                "at": at,
            },
        )
    connection.execute(
        text("update measurement set status = :status, mode = :mode, first_answer_at = :at, completed_at = :done where id = :id"),
        {
            "id": measurement_id,
            "status": status if made.complete and scored else "partial",
            "mode": mode,
            "at": at,
            "done": at if made.complete and scored else None,
        },
    )  # fmt: skip
