"""A person reads what we keep about them and for whom; and e-mail ends only by a choice, in their own language."""

from __future__ import annotations

import html
from typing import Any

import pytest
from sqlalchemy import Engine

from service.channels.memory import MemoryChannel
from service.followup.consent import Purpose
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.submit_answers import submit_answers
from service.usecases.withdraw_participant import withdraw_participant
from tests.api.year import browser, make_app
from tests.builders import Clock
from tests.usecases.scene import GIVEN, Scene, make_scene, rows


class Reader:
    """One participant with a mobile and an e-mail, and who opens their pages."""

    def __init__(self, services: Services, database: Engine, **changes: Any) -> None:
        self.services, self.database = services, database
        self.scene: Scene = make_scene(services)
        form = self.scene.form(email="wil@voorbeeld.invalid", preferred_channel="email", **changes)
        self.id = enrol_participant(services, self.scene.coordinator, form).participant_id
        self.client = browser(make_app(services), services)
        self.token = services.links.token(self.ask("select id from measurement where wave = 't0'")[0].id)

    def ask(self, query: str) -> list[Any]:
        return rows(self.database, query)

    def page(self, path: str = "/bewaren", status: int = 200) -> str:
        answer = self.client.get(f"/v/{self.token}{path}")
        assert answer.status_code == status
        return html.unescape(answer.get_data(as_text=True))

    def answer(self, codes: dict[int, str]) -> None:
        """Answer questions by their place, from 1."""
        items = self.services.instruments["djg6"].items
        submit_answers(self.services, self.token, {items[place - 1].number: code for place, code in codes.items()})

    def mail(self) -> str:
        """The address behind the unsubscribe link of the mail that went out."""
        dispatch_messages(self.services)
        assert isinstance(self.services.email, MemoryChannel)
        return self.services.email.sent[0].unsubscribe_url.removeprefix("https://peil.example")


@pytest.fixture
def reader(services: Services, database: Engine) -> Reader:
    return Reader(services, database)


def test_it_counts_what_is_kept_now(reader: Reader) -> None:
    before = reader.page()
    assert "uw antwoorden: nog geen" in before
    assert "onze berichten: 0 van ons aan u" in before
    reader.mail()
    reader.answer({1: "yes", 2: "no", 3: "no_answer"})
    reader.answer({1: "no"})
    after = reader.page()
    assert "uw antwoorden: 2 tot nu toe" in after
    assert "onze berichten: 1 van ons aan u" in after
    assert "uw naam en uw geboortejaar" in after
    assert "uw mobiele nummer" in after
    assert "uw e-mailadres" in after
    assert "uw vaste nummer" not in after


def test_it_says_what_was_agreed_to_since_when_and_no_longer_after_withdrawal(reader: Reader, clock: Clock) -> None:
    page = reader.page()
    assert "u vragen stellen en uw antwoorden bewaren, sinds 2 maart 2026" in page
    assert "u sms’en sturen, sinds 2 maart 2026" in page
    assert "gebruiken om de hulp te verbeteren" not in page
    clock.forward(days=1)
    withdraw_participant(reader.services, reader.scene.coordinator, reader.id, [Purpose.SMS])
    assert "u sms’en sturen" not in reader.page()


def test_every_purpose_has_words(services: Services, database: Engine) -> None:
    page = Reader(services, database, consents=dict.fromkeys(Purpose, GIVEN)).page()
    assert page.count(", sinds 2 maart 2026") == len(Purpose)


def test_it_names_who_sees_what_how_to_stop_and_whom_to_call(reader: Reader) -> None:
    page = reader.page()
    assert "de coördinatoren van Stichting welzijn" in page
    assert "alleen cijfers van groepen van 10 mensen of meer" in page
    assert "Stuur STOP" in page
    assert 'href="tel:0780000001"' in page


def test_it_tells_nothing_about_the_person_or_the_subject(reader: Reader) -> None:
    reader.answer({1: "yes"})
    page = reader.page()
    for secret in ("Wil ", "de Boer", "1948", "0137", "voorbeeld.invalid", "Samen koken", "eenzaam", "zeemeeuw"):
        assert secret not in page
    assert "leegte" not in page


