"""Who stands on which list, found by name within one organisation."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from service.followup.consent import Purpose
from service.usecases.access import Denied, NotFound
from service.usecases.acknowledge_alert import acknowledge_alert
from service.usecases.enrol_participant import enrol_participant
from service.usecases.export_dataset import NOT_SHARED, export_dataset
from service.usecases.mark_reply_read import mark_reply_read
from service.usecases.services import Services
from service.usecases.show_participants import Filter, show_participants
from service.usecases.show_programme import show_programme
from service.usecases.show_worklist import show_worklist
from tests.api import year as v
from tests.builders import Clock
from tests.usecases.scene import ALL, GIVEN, Scene, make_scene


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def names(scene: Scene, **asked: object) -> list[str]:
    page = show_participants(scene.services, scene.coordinator, **asked)  # type: ignore[arg-type]
    return [row.named.name for row in page.people]


def test_a_name_is_found_without_its_accents_and_capitals(scene: Scene) -> None:
    for first, last, mobile in (("Zoë", "van Dam", "06 0000 0161"), ("Şükran", "Yıldız", "06 0000 0142")):
        enrol_participant(
            scene.services, scene.coordinator, scene.form(first_name=first, last_name=last, mobile=mobile)
        )
    assert names(scene, search="zoe") == ["Zoë van Dam"]
    assert names(scene, search="SUKRAN") == ["Şükran Yıldız"]
    assert names(scene, search="pietersen") == []


def test_due_overdue_and_unreachable_are_three_different_things(scene: Scene, database: Engine, clock: Clock) -> None:
    ids = [
        enrol_participant(
            scene.services, scene.coordinator, scene.form(first_name=first, mobile=mobile, preferred_channel=channel)
        ).participant_id
        for first, mobile, channel in (
            ("Wil", "06 0000 0001", "sms"),
            ("Ans", "06 0000 0002", "sms"),
            ("Bep", "", "phone"),
        )
    ]
    clock.forward(days=1)
    with database.begin() as connection:
        connection.execute(text("update message set state = 'delivered' where participant_id = :id"), {"id": ids[1]})
    assert names(scene, only=Filter.DUE) == ["Ans de Boer", "Bep de Boer", "Wil de Boer"]
    assert names(scene, only=Filter.OVERDUE) == ["Ans de Boer"]
    assert names(scene, only=Filter.UNREACHABLE) == ["Bep de Boer"]
    found = show_worklist(scene.services, scene.coordinator)
    assert (found.due, found.overdue, found.unreachable, found.participants) == (3, 1, 1, 3)


def test_a_reply_leaves_the_list_once_it_is_read(scene: Scene, database: Engine, clock: Clock) -> None:
    with database.begin() as connection:
        reply_id = v.reply(connection, scene, "Wie bent u?", clock)
    assert [r.words for r in show_worklist(scene.services, scene.coordinator).replies] == ["Wie bent u?"]
    mark_reply_read(scene.services, scene.coordinator, reply_id)
    mark_reply_read(scene.services, scene.coordinator, reply_id)
    assert show_worklist(scene.services, scene.coordinator).replies == ()


def test_roles_and_organisations_are_kept_apart(scene: Scene, database: Engine, clock: Clock) -> None:
    other = make_scene(scene.services, "ander")
    with database.begin() as connection:
        reply_id = v.reply(connection, scene, "Wie bent u?", clock)
    with pytest.raises(Denied):
        show_worklist(scene.services, scene.evaluator)
    with pytest.raises(Denied):
        export_dataset(scene.services, scene.coordinator)
    with pytest.raises(NotFound):
        mark_reply_read(scene.services, other.coordinator, reply_id)
    with pytest.raises(NotFound):
        acknowledge_alert(scene.services, other.coordinator, reply_id)
    with pytest.raises(NotFound):
        show_programme(scene.services, other.evaluator, scene.programme_id)


def test_answers_are_exported_only_for_who_agreed_to_share_and_every_export_is_noted(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    sharing = {**ALL, Purpose.SHARING: GIVEN}
    for number, consents in enumerate((sharing, ALL)):
        form = scene.form(first_name=f"P{number}", mobile=f"06 0000 000{number}", consents=consents)
        enrol_participant(scene.services, scene.coordinator, form)
    with database.begin() as connection:
        for (measurement_id,) in connection.execute(text("select id from measurement where position = 0")).all():
            v.answer(connection, scene, measurement_id, scene.services.instruments["djg6"], 3, clock())
    lines = list(export_dataset(scene.services, scene.evaluator).lines)
    first = [line for line in lines if ",t0," in line]
    assert len(lines) == 1 + 2 * 4
    assert sorted(NOT_SHARED in line for line in first) == [False, True]
    assert sorted(line.count("yes") + line.count("no,") > 2 for line in first) == [False, True]
    with database.connect() as connection:
        noted = connection.execute(text("select details from audit_event where action = 'export_dataset'")).scalar_one()
    assert noted == {"rows": 8}


def test_figures_of_a_programme_add_up(scene: Scene, database: Engine, clock: Clock) -> None:
    v.fill(scene, database, clock, people=12, answering=0.9)
    figures = show_programme(scene.services, scene.evaluator, scene.programme_id).figures
    for wave in figures.waves:
        found = wave.retention
        assert found.closed + found.left + found.pending == found.enrolled == 12
    assert [wave.retention.closed for wave in figures.waves] == [12, 12, 12, 0]
    assert figures.waves[-1].course is None
