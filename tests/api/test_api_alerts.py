"""The pages about alarming words and duty, as staff meet them."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.usecases.access import Role
from service.usecases.disable_account import disable_account
from service.usecases.services import Services
from tests.api import year as v
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def words(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return plain(answer.get_data(as_text=True))


def test_an_alert_is_followed_from_the_list_to_its_end(scene: Scene, database: Engine, clock: Clock) -> None:
    ids = v.fill(scene, database, clock, people=1)
    with database.begin() as connection:
        alert_id = v.alert(connection, scene, ids[0], v.reply(connection, scene, "Ik wil niet meer.", clock), clock)
    app = v.make_app(scene.services)
    client = v.browser(app, scene.services, Role.COORDINATOR)
    found = words(client, "/meldingen")
    assert "Greet Hendriks" in found
    assert "Niemand heeft dienst." in found
    page = f"/meldingen/{alert_id}"
    v.post(client, page, f"{page}/opgepakt")
    assert "is opgepakt en nog niet afgerond" in words(client, "/")
    v.post(client, page, f"{page}/afronden")
    assert "Kies eerst hoe het is afgelopen." in words(client, page)
    v.post(client, page, f"{page}/afronden", outcome="false_alarm")
    assert "Afgerond: loos alarm" in words(client, page)
    assert "Loos alarm: 1 van de 1 afgeronde meldingen." in words(client, "/meldingen")
    read_again = plain(v.post(client, page, f"{page}/lezen").get_data(as_text=True))
    assert "Ik wil niet meer." in read_again
    assert "Ik pak dit op" not in read_again
    assert "Rond af" not in read_again
    assert "melding over" not in words(client, "/").lower()


def test_an_administrator_sees_that_something_waits_but_not_of_whom(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    ids = v.fill(scene, database, clock, people=1)
    with database.begin() as connection:
        alert_id = v.alert(connection, scene, ids[0], v.reply(connection, scene, "Ik wil niet meer.", clock), clock)
    client = v.browser(v.make_app(scene.services), scene.services, Role.ADMINISTRATOR)
    for path in ("/meldingen", f"/meldingen/{alert_id}"):
        found = words(client, path)
        assert "Greet" not in found
        assert "Een deelnemer" in found or "een deelnemer" in found.lower()
    assert v.post(client, "/dienst", f"/meldingen/{alert_id}/lezen").status_code == 403


def test_duty_of_somebody_who_left_is_duty_of_nobody(scene: Scene) -> None:
    app = v.make_app(scene.services)
    client = v.browser(app, scene.services, Role.COORDINATOR)
    v.post(client, "/dienst", "/dienst", on_duty=str(scene.administrator.account_id))
    assert "Niemand heeft dienst." not in words(client, "/dienst")
    disable_account(scene.services, email="administrator.welzijn@voorbeeld.invalid")
    assert "Niemand heeft dienst." in words(client, "/dienst")
    assert "Niemand heeft dienst." in words(client, "/meldingen")


def test_duty_is_set_on_a_page_and_tried_out(scene: Scene) -> None:
    app = v.make_app(scene.services)
    client = v.browser(app, scene.services, Role.COORDINATOR)
    assert "Niemand heeft dienst." in words(client, "/dienst")
    marieke, chef = scene.coordinator.account_id, scene.administrator.account_id
    wrong = v.post(client, "/dienst", "/dienst", on_duty=str(marieke), back_up=str(marieke))
    assert wrong.status_code == 400
    assert "Dezelfde persoon heeft dienst" in wrong.get_data(as_text=True)
    form = {"on_duty": str(marieke), "back_up": str(chef), f"mobile-{marieke}": "06 0000 0201"}
    v.post(client, "/dienst", "/dienst", **form)
    found = words(client, "/dienst")
    assert "Niemand heeft dienst." not in found
    v.post(client, "/dienst", "/dienst/proef", account=str(marieke))
    found = words(client, "/dienst")
    assert "De proefmelding per sms is verstuurd." in found
    assert "Alleen een beheerder kan hiervoor tekenen." in found
    chefs = v.browser(app, scene.services, Role.ADMINISTRATOR)
    v.post(chefs, "/dienst", "/dienst/hoge-scores", agreed="yes")
    assert "Ondertekend door" in words(chefs, "/dienst")
    assert v.browser(app, scene.services, Role.EVALUATOR).get("/dienst").status_code == 403
