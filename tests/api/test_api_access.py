"""Nobody comes in where they may not: every route has a rule, every form a token, every answer its headers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.api.access import STATIC, rule_of
from service.api.headers import HEADERS
from service.followup.problem import Unavailable
from service.usecases.access import Role
from service.usecases.services import Services
from tests.api.year import browser, make_app, post
from tests.usecases.scene import make_scene


def test_every_route_declares_who_may_come_in(services: Services) -> None:
    app = make_app(services)
    without = sorted(name for name, view in app.view_functions.items() if name != STATIC and rule_of(view) is None)
    assert without == []


def test_nobody_signed_in_is_led_to_the_log_in_and_back(services: Services) -> None:
    client = browser(make_app(services), services)
    answer = client.get("/deelnemers?toon=due")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/inloggen?next=/deelnemers%3Ftoon%3Ddue"


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.COORDINATOR, "/", 200),
        (Role.COORDINATOR, "/deelnemers", 200),
        (Role.COORDINATOR, "/programmas", 200),
        (Role.COORDINATOR, "/gegevens", 403),
        (Role.EVALUATOR, "/", 302),
        (Role.EVALUATOR, "/deelnemers", 403),
        (Role.EVALUATOR, "/gegevens", 200),
        (Role.ADMINISTRATOR, "/deelnemers", 403),
        (Role.ADMINISTRATOR, "/gegevens", 403),
        (Role.ADMINISTRATOR, "/programmas", 200),
    ],
)
def test_a_role_opens_its_own_pages_only(services: Services, role: Role, path: str, status: int) -> None:
    make_scene(services)
    assert browser(make_app(services), services, role).get(path).status_code == status


def test_a_form_without_its_token_changes_nothing_and_says_so_kindly(services: Services) -> None:
    make_scene(services)
    answer = browser(make_app(services), services, Role.EVALUATOR).post("/gegevens/bestand")
    assert answer.status_code == 400
    assert "stond te lang open" in answer.get_data(as_text=True)


def test_every_answer_tells_the_browser_to_load_nothing_from_elsewhere(services: Services) -> None:
    client = browser(make_app(services), services)
    for path in ("/inloggen", "/bestaat-niet", "/static/peil.css"):
        with client.get(path) as answer:  # the style sheet is an open file
            headers = answer.headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
    assert client.get("/inloggen").headers["Cache-Control"] == "no-store"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_a_page_that_does_not_exist_is_kind_and_names_nobody(services: Services, database: Engine) -> None:
    answer = browser(make_app(services), services).get("/deelnemers/geen-id")
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet" in answer.get_data(as_text=True)


def test_without_the_database_the_web_says_so_kindly(services: Services) -> None:
    def unreachable(_org_id: object = None) -> AbstractContextManager[Session]:
        raise Unavailable

    make_scene(services)
    client = browser(make_app(services), services, Role.COORDINATOR)
    broken = make_app(replace(services, transaction=unreachable)).test_client()
    with client.session_transaction() as session, broken.session_transaction() as other:
        other.update(session)
    answer = broken.get("/")
    assert answer.status_code == 503
    assert "We kunnen de gegevens nu niet bereiken" in answer.get_data(as_text=True)


def test_an_upload_that_is_too_large_is_refused_with_what_to_do(services: Services) -> None:
    make_scene(services)
    client = browser(make_app(services), services, Role.COORDINATOR)
    answer = client.post("/deelnemers/inlezen", data=b"x" * 5_000_000, content_type="multipart/form-data; boundary=y")
    assert answer.status_code == 413
    assert "Dit bestand is te groot" in answer.get_data(as_text=True)


def test_staff_can_read_the_pages_in_english_and_go_back(services: Services) -> None:
    make_scene(services)
    client = browser(make_app(services), services, Role.COORDINATOR)
    assert post(client, "/", "/taal", language="en", back="//elders.invalid").headers["Location"] == "/"
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)
    post(client, "/", "/taal", language="nl", back="/deelnemers")
    assert '<html lang="nl">' in client.get("/").get_data(as_text=True)
