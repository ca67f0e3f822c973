"""The pages of the calendar, attendance and contact, as a browser without scripts sees them."""

from __future__ import annotations

import re
import uuid
from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.followup.activities import ActivityForm
from service.usecases.access import Role
from service.usecases.add_activity import add_activity
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.api import year as v
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene, rows

TYPED = {
    "title": "Koffie",
    "place": "Buurthuis Noord",
    "day": "2026-03-05",
    "at": "14:00",
    "minutes": "90",
    "remind": "yes",
    "repeats": "2",
}


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


@pytest.fixture
def client(scene: Scene, services: Services) -> FlaskClient:
    return v.browser(v.make_app(services), services, Role.COORDINATOR)


def person(scene: Scene, name: str = "Wil", number: int = 137) -> uuid.UUID:
    form = scene.form(first_name=name, mobile=f"06 0000 {number:04}")
    return enrol_participant(scene.services, scene.coordinator, form).participant_id


def coffee(scene: Scene, day: date = date(2026, 3, 2)) -> uuid.UUID:
    form = ActivityForm("Koffie", "Noord", day, time(9), 60)
    return add_activity(scene.services, scene.coordinator, scene.programme_id, form)[0]


def test_an_activity_is_put_in_the_calendar_changed_and_cancelled(
    scene: Scene, client: FlaskClient, database: Engine
) -> None:
    base = f"/programmas/{scene.programme_id}/activiteiten"
    assert f'href="{base}"' in client.get(f"/programmas/{scene.programme_id}").text
    assert "Nog geen activiteiten" in client.get(base).text
    assert v.post(client, f"{base}/nieuw", f"{base}/nieuw", **TYPED).status_code == 302
    page = client.get(base).text
    assert page.count("Buurthuis Noord") == 2
    assert "De volgende is op donderdag 5 maart 2026, 14.00 uur: Koffie." in page
    first = rows(database, "select id from activity order by starts_at")[0].id
    change = f"/activiteiten/{first}/wijzigen"
    assert 'value="14:00"' in client.get(change).text
    assert v.post(client, change, change, **{**TYPED, "at": "15:30"}).status_code == 302
    assert "15.30 uur" in client.get(f"/activiteiten/{first}").text
    cancel = f"/activiteiten/{first}/afgelasten"
    assert v.post(client, cancel, cancel, tell="yes").headers["Location"] == base
    assert "Afgelast" in client.get(base).text


def test_what_is_wrong_with_an_activity_stands_above_its_field(scene: Scene, client: FlaskClient) -> None:
    new = f"/programmas/{scene.programme_id}/activiteiten/nieuw"
    answer = v.post(client, new, new, **{**TYPED, "title": "Eenzaam? Koffie!"})
    assert answer.status_code == 400
    assert 'id="e-title"' in answer.text
    assert "kan meelezen" in answer.text
    empty = v.post(client, new, new, **{**TYPED, "day": "", "at": "half drie"})
    assert empty.status_code == 400
    assert 'id="e-day"' in empty.text
    assert 'id="e-at"' in empty.text


def test_two_taps_per_person_and_undo(scene: Scene, client: FlaskClient, database: Engine) -> None:
    wil, an = person(scene), person(scene, "An", 138)
    page = f"/activiteiten/{coffee(scene)}"
    assert client.get(page).text.count('value="present"') == 2
    assert v.post(client, page, f"{page}/aanwezig", participant_id=str(wil), state="absent").status_code == 302
    assert "was er niet</span>" in client.get(page).text
    assert v.post(client, page, f"{page}/aanwezig", participant_id=str(wil), state="open").status_code == 302
    assert client.get(page).text.count('value="present"') == 2
    done = v.post(client, page, f"{page}/iedereen")
    undo = re.search(r'name="noted_at" value="([^"]+)"', done.text)
    assert undo
    assert {row.state for row in rows(database, "select state from attendance")} == {"present"}
    assert v.post(client, page, f"{page}/iedereen/ongedaan", noted_at=undo[1]).status_code == 302
    assert {row.state for row in rows(database, "select state from attendance")} == {"open"}
    assert v.post(client, page, f"{page}/iedereen/ongedaan", noted_at="gisteren").status_code == 404
    assert v.post(client, page, f"{page}/aanwezig", participant_id=str(an), state="??").status_code == 302
    assert v.post(client, page, f"{page}/aanwezig", participant_id=str(uuid.uuid4()), state="open").status_code == 404


