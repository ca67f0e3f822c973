"""Waves that count from the first activity or the end of the programme, and waves of single arms, on a real database."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from service.followup.problem import Refusal
from service.usecases.access import Denied, NotFound
from service.usecases.close_waves import close_waves
from service.usecases.create_programme import create_programme
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.set_programme_end import Ended, set_programme_end
from service.usecases.show_administration import show_administration
from service.usecases.show_programme_settings import show_programme_settings
from service.usecases.steps.analysing import records_for
from service.usecases.steps.replanning import anchor_known
from service.usecases.upload_protocol import upload_protocol
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene, rows

STUDY = """\
key: studie
version: 1
title: Studie
instrument: djg6
language: nl
waves:
  - {key: t0, title: Begin, offset: 0 days, window: 14 days}
  - {key: m1, title: Een maand, anchor: first_activity, offset: 1 months, window: 21 days, arms: [intervention]}
  - {key: end, title: Na afloop, anchor: programme_end, offset: 1 weeks, window: 28 days}
reminders: [{after: 3 days}, {after: 7 days, last: true}]
call: {after: 10 days}
arms:
  comparison: {reminders: none, call: none}
"""


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


@pytest.fixture
def programme_id(scene: Scene) -> uuid.UUID:
    """A programme that follows the study, beside the one of the scene."""
    uploaded = upload_protocol(scene.services, scene.administrator, STUDY)
    return create_programme(
        scene.services,
        scene.administrator,
        intervention_id=show_administration(scene.services, scene.administrator).interventions[0].id,
        protocol_id=uploaded.protocol_id,
        coordinator_id=scene.coordinator.account_id,
        name="Studie",
        site="Buurthuis",
        municipality="",
        starts_on=date(2026, 3, 1),
    )


def waves(database: Engine) -> list[tuple[str, str, str]]:
    found = rows(database, "select wave, status, target_on from measurement order by opens_at, wave")
    return [(row.wave, row.status, row.target_on.isoformat()) for row in found]


def messages(database: Engine, wave: str) -> list[tuple[str, str, str]]:
    query = (
        "select m.kind, m.state, m.due_at from message m join measurement me on me.id = m.measurement_id"
        " where me.wave = :wave order by m.due_at, m.created_at"
    )
    return [(row.kind, row.state, row.due_at.date().isoformat()) for row in rows(database, query, wave=wave)]


def test_the_last_day_of_a_programme_plans_moves_and_takes_away(
    scene: Scene, programme_id: uuid.UUID, database: Engine
) -> None:
    services, admin = scene.services, scene.administrator
    enrol_participant(services, scene.coordinator, scene.form(programme_id=programme_id))
    assert waves(database) == [("t0", "scheduled", "2026-03-02")]
    assert show_programme_settings(services, admin, programme_id).waits_for_end

    assert set_programme_end(services, admin, programme_id, date(2026, 6, 1)) == Ended(1, 0, 0)
    assert waves(database)[1:] == [("end", "scheduled", "2026-06-08")]
    assert messages(database, "end") == [
        ("invite", "planned", "2026-06-08"), ("reminder", "planned", "2026-06-11"),
        ("last_reminder", "planned", "2026-06-15"),
    ]  # fmt: skip

    assert set_programme_end(services, admin, programme_id, date(2026, 7, 1)) == Ended(0, 1, 0)
    assert waves(database)[1:] == [("end", "scheduled", "2026-07-08")]
    assert [row[2] for row in messages(database, "end")] == ["2026-07-08", "2026-07-11", "2026-07-15"]
    assert len(rows(database, "select 1 from message_event where event = 'replan'")) == 3

    assert set_programme_end(services, admin, programme_id, None) == Ended(0, 0, 1)
    assert {row[1] for row in messages(database, "end")} == {"cancelled"}
    assert set_programme_end(services, admin, programme_id, date(2026, 6, 1)) == Ended(1, 0, 0)
    assert [row[1] for row in waves(database)] == ["scheduled", "scheduled"]
    assert sorted(row[1] for row in messages(database, "end")) == ["cancelled"] * 3 + ["planned"] * 3
    assert len(rows(database, "select 1 from audit_event where action = 'set_programme_end'")) == 4


def test_a_wave_that_has_opened_stays_when_the_end_moves(
    scene: Scene, programme_id: uuid.UUID, database: Engine, clock: Clock
) -> None:
    services = scene.services
    enrol_participant(services, scene.coordinator, scene.form(programme_id=programme_id))
    set_programme_end(services, scene.administrator, programme_id, date(2026, 3, 16))
    clock.forward(days=22)
    close_waves(services)
    dispatch_messages(services)
    before = messages(database, "end")
    assert before[0][1] != "planned"
    assert set_programme_end(services, scene.administrator, programme_id, date(2026, 9, 1)) == Ended(0, 0, 0)
    assert messages(database, "end") == before


def test_the_first_activity_is_an_anchor_for_its_arm_only(
    scene: Scene, programme_id: uuid.UUID, database: Engine
) -> None:
    services = scene.services
    people = [
        enrol_participant(services, scene.coordinator, scene.form(programme_id=programme_id, arm=arm, **who))
        for arm, who in (
            ("intervention", {}),
            ("comparison", {"first_name": "Jan", "mobile": "06 0000 0138"}),
        )
    ]
    with database.begin() as connection:
        connection.execute(text("update enrolment set first_activity_on = '2026-03-31'"))
    with services.transaction(scene.org_id) as session:
        anchor_known(services, session, scene.org_id, [one.enrolment_id for one in people])
    found = rows(database, "select enrolment_id, target_on from measurement where wave = 'm1'")
    assert [(row.enrolment_id, row.target_on) for row in found] == [(people[0].enrolment_id, date(2026, 4, 30))]
    assert [row[0] for row in messages(database, "m1")] == ["invite", "reminder", "last_reminder"]


def test_an_arm_has_its_own_ladder(scene: Scene, programme_id: uuid.UUID, database: Engine, clock: Clock) -> None:
    services = scene.services
    for arm, who in (("intervention", {}), ("comparison", {"first_name": "Jan", "mobile": "06 0000 0138"})):
        enrol_participant(services, scene.coordinator, scene.form(programme_id=programme_id, arm=arm, **who))
    for _ in range(13 * 4):
        close_waves(services)
        dispatch_messages(services)
        clock.forward(hours=6)
    query = (
        "select e.arm, m.kind from message m join enrolment e on e.id = m.enrolment_id where m.attempt_number > 0"
        " and m.kind in ('invite', 'reminder', 'last_reminder') order by e.arm, m.due_at"
    )
    assert [(row.arm, row.kind) for row in rows(database, query)] == [
        ("comparison", "invite"),
        ("intervention", "invite"), ("intervention", "reminder"), ("intervention", "last_reminder"),
    ]  # fmt: skip
    called = "select e.arm from call_task t join enrolment e on e.participant_id = t.participant_id"
    assert [row.arm for row in rows(database, called)] == ["intervention"]
    texts = [message.text for message in services.sms.sent]  # type: ignore[attr-defined]
    assert sum("laatste bericht" in one for one in texts) == 1
    assert "Antwoord BEL" in texts[-1]


def test_a_programme_does_not_end_before_it_begins(scene: Scene) -> None:
    with pytest.raises(Refusal) as refusal:
        set_programme_end(scene.services, scene.administrator, scene.programme_id, date(2026, 2, 1))
    assert refusal.value.problems[0].key == "ends_before_start"
    with pytest.raises(NotFound):
        set_programme_end(scene.services, scene.administrator, uuid.uuid4(), None)
    with pytest.raises(Denied):
        set_programme_end(scene.services, scene.coordinator, scene.programme_id, None)


def test_who_enrols_later_gets_the_wave_after_the_end_too(
    scene: Scene, programme_id: uuid.UUID, database: Engine, clock: Clock
) -> None:
    set_programme_end(scene.services, scene.administrator, programme_id, date(2026, 6, 1))
    clock.forward(days=10)
    enrol_participant(scene.services, scene.coordinator, scene.form(programme_id=programme_id))
    assert [row[0] for row in waves(database)] == ["t0", "end"]
    assert clock() + timedelta(days=60) < rows(database, "select max(opens_at) as at from measurement")[0].at


def test_a_wave_that_the_plan_took_away_is_nobody_leaving(scene: Scene, programme_id: uuid.UUID) -> None:
    services, admin = scene.services, scene.administrator
    enrol_participant(services, scene.coordinator, scene.form(programme_id=programme_id))
    set_programme_end(services, admin, programme_id, date(2026, 6, 1))
    set_programme_end(services, admin, programme_id, None)
    with services.transaction(scene.org_id) as session:
        records = records_for(services, session, programme_id, services.now())
    assert records is not None
    assert [record.wave for record in records.measurements] == ["t0"]
