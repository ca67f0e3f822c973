"""Another version of a protocol: looked at first, then done in one transaction, also beside a dispatch."""

from __future__ import annotations

import dataclasses
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from service.followup.problem import Refusal
from service.followup.replanning import Fate
from service.store.session import Session
from service.usecases.access import Denied, NotFound
from service.usecases.change_protocol import Changed, change_protocol
from service.usecases.close_waves import close_waves
from service.usecases.create_programme import create_programme
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.preview_protocol import preview_protocol
from service.usecases.record_consent import record_consent
from service.usecases.services import Services
from service.usecases.show_administration import show_administration
from service.usecases.withdraw_participant import withdraw_participant
from tests.builders import Clock
from tests.usecases.scene import ALL, Scene, make_scene, protocol_text, rows

OLD = protocol_text()
VERSION = "version: 2\n"
#: Three months become four, a wave goes, one comes, and there is one reminder less.
NEW = (
    OLD.replace(VERSION, "version: 3\n")
    .replace("offset: 3 months", "offset: 4 months")
    .replace("  - {after: 7 days, last: true}\n", "")
    .replace("key: t12m", "key: t9m")
    .replace("offset: 12 months", "offset: 9 months")
)


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def protocol_id(scene: Scene) -> uuid.UUID:
    return show_administration(scene.services, scene.administrator).programmes[0].protocol_id


def people(scene: Scene, count: int = 2) -> list[uuid.UUID]:
    return [
        enrol_participant(
            scene.services, scene.coordinator, scene.form(first_name=f"Wil{n}", mobile=f"06 0000 {1000 + n}")
        ).participant_id
        for n in range(count)
    ]


def waves(database: Engine) -> list[tuple[str, str, str]]:
    found = rows(database, "select wave, status, target_on from measurement order by participant_id, opens_at, wave")
    return [(row.wave, row.status, row.target_on.isoformat()) for row in found]


def messages(database: Engine, wave: str) -> list[tuple[str, str, str]]:
    query = (
        "select m.kind, m.state, m.local_at from message m join measurement me on me.id = m.measurement_id"
        " where me.wave = :wave order by m.due_at"
    )
    return [(row.kind, row.state, row.local_at.date().isoformat()) for row in rows(database, query, wave=wave)]


def snapshot(database: Engine) -> list[Any]:
    tables = ("measurement", "message", "message_event", "enrolment", "protocol_version", "programme", "audit_event")
    return [rows(database, f"select * from {table} order by id") for table in tables]


def test_looking_changes_nothing_and_says_what_doing_does(scene: Scene, database: Engine) -> None:
    people(scene, 2)
    before = snapshot(database)
    seen = preview_protocol(scene.services, scene.administrator, protocol_id(scene), NEW)
    assert snapshot(database) == before
    assert {(one.field, one.about) for one in seen.differences} == {
        ("wave_removed", "t12m"), ("wave_added", "t9m"), ("wave.offset", "t3m"),
        ("ladder.second", ""), ("ladder.last", ""),
    }  # fmt: skip
    [programme] = seen.programmes
    assert (programme.people, programme.running) == (2, 2)
    assert (programme.moved, programme.added, programme.cancelled, programme.stays) == (2, 2, 2, 2)
    assert [(one.wave, one.fate, one.old_on, one.new_on) for one in programme.examples] == [
        ("t3m", Fate.MOVES, date(2026, 6, 2), date(2026, 7, 2))
    ] * 2
    done = change_protocol(scene.services, scene.administrator, seen.old.id, NEW, [scene.programme_id])
    assert (done.people, done.moved, done.added, done.cancelled) == (2, 2, 2, 2)