def test_before_the_day_there_is_nothing_to_tap(scene: Scene, client: FlaskClient) -> None:
    wil = person(scene)
    page = f"/activiteiten/{coffee(scene, date(2026, 3, 5))}"
    assert 'value="present"' not in client.get(page).text
    v.post(client, page, f"{page}/aanwezig", participant_id=str(wil), state="present")
    assert "moet nog komen" in client.get(page).text


def test_an_administrator_sees_the_calendar_without_names(scene: Scene, services: Services) -> None:
    person(scene)
    activity = coffee(scene)
    administrator = v.browser(v.make_app(services), services, Role.ADMINISTRATOR)
    page = administrator.get(f"/programmas/{scene.programme_id}/activiteiten")
    assert page.status_code == 200
    assert f"/activiteiten/{activity}" not in page.text
    assert administrator.get(f"/activiteiten/{activity}").status_code == 403
    evaluator = v.browser(v.make_app(services), services, Role.EVALUATOR)
    assert evaluator.get(f"/programmas/{scene.programme_id}/activiteiten").status_code == 403


def test_contact_is_written_down_in_two_taps_and_stands_apart(
    scene: Scene, client: FlaskClient, database: Engine, clock: Clock
) -> None:
    base = f"/deelnemers/{person(scene)}"
    form = client.get(f"{base}/contact?soort=visit").text
    assert re.search(r'value="visit" checked', form)
    assert 'value="2026-03-02"' in form
    taps = {"kind": "visit", "on": "2026-03-02", "two_way": "yes", "minutes": "30"}
    assert v.post(client, f"{base}/contact", f"{base}/contact", **taps).status_code == 302
    page = client.get(base).text
    assert "<b>Bezoek, coordinator, 30 minuten</b>" in page
    assert "1 keer persoonlijk contact (1 over en weer), 0 automatische berichten." in page
    letter = {"kind": "letter", "on": "2026-02-20", "two_way": "no", "typed_minutes": "12"}
    assert v.post(client, f"{base}/contact", f"{base}/contact", **letter).status_code == 302
    [one] = rows(database, "select * from contact_moment where kind = 'letter'")
    assert (one.two_way, one.minutes, one.at.date()) == (False, 12, date(2026, 2, 20))
    assert v.post(client, base, f"{base}/contact/{one.id}/ongedaan").status_code == 302
    assert "Brief" not in re.sub(r"<a [^>]*>[^<]*</a>", "", client.get(base).text)
    for wrong in ({"on": "2026-03-03"}, {"on": ""}, {"kind": "fax"}, {"typed_minutes": "veel"}):
        assert v.post(client, f"{base}/contact", f"{base}/contact", **{**taps, **wrong}).status_code == 400


def test_mourning_and_a_wish_for_less_are_noted(scene: Scene, client: FlaskClient, database: Engine) -> None:
    base = f"/deelnemers/{person(scene)}"
    assert v.post(client, f"{base}/rouw", f"{base}/rouw", bereaved_on="2026-03-03").status_code == 400
    assert v.post(client, f"{base}/rouw", f"{base}/rouw", bereaved_on="2026-03-01").status_code == 302
    assert "In de rouw sinds 1 mrt 2026." in client.get(base).text.replace("\xa0", " ")
    assert v.post(client, f"{base}/rouw", f"{base}/rouw", taken_back="yes").status_code == 302
    assert rows(database, "select bereaved_on from participant")[0].bereaved_on is None
    assert v.post(client, f"{base}/berichten", f"{base}/berichten", wish="less").status_code == 302
    assert "minder vaak" in client.get(base).text
    assert v.post(client, f"{base}/berichten", f"{base}/berichten", wish="nooit").status_code == 400
