"""A participant's own page: who may come in, what each choice does, and that everything kept is in the file."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from service.followup.paper_forms import Turn
from service.followup.problem import Refusal
from service.store import own_data
from service.usecases.access import NotFound
from service.usecases.add_own_rest_days import add_own_rest_days
from service.usecases.ask_for_erasure import ask_for_erasure
from service.usecases.ask_for_new_address import ask_for_new_address
from service.usecases.cancel_own_rest_days import cancel_own_rest_days
from service.usecases.check_message import Verdict, check_message
from service.usecases.choose_own_channel import choose_own_channel
from service.usecases.edit_contact import ContactForm, edit_contact
from service.usecases.end_own_pause import end_own_pause
from service.usecases.enrol_participant import enrol_participant
from service.usecases.enter_paper import enter_paper
from service.usecases.hear_less_often import hear_less_often
from service.usecases.make_paper_form import make_paper_form
from service.usecases.open_own_page import open_own_page
from service.usecases.pause_own_messages import pause_own_messages
from service.usecases.show_own_data import show_own_data
from service.usecases.show_own_door import show_own_door
from service.usecases.show_own_page import show_own_page
from service.usecases.steps.own_door import NoPass
from service.usecases.stop_own_messages import stop_own_messages
from tests.usecases.scene import rows
from tests.usecases.street import NUMBER, Street, street

__all__ = ["street"]


def own_token(street: Street) -> str:
    """The token of the link that came after MIJN."""
    street.write("MIJN")
    return last_link(street)


def last_link(street: Street) -> str:
    texts = [one.text for one in street.phone if "/mijn/" in one.text]
    return texts[-1].split("/mijn/")[1].split()[0]


def inside(street: Street) -> tuple[str, str]:
    token = own_token(street)
    return token, open_own_page(street.services, token, "1948")


def problems(refusal: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [problem.key for problem in refusal.value.problems]


def test_by_word_comes_the_link_and_behind_it_a_question(street: Street) -> None:
    street.run()
    token = own_token(street)
    assert "codewoord" in street.phone[-1].text
    assert len(street.phone) == 2
    door = show_own_door(street.services, token)
    assert door.sender.organisation == "Stichting welzijn"
    assert not door.asks_word
    with pytest.raises(NoPass):
        show_own_page(street.services, token, "")
    page = show_own_page(street.services, token, open_own_page(street.services, token, " 1948. "))
    assert page.ahead
    assert {one.kind for one in page.ahead} <= {"invite", "reminder", "last_reminder"}
    assert page.channels == ("sms", "email", "phone")


def test_the_door_closes_after_five_wrong_answers_and_opens_an_hour_later(street: Street) -> None:
    token = own_token(street)
    for year in range(1940, 1945):
        with pytest.raises(Refusal) as refusal:
            open_own_page(street.services, token, str(year))
        assert problems(refusal) == ["own_year_wrong"]
    with pytest.raises(Refusal) as refusal:
        open_own_page(street.services, token, "1948")
    assert problems(refusal) == ["own_too_often"]
    assert len(street.ask("select 1 from audit_event where action = 'own_page.wrong_answer'")) == 5
    street.clock.forward(minutes=61)
    assert open_own_page(street.services, token, "1948")


def test_who_tries_a_year_again_every_hour_is_kept_out_for_days_and_not_for_ever(street: Street) -> None:
    token = own_token(street)
    for year in range(1920, 1935):
        street.clock.forward(minutes=61)
        with pytest.raises(Refusal):
            open_own_page(street.services, token, str(year))
    street.clock.forward(minutes=61)
    with pytest.raises(Refusal) as refusal:
        open_own_page(street.services, token, "1948")
    assert problems(refusal) == ["own_too_often"]
    street.clock.forward(days=7)
    assert open_own_page(street.services, token, "1948")


def test_a_pause_shows_and_ends_also_when_nothing_was_planned_in_it(street: Street) -> None:
    token, own_pass = inside(street)
    with street.database.begin() as connection:
        connection.execute(text("update message set due_at = due_at + interval '90 days' where state = 'planned'"))
    pause_own_messages(street.services, token, own_pass, 1)
    assert show_own_page(street.services, token, own_pass).paused
    street.clock.forward(days=8)
    own_pass = open_own_page(street.services, token, "1948")
    assert not show_own_page(street.services, token, own_pass).paused


def test_without_a_birth_year_the_code_word_is_asked(street: Street) -> None:
    with street.database.begin() as connection:
        word = connection.execute(
            text("update participant set birth_year = null returning recognition_word")
        ).scalar_one()
    token = own_token(street)
    assert show_own_door(street.services, token).asks_word
    with pytest.raises(Refusal):
        open_own_page(street.services, token, "1948")
    assert open_own_page(street.services, token, word.upper())


def test_the_code_word_stands_on_the_telephone_so_it_opens_the_page_and_not_the_answers(street: Street) -> None:
    with street.database.begin() as connection:
        [word] = connection.execute(text("update participant set birth_year = null returning recognition_word")).one()
    token = own_token(street)
    own_pass = open_own_page(street.services, token, word)
    assert not show_own_page(street.services, token, own_pass).shows_data
    with pytest.raises(Refusal) as refusal:
        show_own_data(street.services, token, own_pass)
    assert problems(refusal) == ["own_data_by_phone"]
    assert street.ask("select 1 from audit_event where action = 'participant.saw_own_data'") == []


def test_a_pass_is_good_for_fifteen_minutes_and_for_one_link(street: Street) -> None:
    token, own_pass = inside(street)
    street.clock.forward(minutes=14)
    own_pass = show_own_page(street.services, token, own_pass).own_pass
    street.clock.forward(minutes=14)
    assert show_own_page(street.services, token, own_pass).asked
    form = street.scene.form(first_name="Jan", birth_year=1950, mobile="06 0000 0999")
    enrol_participant(street.services, street.scene.coordinator, form)
    street.write("mijn gegevens", "+31600000999")
    other = last_link(street)
    assert other != token
    with pytest.raises(NoPass):
        show_own_page(street.services, other, own_pass)
    street.clock.forward(minutes=16)
    with pytest.raises(NoPass):
        show_own_page(street.services, token, own_pass)
    until, seal = own_pass.split(".")
    with pytest.raises(NoPass):
        show_own_page(street.services, token, f"{int(until) + 9999}.{seal}")


def test_after_a_new_number_the_old_links_open_nothing(street: Street) -> None:
    street.run()
    token, own_pass = inside(street)
    measurement = street.ask("select id from measurement where wave = 't0'")[0].id
    questions = street.services.links.token(measurement)
    assert not show_own_door(street.services, questions).asks_word
    person = street.ask("select id from participant")[0].id
    form = ContactForm("Wil", "de Boer", "06 0000 0138", "wil@voorbeeld.invalid", "", "sms", "nl")
    edit_contact(street.services, street.scene.coordinator, person, form)
    for dead in (token, questions):
        with pytest.raises(NotFound):
            show_own_door(street.services, dead)
        with pytest.raises(NotFound):
            pause_own_messages(street.services, dead, own_pass, 2)
    street.write("mijn deelname", "+31600000138")
    assert not show_own_door(street.services, last_link(street)).asks_word


def test_a_shared_number_gets_no_link_but_a_person_who_calls(street: Street) -> None:
    form = street.scene.form(first_name="Jan", birth_year=1950, mobile=NUMBER)
    enrol_participant(street.services, street.scene.coordinator, form)
    street.run()
    street.phone.clear()
    street.write("MIJN")
    assert [one.text for one in street.phone if "/mijn/" in one.text] == []
    assert [row.reason for row in street.ask("select reason from call_task")] == ["shared_number"]


def test_a_pause_can_be_changed_and_undone(street: Street) -> None:
    token, own_pass = inside(street)
    planned = "select due_at from message where state in ('planned', 'due') order by dedupe_key"
    before = street.ask(planned)
    pause_own_messages(street.services, token, own_pass, 8)
    pause_own_messages(street.services, token, own_pass, 2)
    pause_own_messages(street.services, token, own_pass, 2)
    moved = [new.due_at - old.due_at for new, old in zip(street.ask(planned), before, strict=True)]
    near = [timedelta(weeks=2) if old.due_at < street.clock() + timedelta(weeks=2) else timedelta(0) for old in before]
    assert moved == near
    assert timedelta(weeks=2) in near
    page = show_own_page(street.services, token, own_pass)
    assert page.paused
    end_own_pause(street.services, token, own_pass)
    assert street.ask(planned) == before
    assert not show_own_page(street.services, token, own_pass).paused
    with pytest.raises(Refusal):
        pause_own_messages(street.services, token, own_pass, 52)
    said = [row.action for row in street.ask("select action from audit_event where actor_id is null order by sequence")]
    assert said.count("participant.paused") == 3
    assert said[-1] == "participant.resumed"


def test_days_without_messages_are_kept_and_crossed_out(street: Street) -> None:
    token, own_pass = inside(street)
    add_own_rest_days(street.services, token, own_pass, date(2026, 3, 9), date(2026, 3, 11))
    [period] = show_own_page(street.services, token, own_pass).rest
    assert (period.first_on, period.last_on, period.source) == (date(2026, 3, 9), date(2026, 3, 11), "participant")
    cancel_own_rest_days(street.services, token, own_pass, uuid.uuid4())
    assert len(show_own_page(street.services, token, own_pass).rest) == 1
    cancel_own_rest_days(street.services, token, own_pass, period.id)
    assert show_own_page(street.services, token, own_pass).rest == ()
    with pytest.raises(Refusal) as refusal:
        add_own_rest_days(street.services, token, own_pass, date(2026, 3, 9), date(2026, 3, 8))
    assert problems(refusal) == ["rest_days_order"]


def test_less_often_another_channel_and_a_call_about_a_new_number(street: Street) -> None:
    token, own_pass = inside(street)
    hear_less_often(street.services, token, own_pass, "less")
    choose_own_channel(street.services, token, own_pass, "email")
    ask_for_new_address(street.services, token, own_pass)
    ask_for_new_address(street.services, token, own_pass)
    [person] = street.ask("select encouragement, preferred_channel from participant")
    assert (person.encouragement, person.preferred_channel) == ("less", "email")
    assert [row.reason for row in street.ask("select reason from call_task")] == ["new_address"]
    with pytest.raises(Refusal):
        choose_own_channel(street.services, token, own_pass, "post")
    with pytest.raises(Refusal):
        hear_less_often(street.services, token, own_pass, "always")


def test_stopping_the_messages_leaves_the_person_to_be_called(street: Street) -> None:
    token, own_pass = inside(street)
    assert stop_own_messages(street.services, token, own_pass)
    assert stop_own_messages(street.services, token, own_pass)
    page = show_own_page(street.services, token, own_pass)
    assert page.stopped
    assert page.asked
    assert {row.source for row in street.ask("select source from contact.stop")} == {"web"}
    sent = len(street.phone) + len(street.mailbox)
    street.clock.forward(days=200)
    street.run()
    assert len(street.phone) + len(street.mailbox) == sent
    street.write("START")
    assert "weer berichten" in street.phone[-1].text


def test_one_of_two_on_a_number_stops_and_the_other_goes_on(street: Street) -> None:
    token, own_pass = inside(street)
    other = enrol_participant(
        street.services, street.scene.coordinator, street.scene.form(first_name="Jan", birth_year=1950, mobile=NUMBER)
    )
    assert not stop_own_messages(street.services, token, own_pass)
    found = street.ask("select lookup_hash from contact.stop")
    hashes = {bytes(row.lookup_hash) for row in found}
    assert street.services.vault.lookup(NUMBER) not in hashes
    street.clock.forward(days=1)
    street.run()
    written = street.ask(
        "select distinct participant_id from message where sent_at > :at", at=street.clock() - timedelta(hours=20)
    )
    assert {row.participant_id for row in written} <= {other.participant_id}


def test_to_ask_that_everything_goes_ends_it_and_calls_the_coordinator(street: Street) -> None:
    token, own_pass = inside(street)
    ask_for_erasure(street.services, token, own_pass)
    asked = show_own_page(street.services, token, own_pass)
    assert asked.erasure_asked_at == street.clock()
    assert not asked.asked
    assert asked.ahead == ()
    assert street.ask("select 1 from consent where withdrawn_at is null") == []
    assert [(row.reason, row.done_at) for row in street.ask("select reason, done_at from call_task")] == [
        ("erasure_asked", None)
    ]
    street.clock.forward(days=3)
    ask_for_erasure(street.services, token, own_pass := open_own_page(street.services, token, "1948"))
    assert show_own_page(street.services, token, own_pass).erasure_asked_at == asked.erasure_asked_at
    assert len(street.ask("select 1 from call_task")) == 1


def test_a_person_gets_back_all_their_words_and_answers(street: Street) -> None:
    street.run()
    street.write("JA")
    street.write("2")
    street.write("ik was gisteren bij mijn zus")
    street.write("hij slaat mij")
    token, own_pass = inside(street)
    found = show_own_data(street.services, token, own_pass).tables
    assert [row["value"] for row in found["address"]] == ["wil@voorbeeld.invalid", NUMBER]
    assert found["person"] == [{"first_name": "Wil", "last_name": "de Boer"}]
    assert [row["words"] for row in found["reply"]] == ["JA", "2", "ik was gisteren bij mijn zus", "MIJN"]
    [answer] = found["answer_event"]
    assert answer["answer"] == "min of meer"
    assert answer["question"]
    assert found["alert"] == []  # who makes a person afraid may hold their telephone
    assert {"participant.saw_own_data"} <= {row["action"] for row in found["audit_event"]}


def test_no_table_about_people_is_forgotten_in_their_data(street: Street) -> None:
    about = rows(
        street.database,
        "select distinct table_name from information_schema.columns where column_name in"
        " ('participant_id', 'measurement_id', 'enrolment_id', 'message_id', 'reply_id', 'conversation_id', 'alert_id')"
        " and table_schema in ('public', 'contact')",
    )
    not_theirs = {"staff_notice"}  # that a member of staff was warned; the alert itself is in the data
    assert {row.table_name for row in about} - not_theirs - set(own_data.QUERIES) == set()
    keys = rows(
        street.database,
        "select distinct c.conrelid::regclass::text as name from pg_constraint c where c.contype = 'f'"
        " and c.confrelid = 'participant'::regclass",
    )
    assert {row.name.split(".")[-1] for row in keys} <= set(own_data.QUERIES)


def test_whether_a_message_a_link_or_a_number_is_ours(street: Street) -> None:
    street.run()
    sent = street.phone[0].text
    ours = check_message(street.services, f"  {sent.replace(chr(10), chr(13) + chr(10))} \r\n")
    assert ours.verdict is Verdict.OURS
    assert ours.sent is not None
    assert (ours.sent.organisation, ours.sent.phone) == ("Stichting welzijn", "078 000 0001")
    verdicts = {
        sent.replace("?", "!"): Verdict.UNKNOWN,
        "U wint! Open https://peil.example.gevaar.invalid/v/abc nu": Verdict.UNKNOWN,
        "https://peil.example/v/abc": Verdict.LINK_OURS,
        "peil.example": Verdict.LINK_OURS,
        "https://peil.example@gevaar.invalid/": Verdict.LINK_OTHER,
        "https://gevaar.invalid\\@peil.example/v/abc": Verdict.LINK_OTHER,  # a browser reads the backslash as a slash
        "www.gevaar.invalid/v/peil.example": Verdict.LINK_OTHER,
        "06 0000 0001": Verdict.NUMBER_OTHER,
        "": Verdict.NOTHING,
    }
    assert {asked: check_message(street.services, asked).verdict for asked in verdicts} == verdicts
    with pytest.raises(Refusal):
        check_message(street.services, "x" * 2001)


def test_a_wrong_number_ends_the_links_that_went_there(street: Street) -> None:
    street.run()
    token = own_token(street)
    questions = street.services.links.token(street.ask("select id from measurement where wave = 't0'")[0].id)
    street.write("verkeerd nummer")
    for dead in (token, questions):
        with pytest.raises(NotFound):
            show_own_door(street.services, dead)


def test_who_asks_twice_that_everything_goes_still_stands_on_the_list(street: Street) -> None:
    token, own_pass = inside(street)
    ask_for_erasure(street.services, token, own_pass)
    ask_for_erasure(street.services, token, own_pass)
    assert [(row.reason, row.done_at) for row in street.ask("select reason, done_at from call_task")] == [
        ("erasure_asked", None)
    ]


def test_a_paper_form_that_was_kept_or_thrown_away_closes_nobodys_data(street: Street) -> None:
    street.run()
    coordinator = street.scene.coordinator
    person, wave = street.ask("select participant_id, id from measurement order by position limit 1")[0]
    items = [item.number for item in street.services.instruments["djg6"].items]
    make_paper_form(street.services, coordinator, person, wave)
    for turn in (Turn.FIRST, Turn.SECOND):
        enter_paper(street.services, coordinator, wave, dict.fromkeys(items, "yes"), street.clock().date(), turn)
    token, own_pass = inside(street)
    found = show_own_data(street.services, token, own_pass).tables
    assert [row["answers"] for row in found["paper_entry"]] == [""]  # settled: they stand among the answers
    assert len(found["answer_event"]) == len(items)


def test_that_words_of_fear_raised_an_alert_is_nowhere_in_the_file(street: Street) -> None:
    street.run()
    street.write("hij slaat mij")
    street.clock.forward(days=92)
    street.run()
    assert street.ask("select 1 from message where reason = 'alert_open'")
    token, own_pass = inside(street)
    assert "alert_open" not in str(show_own_data(street.services, token, own_pass).tables)
