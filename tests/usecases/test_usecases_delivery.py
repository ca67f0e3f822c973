"""What becomes of a message: killed, throttled, refused, lost and found again, reported late."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import datetime

import pytest

from service.channels.base import Outcome, Outgoing, Rejected, Throttled, Unknown
from service.channels.memory import MemoryChannel
from service.usecases.close_waves import close_waves
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.reconcile_messages import reconcile_messages
from service.usecases.services import DeliveryTimes
from tests.usecases.street import Street, street

__all__ = ["street"]  # the fixture


def test_killed_after_the_provider_took_it_nobody_gets_it_twice(street: Street) -> None:
    assert isinstance(street.services.sms, MemoryChannel)
    services = dataclasses.replace(street.services, delivery=DeliveryTimes(lease=DeliveryTimes().lease * 0))
    sms = street.services.sms

    def die(message: Outgoing) -> Outcome:
        sms.sent.append(message)
        raise KeyboardInterrupt

    sms.answer = die
    slow = dataclasses.replace(street.services, delivery=DeliveryTimes())
    with pytest.raises(KeyboardInterrupt):
        dispatch_messages(slow)
    street.answer(None)
    with street.database.begin() as connection:
        connection.exec_driver_sql(
            "update message set lease_until = now() - interval '1 second' where state = 'sending'"
        )
    street.clock.forward(minutes=2)
    reconcile_messages(services)
    reconcile_messages(services)
    street.run()
    assert len(street.phone) == 1
    states = street.ask("select state from message where attempt_number > 0")
    assert [row.state for row in states] == ["accepted"]


def test_killed_before_the_call_it_is_sent_once(street: Street) -> None:
    assert isinstance(street.services.sms, MemoryChannel)

    def die(message: Outgoing) -> Outcome:
        raise KeyboardInterrupt

    street.services.sms.answer = die
    with pytest.raises(KeyboardInterrupt):
        dispatch_messages(street.services)
    street.answer(None)
    with street.database.begin() as connection:
        connection.exec_driver_sql(
            "update message set lease_until = now() - interval '1 second' where state = 'sending'"
        )
    street.clock.forward(minutes=2)
    reconcile_messages(street.services)
    street.clock.forward(minutes=5)
    street.run()
    assert len(street.phone) == 1
    assert [row.number for row in street.ask("select number from attempt order by number")] == [1, 2]


def test_throttled_waits_and_is_sent_later(street: Street) -> None:
    street.answer(Throttled("20429"))
    street.run()
    assert street.phone == []
    street.answer(None)
    street.run()
    assert street.phone == []
    street.clock.forward(minutes=3)
    street.run()
    assert len(street.phone) == 1


def test_opted_out_at_the_provider_stops_the_number_here(street: Street) -> None:
    street.answer(Rejected("21610", opted_out=True))
    street.run()
    assert len(street.ask("select 1 from contact.stop where source = 'provider'")) == 1
    street.answer(None)
    street.clock.forward(days=5)
    street.run()
    assert street.phone == []


def test_a_bad_number_is_marked_and_the_reminder_goes_by_mail(street: Street) -> None:
    street.answer(Rejected("21614", bad_address=True))
    street.run()
    assert [row.state for row in street.ask("select state from contact.address where kind = 'sms'")] == ["invalid"]
    assert [row.reason for row in street.ask("select reason from call_task")] == ["unreachable"]
    street.clock.forward(days=8)
    street.run()
    assert len(street.mailbox) == 1
    assert "https://peil.example/v/" in street.mailbox[0].text


def test_an_unknown_fate_waits_for_the_look_up(street: Street) -> None:
    street.answer(Unknown("Timeout"))
    street.run()
    assert [row.state for row in street.ask("select state from message where attempt_number = 1")] == ["unknown"]
    street.answer(None)
    street.run()
    assert street.phone == []
    street.clock.forward(minutes=2)
    reconcile_messages(street.services)
    street.clock.forward(minutes=2)
    street.run()
    assert len(street.phone) == 1


def test_receipts_in_any_order_end_the_same(street: Street) -> None:
    street.run()
    token = street.phone[0].token
    for order in itertools.permutations(("sent", "delivered", "sent")):
        with street.database.begin() as connection:
            connection.exec_driver_sql("delete from receipt")
            connection.exec_driver_sql("update message set state = 'accepted' where attempt_number > 0")
        for status in order:
            street.report(token, status)
        assert [r.state for r in street.ask("select state from message where attempt_number > 0")] == ["delivered"]
    assert [r.state for r in street.ask("select state from contact.address where kind = 'sms'")] == ["working"]


def test_an_early_receipt_binds_the_attempt_whose_answer_was_lost(street: Street) -> None:
    lost: list[str] = []

    def lose(message: Outgoing) -> Outcome:
        lost.append(message.token)
        return Unknown("ConnectionError")

    assert isinstance(street.services.sms, MemoryChannel)
    street.services.sms.answer = lose
    street.run()
    street.report(lost[0], "delivered", sid="SMlost")
    [attempt] = street.ask("select provider_id from attempt")
    assert attempt.provider_id == "SMlost"
    street.clock.forward(minutes=5)
    reconcile_messages(street.services)
    street.run()
    assert len(lost) == 1


def test_a_dead_number_reported_later_becomes_a_call(street: Street) -> None:
    street.run()
    street.report(street.phone[0].token, "undelivered", "30005")
    assert [row.reason for row in street.ask("select reason from call_task")] == ["unreachable"]


def test_silence_becomes_a_call(street: Street) -> None:
    street.run()
    for _ in range(40):
        street.clock.forward(days=1)
        street.run()
        close_waves(street.services)
    assert "no_answer" in {row.reason for row in street.ask("select reason from call_task")}
    [row] = street.ask("select status, status_reason from measurement where wave = 't0'")
    assert (row.status, row.status_reason) == ("missed", "no_reply")


def test_without_a_configured_channel_everything_stays_as_it_is(street: Street) -> None:
    assert isinstance(street.services.sms, MemoryChannel)
    street.services.sms.ready = False
    assert dispatch_messages(street.services) == 0
    assert [r.state for r in street.ask("select distinct state from message")] == ["planned"]


def test_a_message_that_cannot_be_made_does_not_hold_up_the_rest(street: Street) -> None:
    with street.database.begin() as connection:
        connection.exec_driver_sql("update message set text_key = 'no_such_text' where kind = 'invite'")
    for _ in range(4):
        street.run()
        street.clock.forward(minutes=6)
    [row] = street.ask(
        "select state, reason from message where kind = 'invite' and due_at < now() and state <> 'planned'"
    )
    assert (row.state, row.reason) == ("needs_review", "KeyError")


def test_a_mail_whose_fate_is_unknown_goes_to_a_person(street: Street) -> None:
    """An SMTP server cannot be asked what it took: nobody gets it twice, somebody looks."""

    class Mail(MemoryChannel):
        def look_up(self, to: str, since: datetime, body_digest: str) -> str | None:  # noqa: ARG002 - the channel's form
            raise LookupError

    mail = Mail("email", answer=lambda _message: Unknown("ConnectionReset"))
    services = dataclasses.replace(street.services, email=mail)
    form = street.scene.form(first_name="Jo", mobile="", email="jo@voorbeeld.invalid", preferred_channel="email")
    enrol_participant(services, street.scene.coordinator, form)
    dispatch_messages(services)
    street.clock.forward(minutes=2)
    reconcile_messages(services)
    states = [row.state for row in street.ask("select state from message where channel = 'email'")]
    assert states == ["needs_review"]
    assert [row.reason for row in street.ask("select reason from call_task")] == ["fate_unknown"]


def test_people_without_a_channel_get_a_call_when_their_wave_opens(street: Street) -> None:
    form = street.scene.form(first_name="Ans", mobile="", email="", landline="078 000 0137", preferred_channel="phone")
    enrol_participant(street.services, street.scene.coordinator, form)
    close_waves(street.services)
    street.run()
    assert [row.reason for row in street.ask("select reason from call_task")] == ["only_landline"]
    street.clock.forward(days=95)
    close_waves(street.services)
    assert len(street.phone) == 1
