"""The page of the analysis plan in a real Chromium: empty, refused and locked, on a small phone and a wide screen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from service.usecases.access import Role
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.api import year
from tests.browser.conftest import violations
from tests.builders import Clock
from tests.usecases.scene import make_scene

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture
def place(services: Services, clock: Clock) -> Iterator[tuple[str, str, str]]:
    """The address of a running site, the path of a plan that would come late, and the cookie of an evaluator."""
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form())
    clock.forward(days=200)
    app = year.make_app(services)
    cookie = year.browser(app, services, Role.EVALUATOR).get_cookie("peil")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", f"/programmas/{scene.programme_id}/analyseplan", cookie.value
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_plan_is_filled_in_refused_mended_and_locked(chromium: Any, place: tuple[str, str, str]) -> None:
    address, path, cookie = place
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    context.add_cookies([{"name": "peil", "value": cookie, "url": address}])
    page = context.new_page()
    wrong: list[str] = []

    def look(name: str) -> None:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            wrong.extend(violations(page, f"{name} at {width}"))

    page.goto(address + path)
    look("empty")
    page.get_by_label("Telt als gelijk gebleven").fill("nul")
    page.get_by_role("button", name="Leg dit plan vast").click()
    look("refused")
    assert page.get_by_label("Telt als gelijk gebleven").input_value() == "nul"
    page.get_by_label("Telt als gelijk gebleven").fill("0,5")
    page.get_by_label("De plek").check()
    page.get_by_role("button", name="Leg dit plan vast").click()
    page.get_by_role("heading", name="Dit ligt vast").wait_for()
    look("locked")
    context.close()
    assert wrong == []
