"""The pages in English: every Dutch word of the sources is in the catalogue, and no page shows Dutch that is in it."""

from __future__ import annotations

import html
import re
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.usecases.access import Role
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.api import year as v
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene, rows

SERVICE = Path(__file__).parents[2] / "service"
CATALOGUE = SERVICE / "translations/en/LC_MESSAGES/messages.po"
#: Dutch that English has no word like, and that stands in no name of this test: for texts made of several parts.
DUTCH = re.compile(r"\b(het|niet|geen|wordt|worden|naar|voor|uur|vandaag|gisteren|maandag|tot en met|per sms)\b", re.I)
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
#: The attributes that are read aloud or drawn.
READ = re.compile(r'(?:aria-label|data-c|data-[a-z]+-words|data-targetlabel|data-label|placeholder)="([^"]*)"')


def forms(text: Any) -> tuple[str, ...]:
    """The singular and the plural, or the one text there is."""
    return tuple(text) if isinstance(text, (tuple, list)) else (text,)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_the_catalogue_holds_exactly_the_words_of_the_sources(messages: list[Message]) -> None:
    config = ConfigParser()
    config.read(SERVICE / "translations/babel.cfg")
    methods = [tuple(part.strip() for part in section.split(":")) for section in config.sections()]
    options = {section.split(":")[1].strip(): dict(config[section]) for section in config.sections()}
    found = {
        forms(text)
        for _file, _line, text, _comments, _context in extract_from_dir(
            SERVICE, method_map=[(pattern, method) for method, pattern in methods], options_map=options
        )
    }
    assert len(found) > 400, "the extraction found too little: look at service/translations/babel.cfg"
    known = {forms(message.id) for message in messages}
    assert found - known == set(), "not in the English catalogue: make texts, then translate"
    assert known - found == set(), "no page says this any more: make texts"


def test_every_word_has_an_english_translation_with_the_same_placeholders(
    catalogue: Catalog, messages: list[Message]
) -> None:
    assert catalogue.num_plurals == 2
    for message in messages:
        assert not message.fuzzy, message.id
        dutch, english = forms(message.id), forms(message.string)
        assert len(dutch) == len(english), message.id
        for said, translated in zip(dutch, english, strict=True):
            assert translated.strip(), message.id
            assert said.endswith(" ") == translated.endswith(" "), message.id
        # A singular may say "one" and leave the number out; what it does name, must be known.
        assert sorted(PLACEHOLDER.findall(dutch[-1])) == sorted(PLACEHOLDER.findall(english[-1])), message.id
        assert set(PLACEHOLDER.findall(english[0])) <= set(PLACEHOLDER.findall(dutch[-1])), message.id


def texts(page: str) -> set[str]:
    """Every separate text of a page: between marks, and in attributes that are read aloud or drawn."""
    page = re.sub(r'<button[^>]*lang="nl">[^<]*</button>', "", page)  # the way back to Dutch is in Dutch
    attributes = {html.unescape(text) for text in READ.findall(page)}
    between = {html.unescape(text) for text in re.split(r"<[^>]*>", page)}
    return {" ".join(text.split()) for text in attributes | between} - {""}


def untranslated(page: str, messages: list[Message]) -> set[str]:
    """Dutch of the catalogue that still stands on a page."""
    dutch = {forms(m.id)[0] for m in messages if forms(m.id)[0] != forms(m.string)[0]}
    english = {forms(m.string)[0] for m in messages}
    found = texts(page)
    return found & (dutch - english) | {text for text in found if DUTCH.search(text)}


def in_english(scene: Scene, role: Role) -> FlaskClient:
    client = v.browser(v.make_app(scene.services), scene.services, role)
    assert v.post(client, "/uitleg", "/taal", language="en", back="/").status_code == 302
    return client


@pytest.fixture
def scene(services: Services, database: Engine, clock: Clock) -> Scene:
    scene = make_scene(services)
    ids = v.fill(scene, database, clock, people=12)
    with database.begin() as connection:
        v.call_task(connection, scene, ids[0], "asked_for_call", clock)
        reply_id = v.reply(connection, scene, "Kom je langs?", clock, ids[1])
        v.alert(connection, scene, ids[1], reply_id, clock)
    return scene


def test_every_page_of_staff_is_english_for_who_chose_english(
    scene: Scene, database: Engine, messages: list[Message]
) -> None:
    [person] = rows(database, "select id from participant order by created_at limit 1")
    forms_of_person = (
        "",
        "/gegevens",
        "/toestemming",
        "/intrekken",
        "/overlijden",
        "/vertrek",
        "/gesprek",
        "/programma",
    )
    pages = {
        Role.COORDINATOR: (
            "/", "/deelnemers", "/deelnemers?zoek=xyz", "/deelnemers/nieuw", "/deelnemers/inlezen",
            "/programmas", f"/programmas/{scene.programme_id}", "/uitleg",
            *(f"/deelnemers/{person.id}{form}" for form in forms_of_person),
        ),
        Role.EVALUATOR: ("/programmas", f"/programmas/{scene.programme_id}", "/gegevens", "/uitleg", "/instrumenten", "/instrumenten/ucla3"),
        Role.ADMINISTRATOR: ("/beheer", "/beheer/accounts", "/interventies/nieuw", "/programmas/nieuw", "/protocollen", "/teksten"),
    }  # fmt: skip
    for role, paths in pages.items():
        client = in_english(scene, role)
        for path in paths:
            answer = client.get(path)
            page = answer.get_data(as_text=True)
            assert answer.status_code == 200, (role, path)
            assert '<html lang="en">' in page
            assert untranslated(page, messages) == set(), (role, path, "is messages.mo made? make setup")
            assert texts(page) >= {"Main menu", "Log out", "How Peil calculates"}, (role, path)


def test_words_that_say_why_a_page_is_not_there_are_english_too(scene: Scene, messages: list[Message]) -> None:
    client = in_english(scene, Role.EVALUATOR)
    for path in ("/bestaat-niet", "/beheer"):
        page = client.get(path).get_data(as_text=True)
        assert "To the start" in page
        assert untranslated(page, messages) == set()


def test_the_chosen_language_outlives_logging_out(scene: Scene) -> None:
    client = in_english(scene, Role.COORDINATOR)
    v.post(client, "/", "/uitloggen")
    page = client.get("/inloggen").get_data(as_text=True)
    assert "Password" in texts(page)
    assert "Log out" not in texts(page)


def test_a_participant_reads_the_language_of_the_participant_not_of_the_browser(
    services: Services, database: Engine, messages: list[Message]
) -> None:
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form(language="en"))
    [measurement] = rows(database, "select id from measurement where wave = 't0'")
    link = f"/v/{services.links.token(measurement.id)}"
    client = v.make_app(services).test_client()
    for path in ("", "/vraag/1", "/vraag/2"):
        page = client.get(link + path).get_data(as_text=True)
        assert '<html lang="en">' in page
        assert untranslated(page, messages) == set()
    assert "I would rather not answer this" in page


def test_dutch_needs_no_catalogue(scene: Scene) -> None:
    client = v.browser(v.make_app(scene.services), scene.services, Role.COORDINATOR)
    page = client.get("/").get_data(as_text=True)
    assert '<html lang="nl">' in page
    assert texts(page) >= {"Vandaag", "Deelnemers", "Eén melding vraagt nu om een reactie."}
