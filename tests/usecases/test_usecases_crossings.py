"""Replies that cross our questions, come late, say two things, or come from another number than the one we know."""

from __future__ import annotations

import uuid

import pytest

from service.followup.consent import Purpose
from service.followup.planning import MessageKind
from service.store import messages
from service.store.messages import NewMessage
from service.usecases.close_waves import close_waves
from service.usecases.create_programme import create_programme
from service.usecases.edit_contact import ContactForm, edit_contact
from service.usecases.enrol_again import enrol_again
from service.usecases.resend_link import resend_link
from service.usecases.send_test_message import send_test_message
from service.usecases.take_reply import take_reply
from tests.usecases.street import NUMBER, Street, street

__all__ = ["street"]  # the fixture

CODES = "select code from answer_event order by sequence"


def codes(street: Street) -> list[str]:
    return [row.code for row in street.ask(CODES)]


def the_person(street: Street) -> uuid.UUID:
    (row,) = street.ask("select id from participant")
    return uuid.UUID(str(row.id))


def post(street: Street, text: str, sid: str) -> None:
    """It arrives; nothing reads it yet."""
    take_reply(street.services, {"sid": [sid], "from": [NUMBER], "text": [text]}, "good")


# --- late -------------------------------------------------------------------------------------------------------------


def test_answers_after_the_window_are_kept_scored_and_labelled_late(street: Street) -> None:
    street.run()
    for text in ("ja", "1", "1", "1"):
        street.write(text)
    (wave,) = street.ask("select id, closes_at from measurement where wave = 't0'")
    street.clock.forward(days=(wave.closes_at - street.services.now()).days + 1)
    close_waves(street.services)
    for text in ("3", "3", "3"):
        street.clock.forward(minutes=1)
        street.write(text)
    assert codes(street) == ["yes"] * 3 + ["no"] * 3
    assert "Wat later is niet erg" in street.phone[-1].text
    (row,) = street.ask("select status from measurement where id = :id", id=wave.id)
    assert row.status == "late"
    scores = street.ask("select primary_value, missing from score where measurement_id = :id", id=wave.id)
    assert any(one.primary_value is not None and one.missing == 0 for one in scores)


def test_a_reply_long_after_the_window_answers_nothing_and_a_person_reads_it(street: Street) -> None:
    street.run()
    street.write("ja")
    street.clock.forward(days=75)
    close_waves(street.services)
    street.write("1")
    assert codes(street) == []
    (reply,) = street.ask("select state from reply order by received_at desc limit 1")
    assert reply.state == "to_read"
    assert "geen vragen voor u klaar" in street.phone[-1].text


# --- crossing ---------------------------------------------------------------------------------------------------------


def test_a_second_answer_that_crosses_the_next_question_is_not_its_answer(street: Street) -> None:
    """They answer question 1 and correct themselves while question 2 is on its way."""
    street.run()
    street.write("ja")
    street.clock.forward(minutes=1)
    post(street, "1", "SM-cross-1")
    street.clock.forward(seconds=1)
    post(street, "3", "SM-cross-2")
    street.clock.forward(seconds=2)
    street.run()
    assert codes(street) == ["yes"]
    (crossed,) = street.ask("select state from reply where provider_id = 'SM-cross-2'")
    assert crossed.state == "to_read"
    assert any("Vraag 2 van 6" in one.text for one in street.phone[-2:])
    street.clock.forward(minutes=1)
    street.write("2")  # and question 2 still takes its own answer
    assert codes(street) == ["yes", "more_or_less"]


def test_a_reply_that_was_written_before_the_question_but_read_after_it_is_no_answer(street: Street) -> None:
    street.run()
    street.write("ja")
    street.clock.forward(minutes=1)
    post(street, "1", "SM-late-1")
    written = street.services.now()
    street.clock.forward(seconds=5)
    street.run()  # question 2 goes out now
    post(street, "3", "SM-late-2")
    with street.database.begin() as connection:  # the provider was slow with it: it was there before question 2 was
        connection.exec_driver_sql(
            "update reply set received_at = %s where provider_id = 'SM-late-2'", (written.isoformat(),)
        )
    street.run()
    assert codes(street) == ["yes"]
    assert [row.state for row in street.ask("select state from reply where provider_id = 'SM-late-2'")] == ["to_read"]


