"""The staff pages in a real Chromium: no accessibility violations, nothing scrolls sideways at 320 pixels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.serving import make_server

from service.usecases.access import Role
from service.usecases.services import Services
from service.usecases.show_administration import show_administration
from tests.api import year as v
from tests.browser.conftest import violations
from tests.builders import Clock
from tests.usecases.scene import make_scene

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture
def site(
    services: Services, database: Engine, clock: Clock
) -> Iterator[tuple[str, dict[Role, list[str]], dict[Role, str]]]:
    """The address of a running site with a year behind it, the pages per role, and the cookie of each role."""
    scene = make_scene(services)
    ids = v.fill(scene, database, clock, people=14)
    with database.begin() as connection:
        v.call_task(connection, scene, ids[0], "asked_for_call", clock)
        reply_id = v.reply(connection, scene, "Ik zie het niet meer zitten.", clock, ids[1])
        v.alert(connection, scene, ids[1], reply_id, clock)
        v.reply(connection, scene, "Wie bent u?", clock)
    app = v.make_app(services)
    cookies = {}
    for role in Role:
        cookie = v.browser(app, services, role).get_cookie("peil")
        assert cookie is not None
        cookies[role] = cookie.value
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    programme = f"/programmas/{scene.programme_id}"
    person = f"/deelnemers/{ids[0]}"
    protocol_id = show_administration(services, scene.administrator).protocols[0].id
    pages = {
        Role.COORDINATOR: [
            "/",
            "/deelnemers",
            "/deelnemers?toon=overdue",
            person,
            f"{person}/waarom",
            f"{person}/waarom?dag=overmorgen",
            "/deelnemers/nieuw",
            "/deelnemers/inlezen",
            f"{person}/liever-niet",
        ],
        Role.EVALUATOR: [
            "/programmas",
            programme,
            f"{programme}/analyse",
            "/gegevens",
            "/uitleg",
            "/instrumenten",
            "/instrumenten/djg11",
            "/bestaat-niet",
        ],
        Role.ADMINISTRATOR: [
            "/beheer",
            "/programmas/nieuw",
            "/protocollen",
            "/beheer/protocollen/nieuw",
            f"/beheer/protocollen/{protocol_id}/wijzigen",
            f"/beheer/protocollen/{protocol_id}/wijzigen?als=tekst",
            f"/beheer/programmas/{scene.programme_id}",
            "/teksten",
            "/teksten/sms/enc_start/nl/u",
            "/teksten/email/invite_link/nl/je",
            "/teksten/sms/help/nl/u",
        ],
    }
    yield f"http://127.0.0.1:{server.server_port}", pages, cookies
    server.shutdown()
    thread.join()
    server.server_close()


def note_refusals(wrong: list[str], message: Any) -> None:
    """What the content security policy refused is a mistake of ours."""
    if "Content Security" in message.text:
        wrong.append(message.text)


def test_staff_pages_are_accessible_and_fit_a_small_phone(chromium: Any, site: Any) -> None:
    address, pages, cookies = site
    wrong: list[str] = []
    for role, paths in pages.items():
        for width in (320, 1280):
            context = chromium.new_context(viewport={"width": width, "height": 800}, locale="nl-NL", bypass_csp=False)
            context.add_cookies([{"name": "peil", "value": cookies[role], "url": address}])
            page = context.new_page()
            page.on("console", partial(note_refusals, wrong))
            for path in paths:
                page.goto(address + path)
                wrong += violations(page, f"{path} at {width}")
            context.close()
    assert wrong == []


def test_charts_are_drawn_from_the_table_and_close_it(chromium: Any, site: Any) -> None:
    address, pages, cookies = site
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    context.add_cookies([{"name": "peil", "value": cookies[Role.EVALUATOR], "url": address}])
    page = context.new_page()
    page.goto(address + pages[Role.EVALUATOR][1])
    page.wait_for_selector(".chart svg[role=img]")
    drawn = page.eval_on_selector_all(".chart[data-chart=course] text.val", "nodes => nodes.map(n => n.textContent)")
    table = page.eval_on_selector_all(
        ".chart[data-chart=course] tbody td:nth-child(2)", "nodes => nodes.map(n => n.textContent)"
    )
    assert drawn
    assert drawn == [value for value in table if value[:1].isdigit()]
    assert page.eval_on_selector_all("details.data[open]", "nodes => nodes.length") == 0
    context.close()


def test_without_script_the_table_is_there(chromium: Any, site: Any) -> None:
    address, pages, cookies = site
    context = chromium.new_context(java_script_enabled=False, locale="nl-NL")
    context.add_cookies([{"name": "peil", "value": cookies[Role.EVALUATOR], "url": address}])
    page = context.new_page()
    page.goto(address + pages[Role.EVALUATOR][1])
    assert page.locator("details.data[open] table").count() == 2
    context.close()


def test_all_figures_are_drawn_from_their_tables(chromium: Any, site: Any) -> None:
    address, pages, cookies = site
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    context.add_cookies([{"name": "peil", "value": cookies[Role.EVALUATOR], "url": address}])
    page = context.new_page()
    page.goto(address + pages[Role.EVALUATOR][2])
    page.wait_for_selector(".chart[data-chart=survival] svg[role=img]")
    course = page.eval_on_selector_all(".chart[data-chart=course] text.val", "nodes => nodes.map(n => n.textContent)")
    table = page.eval_on_selector_all(
        ".chart[data-chart=course] tbody tr[data-v] td:nth-child(2)", "nodes => nodes.map(n => n.textContent)"
    )
    assert course
    assert all(words.startswith(drawn) for drawn, words in zip(course, table, strict=True))
    risk = page.eval_on_selector_all(".chart[data-chart=survival] text.c1n", "nodes => nodes.map(n => n.textContent)")
    assert risk[0] == "14"  # everybody is followed on the first day
    context.close()
