"""What becomes of an SMS when the provider refuses, slows down, breaks or falls silent: over real HTTP."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from service.channels.base import Accepted, Outcome, Outgoing, Rejected, Throttled, Unknown
from service.channels.silent import SilentChannel
from service.channels.sms_twilio import TwilioWebhooks
from tests.simulator.practice import ACCOUNT, TOKEN, Practice, bound, practice, wait_for

TO = "+31600000137"


@pytest.fixture(scope="module")
def running() -> Iterator[Practice]:
    with practice() as running:
        yield running


def order(running: Practice, **fault: Any) -> None:
    assert requests.post(f"{running.url}/misbehave", json=fault, timeout=5).status_code == 204


def send(running: Practice, to: str = TO, text: str = "Dag", token: str = "t", **changes: object) -> Outcome:
    return running.channel(**changes).send(Outgoing(token, to, text))


def since() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_the_provider_got(running: Practice) -> None:
    outcome = running.channel().send(Outgoing("token-1", TO, "Dag", valid_minutes=90))
    assert isinstance(outcome, Accepted)
    event = next(e for e in running.simulator.truth if e.facts.get("sid") == outcome.provider_id)
    assert event.facts["callback"] == f"{running.service.url}/webhooks/twilio/status/token-1"
    assert event.facts["validity"] == "5400"


def test_a_messaging_service_may_stand_in_for_a_number(running: Practice) -> None:
    assert isinstance(send(running, sender="MG" + "2" * 32), Accepted)


@pytest.mark.parametrize(
    ("to", "text", "outcome"),
    [
        ("0600000137", "Dag", Rejected("21211", bad_address=True)),
        ("+31780000137", "Dag", Rejected("21635", bad_address=True)),
        (TO, " ", Rejected("21602")),
        (TO, "x" * 1601, Rejected("21617")),
    ],
)
def test_a_known_refusal(running: Practice, to: str, text: str, outcome: Outcome) -> None:
    assert send(running, to, text) == outcome


def test_a_number_that_stopped_at_the_provider(running: Practice) -> None:
    number = "+31600000555"
    send(running, number)
    requests.post(f"{running.url}/reply", data={"phone": number, "text": "Stop"}, timeout=5)
    assert send(running, number) == Rejected("21610", opted_out=True)
    requests.post(f"{running.url}/reply", data={"phone": number, "text": "start"}, timeout=5)
    assert isinstance(send(running, number), Accepted)


def test_trouble_with_our_account_keeps_the_message_ours(running: Practice) -> None:
    assert send(running, auth_token="replaced") == Throttled("20003")
    assert send(running, account_sid="AC" + "9" * 32) == Throttled("20003")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"how": "throttle"}, Throttled("20429")),
        ({"how": "reject", "code": 21614}, Rejected("21614", bad_address=True)),
        ({"how": "reject", "code": 21408}, Rejected("21408")),
        ({"how": "error_500"}, Unknown("Status500")),
        ({"how": "hang", "seconds": 1.5}, Unknown("ReadTimeout")),
    ],
)
def test_not_taken(running: Practice, fault: dict[str, Any], outcome: Outcome) -> None:
    text = f"niet aangenomen {fault}"
    order(running, next=1, **fault)
    assert send(running, text=text) == outcome
    assert running.channel().look_up(TO, since(), digest(text)) is None


@pytest.mark.parametrize("how", ["error_after_accept", "drop_answer"])
def test_taken_although_the_answer_was_lost(running: Practice, how: str) -> None:
    """The answer says nothing; the look-up and the callback, which names the attempt, both tell."""
    text, token = f"wel aangenomen {how}", f"lost-{how.replace('_', '-')}"
    order(running, next=1, how=how)
    assert isinstance(send(running, text=text, token=token), Unknown)
    found = running.channel().look_up(TO, since(), digest(text))
    assert found is not None
    wait_for(lambda: [p for p in running.service.posts if p.path.endswith(token)])
    post = next(p for p in running.service.posts if p.path.endswith(token))
    receipt = TwilioWebhooks(ACCOUNT, (TOKEN,), running.service.url).read_receipt(post.form, token, post.signature)
    assert receipt is not None
    assert (receipt.provider_id, receipt.token) == (found, token)


def test_a_look_up_that_lags_finds_nothing_yet(running: Practice) -> None:
    order(running, look_up_lag=30)
    send(running, text="nog niet te zien")
    assert running.channel().look_up(TO, since(), digest("nog niet te zien")) is None
    order(running, look_up_lag=0)
    assert running.channel().look_up(TO, since(), digest("nog niet te zien")) is not None


def test_a_moment_within_the_second_is_not_too_late(running: Practice) -> None:
    """The provider counts whole seconds: what it took in the second of `since` must be found."""
    started = datetime.now(UTC)
    send(running, text="in dezelfde seconde")
    assert running.channel().look_up(TO, started, digest("in dezelfde seconde")) is not None


def test_nobody_there(running: Practice) -> None:
    place, port = bound()
    channel = running.channel(api_url=f"http://127.0.0.1:{port}")
    started = time.monotonic()
    assert channel.send(Outgoing("t", TO, "Dag")) == Unknown("ConnectionError")
    with pytest.raises(LookupError):
        channel.look_up(TO, since(), digest("Dag"))
    assert time.monotonic() - started < 3
    place.close()


def test_something_that_is_not_the_provider(running: Practice) -> None:
    """A page of a proxy, with any status, is no answer."""
    running.service.status = 200
    try:
        outcome = send(running, api_url=running.service.url)
    finally:
        running.service.status = 204
    assert isinstance(outcome, Unknown)


def test_one_channel_for_many_threads(running: Practice) -> None:
    channel = running.channel(timeouts=(3.0, 10.0))
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: channel.send(Outgoing(f"many-{n}", TO, f"bericht {n}")), range(64)))
    assert len({outcome.provider_id for outcome in outcomes if isinstance(outcome, Accepted)}) == 64


def test_no_number_and_no_words_in_any_log(running: Practice, caplog: pytest.LogCaptureFixture) -> None:
    channel = running.channel()
    caplog.set_level(logging.INFO)
    channel.send(Outgoing("t", TO, "geheim"))
    channel.send(Outgoing("t", "06", "geheim"))
    channel.look_up(TO, since(), digest("geheim"))
    assert "31600000137" not in caplog.text
    assert "geheim" not in caplog.text


def test_without_settings_nothing_is_sent() -> None:
    silent = SilentChannel("sms")
    assert not silent.ready
    assert silent.send(Outgoing("t", TO, "Dag")) == Throttled("not_configured")
    with pytest.raises(LookupError):
        silent.look_up(TO, since(), digest("Dag"))
