"""The pages for filling in together and for paper: blind, printable without a name, and only for who may."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.usecases.access import Role
from service.usecases.add_account import add_account
from service.usecases.close_waves import close_waves
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.submit_answers import submit_answers
from tests.api.year import browser, call_task, make_app, post
from tests.builders import Clock
from tests.usecases.scene import PASSWORD, Scene, make_scene, rows

ITEMS = (3, 4, 7, 9, 8, 10)


@dataclass(frozen=True)
class Desk:
    """A coordinator at a browser, one participant with an open wave."""

    scene: Scene
    client: FlaskClient
    database: Engine
    person: uuid.UUID
    measurement: uuid.UUID

    @property
    def together(self) -> str:
        return f"/deelnemers/{self.person}/samen/{self.measurement}"

    @property
    def form(self) -> str:
        return f"/deelnemers/{self.person}/papier/{self.measurement}"

    @property
    def entry(self) -> str:
        return f"/papier/{self.measurement}"

    def read(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return html.unescape(answer.get_data(as_text=True))


@pytest.fixture
def desk(services: Services, database: Engine, clock: Clock) -> Desk:
    scene = make_scene(services)
    person = enrol_participant(services, scene.coordinator, scene.form()).participant_id
    clock.forward(days=1)
    close_waves(services)
    found = rows(database, "select id from measurement order by position limit 1")[0][0]
    return Desk(scene, browser(make_app(services), services, Role.COORDINATOR), database, person, found)


def answers(code: str = "yes", **others: str) -> dict[str, str]:
    return {f"item_{item}": code for item in ITEMS} | others


def test_the_work_list_and_the_participant_lead_to_filling_in_together(desk: Desk, clock: Clock) -> None:
    with desk.database.begin() as connection:
        task = call_task(connection, desk.scene, desk.person, "no_answer", clock)
        connection.exec_driver_sql("update call_task set measurement_id = %s where id = %s", (desk.measurement, task))
    assert desk.together in desk.read("/")
    page = desk.read(f"/deelnemers/{desk.person}")
    assert desk.together in page
    assert desk.form in page


def test_the_page_says_what_to_say_and_asks_each_item_as_published(desk: Desk) -> None:
    page = desk.read(desk.together)
    assert "u spreekt met coordinator van Stichting welzijn" in page
    assert "Meedoen hoeft niet. U mag altijd stoppen." in page
    for item in desk.scene.services.instruments["djg6"].items:
        assert item.text["nl"] in page
    assert desk.scene.services.instruments["djg6"].lead_in["nl"] in page
    assert "Wilt u dat wij u bellen?" in page
    assert "Geeft u deze deelnemer ook de begeleiding?" in page


def test_answers_given_before_are_not_on_the_page_and_only_their_being_there_is(desk: Desk) -> None:
    before = desk.read(desk.together)
    submit_answers(desk.scene.services, desk.scene.services.links.token(desk.measurement), {3: "more_or_less"})
    page = desk.read(desk.together)
    assert page.count("Al beantwoord") == 1
    assert " checked" not in page
    assert page.count("more_or_less") == before.count("more_or_less")
    assert "al beantwoord" in desk.read(f"{desk.together}/script")


def test_what_is_entered_is_kept_with_how_and_by_whom(desk: Desk) -> None:
    sent = post(
        desk.client, desk.together, desk.together, **answers(), mode="face_to_face", helper_delivers="ja", call="ja"
    )
    assert sent.headers["Location"] == f"/deelnemers/{desk.person}"
    row = rows(
        desk.database, "select status, mode, helper_delivers from measurement where id = :id", id=desk.measurement
    )
    assert row == [("complete", "face_to_face", True)]
    assert rows(desk.database, "select reason from call_task where done_at is null") == [("asked_for_call",)]
    assert "Alle vragen zijn beantwoord" in desk.read(f"/deelnemers/{desk.person}")
    assert "Deze vragen zijn helemaal beantwoord" in desk.read(desk.together)


def test_a_choice_that_is_missing_is_asked_for_and_what_was_chosen_stays(desk: Desk) -> None:
    sent = post(desk.client, desk.together, desk.together, item_3="no", mode="telephone")
    page = html.unescape(sent.get_data(as_text=True))
    assert sent.status_code == 400
    assert page.count("Hier is nog niets gekozen") >= 1
    assert 'name="item_3" value="no" checked' in page
    assert rows(desk.database, "select count(*) from answer_event") == [(0,)]


def test_one_question_at_a_time_walks_through_all_of_them(desk: Desk) -> None:
    url = f"{desk.together}?vraag=1"
    for number, item in enumerate(ITEMS, start=1):
        page = desk.read(url)
        assert page.count('<fieldset class="field asked-item"') == 1
        sent = post(desk.client, url, url, **{f"item_{item}": "no"}, mode="telephone", helper_delivers="nee")
        assert sent.status_code == 302
        url = sent.headers["Location"]
        if number < len(ITEMS):
            assert f"vraag={number + 1}&manier=telephone&begeleiding=nee" in url
    assert url == f"/deelnemers/{desk.person}"
    assert rows(desk.database, "select status from measurement where id = :id", id=desk.measurement) == [("complete",)]


def test_the_script_is_in_large_print_with_first_name_and_pseudonym_only(desk: Desk) -> None:
    page = desk.read(f"{desk.together}/script")
    pseudonym = rows(desk.database, "select pseudonym from participant")[0][0]
    assert "de Boer" not in page
    assert f"Wil, {pseudonym}" in page
    assert "liever geen antwoord" in page
    assert page.count('class="asked"') == len(ITEMS)


def test_somebody_who_speaks_english_is_asked_in_english_by_a_dutch_page(
    desk: Desk, services: Services, clock: Clock
) -> None:
    form = desk.scene.form(first_name="Ann", mobile="06 0000 0191", language="en")
    person = enrol_participant(services, desk.scene.coordinator, form).participant_id
    measurement = rows(
        desk.database, "select id from measurement where participant_id = :p order by position", p=person
    )[0][0]
    page = desk.read(f"/deelnemers/{person}/samen/{measurement}")
    item = services.instruments["djg6"].items[0]
    assert "Say this first" not in page  # the helper's own words are in the helper's language
    assert "this is coordinator of Stichting welzijn" in page
    assert item.text["en"] in page
    assert "Bewaar de antwoorden" in page
    script = desk.read(f"/deelnemers/{person}/samen/{measurement}/script")
    assert 'lang="en"' in script
    assert "rather no answer" in script


def test_a_get_makes_no_form_and_the_button_does(desk: Desk) -> None:
    assert desk.client.get(f"{desk.form}/formulier").headers["Location"] == desk.form
    desk.read(desk.form)
    assert rows(desk.database, "select count(*) from measurement where paper_digest is not null") == [(0,)]
    sent = post(desk.client, desk.form, desk.form)
    assert sent.headers["Location"] == f"{desk.form}/formulier"
    page = desk.read(f"{desk.form}/formulier")
    assert "Boer" not in page
    assert re.search(r'class="code">\w{3} \w{3} \w{3}<', page)
    assert "Meedoen hoeft niet en kost niets" in page
    assert "078 000 0001" in page


def code_of(desk: Desk) -> str:
    post(desk.client, desk.form, desk.form)
    found = re.search(r'class="code">([\w ]+)<', desk.read(f"{desk.form}/formulier"))
    assert found
    return found[1]


def test_a_form_is_found_by_its_code_and_typed_in_twice(desk: Desk) -> None:
    code = code_of(desk)
    slip = post(desk.client, "/papier", "/papier", code="123")
    assert slip.status_code == 400
    assert "negen tekens" in slip.get_data(as_text=True)
    assert post(desk.client, "/papier", "/papier", code=code.lower()).headers["Location"] == desk.entry
    first = answers("more_or_less", filled_in_on="2026-03-03", turn="first")
    assert post(desk.client, desk.entry, desk.entry, **first).headers["Location"] == "/papier"
    assert "Eén formulier wacht op een tweede keer invoeren" in desk.read("/papier")
    assert "Eén formulier wacht op een tweede keer invoeren" in desk.read("/")
    page = desk.read(desk.entry)
    assert "Tweede keer overtypen" in page
    assert "U deed ook de eerste keer" in page
    post(desk.client, desk.entry, desk.entry, **(first | {"turn": "second"}))
    assert "Het formulier is bewaard" in desk.read("/papier")
    assert rows(desk.database, "select status, mode from measurement where id = :id", id=desk.measurement) == [
        ("complete", "paper")
    ]


def test_the_second_person_sees_nothing_of_what_the_first_typed(desk: Desk, services: Services) -> None:
    code_of(desk)
    empty = desk.read(desk.entry)
    post(desk.client, desk.entry, desk.entry, **answers(filled_in_on="2026-03-03", turn="first", item_4="no"))
    add_account(
        services,
        org_id=desk.scene.org_id,
        email="coordinator.tweede@voorbeeld.invalid",
        name="tweede",
        role=Role.COORDINATOR,
        password=PASSWORD,
    )
    other = browser(make_app(services), services, Role.COORDINATOR, "tweede")
    page = html.unescape(other.get(desk.entry).get_data(as_text=True))
    assert " checked" not in page
    assert "2026-03-03" not in page
    assert [page.count(f'value="{code}"') for code in ("yes", "no")] == [
        empty.count(f'value="{code}"') for code in ("yes", "no")
    ]
    typed = answers(filled_in_on="2026-03-03", turn="second")
    assert post(other, desk.entry, desk.entry, **typed).headers["Location"] == desk.entry
    again = html.unescape(other.get(desk.entry).get_data(as_text=True))
    assert "Kijk nog eens op het papier" in again
    assert again.count('<fieldset class="field asked-item') == 1
    assert " checked" not in again
    post(other, desk.entry, desk.entry, item_4="no", turn="decision")
    assert rows(desk.database, "select code from answer_event where item = 4") == [("no",)]


def test_what_was_typed_over_can_be_thrown_away(desk: Desk) -> None:
    code_of(desk)
    post(desk.client, desk.entry, desk.entry, **answers(filled_in_on="2026-03-03", turn="first"))
    post(desk.client, desk.entry, f"{desk.entry}/weg")
    assert "Er wacht geen formulier" in desk.read("/papier")
    assert "Formulier overtypen" in desk.read(desk.entry)
    assert rows(desk.database, "select answers from paper_entry") == [("",)]


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.ADMINISTRATOR])
def test_other_roles_come_in_nowhere(desk: Desk, services: Services, role: Role) -> None:
    code_of(desk)
    client = browser(make_app(services), services, role)
    for path in (desk.together, f"{desk.together}/script", desk.form, f"{desk.form}/formulier", "/papier", desk.entry):
        assert client.get(path).status_code == 403, path


def test_the_measurement_of_somebody_else_is_not_found(desk: Desk) -> None:
    for path in ("samen", "papier"):
        assert desk.client.get(f"/deelnemers/{uuid.uuid4()}/{path}/{desk.measurement}").status_code == 404
    assert desk.client.get(f"/papier/{uuid.uuid4()}").status_code == 404