@pytest.mark.parametrize("text", ["1 en 2", "1,2,2", "1 2 3", "1-2", "1 of 2", "vraag 1: 1, vraag 2: 3", "1\n3"])
def test_two_answers_in_one_message_are_asked_about_once_and_never_guessed(street: Street, text: str) -> None:
    street.run()
    street.write("ja")
    street.write(text)
    assert codes(street) == []
    said = street.phone[-1].text
    if "Stuur 1 cijfer" in said:
        street.write(text)
        assert "belt u" in street.phone[-1].text
    else:  # words go to a person at once
        assert "leest het op werkdagen" in said
    assert len(street.ask("select 1 from call_task where done_at is null")) == 1
    assert codes(street) == []


# --- overlapping waves ------------------------------------------------------------------------------------------------


def test_a_second_programme_waits_until_the_number_is_free_and_then_comes(street: Street) -> None:
    scene, person = street.scene, the_person(street)
    street.run()
    street.write("ja")
    (old,) = street.ask("select intervention_id, protocol_id from programme")
    second = create_programme(
        street.services, scene.administrator, intervention_id=old.intervention_id, protocol_id=old.protocol_id,
        coordinator_id=scene.coordinator.account_id, name="Wandelen", site="De Brink", municipality="Dordrecht",
        starts_on=street.services.now().date(),
    )  # fmt: skip
    enrol_again(street.services, scene.coordinator, person, second)
    street.clock.forward(minutes=5)
    street.run()
    assert len(street.ask("select 1 from conversation where closed_at is null")) == 1
    for text in ("1", "1", "1", "1", "1", "1"):
        street.clock.forward(minutes=1)
        street.write(text)
    assert "Dank u wel" in street.phone[-1].text
    street.clock.forward(days=2)
    street.run()
    assert "Mogen we u 6 vragen stellen" in street.phone[-1].text
    street.write("ja")
    street.write("3")
    per_wave = street.ask("select measurement_id, count(*) as n from answer_event group by 1 order by 2")
    assert [row.n for row in per_wave] == [1, 6]


def test_the_next_wave_takes_the_place_of_one_that_closed_unanswered(street: Street) -> None:
    street.run()
    street.write("ja")
    street.write("1")
    (t3,) = street.ask("select id, opens_at from measurement where wave = 't3m'")
    street.clock.forward(days=(t3.opens_at - street.services.now()).days + 2)
    close_waves(street.services)
    street.run()
    (talk,) = street.ask("select measurement_id, stage from conversation where closed_at is null")
    assert (talk.measurement_id, talk.stage) == (t3.id, "invited")
    street.write("ja")
    street.write("3")
    (answer,) = street.ask("select measurement_id, code from answer_event order by sequence desc limit 1")
    assert (answer.measurement_id, answer.code) == (t3.id, "no")


# --- other messages in mid-conversation -------------------------------------------------------------------------------


def test_an_encouragement_in_mid_conversation_does_not_disturb_the_open_question(street: Street) -> None:
    street.run()
    street.write("ja")
    street.clock.forward(minutes=30)
    (row,) = street.ask("select enrolment_id, participant_id, org_id from measurement where wave = 't0'")
    now = street.services.now()
    new = NewMessage(
        key="test:enc", participant_id=row.participant_id, kind=MessageKind.ENCOURAGEMENT, text_key="enc_start",
        values={}, time_zone="Europe/Amsterdam", due_at=now, expires_at=now.replace(day=now.day + 5),
        enrolment_id=row.enrolment_id,
    )  # fmt: skip
    with street.services.transaction(row.org_id) as session:
        messages.queue(session, row.org_id, [new], now)
    street.run()
    assert "Vraag 1 van 6" in street.phone[-1].text  # never within 48 hours of questions
    assert street.ask("select state from message where kind = 'encouragement' and state in ('accepted', 'sent')") == []
    street.write("1")
    assert codes(street) == ["yes"]
    assert any("Vraag 2 van 6" in one.text for one in street.phone[-2:])


