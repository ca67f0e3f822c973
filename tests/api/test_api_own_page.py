"""A participant's own page as a browser meets it, and the page that says whether a message is ours."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.channels.memory import MemoryChannel
from service.messages.links import Links
from service.store import own_pages
from service.usecases.access import Role
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.api.year import browser, make_app
from tests.builders import Clock
from tests.usecases.scene import make_scene, rows

#: What nobody who looks along may read on any page of ours.
TELLING = re.compile(r"eenza|lonel|samen koken|isole|score van|De Jong", re.IGNORECASE)


class Visitor:
    """A browser with the link of a person's own page."""

    def __init__(self, services: Services, clock: Clock, database: Engine) -> None:
        self.services, self.clock, self.database = services, clock, database
        self.scene = make_scene(services)
        form = self.scene.form(first_name="Wilhelmina", email="wil@voorbeeld.invalid")
        self.person = enrol_participant(services, self.scene.coordinator, form).participant_id
        self.token = services.links.own_token(self.person, 0)
        with services.transaction(self.scene.org_id) as session:
            own_pages.set_link(session, self.person, Links.digest(self.token))
        self.client: FlaskClient = browser(make_app(services), services)
        self.link = f"/mijn/{self.token}"
        measurement = self.ask("select id from measurement where wave = 't0'")[0].id
        self.questions = f"/v/{services.links.token(measurement)}/mijn"

    def ask(self, query: str) -> list[Any]:
        return rows(self.database, query)

    def everything(self) -> list[Any]:
        """Every row that a look could have changed."""
        tables = (
            "participant",
            "message",
            "measurement",
            "consent",
            "call_task",
            "audit_event",
            "rest_period",
            "reply",
        )
        return [
            self.ask(f"select * from {table} order by id") for table in (*tables, "contact.address", "contact.stop")
        ]

    def read(self, answer: Any, status: int = 200) -> str:
        found = html.unescape(answer.get_data(as_text=True))
        assert answer.status_code == status, found
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
        assert not TELLING.search(found), TELLING.search(found)
        return found

    def get(self, path: str, status: int = 200) -> str:
        return self.read(self.client.get(path), status)

    def post(self, path: str, status: int = 200, **fields: str) -> str:
        return self.read(self.client.post(path, data=fields), status)

    def enter(self, link: str = "") -> str:
        """The pass on the page behind the door."""
        page = self.post(link or self.link, antwoord="1948")
        found = re.search(r'name="pas" value="([^"]+)"', page)
        assert found
        return found[1]


@pytest.fixture
def visitor(services: Services, clock: Clock, database: Engine) -> Visitor:
    return Visitor(services, clock, database)


def test_looking_shows_nothing_and_changes_nothing(visitor: Visitor) -> None:
    before = visitor.everything()
    for link in (visitor.link, visitor.questions):
        page = visitor.get(link)
        assert "Stichting welzijn" in page
        assert "In welk jaar bent u geboren?" in page
        assert "Wilhelmina" not in page
        assert "Wat komt er?" not in page
        visitor.client.head(link)
        visitor.client.get(f"{link}/stop")
        visitor.client.get(f"{link}/gegevens")
    assert visitor.client.get(f"{visitor.link}.").status_code == 302
    assert visitor.everything() == before


def test_a_post_without_the_answer_changes_nothing(visitor: Visitor) -> None:
    before = [visitor.ask(f"select * from {table}") for table in ("message", "consent", "participant", "contact.stop")]
    for verb in (
        "pauze",
        "verder",
        "rust",
        "rustweg",
        "vaker",
        "hoe",
        "adres",
        "stop",
        "wissen",
        "gegevens",
        "gegevens/bestand",
    ):
        page = visitor.post(f"{visitor.link}/{verb}", 403, pas="1999999999.abc", weken="2", vaak="none", hoe="email")
        assert "U was even weg" in page
    assert [
        visitor.ask(f"select * from {table}") for table in ("message", "consent", "participant", "contact.stop")
    ] == before


@pytest.mark.parametrize("place", ["pauze", "gegevens", "gegevens/bestand", "stop"])
def test_a_telephone_that_opens_a_page_again_after_a_form_leads_to_the_door(visitor: Visitor, place: str) -> None:
    answer = visitor.client.get(f"{visitor.link}/{place}")
    assert (answer.status_code, answer.headers.get("Location")) == (302, visitor.link)
    answer = visitor.client.get(f"{visitor.questions}/{place}")
    assert (answer.status_code, answer.headers.get("Location")) == (302, visitor.questions)


def test_a_wrong_year_is_said_and_the_door_closes(visitor: Visitor) -> None:
    for _ in range(5):
        assert "Dit jaar is het niet" in visitor.post(visitor.link, 403, antwoord="1950")
    assert "te vaak mis" in visitor.post(visitor.link, 403, antwoord="1948")
    assert "te vaak mis" in visitor.post(visitor.questions, 403, antwoord="1948")


def test_behind_both_doors_stands_the_same_page(visitor: Visitor) -> None:
    for link in (visitor.link, visitor.questions):
        own_pass = visitor.enter(link)
        page = visitor.post(link, pas=own_pass)
        assert "Een paar korte vragen" in page
        assert "Omdat u meedoet." in page
        assert f'action="{link}/pauze"' in page
        said = visitor.post(f"{link}/pauze", pas=own_pass, weken="2")
        assert "2 weken rust" in said
        assert "Toch geen pauze" in said
        assert "omdat u om een pauze vroeg" in visitor.post(link, pas=own_pass)
        assert "De pauze is voorbij" in visitor.post(f"{link}/verder", pas=own_pass)


