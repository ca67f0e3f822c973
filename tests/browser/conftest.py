"""A real Chromium for every test of this folder, and a running site with people in every state."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from werkzeug.serving import make_server

from service.channels.memory import MemoryChannel
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.submit_answers import submit_answers
from tests.api.year import make_app
from tests.builders import Clock
from tests.usecases.scene import make_scene, rows

CHROMIUM = "/usr/bin/chromium"
AXE = Path("service/api/static/vendor/axe.min.js")
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists() or not AXE.exists():
        pytest.skip("needs Chromium at /usr/bin/chromium (`scripts/need-chromium` installs it) and `make setup`")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def violations(page: Any, name: str) -> list[str]:
    """What is wrong with the page that is open: accessibility rules, and scrolling sideways."""
    page.evaluate("document.fonts.ready")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
    wrong = [f"{name}: {rule['id']} {[node['target'] for node in rule['nodes']][:3]}" for rule in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append(f"{name} scrolls sideways")
    return wrong


@dataclass
class Site:
    """A running site, and the links of people in every state, by name."""

    url: str
    paths: dict[str, str]

    def at(self, name: str) -> str:
        return self.url + self.paths[name]


def build(services: Services, database: Engine, clock: Clock, language: str) -> dict[str, str]:
    scene = make_scene(services)
    for number in range(4):
        form = scene.form(
            mobile=f"06 0000 01{number}7",
            email=f"wil{number}@voorbeeld.invalid",
            preferred_channel="email",
            language=language,
        )
        enrol_participant(services, scene.coordinator, form)
    clock.forward(hours=1)
    dispatch_messages(services)
    assert isinstance(services.email, MemoryChannel)
    first = rows(database, "select id from measurement where wave = 't0' order by participant_id")
    last = rows(database, "select id from measurement order by opens_at desc limit 1")
    opened, done, closed, ended = (f"/v/{services.links.token(row.id)}" for row in first)
    items = [item.number for item in services.instruments["djg6"].items]
    submit_answers(services, done.removeprefix("/v/"), dict.fromkeys(items, "no"))
    with database.begin() as connection:
        connection.execute(
            text("update measurement set opens_at = opens_at - interval '90 days',"
                 " closes_at = closes_at - interval '90 days' where id = :id"), {"id": first[2].id}
        )  # fmt: skip
        connection.execute(text("update measurement set status = 'cancelled' where id = :id"), {"id": first[3].id})
    return {
        "start": opened,
        "question": f"{opened}/vraag/1",
        "last question": f"{opened}/vraag/6",
        "kept": f"{opened}/bewaren?vraag=1",
        "done": f"{done}/klaar",
        "answered": done,
        "closed": closed,
        "ended": ended,
        "not yet": f"/v/{services.links.token(last[0].id)}",
        "unknown": "/v/AAAAAAAAAAAAAAAAAAAAAA",
        "leave": services.email.sent[0].unsubscribe_url.removeprefix("https://peil.example"),
    }


def serve(services: Services, paths: dict[str, str]) -> Iterator[Site]:
    server = make_server("127.0.0.1", 0, make_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", paths)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["nl"])
def site(request: Any, services: Services, database: Engine, clock: Clock) -> Iterator[Site]:
    yield from serve(services, build(services, database, clock, request.param))


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 375, "height": 740}, locale="nl-NL")
    yield context.new_page()
    context.close()
