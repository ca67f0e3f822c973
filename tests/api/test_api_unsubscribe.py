"""Ending e-mail by the one click of a mail program (RFC 8058), and by nothing that only looks."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.channels.memory import MemoryChannel
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.api.year import browser, make_app
from tests.builders import Clock
from tests.usecases.scene import make_scene, rows

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def path(services: Services, clock: Clock) -> str:
    scene = make_scene(services)
    form = scene.form(email="wil@voorbeeld.invalid", mobile="", preferred_channel="email")
    enrol_participant(services, scene.coordinator, form)
    dispatch_messages(services)
    assert isinstance(services.email, MemoryChannel)
    return services.email.sent[0].unsubscribe_url.removeprefix("https://peil.example")


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return browser(make_app(services), services)


def ended(database: Engine) -> int:
    return len(rows(database, "select 1 from contact.stop where lifted_at is null"))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("query", ["", "?List-Unsubscribe=One-Click", "?stoppen=ja"])
def test_nothing_but_a_post_ends_mail(
    path: str, client: FlaskClient, database: Engine, method: str, query: str
) -> None:
    answer = client.open(path + query, method=method, data=ONE_CLICK, content_type=FORM)
    assert answer.status_code in (200, 405)
    assert ended(database) == 0


@pytest.mark.parametrize("body", ["", "x=1", "stoppen=nee", "List-Unsubscribe="])
def test_a_post_without_a_choice_ends_nothing(path: str, client: FlaskClient, database: Engine, body: str) -> None:
    assert client.post(path, data=body, content_type=FORM).status_code == 400
    assert ended(database) == 0


def test_one_click_needs_no_cookie_no_form_token_and_is_not_sent_elsewhere(
    path: str, client: FlaskClient, database: Engine
) -> None:
    for _ in range(2):
        answer = client.post(path, data=ONE_CLICK, content_type=FORM)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert ended(database) == 1
    assert len(rows(database, "select 1 from consent where purpose = 'email' and withdrawn_at is null")) == 0
    assert len(rows(database, "select 1 from consent where purpose = 'questions' and withdrawn_at is null")) == 1


def test_one_click_as_a_form_of_parts(path: str, client: FlaskClient, database: Engine) -> None:
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert ended(database) == 1
