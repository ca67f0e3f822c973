"""The pages of a participant in a real Chromium: by keyboard, without script, at 320 pixels, and by axe's rules."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.serving import make_server

from service.channels.base import Outgoing
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.api.year import make_app
from tests.browser.conftest import violations
from tests.simulator.practice import practice
from tests.usecases.scene import make_scene, rows

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture
def link(services: Services, database: Engine) -> Iterator[str]:
    """The personal link of somebody who was just enrolled, on a running site."""
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form())
    token = services.links.token(rows(database, "select id from measurement where wave = 't0'")[0].id)
    server = make_server("127.0.0.1", 0, make_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v/{token}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_page_fits_a_small_phone_and_breaks_no_rule(chromium: Any, link: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="nl-NL")
    page = context.new_page()
    page.goto(link)
    wrong = violations(page, "start")
    page.get_by_role("link", name="Beginnen").click()
    while "/vraag/" in page.url:
        wrong += violations(page, page.url.rsplit("/v/")[-1][-8:])
        sizes = page.eval_on_selector_all(
            "main *", "all => all.filter(e => e.innerText).map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 18
        page.locator("button.answer").first.click()
    wrong += violations(page, "done")
    page.goto(link[:-4] + "xxxx")
    wrong += violations(page, "unknown")
    context.close()
    assert wrong == []


def test_by_keyboard_and_without_script_one_gets_to_the_end(chromium: Any, link: str, database: Engine) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    page.goto(link)
    page.get_by_role("link", name="Beginnen").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for _ in range(20):
        if "/vraag/" not in page.url:
            break
        page.locator("button.answer").first.focus()
        page.keyboard.press("Tab")  # the second answer
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.url.endswith("/klaar")
    context.close()
    answers = rows(database, "select distinct code from answer_event")
    assert [answer.code for answer in answers] == ["more_or_less"]


def test_the_pretend_phone_fits_and_breaks_no_rule(chromium: Any) -> None:
    with practice() as running:
        running.channel().send(Outgoing("token", "+31600000137", "Vraag 1 van 6: antwoord 1, 2 of 3"))
        for width in (320, 1280):
            page = chromium.new_page(viewport={"width": width, "height": 800})
            page.goto(running.url)
            assert violations(page, f"phone at {width}") == []
            page.close()