def test_moving_the_people_of_a_programme(scene: Scene, database: Engine) -> None:
    people(scene, 1)
    old_id = protocol_id(scene)
    done = change_protocol(scene.services, scene.administrator, old_id, NEW, [scene.programme_id])
    assert done == Changed(done.protocol_id, 3, 1, 1, 1, 1)
    assert waves(database) == [
        ("t0", "scheduled", "2026-03-02"),  # open since this morning: it stays
        ("t3m", "scheduled", "2026-07-02"),
        ("t6m", "scheduled", "2026-09-02"),
        ("t9m", "scheduled", "2026-12-02"),
        ("t12m", "cancelled", "2027-03-02"),
    ]
    assert messages(database, "t0") == [
        ("invite", "planned", "2026-03-02"), ("reminder", "planned", "2026-03-05"),
        ("last_reminder", "planned", "2026-03-09"),
    ]  # fmt: skip
    assert messages(database, "t3m") == [
        ("last_reminder", "cancelled", "2026-06-09"),
        ("invite", "planned", "2026-07-02"), ("reminder", "planned", "2026-07-06"),
    ]  # fmt: skip
    assert {row[1] for row in messages(database, "t12m")} == {"cancelled"}
    assert [row[1] for row in messages(database, "t9m")] == ["planned", "planned"]
    events = rows(database, "select event, count(*) as n from message_event group by event order by event")
    assert [(row.event, row.n) for row in events] == [("cancel", 5), ("replan", 2)]
    [version] = rows(database, "select replaces_id, made_by from protocol_version where version = 3")
    assert (version.replaces_id, version.made_by) == (old_id, scene.administrator.account_id)
    assert rows(database, "select protocol_id from enrolment")[0].protocol_id == done.protocol_id
    assert rows(database, "select protocol_id from programme")[0].protocol_id == done.protocol_id
    assert len(rows(database, "select 1 from audit_event where action = 'change_protocol'")) == 1


def test_only_who_enrols_from_now_on(scene: Scene, database: Engine) -> None:
    people(scene, 1)
    before = waves(database)
    done = change_protocol(scene.services, scene.administrator, protocol_id(scene), NEW, [])
    assert (done.people, waves(database)) == (0, before)
    form = scene.form(first_name="Nieuw", mobile="06 0000 0200")
    enrol_participant(scene.services, scene.coordinator, form)
    assert sorted(row.version for row in rows(database, "select p.version from enrolment e join protocol_version p on p.id = e.protocol_id")) == [2, 3]  # fmt: skip
    assert len(rows(database, "select 1 from measurement where wave = 't9m'")) == 1


def test_each_programme_chooses_for_itself(scene: Scene, database: Engine) -> None:
    other = create_programme(
        scene.services,
        scene.administrator,
        intervention_id=show_administration(scene.services, scene.administrator).interventions[0].id,
        protocol_id=protocol_id(scene),
        coordinator_id=scene.coordinator.account_id,
        name="Samen koken Zuid",
        site="Zuid",
        municipality="",
        starts_on=date(2026, 3, 1),
    )
    people(scene, 1)
    second = scene.form(programme_id=other, first_name="Jan", mobile="06 0000 0200")
    enrol_participant(scene.services, scene.coordinator, second)
    seen = preview_protocol(scene.services, scene.administrator, protocol_id(scene), NEW)
    assert [(one.programme, one.people) for one in seen.programmes] == [
        ("Samen koken Noord", 1),
        ("Samen koken Zuid", 1),
    ]
    assert change_protocol(scene.services, scene.administrator, seen.old.id, NEW, [other]).people == 1
    query = "select e.programme_id from measurement m join enrolment e on e.id = m.enrolment_id where m.wave = 't9m'"
    assert [row.programme_id for row in rows(database, query)] == [other]


def test_what_was_sent_answered_or_withdrawn_stays(scene: Scene, database: Engine, clock: Clock) -> None:
    first, second = people(scene, 2)
    dispatch_messages(scene.services)
    withdraw_participant(scene.services, scene.coordinator, second, list(ALL))
    clock.forward(days=1)
    sent = rows(database, "select * from message where attempt_number > 0 order by id")
    done = change_protocol(scene.services, scene.administrator, protocol_id(scene), NEW, [scene.programme_id])
    assert done.people == 1
    assert rows(database, "select * from message where attempt_number > 0 order by id") == sent
    kept = rows(database, "select distinct status from measurement where participant_id = :p", p=second)
    assert "scheduled" not in {row.status for row in kept}
    moved = rows(database, "select p.version from enrolment e join protocol_version p on p.id = e.protocol_id where e.participant_id = :p", p=first)  # fmt: skip
    assert moved[0].version == 3