def test_a_test_message_in_mid_conversation_leaves_the_question_open(street: Street) -> None:
    street.run()
    street.write("ja")
    street.clock.forward(days=1)
    send_test_message(street.services, street.scene.coordinator, the_person(street), "sms")
    street.run()
    assert "proefbericht" in street.phone[-1].text
    street.write("2")
    assert codes(street) == ["more_or_less"]
    assert any("Vraag 2 van 6" in one.text for one in street.phone[-2:])


def test_a_link_sent_again_in_mid_conversation_leaves_the_question_open(street: Street) -> None:
    street.run()
    street.write("ja")
    street.clock.forward(days=1)
    resend_link(street.services, street.scene.coordinator, the_person(street))
    street.run()
    assert "/v/" in street.phone[-1].text
    street.write("2")
    assert codes(street) == ["more_or_less"]
    assert any("Vraag 2 van 6" in one.text for one in street.phone[-2:])


# --- the number -------------------------------------------------------------------------------------------------------


def move_to(street: Street, mobile: str) -> None:
    form = ContactForm("Wil", "de Boer", mobile, "wil@voorbeeld.invalid", "", "sms", "nl")
    edit_contact(street.services, street.scene.coordinator, the_person(street), form)


def test_after_a_change_of_number_only_the_new_number_answers(street: Street) -> None:
    new = "+31600000177"
    street.run()
    street.write("ja")
    street.write("1")
    move_to(street, "06 0000 0177")
    street.write("3", sid="SM-stray")  # whoever has the old number now
    assert codes(street) == ["yes"]
    (stray,) = street.ask("select participant_id, state from reply where provider_id = 'SM-stray'")
    assert (stray.participant_id, stray.state) == (None, "to_read")
    assert street.phone[-1].to == NUMBER  # the last we said to the old number was the question before the change
    said = len(street.phone)
    street.clock.forward(days=4)
    street.run()
    to_new = [message for message in street.phone[said:] if message.to == new]
    assert to_new, "the new number is asked"
    assert [message for message in street.phone[said:] if message.to == NUMBER] == []
    street.write("ja", sender=new)
    assert any("Vraag 2 van 6" in one.text for one in street.phone[-2:])
    street.write("3", sender=new)
    assert codes(street) == ["yes", "no"]


def test_a_wrong_number_hears_nothing_more_and_a_person_looks_for_the_right_one(street: Street) -> None:
    street.run()
    street.write("ja")
    street.write("VERKEERD NUMMER")
    assert "We halen dit nummer weg" in street.phone[-1].text
    said = len(street.phone)
    street.write("1")
    street.clock.forward(days=9)
    street.run()
    assert [m.text for m in street.phone[said:] if "vragen stellen" in m.text or "Vraag" in m.text] == []
    assert codes(street) == []
    assert [row.reason for row in street.ask("select reason from call_task where done_at is null")] == ["wrong_number"]
    given = street.ask("select purpose from consent where withdrawn_at is null order by purpose")
    assert Purpose.QUESTIONS in {row.purpose for row in given}  # the person took nothing back


def test_what_only_tells_something_leaves_the_open_question_open(street: Street) -> None:
    """HULP and a digit right after it: our answer to HULP asks nothing, so the digit answers the question."""
    street.run()
    street.write("ja")
    for number, words in enumerate(("hulp", "2")):
        form = {"sid": [f"SMhelp{number}"], "from": [NUMBER], "text": [words]}
        take_reply(street.services, form, "good")
    street.run()
    assert [row.code for row in street.ask("select code from answer_event")] == ["more_or_less"]
    assert any("Vraag 2 van 6" in one.text for one in street.phone[-2:])
