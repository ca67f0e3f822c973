"""The channel that remembers and the real one behave alike, so that what tests show holds for Twilio's wire format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from service.channels.base import Accepted, Channel, Outgoing
from service.channels.memory import MemoryChannel
from tests.simulator.practice import practice

TO = "+31600000137"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def a_moment_ago() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=30)


@pytest.fixture(params=["memory", "twilio"], scope="module")
def channel(request: pytest.FixtureRequest) -> Iterator[Channel]:
    if request.param == "memory":
        yield MemoryChannel("sms")
        return
    with practice() as running:
        yield running.channel()


def test_it_says_what_it_is(channel: Channel) -> None:
    assert (channel.name, channel.ready) == ("sms", True)


def test_accepted_with_an_id_that_can_be_looked_up(channel: Channel) -> None:
    text = "Vraag 1 van 6: antwoord 1 = ja, 2 = min of meer, 3 = nee. Café ë €"
    outcome = channel.send(Outgoing("token-a", TO, text))
    assert isinstance(outcome, Accepted)
    assert channel.look_up(TO, a_moment_ago(), digest(text)) == outcome.provider_id


def test_every_message_has_its_own_id(channel: Channel) -> None:
    first, second = (channel.send(Outgoing(f"token-b{n}", TO, "Dag")) for n in (1, 2))
    assert first != second


def test_of_two_that_are_alike_the_newest_is_found(channel: Channel) -> None:
    channel.send(Outgoing("token-c1", TO, "Nog eens"))
    last = channel.send(Outgoing("token-c2", TO, "Nog eens"))
    assert Accepted(channel.look_up(TO, a_moment_ago(), digest("Nog eens")) or "") == last


def test_another_text_or_another_number_is_not_found(channel: Channel) -> None:
    channel.send(Outgoing("token-d", TO, "Alleen voor u"))
    assert channel.look_up(TO, a_moment_ago(), digest("Alleen voor mij")) is None
    assert channel.look_up("+31600000138", a_moment_ago(), digest("Alleen voor u")) is None
