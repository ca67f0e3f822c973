"""Registering people: what is kept, what is planned, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service.followup.consent import Purpose
from service.followup.problem import Refusal
from service.followup.registration import IntakeForm
from service.usecases.access import Denied
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.show_contact import show_contact
from tests.usecases.scene import ALL, GIVEN, Scene, make_scene, rows


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def keys(refusal: Any) -> set[str]:
    return {problem.key for problem in refusal.value.problems}


def test_a_person_is_kept_encrypted_and_followed_from_the_first_moment(scene: Scene, database: Engine) -> None:
    intake = IntakeForm(date(2026, 3, 1), 4, 3, 2, ("individual",), ("living_alone",), "at_risk", "huisarts")
    enrolled = enrol_participant(
        scene.services, scene.coordinator, scene.form(intake=intake, email="wil@voorbeeld.invalid")
    )
    page = show_contact(scene.services, scene.coordinator, enrolled.participant_id)
    assert (page.contact.first_name, page.contact.last_name) == ("Wil", "de Boer")
    assert {(one.kind, one.value) for one in page.contact.addresses} == {
        ("sms", "+31600000137"),
        ("email", "wil@voorbeeld.invalid"),
    }
    assert page.purposes == set(ALL)
    stored = rows(database, "select first_name, last_name from contact.person")
    assert stored
    assert all("Wil" not in value and "Boer" not in value for value in stored[0])
    waves = rows(database, "select wave, status, link_digest from measurement order by position")
    assert [row.wave for row in waves] == ["t0", "t3m", "t6m", "t12m"]
    assert all(row.status == "scheduled" and len(row.link_digest) == 32 for row in waves)
    keys_of = [row.dedupe_key for row in rows(database, "select dedupe_key from message order by due_at")]
    assert f"{enrolled.enrolment_id}:t0:invite" in keys_of
    assert len(keys_of) == len(set(keys_of)) == 3 * len(waves)  # an invitation and two reminders
    lines = rows(database, "select action, details from audit_event order by sequence")
    assert lines[-1].action == "enrol_participant"
    assert "Boer" not in str(lines)
    assert "0137" not in str(lines)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mobile": "", "landline": "078 000 0137", "preferred_channel": "phone"}, "only_landline"),
        ({"mobile": "", "preferred_channel": "phone"}, "no_channel"),
    ],
)
def test_people_without_a_mobile_are_welcome_and_somebody_calls(
    scene: Scene, database: Engine, changes: dict[str, Any], reason: str
) -> None:
    enrol_participant(scene.services, scene.coordinator, scene.form(**changes))
    assert rows(database, "select id from message") == []
    tasks = rows(database, "select reason, m.wave from call_task t join measurement m on m.id = t.measurement_id")
    assert [(row.reason, row.wave) for row in tasks] == [(reason, "t0")]


def test_without_consent_to_questions_nothing_is_planned(scene: Scene, database: Engine) -> None:
    enrolled = enrol_participant(scene.services, scene.coordinator, scene.form(consents={Purpose.SMS: GIVEN}))
    assert [note.key for note in enrolled.notes] == ["no_consent_to_questions"]
    assert rows(database, "select id from measurement") == []
    assert rows(database, "select id from message") == []
    assert len(rows(database, "select id from enrolment")) == 1


def test_the_same_name_with_the_same_number_is_a_duplicate(scene: Scene, database: Engine) -> None:
    enrol_participant(scene.services, scene.coordinator, scene.form())
    with pytest.raises(Refusal) as refusal:
        enrol_participant(scene.services, scene.coordinator, scene.form(first_name=" wil ", mobile="+31 6 0000 0137"))
    assert keys(refusal) == {"participant_known"}
    assert len(rows(database, "select id from participant")) == 1


def test_a_shared_number_is_allowed_and_noted(scene: Scene) -> None:
    enrol_participant(scene.services, scene.coordinator, scene.form())
    second = enrol_participant(scene.services, scene.coordinator, scene.form(first_name="Jan"))
    assert [note.key for note in second.notes] == ["address_shared"]


def test_every_problem_is_named_at_once_and_nothing_is_kept(scene: Scene, database: Engine) -> None:
    wrong = scene.form(
        first_name=" ",
        mobile="06-1234",
        email="wil.voorbeeld.nl",
        landline="06 0000 0137",
        birth_year=2027,
        language="xx",
        intake=IntakeForm(date(2026, 3, 3), know=6),
    )
    with pytest.raises(Refusal) as refusal:
        enrol_participant(scene.services, scene.coordinator, wrong)
    assert keys(refusal) == {
        "name_missing",
        "mobile_impossible",
        "email_without_at",
        "landline_is_mobile",
        "birth_year_impossible",
        "language_unknown",
        "date_in_future",
        "readiness_out_of_range",
    }
    assert all(scene.services.render.problem(problem, "nl") for problem in refusal.value.problems)
    assert rows(database, "select id from participant") == []


def test_practice_numbers_are_for_practice_only(scene: Scene) -> None:
    real = replace(scene.services, practice_numbers=False)
    for changes in ({}, {"mobile": "", "landline": "078 000 0137", "preferred_channel": "phone"}):
        with pytest.raises(Refusal) as refusal:
            enrol_participant(real, scene.coordinator, scene.form(**changes))
        assert keys(refusal) == {"practice_only"}


def test_only_a_coordinator_registers_people(scene: Scene) -> None:
    for actor in (scene.administrator, scene.evaluator):
        with pytest.raises(Denied):
            enrol_participant(scene.services, actor, scene.form())


def test_two_organisations_do_not_see_each_others_people(scene: Scene, services: Services) -> None:
    enrol_participant(services, scene.coordinator, scene.form())
    other = make_scene(services, "ander")
    enrolled = enrol_participant(services, other.coordinator, other.form())
    assert enrolled.notes == ()


def test_planning_is_anchored_in_the_moment_of_enrolment(scene: Scene, database: Engine) -> None:
    enrol_participant(scene.services, scene.coordinator, scene.form())
    first = rows(database, "select opens_at, closes_at from measurement order by position")[0]
    assert first.opens_at >= scene.services.now()
    assert first.closes_at > first.opens_at + timedelta(hours=1)
