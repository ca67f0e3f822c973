"""The pages about texts, as a browser without scripts sees them."""

from __future__ import annotations

import html

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.messages.known import RESERVED, sent
from service.usecases.access import Role
from service.usecases.services import Services
from tests.api import year as v
from tests.usecases.scene import Scene, make_scene, rows

PAGE = "/teksten/sms/enc_start/nl/u"
WORDS = "Dag {first_name}, wat fijn. Groet, {coordinator}, {organisation}, {phone}. Codewoord {word}"


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


@pytest.fixture
def client(scene: Scene, services: Services) -> FlaskClient:
    return v.browser(v.make_app(services), services, Role.ADMINISTRATOR)


def read(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def test_the_list_names_every_text_and_says_which_are_fixed(client: FlaskClient, services: Services) -> None:
    page = read(client, "/teksten")
    for key in {key for _, key in services.render.catalogue.sms if sent(key)}:
        assert f'href="/teksten/sms/{key}/nl/u"' in page
        assert f'<th scope="row">{key}<' not in page, "every text has a name for people"
    for key in {key for _, key in services.render.catalogue.email if sent(key)}:
        assert f'href="/teksten/email/{key}/nl/u"' in page
        assert f'<th scope="row">{key}<' not in page
    assert "ligt vast" in page
    assert not any(f"/{key}/" in page for key in RESERVED), "a page shows nothing that nobody receives"
    assert "eigen woorden</a>" not in page


def test_looking_first_shows_the_words_filled_in_and_keeps_nothing(client: FlaskClient, database: Engine) -> None:
    answer = v.post(client, PAGE, PAGE, do="look", seen="0", text=WORDS)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "Dag Wil, wat fijn. Groet, Sanne, welzijn, 078 000 0001. Codewoord klaproos" in page
    assert "Dag Anne-Pauline, wat fijn." in page
    assert "tekens, 1 sms" in page
    assert rows(database, "select 1 from own_text") == []


def test_saving_shows_the_words_as_ones_own_and_the_way_back(client: FlaskClient) -> None:
    answer = v.post(client, PAGE, PAGE, do="save", seen="0", text=WORDS)
    assert (answer.status_code, answer.location) == (302, PAGE)
    page = read(client, PAGE)
    assert "eigen woorden, versie 1" in page
    assert "Terug naar de standaardtekst" in page
    assert "eigen woorden</a>" in read(client, "/teksten")
    answer = v.post(client, PAGE, f"{PAGE}/terug")
    assert answer.status_code == 302
    assert "standaardtekst" in read(client, PAGE)
    answer = v.post(client, PAGE, f"{PAGE}/terug", version="1")
    assert "eigen woorden, versie 3" in read(client, PAGE)


def test_an_error_stands_above_the_field_and_what_was_typed_stays(client: FlaskClient) -> None:
    answer = v.post(client, PAGE, PAGE, do="save", seen="0", text=f"Eenzaam? {WORDS}")
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 400
    assert "Het woord “Eenzaam” mag niet in een bericht staan." in page
    assert 'id="e-text"' in page
    assert f"Eenzaam? {WORDS}" in page


def test_a_warning_says_what_a_letter_costs_and_does_not_refuse(client: FlaskClient) -> None:
    dear = WORDS.replace("fijn", "fijn…")
    assert "kost dit bericht" in v.post(client, PAGE, PAGE, do="look", seen="0", text=dear).get_data(as_text=True)
    assert v.post(client, PAGE, PAGE, do="save", seen="0", text=dear).status_code == 302


def test_braces_that_go_astray_are_no_error_of_ours(client: FlaskClient) -> None:
    for words in ("{", "}", "{0}", "{first_name.__class__}", "{x!r}", "{{7*7}}"):
        assert v.post(client, PAGE, PAGE, do="save", seen="0", text=words).status_code == 400
        assert v.post(client, PAGE, PAGE, do="look", seen="0", text=words).status_code == 200


@pytest.mark.parametrize("url", ["/teksten/sms/question/nl/u", "/teksten/sms/distress_red/nl/je"])
def test_a_fixed_text_is_shown_with_its_reason_and_no_form(client: FlaskClient, url: str) -> None:
    page = read(client, url)
    assert "<textarea" not in page
    assert "vast" in page or "zoals de onderzoekers ze maakten" in page


def test_a_coordinator_reads_and_cannot_write(scene: Scene, services: Services) -> None:
    client = v.browser(v.make_app(services), services, Role.COORDINATOR)
    page = read(client, PAGE)
    assert "<textarea" not in page
    assert "Dag Wil, fijn dat u er bent." in page
    assert v.post(client, PAGE, PAGE, do="save", text=WORDS).status_code == 403


@pytest.mark.parametrize("url", ["/teksten/sms/nothing/nl/u", "/teksten/sms/enc_start/de/u", "/teksten/fax/help/nl/u"])
def test_what_does_not_exist_is_not_found(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("key", ["invite_link", "question_first", "activity_tomorrow", "stop_confirm"])
def test_mails_and_sms_can_be_opened_in_every_form(client: FlaskClient, key: str) -> None:
    for channel in ("sms", "email"):
        for form in ("nl/u", "nl/je", "en/u"):
            assert client.get(f"/teksten/{channel}/{key}/{form}").status_code == 200
