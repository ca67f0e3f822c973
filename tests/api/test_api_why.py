"""The page that says what somebody gets, and why."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from service.usecases.access import Role
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.api import year as v
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_a_coordinator_reads_why(scene: Scene, database: Engine, clock: Clock) -> None:
    participant_id = enrol_participant(scene.services, scene.coordinator, scene.form()).participant_id
    app = v.make_app(scene.services)
    client = v.browser(app, scene.services, Role.COORDINATOR)
    story = client.get(f"/deelnemers/{participant_id}").text
    page = f"/deelnemers/{participant_id}/waarom"
    assert f'href="{page}"' in story

    clock.forward(hours=2)  # between the open hours
    client = v.browser(app, scene.services, Role.COORDINATOR)  # two hours is long for a log-in
    said = plain(client.get(page).text)
    assert "Gaat op maandag 2 maart 2026 om 14.00 uur. Het wacht op de open uren." in said

    clock.forward(hours=2)
    dispatch_messages(scene.services)
    client = v.browser(app, scene.services, Role.COORDINATOR)
    said = plain(client.get(page).text)
    assert "Verstuurd. We weten nog niet of het is aangekomen." in said

    with database.begin() as connection:
        connection.exec_driver_sql("update participant set died_on = '2026-03-02'")
    assert "Wordt niet verstuurd: overleden." in plain(client.get(page).text)


def test_one_day_can_be_asked_for_and_a_wrong_day_is_said(scene: Scene) -> None:
    participant_id = enrol_participant(scene.services, scene.coordinator, scene.form()).participant_id
    client = v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR)
    page = f"/deelnemers/{participant_id}/waarom"
    reminder = plain(client.get(f"{page}?dag=2026-03-05").text)
    assert "Herinnering, t0" in reminder
    assert "Uitnodiging" not in reminder
    assert "Op deze dag is er geen bericht." in plain(client.get(f"{page}?dag=2026-03-06").text)
    wrong = client.get(f"{page}?dag=overmorgen")
    assert wrong.status_code == 200
    assert 'aria-invalid="true"' in wrong.text


def test_an_evaluator_does_not_read_it(scene: Scene) -> None:
    participant_id = enrol_participant(scene.services, scene.coordinator, scene.form()).participant_id
    client = v.browser(v.make_app(scene.services), scene.services, Role.EVALUATOR)
    assert client.get(f"/deelnemers/{participant_id}/waarom").status_code == 403