def test_nobody_gets_a_wave_twice_however_often_it_changes(scene: Scene, database: Engine, clock: Clock) -> None:
    person = people(scene, 1)[0]
    current, source = protocol_id(scene), OLD
    for version in range(3, 9):
        base = NEW if version % 2 else OLD
        source = base.replace("version: 3\n", VERSION).replace(VERSION, f"version: {version}\n")
        current = change_protocol(
            scene.services, scene.administrator, current, source, [scene.programme_id]
        ).protocol_id
    record_consent(scene.services, scene.coordinator, person, ALL)  # plans again whatever is not there
    planned = rows(database, "select wave, status from measurement order by opens_at, wave")
    assert [row.wave for row in planned if row.status == "scheduled"] == ["t0", "t3m", "t6m", "t12m"]
    query = (
        "select me.wave, m.kind, count(*) as n from message m join measurement me on me.id = m.measurement_id"
        " where m.state = 'planned' group by 1, 2"
    )
    assert {row.n for row in rows(database, query)} == {1}
    for _ in range(380 * 2):
        close_waves(scene.services)
        dispatch_messages(scene.services)
        clock.forward(hours=12)
    sent = rows(database, "select me.wave, m.kind, count(*) as n from message m join measurement me on me.id = m.measurement_id where m.attempt_number > 0 group by 1, 2")  # fmt: skip
    assert {row.n for row in sent} == {1}
    assert {row.wave for row in sent} == {"t0", "t3m", "t6m", "t12m"}


@pytest.mark.parametrize(
    ("source", "key"),
    [
        (OLD, "version_taken"),
        (OLD.replace(VERSION, "version: 3\n"), "protocol_no_change"),
        (NEW.replace("key: zes-vragen", "key: zeven-vragen"), "protocol_other_key"),
        (NEW.replace("offset: 4 months", "offset: soon"), "protocol_bad_period"),
    ],
)
def test_what_cannot_be_the_next_version_is_refused(scene: Scene, source: str, key: str, database: Engine) -> None:
    before = snapshot(database)
    for call in (
        lambda: preview_protocol(scene.services, scene.administrator, protocol_id(scene), source),
        lambda: change_protocol(scene.services, scene.administrator, protocol_id(scene), source, []),
    ):
        with pytest.raises(Refusal) as refusal:
            call()
        assert refusal.value.problems[0].key == key
    assert snapshot(database) == before


def test_only_an_administrator_and_only_what_exists(scene: Scene) -> None:
    with pytest.raises(Denied):
        change_protocol(scene.services, scene.coordinator, protocol_id(scene), NEW, [])
    with pytest.raises(NotFound):
        preview_protocol(scene.services, scene.administrator, uuid.uuid4(), NEW)


def test_a_message_that_is_being_claimed_is_waited_for_and_its_wave_stays(scene: Scene, database: Engine) -> None:
    """Two real connections: the claim first."""
    people(scene, 1)
    done: list[Changed] = []
    with database.begin() as connection:
        claimed = connection.execute(
            text(
                "update message set state = 'sending', attempt_number = 1, lease_until = now() where id = (select m.id"
                " from message m join measurement me on me.id = m.measurement_id"
                " where me.wave = 't3m' and m.kind = 'invite') returning *"
            )
        ).one()
        change = threading.Thread(
            target=lambda: done.append(
                change_protocol(scene.services, scene.administrator, protocol_id(scene), NEW, [scene.programme_id])
            )
        )
        change.start()
        change.join(0.5)
        assert change.is_alive()  # it waits
    change.join(10)
    assert done[0].moved == 0
    assert rows(database, "select * from message where id = :id", id=claimed.id) == [claimed]
    assert ("t3m", "scheduled", "2026-06-02") in waves(database)


def test_a_dispatch_beside_a_change_sends_nothing_that_moves(scene: Scene, database: Engine, clock: Clock) -> None:
    """Two real connections: the change first. Its clock stands just before the wave opens, that of the dispatch after."""
    people(scene, 1)
    dispatch_messages(scene.services)
    before = rows(database, "select opens_at from measurement where wave = 't3m'")[0].opens_at - timedelta(minutes=1)
    written, go_on = threading.Event(), threading.Event()

    @contextmanager
    def slow(org_id: uuid.UUID | None = None) -> Iterator[Session]:
        with scene.services.transaction(org_id) as session:
            yield session
            session.flush()
            written.set()
            assert go_on.wait(20)

    late = dataclasses.replace(scene.services, transaction=slow, now=lambda: before)
    old_id = protocol_id(scene)
    change = threading.Thread(
        target=lambda: change_protocol(late, scene.administrator, old_id, NEW, [scene.programme_id])
    )
    change.start()
    assert written.wait(20)
    clock.moment = before + timedelta(minutes=2)
    sent = len(scene.services.sms.sent)  # type: ignore[attr-defined]
    dispatch_messages(scene.services)
    go_on.set()
    change.join(20)
    for _ in range(3):
        dispatch_messages(scene.services)
    assert ("invite", "planned", "2026-07-02") in messages(database, "t3m")
    told = [message.text for message in scene.services.sms.sent[sent:]]  # type: ignore[attr-defined]
    assert not any("Mogen we u" in one for one in told)
