"""Somebody who is here already joins a second programme: one person, one history of consent, two enrolments."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import Engine

from service.followup.consent import Purpose, TakenHow
from service.followup.participation import ExitKind
from service.followup.problem import Refusal
from service.usecases.access import Denied, NotFound
from service.usecases.create_programme import create_programme
from service.usecases.enrol_again import enrol_again
from service.usecases.enrol_participant import enrol_participant
from service.usecases.import_participants import Import, RowState, import_participants
from service.usecases.record_consent import record_consent
from service.usecases.record_death import record_death
from service.usecases.record_exit import record_exit
from service.usecases.services import Services
from service.usecases.steps.registration import Enrolled
from service.usecases.withdraw_participant import withdraw_participant
from tests.builders import Clock
from tests.usecases.scene import GIVEN, Scene, make_scene, rows

LIST = (
    "voornaam;achternaam;geboortejaar;mobiel;toestemming_vragen;toestemming_sms;weten\n"
    "Wil;de Boer;1948;06 0000 0137;ja;ja;3\n"
    "Zoë;van Dam;1950;06 0000 0138;ja;ja;\n"
).encode()


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


@pytest.fixture
def second(scene: Scene, database: Engine) -> uuid.UUID:
    found = rows(database, "select intervention_id, protocol_id from programme")[0]
    return create_programme(
        scene.services,
        scene.administrator,
        intervention_id=found.intervention_id,
        protocol_id=found.protocol_id,
        coordinator_id=scene.coordinator.account_id,
        name="Samen wandelen",
        site="Park",
        municipality="Dordrecht",
        starts_on=date(2026, 3, 1),
    )


def enrol(scene: Scene) -> Enrolled:
    return enrol_participant(scene.services, scene.coordinator, scene.form())


def again(scene: Scene, who: Enrolled, programme_id: uuid.UUID) -> Enrolled:
    return enrol_again(scene.services, scene.coordinator, who.participant_id, programme_id)


def leave(scene: Scene, who: Enrolled) -> None:
    record_exit(
        scene.services,
        scene.coordinator,
        who.participant_id,
        who.enrolment_id,
        exited_on=date(2026, 3, 2),
        exit_kind=ExitKind.MOVED,
    )


def read(scene: Scene, programme_id: uuid.UUID, data: bytes = LIST) -> Import:
    return import_participants(scene.services, scene.coordinator, programme_id, data, apply=True)


def key_of(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    (problem,) = refusal.value.problems
    return problem.key


def test_a_second_programme_is_a_second_enrolment_of_the_same_person(
    scene: Scene, second: uuid.UUID, database: Engine
) -> None:
    first = enrol(scene)
    other = again(scene, first, second)
    assert (other.participant_id, other.pseudonym, other.recognition_word, other.notes) == (
        first.participant_id,
        first.pseudonym,
        first.recognition_word,
        (),
    )
    assert other.enrolment_id != first.enrolment_id
    assert [one.wave for one in other.measurements] == [one.wave for one in first.measurements]
    assert len(rows(database, "select id from participant")) == 1
    assert len(rows(database, "select id from consent")) == 4
    planned = rows(database, "select enrolment_id, count(*) as messages from message group by enrolment_id")
    assert {row.enrolment_id: row.messages for row in planned} == {first.enrolment_id: 12, other.enrolment_id: 12}
    lines = rows(database, "select subject_id, details from audit_event where action = 'enrol_again'")
    assert [(line.subject_id, line.details["programme"]) for line in lines] == [(first.participant_id, str(second))]


def test_nobody_takes_part_twice_in_one_programme(scene: Scene, second: uuid.UUID, database: Engine) -> None:
    first = enrol(scene)
    for programme_id in (scene.programme_id, second):
        if programme_id == second:
            again(scene, first, second)
        with pytest.raises(Refusal) as refusal:
            again(scene, first, programme_id)
        assert key_of(refusal) == "takes_part_already"
    assert len(rows(database, "select id from enrolment")) == 2


def test_whoever_left_can_come_back_for_a_second_episode(scene: Scene, clock: Clock, database: Engine) -> None:
    first = enrol(scene)
    leave(scene, first)
    clock.forward(days=30)
    back = again(scene, first, scene.programme_id)
    spells = rows(database, "select id, started_on, exited_on from enrolment order by started_at")
    assert [(row.id, row.exited_on is None) for row in spells] == [
        (first.enrolment_id, False),
        (back.enrolment_id, True),
    ]
    assert spells[1].started_on == date(2026, 4, 1)


def test_without_consent_to_questions_nothing_is_planned_until_there_is(
    scene: Scene, second: uuid.UUID, database: Engine
) -> None:
    first = enrol(scene)
    who = first.participant_id
    withdraw_participant(scene.services, scene.coordinator, who, [Purpose.QUESTIONS], TakenHow.SPOKEN)
    other = again(scene, first, second)
    assert other.measurements == ()
    assert [note.key for note in other.notes] == ["no_consent_to_questions"]
    query = "select id from measurement where enrolment_id = :enrolment"
    assert rows(database, query, enrolment=other.enrolment_id) == []
    record_consent(scene.services, scene.coordinator, who, {Purpose.QUESTIONS: GIVEN})
    assert len(rows(database, query, enrolment=other.enrolment_id)) == 4


def test_who_died_what_does_not_exist_and_who_may_not(scene: Scene, second: uuid.UUID) -> None:
    first = enrol(scene)
    elsewhere = make_scene(scene.services, "elders")
    with pytest.raises(Denied):
        enrol_again(scene.services, scene.evaluator, first.participant_id, second)
    with pytest.raises(NotFound):
        enrol_again(scene.services, elsewhere.coordinator, first.participant_id, elsewhere.programme_id)
    with pytest.raises(NotFound):
        again(scene, first, elsewhere.programme_id)
    with pytest.raises(Refusal) as refusal:
        enrol_again(scene.services, scene.coordinator, first.participant_id, second, "somewhere")
    assert key_of(refusal) == "choice_unknown"
    record_death(scene.services, scene.coordinator, first.participant_id, date(2026, 3, 1))
    with pytest.raises(Refusal) as refusal:
        again(scene, first, second)
    assert key_of(refusal) == "participant_died"


def test_registering_somebody_who_is_here_says_who_it_is(scene: Scene, second: uuid.UUID) -> None:
    first = enrol(scene)
    with pytest.raises(Refusal) as refusal:
        enrol_participant(scene.services, scene.coordinator, scene.form(programme_id=second))
    assert refusal.value.problems[0].values == {"participant_id": str(first.participant_id)}


def test_a_list_for_another_programme_enrols_who_is_here_again(
    scene: Scene, second: uuid.UUID, database: Engine
) -> None:
    enrol(scene)
    found = read(scene, second)
    assert [row.state for row in found.rows] == [RowState.AGAIN, RowState.NEW]
    assert found.applied
    assert len(rows(database, "select id from participant")) == 2
    assert len(rows(database, "select id from enrolment where programme_id = :id", id=second)) == 2
    assert [row.know for row in rows(database, "select know from intake")] == [3]
    assert len(rows(database, "select id from consent")) == 4 + 2
    assert [row.state for row in read(scene, second).rows] == [RowState.KNOWN] * 2
    assert len(rows(database, "select id from enrolment")) == 3


def test_the_same_person_twice_in_such_a_list_is_enrolled_once(
    scene: Scene, second: uuid.UUID, database: Engine
) -> None:
    enrol(scene)
    found = read(scene, second, LIST + LIST.splitlines(keepends=True)[1])
    assert [row.state for row in found.rows] == [RowState.AGAIN, RowState.NEW, RowState.KNOWN]
    assert found.rows[2].problems[0].key == "row_twice"
    assert len(rows(database, "select id from enrolment where programme_id = :id", id=second)) == 2


def test_a_list_brings_nobody_back_who_left_or_died(scene: Scene, second: uuid.UUID, database: Engine) -> None:
    first = enrol(scene)
    leave(scene, first)
    assert read(scene, scene.programme_id).rows[0].problems[0].key == "row_left"
    record_death(scene.services, scene.coordinator, first.participant_id, date(2026, 3, 1))
    found = read(scene, second)
    assert (found.rows[0].state, found.rows[0].problems[0].key) == (RowState.KNOWN, "row_died")
    query = "select id from enrolment where participant_id = :id"
    assert len(rows(database, query, id=first.participant_id)) == 1


def test_a_long_list_is_written_slice_by_slice(scene: Scene, database: Engine) -> None:
    header, _, _ = LIST.splitlines(keepends=True)
    people = (f"Naam{i};Bos;1950;06 0000 {i:04d};ja;ja;\n" for i in range(1, 602))
    found = read(scene, scene.programme_id, header + "".join(people).encode())
    assert found.count(RowState.NEW) == 601
    counted = "select count(*) as all, count(distinct participant_id) as people from "
    assert tuple(rows(database, counted + "measurement")[0]) == (601 * 4, 601)
    assert tuple(rows(database, counted + "message")[0]) == (601 * 12, 601)
