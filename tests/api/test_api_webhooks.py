"""What the provider posts: signed or refused, and the same post twice is one post."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator

from service.channels.memory import MemoryChannel
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.receive_replies import receive_replies
from service.usecases.record_receipts import record_receipts
from service.usecases.services import Services
from tests.api.year import browser, make_app
from tests.usecases.scene import make_scene, rows

BASE = "https://peil.example"
ACCOUNT = "AC" + "0" * 32


def sid(number: int) -> str:
    return f"SM{number:032x}"


def post(client: FlaskClient, path: str, fields: dict[str, str], signature: str | None = None) -> Any:
    fields = {"AccountSid": ACCOUNT, **fields}
    if signature is None:
        signature = RequestValidator("auth-token").compute_signature(BASE + path, fields)
    return client.post(path, data=fields, headers={"X-Twilio-Signature": signature})


def reply(client: FlaskClient, number: int, text: str, **changes: str) -> Any:
    fields = {"MessageSid": sid(number), "From": "+31600000137", "To": "+3197000000000", "Body": text, **changes}
    return post(client, "/webhooks/twilio/sms", fields)


@pytest.fixture
def client(services: Services) -> FlaskClient:
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form())
    return browser(make_app(services), services)


def test_a_reply_is_taken_once_and_answered(client: FlaskClient, services: Services, database: Engine) -> None:
    dispatch_messages(services)
    for _ in range(2):
        assert reply(client, 1, "ja").status_code == 204
    assert len(rows(database, "select 1 from reply")) == 1
    assert receive_replies(services) == 1
    dispatch_messages(services)
    assert isinstance(services.sms, MemoryChannel)
    assert "Vraag 1 van 6" in services.sms.sent[-1].text
    stored = rows(database, "select sender, words from reply")[0]
    assert "31600000137" not in stored.sender


def test_a_forged_post_is_refused_and_nothing_is_stored(client: FlaskClient, database: Engine) -> None:
    fields = {"MessageSid": sid(2), "From": "+31600000137", "To": "+3197000000000", "Body": "STOP"}
    for path in ("/webhooks/twilio/sms", "/webhooks/twilio/status/abc"):
        assert post(client, path, fields, signature="bm90IHRoaXM=").status_code == 403
    assert client.post("/webhooks/twilio/sms", data=fields).status_code == 403
    assert rows(database, "select 1 from reply") == []
    assert rows(database, "select 1 from contact.stop") == []


def test_a_post_that_is_not_whole_is_refused(client: FlaskClient) -> None:
    assert post(client, "/webhooks/twilio/sms", {"From": "+31600000137"}).status_code == 400


def test_a_post_that_is_too_large_is_refused(client: FlaskClient) -> None:
    assert reply(client, 3, "a" * 70_000).status_code == 413


@pytest.mark.parametrize("text", ["", "a" * 1600, "😀", "١", "\x00STOP", "\u200f\u0645\u0631"])
def test_whatever_is_written_is_taken(client: FlaskClient, services: Services, database: Engine, text: str) -> None:
    dispatch_messages(services)
    assert reply(client, 4, text).status_code == 204
    receive_replies(services)
    assert rows(database, "select 1 from reply where state = 'pending' or failures > 0") == []


def test_stop_is_applied_before_the_answer_goes_back(client: FlaskClient, database: Engine) -> None:
    assert reply(client, 5, "stop").status_code == 204
    assert len(rows(database, "select 1 from contact.stop where lifted_at is null")) == 1
    assert rows(database, "select 1 from message where kind = 'invite' and state = 'due' and due_at < now()") == []


def test_a_receipt_names_its_attempt(client: FlaskClient, services: Services, database: Engine) -> None:
    dispatch_messages(services)
    token = rows(database, "select token from attempt")[0].token
    fields = {"MessageSid": sid(6), "MessageStatus": "delivered", "To": "+31600000137"}
    for _ in range(2):
        assert post(client, f"/webhooks/twilio/status/{token}", fields).status_code == 204
    assert record_receipts(services) == 1
    assert rows(database, "select state from message where attempt_number = 1")[0].state == "delivered"


def test_a_receipt_about_nothing_we_know_changes_nothing(client: FlaskClient, services: Services) -> None:
    fields = {"MessageSid": sid(7), "MessageStatus": "delivered", "To": "+31600000137"}
    assert post(client, "/webhooks/twilio/status/unknown", fields).status_code == 204
    assert record_receipts(services) == 1


def test_health(client: FlaskClient) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").json["status"] == "ready"  # type: ignore[index]
