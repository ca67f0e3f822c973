"""From invitation to score by SMS, and everything that may come between."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from service.channels.base import Accepted, Outcome, Outgoing
from service.channels.memory import MemoryChannel
from service.usecases.close_waves import close_waves
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.take_reply import take_reply
from tests.usecases.street import NUMBER, Street, street

__all__ = ["street"]  # the fixture

OFFICE = ZoneInfo("Europe/Amsterdam")


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
    for text in ("ja", "Wil", *"111111"):
        street.write(text)
    street.clock.forward(days=4)
    street.run()
    for text in ("ja", "Jan", "3"):
        street.write(text)
    owners = street.ask(
        "select count(distinct m.participant_id) as people from answer_event a join measurement m on m.id = a.measurement_id"
    )
    assert owners[0].people == 2


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
    assert "nog vragen" in street.phone[-1].text
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


def test_fout_takes_the_last_answer_back_and_asks_again(street: Street) -> None:
    street.run()
    for reply in ("ja", "1", "3"):
        street.clock.forward(minutes=1)
        street.write(reply)
    street.clock.forward(minutes=1)
    assert "Vraag 3 van 6" in street.phone[-1].text
    street.write("FOUT")
    assert "Vraag 2 van 6" in street.phone[-1].text
    latest = "select distinct on (item) item, code from answer_event order by item, sequence desc"
    assert sorted(row.code for row in street.ask(latest)) == ["no_answer", "yes"]
    for reply in ("2", "1", "1", "1", "1"):
        street.clock.forward(minutes=1)
        street.write(reply)
    assert "Dank u wel" in street.phone[-1].text
    assert len(street.ask("select 1 from answer_event")) == 8  # nothing was overwritten
    assert sorted(row.code for row in street.ask(latest)) == ["more_or_less", *["yes"] * 5]
    assert len(street.ask("select 1 from score where missing = 0")) == 1


def test_fout_with_nothing_to_take_back_is_for_a_person(street: Street) -> None:
    street.run()
    street.write("ja")
    street.write("fout")
    assert "leest het op werkdagen" in street.phone[-1].text
    assert len(street.ask("select 1 from reply where read_as = 'undo' and state = 'to_read'")) == 1
    street.write("1")
    assert len(street.ask("select 1 from answer_event")) == 1


@pytest.mark.parametrize(
    ("text", "weeks", "told"), [("PAUZE", 2, "2 weken"), ("pauze 1 week", 1, "1 week geen"), ("Pauze 30", 8, "8 weken")]
)
def test_pauze_moves_what_would_go_out_meanwhile(street: Street, text: str, weeks: int, told: str) -> None:
    street.run()
    due = "select id, due_at, measurement_id from message where state in ('planned', 'due') order by id"
    before = {row.id: row.due_at for row in street.ask(due)}
    assert before
    street.write(text)
    assert told in street.phone[-1].text
    until = street.services.now() + timedelta(weeks=weeks)
    after = {row.id: row.due_at for row in street.ask(due)}
    assert after.keys() == before.keys()
    assert all(at >= until for at in after.values())
    for found, at in before.items():
        moved = timedelta(weeks=weeks) if at < until else timedelta(0)
        assert (
            after[found].astimezone(OFFICE).replace(tzinfo=None) == at.astimezone(OFFICE).replace(tzinfo=None) + moved
        )
    said = len(street.phone)
    street.clock.forward(days=7 * weeks - 1)
    street.run()
    assert len(street.phone) == said
    street.write("ja")
    assert "Vraag 1 van 6" in street.phone[-1].text


@pytest.mark.parametrize("text", ["hou op met die berichten", "laat me met rust", "kunt u stoppen met sturen?", "stpo"])
def test_a_doubtful_stop_pauses_everything_until_a_person_has_looked(street: Street, text: str) -> None:
    street.run()
    street.write(text)
    assert "nu even niets" in street.phone[-1].text
    assert [row.reason for row in street.ask("select reason from call_task")] == ["wrote_personally"]
    [reply] = street.ask("select id, state from reply where read_as = 'stop_doubt'")
    assert reply.state == "to_read"
    assert street.ask("select 1 from contact.stop") == []
    said = len(street.phone) + len(street.mailbox)
    later = street.ask("select min(due_at) as at from message where kind = 'invite' and sent_at is null")[0].at
    street.clock.forward(days=(later - street.services.now()).days + 3)
    street.run()
    assert len(street.phone) + len(street.mailbox) == said
    assert [
        row.reason
        for row in street.ask("select reason from message where kind = 'invite' and state = 'due' and reason <> ''")
    ] == ["words_to_read"]
    with street.database.begin() as connection:
        connection.exec_driver_sql("update reply set state = 'read' where state = 'to_read'")
    street.clock.forward(days=1)
    street.run()
    assert len(street.phone) + len(street.mailbox) == said + 1


def test_afmelden_asks_which_of_the_two_is_meant(street: Street) -> None:
    street.run()
    street.write("AFMELDEN")
    assert "Antwoord KOM NIET of STOP" in street.phone[-1].text
    assert street.ask("select 1 from contact.stop") == []
    street.write("kom niet")
    assert "laat weten" in street.phone[-1].text
    assert {row.read_as for row in street.ask("select read_as from reply where state = 'to_read'")} == {
        "sign_off",
        "not_coming",
    }
    street.write("STOP")
    assert len(street.ask("select 1 from contact.stop where lifted_at is null")) == 1
