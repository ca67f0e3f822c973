"""A participant's own page in a real Chromium: without script, at 320 pixels, and by axe's rules."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.serving import make_server

from service.followup.consent import Purpose
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.api.year import make_app
from tests.browser.conftest import violations
from tests.usecases.scene import ALL, GIVEN, make_scene, rows

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

#: Where pictures of each page are kept for who wants to look at them; nowhere by default.
PICTURES = os.environ.get("PEIL_PICTURES")


@pytest.fixture
def door(services: Services, database: Engine) -> Iterator[str]:
    """The own page of somebody who was just enrolled, behind their questionnaire, on a running site."""
    scene = make_scene(services)
    consents = {**ALL, Purpose.ENCOURAGEMENT: GIVEN}
    enrol_participant(services, scene.coordinator, scene.form(email="wil@voorbeeld.invalid", consents=consents))
    token = services.links.token(rows(database, "select id from measurement where wave = 't0'")[0].id)
    server = make_server("127.0.0.1", 0, make_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v/{token}/mijn"
    server.shutdown()
    thread.join()
    server.server_close()


def seen(page: Any, name: str) -> list[str]:
    """What is wrong with the page that is open; a click that sent a form may still be loading it."""
    page.wait_for_load_state("load")
    page.get_by_role("main").get_by_role("heading").first.wait_for()
    if PICTURES:
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
        page.set_viewport_size({"width": 320, "height": 640})
    sizes = page.eval_on_selector_all(
        "main *", "all => all.filter(e => e.innerText).map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    small = [f"{name}: letters of {min(sizes)}"] if min(sizes) < 18 else []
    return small + violations(page, name)


def test_every_own_page_fits_a_small_phone_and_breaks_no_rule(chromium: Any, door: str, database: Engine) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="nl-NL")
    page = context.new_page()
    page.goto(door)
    wrong = seen(page, "door")
    page.get_by_label("In welk jaar bent u geboren?").fill("1950")
    page.get_by_role("button", name="Verder").click()
    wrong += seen(page, "door-wrong")
    page.get_by_label("In welk jaar bent u geboren?").fill("1948")
    page.get_by_role("button", name="Verder").click()
    wrong += seen(page, "page")
    for summary in page.locator(".choices summary").all():
        summary.click()
    wrong += seen(page, "page-open")
    page.get_by_role("button", name="2 weken").click()
    wrong += seen(page, "paused")
    page.get_by_role("button", name="Naar uw eigen pagina").click()
    page.get_by_text("Mijn gegevens", exact=True).click()
    page.get_by_role("button", name="Laat mijn gegevens zien").click()
    wrong += seen(page, "data")
    page.get_by_role("button", name="Naar uw eigen pagina").click()
    page.get_by_text("Stoppen", exact=True).click()
    page.get_by_role("button", name="Stop, en wis ook mijn gegevens").click()
    wrong += seen(page, "erased")
    page.get_by_role("button", name="Naar uw eigen pagina").click()
    page.get_by_text("om uw gegevens te wissen").wait_for(timeout=2000)
    wrong += seen(page, "page-erased")
    page.goto(door.split("/v/", maxsplit=1)[0] + "/mijn/onbekend")
    wrong += seen(page, "unknown")
    page.get_by_role("main").wait_for()
    page.goto(door.split("/v/", maxsplit=1)[0] + "/echt")
    wrong += seen(page, "genuine")
    page.get_by_label("Zet hier het hele bericht").fill("Betaal nu op https://gevaar.invalid/betalen")
    page.get_by_role("button", name="Kijk na").click()
    wrong += seen(page, "genuine-answer")
    context.close()
    assert wrong == []
    assert len(rows(database, "select 1 from participant where erasure_asked_at is not null")) == 1


def test_without_script_one_pauses_and_goes_on(chromium: Any, door: str, database: Engine) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="nl-NL")
    page = context.new_page()
    page.goto(door)
    page.get_by_label("In welk jaar bent u geboren?").fill("1948")
    page.keyboard.press("Enter")
    page.get_by_text("Even pauze").click()
    page.get_by_role("button", name="4 weken").click()
    page.get_by_role("button", name="Toch geen pauze").click()
    page.get_by_role("heading", name="De pauze is voorbij.").wait_for()
    context.close()
    said = rows(database, "select action from audit_event where actor_id is null order by sequence")
    assert [row.action for row in said][-2:] == ["participant.paused", "participant.resumed"]
