"""The calendar, two-tap attendance and contact in a real Chromium: accessible, nothing scrolls sideways, no script."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.serving import make_server

from service.followup.activities import ActivityForm, Attended
from service.followup.contact import Contact, ContactKind
from service.usecases.access import Role
from service.usecases.add_activity import add_activity
from service.usecases.enrol_participant import enrol_participant
from service.usecases.log_contact import log_contact
from service.usecases.record_attendance import record_attendance
from service.usecases.services import Services
from tests.api import year as v
from tests.browser.conftest import violations
from tests.builders import Clock
from tests.usecases.scene import make_scene

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture
def place(services: Services, database: Engine, clock: Clock) -> Iterator[tuple[str, str, list[str], uuid.UUID]]:
    """The address, the coordinator's cookie, the pages, and the activity of today."""
    scene = make_scene(services)
    people = [
        enrol_participant(
            services, scene.coordinator, scene.form(first_name=name, mobile=f"06 0000 {1000 + number}")
        ).participant_id
        for number, name in enumerate(("Wil", "Anne-Pauline", "Toon", "Şükran"))
    ]
    today = clock().date()
    form = ActivityForm("samen koffie drinken", "buurthuis De Brug", today, time(9), 90)
    [coffee] = add_activity(services, scene.coordinator, scene.programme_id, form)
    coming = ActivityForm("Wandelen", "Park Noord", today + timedelta(days=3), time(14), 60, repeats=2)
    add_activity(services, scene.coordinator, scene.programme_id, coming)
    record_attendance(services, scene.coordinator, coffee, people[0], Attended.PRESENT)
    record_attendance(services, scene.coordinator, coffee, people[1], Attended.ABSENT)
    log_contact(services, scene.coordinator, people[0], Contact(ContactKind.VISIT, today, two_way=True, minutes=30))
    app = v.make_app(services)
    cookie = v.browser(app, services, Role.COORDINATOR).get_cookie("peil")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    calendar, person, activity = (
        f"/programmas/{scene.programme_id}/activiteiten",
        f"/deelnemers/{people[0]}",
        f"/activiteiten/{coffee}",
    )
    pages = [
        calendar,
        f"{calendar}/nieuw",
        activity,
        f"{activity}/wijzigen",
        f"{activity}/afgelasten",
        person,
        f"{person}/contact?soort=visit",
        f"{person}/berichten",
        f"{person}/rouw",
    ]
    yield f"http://127.0.0.1:{server.server_port}", cookie.value, pages, coffee
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_pages_are_accessible_and_fit_a_small_phone(chromium: Any, place: Any) -> None:
    address, cookie, pages, _ = place
    wrong: list[str] = []
    for width in (320, 1280):
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="nl-NL")
        context.add_cookies([{"name": "peil", "value": cookie, "url": address}])
        page = context.new_page()
        for path in pages:
            page.goto(address + path)
            wrong += violations(page, f"{path} at {width}")
        context.close()
    assert wrong == []


def test_two_taps_without_script_on_a_small_phone(chromium: Any, place: Any, clock: Clock) -> None:
    address, cookie, _, coffee = place
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False, has_touch=True, locale="nl-NL"
    )
    context.add_cookies([{"name": "peil", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/activiteiten/{coffee}")
    button = page.get_by_role("button", name="was er", exact=True).first
    assert button.bounding_box()["height"] >= 44
    with page.expect_navigation():
        button.tap()
    assert page.get_by_role("button", name="was er", exact=True).count() == 1
    clock.forward(minutes=1)
    with page.expect_navigation():
        page.get_by_role("button", name="Alle anderen waren er").tap()
    assert page.get_by_role("button", name="was er", exact=True).count() == 0
    with page.expect_navigation():
        page.locator(".strips").get_by_role("button", name="Ongedaan maken").tap()
    assert page.get_by_role("button", name="was er", exact=True).count() == 1
    context.close()
