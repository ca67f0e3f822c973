"""What staff read on their pages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.channels.memory import MemoryChannel
from service.usecases.access import Role
from service.usecases.services import Services
from tests.api import year as v
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def words(client: FlaskClient, path: str) -> str:
    """The text of a page as one line, without its marks."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return plain(answer.get_data(as_text=True))


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\N{NO-BREAK SPACE}", " ").strip()


def test_the_worklist_names_who_to_call_first_and_why(scene: Scene, database: Engine, clock: Clock) -> None:
    ids = v.fill(scene, database, clock, people=3)
    with database.begin() as connection:
        v.call_task(connection, scene, ids[2], "no_answer", clock, days=4)
        v.call_task(connection, scene, ids[0], "asked_for_call", clock)
        v.reply(connection, scene, "Kan ik mijn buurvrouw meenemen?", clock, ids[1])
    text = words(v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR), "/")
    assert "2 mensen wachten op een telefoontje." in text
    assert text.index("Vroeg om een telefoontje (BEL)") < text.index("Vragen niet beantwoord")
    assert "06 0000 1000" in text
    assert "Kan ik mijn buurvrouw meenemen?" in text


def test_words_of_an_alert_stand_behind_a_button_and_reading_is_noted(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    ids = v.fill(scene, database, clock, people=1)
    with database.begin() as connection:
        reply_id = v.reply(connection, scene, "Ik zie het niet meer zitten.", clock, ids[0])
        alert_id = v.alert(connection, scene, ids[0], reply_id, clock)
    client = v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR)
    overview = words(client, "/")
    assert "Greet Hendriks schreef iets wat om snelle actie vraagt" in overview
    assert "niet meer zitten" not in overview
    opened = v.post(client, "/", f"/meldingen/{alert_id}/lezen")
    assert "Ik zie het niet meer zitten." in opened.get_data(as_text=True)
    v.post(client, "/", f"/meldingen/{alert_id}/opgepakt")
    assert "om snelle actie vraagt" not in words(client, "/")
    with database.connect() as connection:
        found = connection.exec_driver_sql(
            "select action from audit_event where subject_kind = 'alert' order by sequence"
        )
        assert list(found.scalars()) == ["read_alert", "acknowledge_alert"]


def test_every_staff_page_says_when_nothing_is_sent(scene: Scene) -> None:
    silent = replace(scene.services, sms=MemoryChannel("sms", ready=False), email=MemoryChannel("email", ready=False))
    client = v.browser(v.make_app(silent), silent, Role.COORDINATOR)
    for path in ("/", "/deelnemers", "/programmas", "/uitleg"):
        assert "Er wordt niets verstuurd." in words(client, path)
    assert "Er wordt niets verstuurd." not in words(
        v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR), "/"
    )


def test_a_participants_page_tells_that_answers_came_and_never_what_they_were(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    ids = v.fill(scene, database, clock, people=1)
    text = words(v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR), f"/deelnemers/{ids[0]}")
    assert "Greet Hendriks" in text
    assert "Uitnodiging, per sms, aangekomen" in text
    assert "Antwoorden binnen, per sms" in text
    assert "Vragen beantwoorden" in text  # the consent
    assert not re.search(r"\b(score|eenzaam|punten)\b", text)


def test_a_programme_shows_figures_with_denominator_interval_and_hedge(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    v.fill(scene, database, clock, people=14)
    text = words(
        v.browser(v.make_app(scene.services), scene.services, Role.EVALUATOR), f"/programmas/{scene.programme_id}"
    )
    assert "Van de 14 mensen bij wie het venster ‘na 6 maanden’ gesloten is" in text
    assert re.search(r"daalde de score gemiddeld \d,\d punt", text)
    assert "Er is geen vergelijkingsgroep" in text
    assert re.search(r"−\d,\d punt \d+ mensen met twee metingen 95%-interval −\d,\d tot −\d,\d", text)
    assert "Zonder vergelijkingsgroep" in text
    assert "De score daalt met" in text  # not the two means: beside the course they give away who answered once
    assert "De Jong Gierveld" in text
    assert "effect" not in text.replace("niet van effect", "")


def test_nothing_is_shown_about_fewer_than_ten_people(scene: Scene, database: Engine, clock: Clock) -> None:
    v.fill(scene, database, clock, people=9)
    html = (
        v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR)
        .get(f"/programmas/{scene.programme_id}")
        .get_data(as_text=True)
    )
    assert "niet getoond: minder dan 10" in plain(html)
    assert "data-v=" not in html
    assert "95%-interval " not in plain(html).split("Gemiddelde per meetmoment")[0]


def test_the_download_is_pseudonymous_and_has_a_row_for_who_was_silent(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    v.fill(scene, database, clock, people=3, answering=0.5)
    client = v.browser(v.make_app(scene.services), scene.services, Role.EVALUATOR)
    text = v.post(client, "/gegevens", "/gegevens/bestand").get_data(as_text=True)
    lines = text.strip().splitlines()
    assert len(lines) == 1 + 3 * 4
    assert "Hendriks" not in text
    assert "0000" not in text.replace("P000000", "")
    assert "scoring_version" in v.post(client, "/gegevens", "/gegevens/codeboek").get_data(as_text=True)


def test_a_person_of_another_organisation_does_not_exist_here(scene: Scene, database: Engine, clock: Clock) -> None:
    ids = v.fill(scene, database, clock, people=1)
    make_scene(scene.services, "ander")
    client = v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR, "ander")
    assert client.get(f"/deelnemers/{ids[0]}").status_code == 404
    assert client.get(f"/programmas/{scene.programme_id}").status_code == 404
