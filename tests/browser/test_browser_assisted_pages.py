"""Filling in together and paper in a real Chromium: accessible, nothing sideways at 320 pixels, whole A4 pages."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text
from werkzeug.serving import make_server

from service.followup.paper_forms import Turn
from service.usecases.access import Role
from service.usecases.close_waves import close_waves
from service.usecases.create_programme import create_programme
from service.usecases.enrol_participant import enrol_participant
from service.usecases.enter_paper import enter_paper
from service.usecases.make_paper_form import make_paper_form
from service.usecases.services import Services
from service.usecases.submit_answers import submit_answers
from service.usecases.upload_protocol import upload_protocol
from tests.api.year import browser, make_app
from tests.browser.conftest import violations
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene, protocol_text, rows

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

ITEMS = (3, 4, 7, 9, 8, 10)


@dataclass(frozen=True)
class Site:
    address: str
    cookie: str
    person: str
    together: str
    paper: str
    entries: tuple[str, ...]  # a form for each turn: first, second, decision
    eleven: str  # the last part of the address of a wave with eleven questions

    def page(self, chromium: Any, width: int) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="nl-NL")
        context.add_cookies([{"name": "peil", "value": self.cookie, "url": self.address}])
        return context.new_page()


def with_eleven_questions(scene: Scene, database: Engine) -> str:
    """Somebody in a programme with the long questionnaire, whose form is made. Returns `person/%s/measurement`."""
    protocol = upload_protocol(scene.services, scene.administrator, protocol_text("elf-vragen"))
    intervention = rows(database, "select id from intervention")[0][0]
    programme = create_programme(
        scene.services,
        scene.administrator,
        intervention_id=intervention,
        protocol_id=protocol.protocol_id,
        coordinator_id=scene.coordinator.account_id,
        name="Wandelen",
        site="Wijkcentrum",
        municipality="Dordrecht",
        starts_on=date(2026, 3, 1),
    )
    form = scene.form(first_name="Hendrika", mobile="06 0000 0199", programme_id=programme)
    person = enrol_participant(scene.services, scene.coordinator, form).participant_id
    measurement = rows(
        database, "select id from measurement where participant_id = :p order by position limit 1", p=person
    )[0][0]
    make_paper_form(scene.services, scene.coordinator, person, measurement)
    return f"/deelnemers/{person}/%s/{measurement}"


@pytest.fixture
def site(services: Services, database: Engine, clock: Clock) -> Iterator[Site]:
    scene = make_scene(services)
    people = [
        enrol_participant(services, scene.coordinator, scene.form(first_name=name, mobile=f"06 0000 010{number}"))
        for number, name in enumerate(("Wil", "Şükran", "Johanna"))
    ]
    clock.forward(days=1)
    close_waves(services)
    first = [
        rows(database, "select id from measurement where participant_id = :p order by position limit 1",
             p=one.participant_id)[0][0]
        for one in people
    ]  # fmt: skip
    submit_answers(services, services.links.token(first[0]), {3: "yes"})
    answers = dict.fromkeys(ITEMS, "no")
    for one, measurement in zip(people, first, strict=True):
        make_paper_form(services, scene.coordinator, one.participant_id, measurement)
    for measurement in first[1:]:
        enter_paper(services, scene.coordinator, measurement, answers, clock().date(), Turn.FIRST)
    enter_paper(services, scene.coordinator, first[2], answers | {4: "yes"}, clock().date(), Turn.SECOND)
    eleven = with_eleven_questions(scene, database)
    with database.begin() as connection:  # names as long as they come
        connection.execute(text("update organisation set name = 'Stichting Welzijn en Ontmoeting Drechtsteden'"))
        connection.execute(text("update account set name = 'Marie-José van den Bovenkamp-Hendriks'"))
    app = make_app(services)
    cookie = browser(app, services, Role.COORDINATOR).get_cookie("peil")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    person = f"/deelnemers/{people[0].participant_id}"
    yield Site(
        f"http://127.0.0.1:{server.server_port}",
        cookie.value,
        person,
        f"{person}/samen/{first[0]}",
        f"{person}/papier/{first[0]}",
        tuple(f"/papier/{one}" for one in first),
        eleven,
    )
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_pages_are_accessible_and_fit_a_small_phone(chromium: Any, site: Site) -> None:
    wrong: list[str] = []
    paths = [
        "/",
        site.person,
        site.together,
        f"{site.together}?vraag=2",
        f"{site.together}/script",
        site.paper,
        f"{site.paper}/formulier",
        "/papier",
        *site.entries,
    ]
    for width in (320, 1280):
        page = site.page(chromium, width)
        for path in paths:
            page.goto(site.address + path)
            wrong += violations(page, f"{path} at {width}")
        page.context.close()
    assert wrong == []


def test_a_coordinator_fills_in_together_with_the_keyboard_alone(chromium: Any, site: Site, database: Engine) -> None:
    page = site.page(chromium, 1280)
    page.goto(site.address + f"{site.together}?vraag=2")
    page.focus("input[name=item_4]")
    page.keyboard.press("Space")
    page.focus("input[name=mode]")
    page.keyboard.press("ArrowDown")
    page.focus("input[name=helper_delivers]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("vraag=3"))
    page.evaluate("document.fonts.ready")
    assert page.input_value("input[name=mode]") == "face_to_face"
    page.context.close()
    assert rows(database, "select code, mode from answer_event where item = 4") == [("yes", "face_to_face")]


def test_what_is_printed_fills_whole_pages_in_16_point(chromium: Any, site: Site) -> None:
    page = site.page(chromium, 1280)
    expected = {
        f"{site.paper}/formulier": 1,
        f"{site.together}/script": 2,
        f"{site.eleven % 'papier'}/formulier": 2,
        f"{site.eleven % 'samen'}/script": 3,
    }
    for path, pages in expected.items():
        page.goto(site.address + path)
        page.evaluate("document.fonts.ready")
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == pages, path
        smallest = page.eval_on_selector_all(
            ".asked p, .boxes li, .lead",
            "nodes => Math.min(...nodes.map(n => parseFloat(getComputedStyle(n).fontSize)))",
        )
        assert smallest >= 16 * 96 / 72 - 0.1, path
    page.context.close()