def test_every_page_leads_to_it_and_it_leads_back(reader: Reader) -> None:
    for path, back in (("", ""), ("/vraag/3", "/vraag/3")):
        there = f"/v/{reader.token}/bewaren" + ("?vraag=3" if path else "")
        assert f'href="{there}"' in reader.page(path)
        assert f'href="/v/{reader.token}{back}"' in reader.client.get(there).get_data(as_text=True)
    assert f'href="/v/{reader.token}"' in reader.page("/bewaren?vraag=9999999999999")
    assert f'href="/v/{reader.token}"' in reader.page("/bewaren?vraag=x")


def test_after_the_last_answer_it_can_be_read_and_after_withdrawal_no_more(reader: Reader) -> None:
    reader.answer(dict.fromkeys(range(1, 7), "no"))
    assert f'href="/v/{reader.token}/bewaren"' in reader.page("/klaar")
    assert "uw antwoorden: 6 tot nu toe" in reader.page()
    withdraw_participant(reader.services, reader.scene.coordinator, reader.id, [Purpose.QUESTIONS])
    assert "uw antwoorden" not in reader.page(status=410)


def test_a_link_nobody_has_shows_nothing(reader: Reader) -> None:
    assert reader.client.get(f"/v/{'A' * 22}/bewaren").status_code == 404


def test_the_pages_about_e_mail_speak_the_language_of_the_person(services: Services, database: Engine) -> None:
    english = Reader(services, database, language="en")
    path = english.mail()
    page = english.client.get(path, headers={"Accept-Language": "nl"}).get_data(as_text=True)
    assert 'lang="en"' in page
    assert "no more e-mail" in page
    assert "Stichting welzijn" in page
    ended = english.client.post(path, data={"stoppen": "ja"}).get_data(as_text=True)
    assert 'lang="en"' in ended
    assert "no more e-mail" in ended


def test_the_button_ends_e_mail_and_a_form_nobody_pressed_does_not(reader: Reader) -> None:
    path = reader.mail()
    for nothing in ({}, {"stoppen": ""}, {"stoppen": "nee"}):
        answer = reader.client.post(path, data=nothing)
        assert answer.status_code == 400
        assert "Stuur mij geen e-mail meer" in answer.get_data(as_text=True)
    assert reader.ask("select 1 from contact.stop") == []
    answer = reader.client.post(path, data={"stoppen": "ja"})
    assert "U krijgt geen e-mail meer van ons." in answer.get_data(as_text=True)
    assert len(reader.ask("select 1 from contact.stop where source = 'email'")) == 1


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"])
def test_the_one_click_of_a_mail_program_ends_e_mail_however_it_is_wrapped(reader: Reader, kind: str) -> None:
    body = b"List-Unsubscribe=One-Click"
    if "multipart" in kind:
        body = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    answer = reader.client.post(reader.mail(), data=body, content_type=kind)
    assert answer.status_code == 200
    assert len(reader.ask("select 1 from contact.stop where source = 'email'")) == 1


def test_a_call_is_asked_for_by_a_choice_only(reader: Reader) -> None:
    reader.answer(dict.fromkeys(range(1, 7), "no"))
    answer = reader.client.post(f"/v/{reader.token}/bellen")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/v/{reader.token}/klaar"
    assert reader.ask("select 1 from call_task") == []


def test_several_organisations_and_an_unknown_link_name_none_of_them(services: Services, database: Engine) -> None:
    reader = Reader(services, database)
    make_scene(services, "anders")
    page = reader.client.get("/v/x").get_data(as_text=True)
    assert "Stichting" not in page
    assert "Bel dan het nummer in dat bericht" in page


def test_begun_on_one_device_and_finished_on_another(reader: Reader) -> None:
    telephone, tablet = reader.client, browser(make_app(reader.services), reader.services)
    telephone.post(f"/v/{reader.token}/vraag/1", data={"antwoord": "yes"})
    telephone.post(f"/v/{reader.token}/vraag/2", data={"antwoord": "no"})
    start = tablet.get(f"/v/{reader.token}").get_data(as_text=True)
    assert "Verder waar u was" in start
    assert f'href="/v/{reader.token}/vraag/3"' in start
    assert 'value="yes" data-aloud aria-pressed="true"' in tablet.get(f"/v/{reader.token}/vraag/1").get_data(
        as_text=True
    )
    for number in range(3, 7):
        tablet.post(f"/v/{reader.token}/vraag/{number}", data={"antwoord": "no"})
    assert "al beantwoord" in telephone.get(f"/v/{reader.token}").get_data(as_text=True)
    assert reader.ask("select status from measurement where wave = 't0'")[0].status == "complete"
