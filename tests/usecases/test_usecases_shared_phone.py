"""Several people on one telephone: first the name, then the questions, and nothing by the number alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from service.usecases.enrol_participant import enrol_participant
from tests.usecases.street import NUMBER, Street, street

__all__ = ["street"]  # the fixture


@dataclass
class House:
    """Two people, one telephone. `asked` is the one whose invitation came first, `other` the one who waits."""

    street: Street
    ids: dict[str, uuid.UUID]
    asked: str
    other: str

    def answers(self, name: str) -> list[str]:
        found = self.street.ask(
            "select a.code from answer_event a join measurement m on m.id = a.measurement_id"
            " where m.participant_id = :id order by a.sequence",
            id=self.ids[name],
        )
        return [row.code for row in found]

    def open_talk(self) -> str:
        """Whose conversation is open."""
        names = {one: name for name, one in self.ids.items()}
        found = self.street.ask("select participant_id from conversation where closed_at is null")
        return names[found[0].participant_id] if found else ""

    def last(self) -> str:
        return self.street.phone[-1].text


def house(street: Street, *more: str) -> House:
    (first,) = street.ask("select id from participant")
    ids = {"Wil": first.id}
    for name in more or ("Jan",):
        form = street.scene.form(first_name=name, last_name="Bos", email="")
        ids[f"{name}2" if name in ids else name] = enrol_participant(
            street.services, street.scene.coordinator, form
        ).participant_id
    street.run()
    made = House(street, ids, "", "")
    made.asked = made.open_talk()
    made.other = next(name for name in ids if name != made.asked)
    return made


@pytest.mark.parametrize("first", ["ja", "1", "3", "JA graag"])
def test_a_yes_or_a_digit_is_first_asked_whose_it_is(street: Street, first: str) -> None:
    home = house(street)
    street.write(first)
    assert "Wie bent u? Antwoord met uw voornaam" in home.last()
    assert not {"Wil", "Jan"} & set(home.last().replace(".", " ").split())  # nobody's name is told to the other
    street.write("2")  # still nobody's answer
    assert "Stuur alleen uw voornaam" in home.last()
    assert street.ask("select 1 from answer_event") == []


def test_after_the_name_the_questions_are_that_persons_until_they_end(street: Street) -> None:
    home = house(street)
    street.write("ja")
    street.write(f"ik ben {home.asked.upper()}!")
    assert "Vraag 1 van 6" in home.last()
    for text in "111111":
        street.write(text)
    assert f"Dank u wel, {home.asked}." in home.last()
    assert home.answers(home.asked) == ["yes"] * 6
    street.clock.forward(days=2)
    street.run()
    assert home.open_talk() == home.other  # the second waited, and comes
    street.write("ja")
    assert "Wie bent u?" in home.last()  # whose turn it is says nothing about who holds the telephone
    street.write(home.other)
    street.write("3")
    assert home.answers(home.other) == ["no"]
    assert home.answers(home.asked) == ["yes"] * 6


def test_the_other_one_answers_the_invitation_of_the_first(street: Street) -> None:
    home = house(street)
    street.write("ja")
    street.write(f"{home.other} hier")
    assert home.open_talk() == home.other
    assert "Vraag 1 van 6" in home.last()
    for text in "333333":
        street.write(text)
    assert home.answers(home.other) == ["no"] * 6
    assert home.answers(home.asked) == []
    said = len(street.phone)
    street.clock.forward(days=1)
    street.run()
    assert len(street.phone) == said  # no invitation for questions that were answered
    street.clock.forward(days=3)
    street.run()
    assert home.open_talk() == home.asked  # the first one is reminded, and asked for a name again
    street.write("ja")
    street.write(home.asked)
    street.write("1")
    assert home.answers(home.asked) == ["yes"]


def test_a_name_of_nobody_is_asked_about_once_and_then_a_person_calls(street: Street) -> None:
    home = house(street)
    street.write("ja")
    street.write("Truus")
    assert "Stuur alleen uw voornaam" in home.last()
    street.write("Truus!")
    assert "belt u" in home.last()
    assert [row.reason for row in street.ask("select reason from call_task")] == ["shared_number"]
    read = street.ask("select participant_id from reply where state = 'to_read'")
    assert [row.participant_id for row in read] == [None]  # nobody's words
    said = len(street.phone)
    street.write("1")
    assert len(street.phone) == said
    assert street.ask("select 1 from answer_event") == []


def test_two_people_with_one_first_name_are_for_a_person(street: Street) -> None:
    home = house(street, "Wil")
    street.write("ja")
    street.write("Wil")
    assert "belt u" in home.last()
    assert [row.reason for row in street.ask("select reason from call_task")] == ["shared_number"]
    assert street.ask("select 1 from answer_event") == []


def test_a_no_by_nobody_knows_whom_declines_nothing_and_asks_nothing_more(street: Street) -> None:
    home = house(street)
    street.write("nee")
    assert "belt u" in home.last()
    assert street.ask("select 1 from measurement where status_reason = 'refused'") == []
    assert [row.reason for row in street.ask("select reason from call_task")] == ["shared_number"]


def test_after_later_the_name_is_asked_again(street: Street) -> None:
    home = house(street)
    for text in ("ja", home.asked, "1", "later"):
        street.write(text)
    street.write("1")  # the next day anybody may hold the telephone
    assert "Wie bent u?" in home.last()
    assert home.answers(home.asked) == ["yes"]
    street.write(home.asked)
    assert "Vraag 2 van 6" in home.last()
    street.write("3")
    assert home.answers(home.asked) == ["yes", "no"]


def test_personal_words_of_nobody_knows_whom_are_read_and_stand_under_nobodys_name(street: Street) -> None:
    home = house(street)
    street.write("mijn vrouw ligt in het ziekenhuis")
    assert "leest het op werkdagen" in home.last()
    [reply] = street.ask("select participant_id, state from reply")
    assert (reply.participant_id, reply.state) == (None, "to_read")
    street.write("ja")
    street.write(f"{home.asked} slaapt")
    assert "leest het op werkdagen" in home.last()
    assert street.ask("select 1 from answer_event") == []


@pytest.mark.parametrize("text", ["pauze", "kom niet", "fout", "mijn deelname"])
def test_what_is_about_one_person_is_not_done_for_anybody(street: Street, text: str) -> None:
    home = house(street)
    due = "select id, due_at, state from message where state in ('planned', 'due') order by id"
    before, said = street.ask(due), len(street.phone)
    street.write(text)
    assert (street.ask(due), len(street.phone)) == (before, said + 1)
    assert "leest het op werkdagen en belt u" in home.last()  # nobody is named, and nobody waits in silence
    assert [row.reason for row in street.ask("select reason from call_task")] == ["shared_number"]
    assert home.open_talk() == home.asked


def test_stop_and_alarm_are_for_the_whole_number_without_a_name(street: Street) -> None:
    house(street)
    street.write("ja")
    street.write("ik wil niet meer leven")
    assert "113" in street.phone[-1].text
    assert len(street.ask("select 1 from alert")) == 1
    street.write("STOP")
    assert len(street.ask("select 1 from contact.stop where lifted_at is null")) == 1
    assert "geen berichten meer" in street.phone[-1].text


def test_without_an_open_conversation_a_shared_number_is_for_a_person(street: Street) -> None:
    house(street)
    with street.database.begin() as connection:
        connection.exec_driver_sql("update conversation set closed_at = now()")
    said = len(street.phone)
    street.write("1", sender=NUMBER)
    assert len(street.phone) == said + 1
    assert "leest het op werkdagen en belt u" in street.phone[-1].text
    assert [row.reason for row in street.ask("select reason from call_task")] == ["shared_number"]