def test_every_change_says_what_changed_and_how_to_undo_it(visitor: Visitor) -> None:
    own_pass = visitor.enter()
    said: dict[str, tuple[dict[str, str], str]] = {
        "rust": ({"van": "2026-03-09", "tot": "11-03-2026"}, "Van 9 maart 2026 tot en met 11 maart 2026"),
        "vaker": ({"vaak": "less"}, "minder vaak"),
        "hoe": ({"hoe": "email"}, "voortaan per e-mail"),
        "adres": ({}, "Wij bellen u om het nieuwe nummer"),
        "stop": ({}, "Stuur START"),
        "wissen": ({}, "binnen een maand"),
    }
    for verb, (fields, words) in said.items():
        assert words in visitor.post(f"{visitor.link}/{verb}", 200, pas=own_pass, **fields), verb
    coordinator = browser(visitor.client.application, visitor.services, Role.COORDINATOR)
    assert "om alle gegevens te wissen" in coordinator.get(f"/deelnemers/{visitor.person}").get_data(as_text=True)
    assert "Vroeg om alle gegevens te wissen" in coordinator.get("/").get_data(as_text=True)
    page = visitor.post(visitor.link, pas=own_pass)
    assert "U vroeg op 2 maart 2026 om uw gegevens te wissen" in page
    by_questions = visitor.enter(visitor.questions)
    assert "U vroeg op 2 maart 2026" in visitor.post(visitor.questions, pas=by_questions)
    assert "Kies een van de knoppen" in visitor.post(f"{visitor.link}/pauze", 400, pas=own_pass, weken="99")
    assert "Vul twee datums in" in visitor.post(f"{visitor.link}/rust", 400, pas=own_pass, van="morgen")
    assert "Deze dagen zijn al voorbij" in visitor.post(
        f"{visitor.link}/rust", 400, pas=own_pass, van="2025-03-09", tot="2025-03-11"
    )


def test_my_data_on_a_page_and_in_a_file(visitor: Visitor) -> None:
    own_pass = visitor.enter()
    page = visitor.post(f"{visitor.link}/gegevens", pas=own_pass)
    assert "Wilhelmina de Boer" in page
    assert "wil@voorbeeld.invalid" in page
    assert "Geboortejaar: 1948" in page
    answer = visitor.client.post(f"{visitor.link}/gegevens/bestand", data={"pas": own_pass})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'
    kept = json.loads(answer.get_data(as_text=True))["gegevens"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert kept["person"] == [{"first_name": "Wilhelmina", "last_name": "de Boer"}]
    assert len(kept["message"]) == len(visitor.ask("select 1 from message"))


def test_why_somebody_would_call_is_told_to_the_person_and_not_to_staff(visitor: Visitor) -> None:
    own_pass = visitor.enter()
    visitor.post(f"{visitor.link}/adres", pas=own_pass)
    visitor.post(f"{visitor.link}/wissen", pas=own_pass)
    page = visitor.post(f"{visitor.link}/gegevens", pas=own_pass)
    assert "u vroeg om uw gegevens te wissen" in page
    assert "Vroeg om alle gegevens te wissen" not in page


def test_the_pass_of_one_person_opens_nothing_of_another(visitor: Visitor) -> None:
    own_pass = visitor.enter()
    form = visitor.scene.form(first_name="Jan", birth_year=1950, mobile="06 0000 0999")
    other = enrol_participant(visitor.services, visitor.scene.coordinator, form).participant_id
    token = visitor.services.links.own_token(other, 0)
    assert "Deze link kennen wij niet" in visitor.get(f"/mijn/{token}", 404)  # nobody was sent it yet
    with visitor.services.transaction(visitor.scene.org_id) as session:
        own_pages.set_link(session, other, Links.digest(token))
    visitor.post(f"/mijn/{token}", 403, pas=own_pass)
    visitor.post(f"/mijn/{token}/gegevens", 403, pas=own_pass)


def test_anybody_may_ask_whether_a_message_is_ours(visitor: Visitor) -> None:
    dispatch_messages(visitor.services)
    assert isinstance(visitor.services.sms, MemoryChannel)
    text = visitor.services.sms.sent[0].text
    before = visitor.everything()
    page = visitor.get("/echt")
    assert "Wij vragen nooit om geld" in page
    assert "peil.example" in page
    assert "078 000 0001" in page
    assert "Ja, dit bericht is van Stichting welzijn." in visitor.post("/echt", bericht=text)
    assert "Wij kennen dit bericht niet." in visitor.post("/echt", bericht=text + " x")
    assert "een link in die niet van ons is: gevaar.invalid" in visitor.post(
        "/echt", bericht="Betaal nu: https://gevaar.invalid/x"
    )
    assert "Ja, deze link is van ons." in visitor.post("/echt", bericht="https://peil.example/v/abc")
    assert "hoogstens 2000 tekens" in visitor.post("/echt", 400, bericht="x" * 2001)
    assert "We never ask for money" in visitor.get("/echt?taal=en")
    assert visitor.everything() == before
