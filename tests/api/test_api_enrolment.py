"""The pages of enrolment and administration, as a browser sees them."""

from __future__ import annotations

import base64
import re
import zlib
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from service.api import create_app
from service.usecases.create_programme import create_programme
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.usecases.scene import PASSWORD, Scene, make_scene, protocol_text, rows


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


@pytest.fixture
def client(services: Services) -> FlaskClient:
    app = create_app(services, "s" * 32, secure_cookies=False)
    app.config["TESTING"] = True
    return app.test_client()


def post(client: FlaskClient, page: str, data: dict[str, Any], to: str | None = None) -> TestResponse:
    """Fill in a form as a browser does: with the form token of the page it stands on."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found, page
    return client.post(to or page, data={"csrf_token": found[1], **data})


def log_in(client: FlaskClient, role: str) -> None:
    answer = post(client, "/inloggen", {"email": f"{role}.welzijn@voorbeeld.invalid", "password": PASSWORD})
    assert answer.status_code == 302


def person(scene: Scene, **changes: Any) -> str:
    return str(enrol_participant(scene.services, scene.coordinator, scene.form(**changes)).participant_id)


FORM = {
    "first_name": "Zoë",
    "last_name": "van Dam",
    "mobile": "06 0000 0142",
    "preferred_channel": "sms",
    "language": "nl",
    "arm": "intervention",
    "purposes": ["questions", "sms"],
    "taken_how": "spoken",
    "legal_basis": "consent",
    "taken_on": "2026-03-01",
    "know": "4",
    "causes": ["individual"],
}


def test_a_wrong_password_says_so_and_keeps_the_address(scene: Scene, client: FlaskClient) -> None:
    answer = post(client, "/inloggen", {"email": "coordinator.welzijn@voorbeeld.invalid", "password": "fout"})
    assert answer.status_code == 400
    assert "horen niet bij elkaar" in answer.text
    assert "coordinator.welzijn@voorbeeld.invalid" in answer.text
    assert "fout" not in re.sub(r"<[^>]*>", "", answer.text)


@pytest.mark.parametrize("onward", ["//elders.example", "/\\elders.example", "https://elders.example", ""])
def test_logging_in_never_leads_elsewhere(scene: Scene, client: FlaskClient, onward: str) -> None:
    data = {"email": "coordinator.welzijn@voorbeeld.invalid", "password": PASSWORD, "next": onward}
    assert post(client, "/inloggen", data).headers["Location"] == "/"


def test_logging_out_ends_the_session(scene: Scene, client: FlaskClient) -> None:
    log_in(client, "coordinator")
    assert post(client, "/deelnemers/nieuw", {}, to="/uitloggen").headers["Location"] == "/inloggen"
    assert client.get("/deelnemers/nieuw").headers["Location"].startswith("/inloggen")


def test_somebody_is_registered_by_the_form(scene: Scene, client: FlaskClient, database: Engine) -> None:
    log_in(client, "coordinator")
    answer = post(client, "/deelnemers/nieuw", {**FORM, "programme_id": str(scene.programme_id)})
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "Zoë van Dam" in page.text
    assert len(rows(database, "select id from message")) == 12
    assert rows(database, "select know, causes from intake")[0] == (4, ["individual"])
    assert {row.purpose for row in rows(database, "select purpose from consent")} == {"questions", "sms"}


def test_what_is_wrong_stands_above_its_field_and_what_was_typed_stays(scene: Scene, client: FlaskClient) -> None:
    log_in(client, "coordinator")
    data = {
        **FORM,
        "programme_id": str(scene.programme_id),
        "mobile": "06-12",
        "email": "zoe.voorbeeld",
        "taken_on": "2027-01-01",
    }
    answer = post(client, "/deelnemers/nieuw", data)
    assert answer.status_code == 400
    assert 'id="e-mobile"' in answer.text
    assert "staat geen @" in answer.text
    assert "ligt in de toekomst" in answer.text
    for typed in ('value="Zoë"', 'value="06-12"', 'value="zoe.voorbeeld"'):
        assert typed in answer.text
    assert re.search(r'value="questions" checked', answer.text)


def test_a_list_is_looked_at_first_and_then_read_in(scene: Scene, client: FlaskClient, database: Engine) -> None:
    log_in(client, "coordinator")
    data = "voornaam;achternaam;mobiel;toestemming_vragen;toestemming_sms\nZoë;van Dam;06 0000 0142;ja;ja\n".encode(
        "utf-8-sig"
    )
    chosen = {"programme_id": str(scene.programme_id)}
    answer = post(client, "/deelnemers/inlezen", {**chosen, "file": (BytesIO(data), "lijst.csv")})
    assert answer.status_code == 200
    assert "Zoë van Dam" in answer.text
    assert rows(database, "select id from participant") == []
    seen = re.search(r'name="seen" value="([^"]+)"', answer.text)
    assert seen
    assert zlib.decompress(base64.b64decode(seen[1])) == data
    done = post(client, "/deelnemers/inlezen", {**chosen, "seen": seen[1], "apply": "ja"})
    assert done.status_code == 302
    assert len(rows(database, "select id from participant")) == 1


def test_a_list_with_a_wrong_row_cannot_be_read_in(scene: Scene, client: FlaskClient) -> None:
    log_in(client, "coordinator")
    data = b"voornaam;achternaam;mobiel\nWil;;06-12\n"
    answer = post(
        client, "/deelnemers/inlezen", {"programme_id": str(scene.programme_id), "file": (BytesIO(data), "a.csv")}
    )
    assert "Regel 2: De naam ontbreekt" in answer.text
    assert 'name="apply"' not in answer.text
    workbook = post(
        client,
        "/deelnemers/inlezen",
        {"programme_id": str(scene.programme_id), "file": (BytesIO(b"PK\x03\x04"), "a.xlsx")},
    )
    assert workbook.status_code == 400
    assert "Excel-bestand" in workbook.text


def test_every_form_of_somebodys_life_opens_and_works(scene: Scene, client: FlaskClient, database: Engine) -> None:
    who = person(scene)
    log_in(client, "coordinator")
    base = f"/deelnemers/{who}"
    enrolment = str(rows(database, "select id from enrolment")[0].id)
    contact = {
        "first_name": "Wil",
        "last_name": "Boer",
        "mobile": "06 0000 0200",
        "preferred_channel": "sms",
        "language": "nl",
    }
    steps: list[tuple[str, dict[str, Any]]] = [
        ("gegevens", contact),
        ("toestemming", {"purposes": ["sharing"], "taken_how": "paper", "legal_basis": "consent"}),
        ("vertrek", {"enrolment_id": enrolment, "exited_on": "2026-03-02", "exit_kind": "moved", "reason": ""}),
        ("gesprek", {"outcome": "spoken"}),
        ("intrekken", {"purposes": ["sms"], "taken_how": "spoken"}),
        ("overlijden", {"died_on": "2026-03-02"}),
    ]
    for step, data in steps:
        assert client.get(f"{base}/{step}").status_code == 200, step
        if step not in ("gesprek",):
            empty = post(client, f"{base}/{step}", {})
            assert empty.status_code == 400, step
        answer = post(client, f"{base}/{step}", data)
        assert answer.status_code == 302, (step, answer.text)
        assert client.get(base).status_code == 200
    assert rows(database, "select died_on is not null as died from participant")[0].died


def test_messages_and_calls_from_the_participants_page(scene: Scene, client: FlaskClient, database: Engine) -> None:
    who = person(scene)
    log_in(client, "coordinator")
    form = f"/deelnemers/{who}/gegevens"
    assert post(client, form, {}, to=f"/deelnemers/{who}/proefbericht").status_code == 302
    assert post(client, form, {}, to=f"/deelnemers/{who}/link").status_code == 302
    assert [row.kind for row in rows(database, "select kind from message where kind = 'test'")] == ["test"]
    assert "proefbericht" in client.get(form).text
    person(scene, first_name="An", mobile="", preferred_channel="phone")
    task = rows(database, "select id from call_task")[0].id
    assert post(client, form, {"outcome": "spoken"}, to=f"/gesprekken/{task}").headers["Location"] == "/"
    moment = rows(database, "select id from contact_moment")[0].id
    assert post(client, form, {}, to=f"/gesprekken/{moment}/ongedaan").headers["Location"] == "/"
    assert rows(database, "select done_at from call_task")[0].done_at is None
    assert post(client, form, {"outcome": "??"}, to=f"/gesprekken/{task}").status_code == 404


def test_an_administrator_starts_a_programme(scene: Scene, client: FlaskClient, database: Engine) -> None:
    log_in(client, "administrator")
    for page in ("/beheer", "/beheer/accounts", "/interventies/nieuw", "/programmas/nieuw", "/protocollen"):
        assert client.get(page).status_code == 200, page
    assert post(client, "/interventies/nieuw", {"name": "Maatjes", "goal_type": "reduce"}).status_code == 302
    assert post(client, "/interventies/nieuw", {"name": "Maatjes", "goal_type": "reduce"}).status_code == 400
    newer = protocol_text().replace("version: 2", "version: 3").encode()
    assert post(client, "/protocollen", {"file": (BytesIO(newer), "p.yaml")}).status_code in (200, 302)
    broken = post(client, "/protocollen", {"file": (BytesIO(b"key: x\nversion: een\n"), "p.yaml")})
    assert broken.status_code == 400
    assert "Regel 2:" in broken.text
    data = {
        "name": "Maatjes Zuid",
        "site": "Zuid",
        "intervention_id": str(rows(database, "select id from intervention where name = 'Maatjes'")[0].id),
        "protocol_id": str(rows(database, "select id from protocol_version where version = 2")[0].id),
        "coordinator_id": str(scene.coordinator.account_id),
    }
    assert post(client, "/programmas/nieuw", data).status_code == 400
    assert post(client, "/programmas/nieuw", {**data, "starts_on": "2026-03-01"}).status_code == 302
    assert "Maatjes Zuid" in client.get("/beheer").text


@pytest.mark.parametrize("role", ["administrator", "evaluator"])
def test_other_roles_do_not_meet_participants(scene: Scene, client: FlaskClient, role: str) -> None:
    who = person(scene)
    log_in(client, role)
    for page in (
        "/deelnemers/nieuw",
        "/deelnemers/inlezen",
        f"/deelnemers/{who}/gegevens",
        f"/deelnemers/{who}/overlijden",
    ):
        assert client.get(page).status_code == 403, page


def test_a_form_without_its_token_changes_nothing(scene: Scene, client: FlaskClient, database: Engine) -> None:
    log_in(client, "coordinator")
    assert client.post("/deelnemers/nieuw", data={**FORM, "programme_id": str(scene.programme_id)}).status_code == 400
    assert rows(database, "select id from participant") == []


def test_somebody_joins_a_second_programme_by_the_page(scene: Scene, client: FlaskClient, database: Engine) -> None:
    who = person(scene)
    log_in(client, "coordinator")
    page = f"/deelnemers/{who}/programma"
    assert page in client.get(f"/deelnemers/{who}").text
    assert "Geen ander programma" in client.get(page).text
    found = rows(database, "select intervention_id, protocol_id from programme")[0]
    second = create_programme(
        scene.services,
        scene.administrator,
        intervention_id=found.intervention_id,
        protocol_id=found.protocol_id,
        coordinator_id=scene.coordinator.account_id,
        name="Samen wandelen",
        site="Park",
        municipality="",
        starts_on=date(2026, 3, 1),
    )
    twice = post(client, page, {"programme_id": str(scene.programme_id), "arm": "intervention"})
    assert twice.status_code == 400
    assert "doet nu al mee aan dit programma" in twice.text
    assert post(client, page, {"programme_id": str(second), "arm": "intervention"}).status_code == 302
    shown = client.get(f"/deelnemers/{who}").text
    assert "Samen wandelen" in shown
    assert "Samen koken Noord" in shown


def test_registering_somebody_who_is_here_points_to_their_page(scene: Scene, client: FlaskClient) -> None:
    who = person(scene, first_name="Zoë", last_name="van Dam", birth_year=None, mobile="06 0000 0142")
    log_in(client, "coordinator")
    answer = post(client, "/deelnemers/nieuw", {**FORM, "programme_id": str(scene.programme_id)})
    assert answer.status_code == 400
    assert "staat er al" in answer.text
    assert f'href="/deelnemers/{who}/programma"' in answer.text
