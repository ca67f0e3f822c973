"""From invitation to score by SMS, and everything that may come between."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from service.channels.base import Accepted, Forged, Incoming, Outcome, Outgoing, Receipt, Rejected, Throttled, Unknown
from service.channels.memory import MemoryChannel
from service.usecases.close_waves import close_waves
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.receive_replies import receive_replies
from service.usecases.reconcile_messages import reconcile_messages
from service.usecases.record_receipts import record_receipts
from service.usecases.services import DeliveryTimes, Services
from service.usecases.take_receipt import take_receipt
from service.usecases.take_reply import take_reply
from tests.builders import Clock
from tests.usecases.v1_scene import Scene, make_scene, rows

NUMBER = "+31600000137"


class Post:
    """Reads what a test posts: signature "good" is right."""

    def read_reply(self, form: Mapping[str, list[str]], signature: str) -> Incoming:
        if signature != "good":
            raise Forged
        return Incoming("twilio", form["sid"][0], form["from"][0], "+31970000000", form["text"][0])

    def read_receipt(self, form: Mapping[str, list[str]], token: str, signature: str) -> Receipt | None:
        if signature != "good":
            raise Forged
        return Receipt("twilio", form["sid"][0], token, form["status"][0], form.get("code", [""])[0])


@dataclasses.dataclass
class Street:
    """A participant with a phone, and the service round it."""

    scene: Scene
    services: Services
    clock: Clock
    database: Engine
    numbers: Any = dataclasses.field(default_factory=lambda: itertools.count(1))

    @property
    def phone(self) -> list[Outgoing]:
        assert isinstance(self.services.sms, MemoryChannel)
        return self.services.sms.sent

    @property
    def mailbox(self) -> list[Outgoing]:
        assert isinstance(self.services.email, MemoryChannel)
        return self.services.email.sent

    def run(self) -> None:
        """One tick of everything."""
        while receive_replies(self.services) + record_receipts(self.services) + dispatch_messages(self.services):
            pass

    def write(self, text: str, sender: str = NUMBER, sid: str = "") -> None:
        form = {"sid": [sid or f"SM{next(self.numbers)}"], "from": [sender], "text": [text]}
        take_reply(self.services, form, "good")
        self.run()

    def report(self, token: str, status: str, code: str = "", sid: str = "SMx") -> None:
        take_receipt(self.services, {"sid": [sid], "status": [status], "code": [code]}, token, "good")
        record_receipts(self.services)

    def ask(self, query: str, **values: Any) -> list[Any]:
        return rows(self.database, query, **values)

    def answer(self, outcome: Outcome | None) -> None:
        assert isinstance(self.services.sms, MemoryChannel)
        self.services.sms.answer = lambda message: outcome or Accepted(f"mem-{message.token}")


@pytest.fixture
def street(services: Services, clock: Clock, database: Engine) -> Street:
    """One participant with a mobile, invited this morning."""
    services = dataclasses.replace(services, webhooks=Post())
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form(email="wil@voorbeeld.invalid"))
    return Street(scene, services, clock, database)


def test_a_whole_conversation_ends_in_a_score(street: Street) -> None:
    street.run()
    assert len(street.phone) == 1
    assert "Mogen we u 6 vragen stellen" in street.phone[0].text
    street.write("ja")
    assert "Vraag 1 van 6" in street.phone[-1].text
    for reply in ("1", "3", "min of meer", "1", "nee", "2"):
        street.clock.forward(minutes=1)
        street.write(reply)
    assert "Dank u wel" in street.phone[-1].text
    assert len(street.phone) == 8
    [measurement] = street.ask("select status, mode, completed_at from measurement where wave = 't0'")
    assert (measurement.status, measurement.mode) == ("complete", "sms")
    answers = street.ask("select item, code from answer_event order by sequence")
    assert [row.code for row in answers] == ["yes", "no", "more_or_less", "yes", "no", "more_or_less"]
    assert len(street.ask("select 1 from score")) == 1
    assert street.ask("select 1 from message where kind = 'reminder' and state = 'due'") == []
    assert street.ask("select 1 from conversation where closed_at is null") == []


def test_the_same_reply_twice_is_one_reply(street: Street) -> None:
    street.run()
    street.write("ja", sid="SMsame")
    street.write("ja", sid="SMsame")
    assert len(street.phone) == 2


def test_stop_beats_everything(street: Street) -> None:
    street.run()
    street.write("ja")
    street.write("1")
    take_reply(street.services, {"sid": ["SMa"], "from": [NUMBER], "text": ["2"]}, "good")
    take_reply(street.services, {"sid": ["SMb"], "from": [NUMBER], "text": ["Stop."]}, "good")
    before = len(street.phone)
    street.run()
    said = [message.text for message in street.phone[before:]]
    assert len(said) == 1
    assert "geen berichten meer" in said[0]
    street.write("STOP")
    street.clock.forward(days=4)
    street.run()
    assert len(street.phone) == before + 1
    assert street.mailbox == []
    assert len(street.ask("select 1 from consent where purpose = 'email' and withdrawn_at is not null")) == 1
    assert (
        street.ask("select 1 from consent where purpose in ('questions', 'phone') and withdrawn_at is not null") == []
    )


def test_start_lifts_a_stop_only_when_it_is_newer(street: Street) -> None:
    street.run()
    street.write("STOP", sid="SM-stop")
    street.clock.forward(minutes=5)
    street.write("START")
    assert "weer berichten" in street.phone[-1].text
    assert street.ask("select 1 from contact.stop where lifted_at is null") == []
    street.clock.forward(minutes=5)
    street.write("STOP")
    street.write("START", sid="SM-stop")  # an old message, sent again
    assert len(street.ask("select 1 from contact.stop where lifted_at is null")) == 1


def test_a_stop_between_claim_and_call_is_seen(street: Street) -> None:
    """Two people are claimed together; while the first is written to, the second stops."""
    other = street.scene.form(first_name="Jan", mobile="06 0000 0138", email="")
    enrol_participant(street.services, street.scene.coordinator, other)
    written: list[str] = []

    def stop_the_other(message: Outgoing) -> Outcome:
        if not written:
            both = {"+31600000137", "+31600000138"}
            form = {"sid": ["SMrace"], "from": [(both - {message.to}).pop()], "text": ["stop"]}
            take_reply(street.services, form, "good")
        written.append(message.to)
        return Accepted(f"mem-{message.token}")

    assert isinstance(street.services.sms, MemoryChannel)
    street.services.sms.answer = stop_the_other
    dispatch_messages(street.services)
    assert len(written) == 1
    states = {row.state for row in street.ask("select state from message where attempt_number = 1")}
    assert states == {"accepted", "suppressed"}


def test_unclear_once_then_a_person(street: Street) -> None:
    street.run()
    street.write("ja")
    street.write("soms")
    assert "dat begrijpen we niet" in street.phone[-1].text
    street.write("4")
    assert "belt u" in street.phone[-1].text
    assert [row.reason for row in street.ask("select reason from call_task")] == ["stuck_by_sms"]
    assert street.ask("select 1 from answer_event") == []


def test_words_of_suicide_raise_an_alert_and_get_the_number(street: Street) -> None:
    street.run()
    street.write("ja")
    street.write("ik wil niet meer leven")
    assert "113" in street.phone[-1].text
    [alert] = street.ask("select level, due_at, raised_at from alert")
    assert alert.level == "red"
    [reply] = street.ask("select state, words from reply where read_as = 'distress'")
    assert reply.state == "to_read"
    assert "leven" not in reply.words
    street.clock.forward(days=4)
    street.run()
    assert "113" in street.phone[-1].text  # no reminder followed


@pytest.mark.parametrize("text", ["", "a" * 1600, "😀😀", "١", "\x00", "نعم", "3 of 5"])
def test_whatever_comes_in_is_kept_and_never_breaks(street: Street, text: str) -> None:
    street.run()
    street.write("ja")
    street.write(text)
    assert street.ask("select 1 from reply where state = 'pending'") == []
    assert len(street.ask("select 1 from reply")) == 2
    assert street.ask("select 1 from reply where failures > 0") == []


def test_a_reply_from_an_unknown_number_reaches_a_person(street: Street) -> None:
    street.write("wie is dit?", sender="+31600009999")
    [reply] = street.ask("select state, participant_id from reply")
    assert (reply.state, reply.participant_id) == ("to_read", None)
    assert "Mogen" in street.phone[0].text
    assert len(street.phone) == 1


def test_a_reply_written_before_the_question_went_out_is_not_its_answer(street: Street) -> None:
    street.run()
    street.write("ja")
    for number, text in enumerate(("1", "3")):
        take_reply(street.services, {"sid": [f"SMq{number}"], "from": [NUMBER], "text": [text]}, "good")
    street.run()
    assert len(street.ask("select 1 from answer_event")) == 1
    assert len(street.ask("select 1 from reply where state = 'to_read'")) == 1


def test_wrong_number_ends_it(street: Street) -> None:
    street.run()
    street.write("verkeerd nummer")
    assert "weg" in street.phone[-1].text
    assert [row.state for row in street.ask("select state from contact.address where kind = 'sms'")] == ["invalid"]
    assert [row.reason for row in street.ask("select reason from call_task")] == ["wrong_number"]


def test_declining_ends_the_reminders_and_counts_as_refused(street: Street) -> None:
    street.run()
    street.write("nee")
    street.clock.forward(days=40)
    street.run()
    close_waves(street.services)
    assert len(street.phone) == 2
    [row] = street.ask("select status, status_reason from measurement where wave = 't0'")
    assert (row.status, row.status_reason) == ("missed", "refused")


def test_two_people_on_one_number_are_never_mixed_up(street: Street) -> None:
    other = street.scene.form(first_name="Jan", email="")
    enrol_participant(street.services, street.scene.coordinator, other)
    street.run()
    assert len(street.phone) == 1  # one conversation a number: the second invitation waits
    waiting = street.ask("select reason from message where kind = 'invite' and state = 'due'")
    assert [row.reason for row in waiting] == ["number_in_conversation"]
    street.write("ja")
    for _ in range(6):
        street.write("1")
    street.clock.forward(days=2)
    street.run()
    street.write("ja")
    street.write("3")
    owners = street.ask(
        "select count(distinct m.participant_id) as people from answer_event a join measurement m on m.id = a.measurement_id"
    )
    assert owners[0].people == 2


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


def test_partly_answered_when_the_window_closes_is_scored_as_it_is(street: Street) -> None:
    street.run()
    street.write("ja")
    for _ in range(3):
        street.write("1")
    street.clock.forward(days=60)
    close_waves(street.services)
    [row] = street.ask("select status from measurement where wave = 't0'")
    assert row.status == "partial"
    assert len(street.ask("select 1 from score where primary_value is null")) == 1


def test_a_test_message_that_is_answered_shows_the_number_works(street: Street) -> None:
    street.run()
    with street.database.begin() as connection:
        connection.exec_driver_sql("update message set kind = 'test'")
        connection.exec_driver_sql("update conversation set closed_at = now()")
    street.write("JA")
    assert [r.state for r in street.ask("select state from contact.address where kind = 'sms'")] == ["working"]


def test_after_a_reminder_yes_means_go_on_and_answers_nothing(street: Street) -> None:
    street.run()
    street.write("ja")
    street.write("1")
    street.clock.forward(days=4)
    street.run()
    assert "mogen we u nog vragen" in street.phone[-1].text
    street.write("ja")
    assert "Vraag 2 van 6" in street.phone[-1].text
    assert len(street.ask("select 1 from answer_event")) == 1
    street.write("3")
    assert [row.item for row in street.ask("select item from answer_event order by sequence")][1:] != []


def test_whoever_got_stuck_gets_a_call_and_no_reminder(street: Street) -> None:
    street.run()
    street.write("ja")
    street.write("soms")
    street.write("tja 4")
    street.clock.forward(days=5)
    street.run()
    assert "nog vragen" not in street.phone[-1].text
