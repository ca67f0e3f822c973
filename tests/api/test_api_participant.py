"""The pages behind a personal link, as a participant walks through them."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.channels.memory import MemoryChannel
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.receive_replies import receive_replies
from service.usecases.services import Services
from tests.api.year import browser, make_app
from tests.builders import Clock
from tests.usecases.scene import make_scene, rows

NAMES = ("Wilhelmina", "de Boer", "Samen koken")


class Person:
    """One participant with an e-mail, and a browser."""

    def __init__(self, services: Services, clock: Clock, database: Engine) -> None:
        self.services, self.clock, self.database = services, clock, database
        self.scene = make_scene(services)
        form = self.scene.form(
            first_name="Wilhelmina", mobile="", email="wil@voorbeeld.invalid", preferred_channel="email"
        )
        enrol_participant(services, self.scene.coordinator, form)
        self.client: FlaskClient = browser(make_app(services), services)
        measurement = self.ask("select id from measurement where wave = 't0'")[0]
        self.link = f"/v/{services.links.token(measurement.id)}"

    def ask(self, query: str) -> list[Any]:
        return rows(self.database, query)

    def page(self, path: str = "", status: int = 200) -> str:
        answer = self.client.get(self.link + path)
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in answer.headers
        found = html.unescape(answer.get_data(as_text=True))
        assert not [name for name in NAMES if name in found]
        return found

    def give(self, number: int, code: str) -> str:
        answer = self.client.post(f"{self.link}/vraag/{number}", data={"antwoord": code})
        assert answer.status_code == 303
        return str(answer.headers["Location"])


@pytest.fixture
def person(services: Services, clock: Clock, database: Engine) -> Person:
    return Person(services, clock, database)


def test_by_mail_link_to_a_score(person: Person) -> None:
    dispatch_messages(person.services)
    assert isinstance(person.services.email, MemoryChannel)
    [mail] = person.services.email.sent
    assert f"https://peil.example{person.link}" in mail.text
    assert mail.unsubscribe_url.startswith("https://peil.example/uit/")
    assert "Meedoen hoeft niet" in person.page()
    for number in range(1, 7):
        assert f"Vraag {number} van 6" in person.page(f"/vraag/{number}")
        onward = person.give(number, "yes")
        assert onward == (f"{person.link}/vraag/{number + 1}" if number < 6 else f"{person.link}/klaar")
    assert "Wilt u dat wij u bellen?" in person.page("/klaar")
    [row] = person.ask("select status, mode from measurement where wave = 't0'")
    assert (row.status, row.mode) == ("complete", "web")
    assert len(person.ask("select 1 from score")) == 1
    assert "al beantwoord" in person.page()
    assert person.client.post(f"{person.link}/bellen", data={"bellen": "ja"}).status_code == 200
    assert [row.reason for row in person.ask("select reason from call_task")] == ["asked_for_call"]


def test_looking_changes_nothing(person: Person) -> None:
    before = person.ask("select * from measurement order by id")
    for path in ("", "/vraag/1", "/vraag/6", "/vraag/99", "/klaar"):
        assert person.client.get(person.link + path).status_code in (200, 302)
        assert person.client.head(person.link + path).status_code in (200, 302)
    assert person.ask("select * from measurement order by id") == before
    assert person.ask("select 1 from answer_event") == []


def test_back_works_and_an_answer_may_change(person: Person) -> None:
    person.give(1, "yes")
    person.give(1, "yes")
    assert len(person.ask("select 1 from answer_event")) == 1
    assert "Uw antwoord is bewaard" in person.page("/vraag/1")
    person.give(1, "no")
    person.give(1, "yes")
    assert [r.code for r in person.ask("select code from answer_event order by sequence")] == ["yes", "no", "yes"]


def test_a_question_may_stay_without_an_answer(person: Person) -> None:
    for number in range(1, 7):
        person.give(number, "no_answer" if number == 2 else "yes")
    [row] = person.ask("select status, completed_at from measurement where wave = 't0'")
    assert row.status in ("complete", "partial")
    assert len(person.ask("select 1 from answer_event where code = 'no_answer'")) == 1


def test_an_answer_that_does_not_exist_is_asked_again(person: Person) -> None:
    for code in ("", "5", "<script>"):
        answer = person.client.post(f"{person.link}/vraag/1", data={"antwoord": code})
        assert answer.status_code == 400
        assert "Kies een van de antwoorden" in answer.get_data(as_text=True)
    assert person.ask("select 1 from answer_event") == []


def test_a_link_nobody_has_gets_the_same_kind_page(person: Person) -> None:
    pages = {person.client.get(f"/v/{token}").get_data(as_text=True) for token in ("x", "A" * 22, "é")}
    assert len(pages) == 1
    assert person.client.get("/v/x").status_code == 404
    assert "kennen wij niet" in pages.pop()


def test_before_and_after_its_time(person: Person) -> None:
    later = person.ask("select id, opens_at from measurement order by opens_at desc")[0]
    not_yet = person.client.get(f"/v/{person.services.links.token(later.id)}").get_data(as_text=True)
    assert "nog niet klaar" in not_yet
    closes = person.ask("select closes_at from measurement where wave = 't0'")[0].closes_at
    person.clock.moment = closes
    person.clock.forward(days=10)
    for number in range(1, 7):
        person.give(number, "yes")
    assert person.ask("select status from measurement where wave = 't0'")[0].status == "late"
    person.clock.forward(days=10)
    assert "al beantwoord" in person.page()


def test_long_after_its_time_it_is_closed(person: Person) -> None:
    person.clock.moment = person.ask("select closes_at from measurement where wave = 't0'")[0].closes_at
    person.clock.forward(days=15)
    assert "gesloten" in person.page(status=410)
    answer = person.client.post(f"{person.link}/vraag/1", data={"antwoord": "yes"})
    assert answer.status_code == 410
    assert person.ask("select 1 from answer_event") == []


def test_ending_e_mail_takes_a_post(person: Person) -> None:
    dispatch_messages(person.services)
    assert isinstance(person.services.email, MemoryChannel)
    path = person.services.email.sent[0].unsubscribe_url.removeprefix("https://peil.example")
    assert person.client.get(path).status_code == 200
    assert person.ask("select 1 from contact.stop") == []
    assert person.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert len(person.ask("select 1 from contact.stop where source = 'email'")) == 1
    assert person.client.post("/uit/unknown", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    person.clock.forward(days=8)
    dispatch_messages(person.services)
    assert len(person.services.email.sent) == 1


def test_begun_by_sms_and_finished_on_the_web(services: Services, clock: Clock, database: Engine) -> None:
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form())
    client = browser(make_app(services), services)
    dispatch_messages(services)
    number = "+31600000137"

    def write(text: str, name: str) -> None:
        with services.transaction(scene.org_id) as session:
            session.connection().exec_driver_sql(
                "insert into reply (org_id, provider, provider_id, received_at, sender_hash, sender, words, read_as, state, failures)"
                " values (%s, 'test', %s, %s, %s, '', %s, '', 'pending', 0)",
                (
                    scene.org_id,
                    name,
                    clock(),
                    services.vault.lookup(number),
                    services.vault.encrypt(text, scene.org_id, name, "words"),
                ),
            )
        receive_replies(services)
        dispatch_messages(services)

    write("ja", "1")
    write("1", "2")
    measurement = rows(database, "select id from measurement where wave = 't0'")[0]
    link = f"/v/{services.links.token(measurement.id)}"
    assert "Verder waar u was" in client.get(link).get_data(as_text=True)
    client.post(f"{link}/vraag/2", data={"antwoord": "no"})
    write("3", "3")  # an answer to the second question, which was answered on the page: the third is asked
    assert isinstance(services.sms, MemoryChannel)
    assert "Vraag 3 van 6" in services.sms.sent[-1].text
    for page in range(3, 7):
        client.post(f"{link}/vraag/{page}", data={"antwoord": "no"})
    assert rows(database, "select status from measurement where wave = 't0'")[0].status == "complete"
    assert rows(database, "select 1 from conversation where closed_at is null") == []
