"""Making and changing protocols by pages, without a script: typed, looked at, and only then done."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.usecases.access import Role
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.show_administration import show_administration
from tests.api.year import browser, make_app
from tests.usecases.scene import Scene, make_scene, rows


class Fields(HTMLParser):
    """What a browser would send of the first big form on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        name = own.get("name", "")
        if tag == "input" and name and (own.get("type") not in ("checkbox", "radio") or "checked" in own):
            self.found.append((name, own.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in own:
            self.found.append((self._select, own["value"]))
        elif tag == "textarea":
            self._area = name
            self.found.append((name, ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            name, value = self.found.pop()
            self.found.append((name, value + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def sent(self, **changes: str | None) -> list[tuple[str, str]]:
        kept = [pair for pair in self.found if pair[0] not in changes]
        return kept + [(name, value) for name, value in changes.items() if value is not None]


def submit(client: FlaskClient, url: str, fields: list[tuple[str, str]]) -> tuple[int, str]:
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    answer = client.post(url, data=data)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


@pytest.fixture
def client(scene: Scene, services: Services) -> FlaskClient:
    return browser(make_app(services), services, Role.ADMINISTRATOR)


def change_url(scene: Scene) -> str:
    found = show_administration(scene.services, scene.administrator).programmes[0].protocol_id
    return f"/beheer/protocollen/{found}/wijzigen"


def test_the_form_is_filled_and_changes_nothing_by_itself(scene: Scene, client: FlaskClient, database: Engine) -> None:
    html = client.get(change_url(scene)).get_data(as_text=True)
    fields = dict(Fields(html).found)
    assert fields["title_nl"] == "Zes vragen in een jaar"
    assert (fields["waves"], fields["w1_offset_count"], fields["w1_offset_unit"]) == ("4", "3", "months")
    assert (fields["first_count"], fields["second_count"], fields["last"], fields["call_count"]) == (
        "3",
        "7",
        "yes",
        "10",
    )
    assert (fields["version"], fields["primary"]) == ("3", "2")
    status, answer = submit(client, change_url(scene), Fields(html).sent(do="save"))
    assert status == 400
    assert "niets anders dan in de vorige versie" in answer
    assert len(rows(database, "select 1 from protocol_version")) == 1


def test_a_change_is_looked_at_first_and_then_done(scene: Scene, client: FlaskClient, database: Engine) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form())
    html = client.get(change_url(scene)).get_data(as_text=True)
    changes = Fields(html).sent(do="save", w1_offset_count="4", w1_title_nl="Na 4 maanden", hours="09:30-12:00")
    status, seen = submit(client, change_url(scene), changes)
    text = unescape(seen)
    assert status == 200
    assert "Meetmoment t3m, begint na: was 3 maanden, wordt 4 maanden." in text
    assert "Open uren: was 10:00-12:00, 14:00-17:00, wordt 09:30-12:00." in text
    assert "Mensen die nog meetmomenten hebben: 1. Voor wie er iets verandert: 1." in text
    assert person.pseudonym in text
    assert len(rows(database, "select 1 from protocol_version")) == 1
    assert "t3m" in [row.wave for row in rows(database, "select wave from measurement where target_on = '2026-06-02'")]

    url = re.search(r'action="(/beheer/protocollen/[^"]+/toepassen)"', seen)
    assert url
    form = seen[seen.index(url[0]) : seen.index("</form>", seen.index(url[0]))]
    fields = Fields(form)
    status, _ = submit(client, url[1], [*fields.found, ("move", str(scene.programme_id))])
    assert status == 302
    said = client.get("/protocollen").get_data(as_text=True)
    assert "Versie 3 is bewaard." in said
    assert "verschoven: 1" in said
    moved = rows(database, "select target_on from measurement where wave = 't3m'")
    assert moved[0].target_on == date(2026, 7, 2)


def test_waves_are_added_and_removed_without_a_script(scene: Scene, client: FlaskClient) -> None:
    html = client.get(change_url(scene)).get_data(as_text=True)
    status, more = submit(client, change_url(scene), Fields(html).sent(do="add", title_nl="Nog niet bewaard"))
    fields = dict(Fields(more).found)
    assert (status, fields["waves"], fields["w4_key"], fields["title_nl"]) == (200, "5", "t4", "Nog niet bewaard")
    _, fewer = submit(client, change_url(scene), Fields(more).sent(remove="1"))
    fields = dict(Fields(fewer).found)
    assert (fields["waves"], fields["w1_key"], fields["w3_key"]) == ("4", "t6m", "t4")
    assert fields["primary"] == "1"  # it went along with its wave


def test_what_is_wrong_stands_at_its_field(scene: Scene, client: FlaskClient) -> None:
    html = client.get(change_url(scene)).get_data(as_text=True)
    status, answer = submit(
        client, change_url(scene), Fields(html).sent(do="save", w2_window_count="x", second_count="2", per_day="0")
    )
    assert status == 400
    assert 'id="e-w2_window"' in answer
    assert 'id="e-per_day"' in answer
    assert "De tweede herinnering moet later komen" in answer
    assert "Regel " not in answer
    assert dict(Fields(answer).found)["w2_window_count"] == "x"


def test_the_same_as_text_and_back(scene: Scene, client: FlaskClient) -> None:
    html = client.get(change_url(scene)).get_data(as_text=True)
    _, page = submit(client, change_url(scene), Fields(html).sent(do="tekst"))
    fields = Fields(page)
    text = dict(fields.found)["text"]
    assert "key: zes-vragen\nversion: 3\n" in text
    status, wrong = submit(client, change_url(scene), fields.sent(do="save", text=text.replace("6 months", "soon")))
    assert status == 400
    assert "Regel " in wrong
    _, form = submit(client, change_url(scene), fields.sent(do="form", text=text.replace("6 months", "7 months")))
    assert dict(Fields(form).found)["w2_offset_count"] == "7"


def test_a_new_protocol(client: FlaskClient, database: Engine) -> None:
    html = client.get("/beheer/protocollen/nieuw").get_data(as_text=True)
    typed = Fields(html).sent(
        do="save", key="proef", title_nl="Proef", instrument="djg11", w0_title_nl="Begin", w0_key="t0",
        w0_offset_count="0", w0_window_count="3", w0_window_unit="weeks", first_count="3", call_count="10",
    )  # fmt: skip
    status, _ = submit(client, "/beheer/protocollen/nieuw", typed)
    assert status == 302
    [kept] = rows(database, "select version, title from protocol_version where key = 'proef'")
    assert (kept.version, kept.title) == (1, "Proef")
    assert "heeft 11 vragen" in unescape(client.get("/protocollen").get_data(as_text=True))  # a warning, no refusal
    status, _ = submit(client, "/beheer/protocollen/nieuw", typed)
    assert status in (302, 400)  # the very same text is kept once
    assert len(rows(database, "select 1 from protocol_version where key = 'proef'")) == 1


def test_more_than_seven_questions_by_sms_is_a_warning_on_the_page(scene: Scene, client: FlaskClient) -> None:
    html = client.get(change_url(scene)).get_data(as_text=True)
    status, seen = submit(client, change_url(scene), Fields(html).sent(do="save", instrument="djg11"))
    assert status == 200
    assert "Per SMS stoppen mensen vaak halverwege" in seen


def test_the_last_day_of_a_programme(scene: Scene, client: FlaskClient, database: Engine) -> None:
    url = f"/beheer/programmas/{scene.programme_id}"
    fields = Fields(client.get(url).get_data(as_text=True))
    assert submit(client, url, fields.sent(ends_on="2026-02-01"))[0] == 400
    assert submit(client, url, fields.sent(ends_on="2026-12-31"))[0] == 302
    assert rows(database, "select ends_on from programme")[0].ends_on == date(2026, 12, 31)
    assert "Er verandert geen meetmoment" in client.get(url).get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.EVALUATOR])
def test_others_may_not(scene: Scene, services: Services, role: Role) -> None:
    client = browser(make_app(services), services, role)
    for path in (change_url(scene), "/beheer/protocollen/nieuw", f"/beheer/programmas/{scene.programme_id}"):
        assert client.get(path).status_code == 403


def test_days_on_which_somebody_would_rather_not(scene: Scene, services: Services, database: Engine) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form())
    client = browser(make_app(services), services, Role.COORDINATOR)
    url = f"/deelnemers/{person.participant_id}/liever-niet"
    fields = Fields(client.get(url).get_data(as_text=True))
    assert submit(client, url, fields.sent(first_on="2026-03-09", last_on="2026-03-04"))[0] == 400
    assert submit(client, url, fields.sent(first_on="2026-03-04", last_on="2026-03-09"))[0] == 302
    page = client.get(url).get_data(as_text=True)
    assert "4 maart" in page
    away = re.search(r'action="(/deelnemers/[^"]+/weg)"', page)
    assert away
    assert submit(client, away[1], [("csrf_token", dict(Fields(page).found)["csrf_token"])])[0] == 302
    assert rows(database, "select cancelled_at from rest_period")[0].cancelled_at is not None
