"""The pages of the analysis plan: a form for the evaluator, what is locked for everybody, and laying down figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import session
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.datastructures import MultiDict

from service.api.analysis_plan_form import filled, plan_in
from service.api.context import LANGUAGE
from service.measures.analysis.plan import AnalysisPlan, Subgroup
from service.measures.ancova import Assignment
from service.measures.regression_to_mean import Population
from service.usecases.access import Role
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.show_analysis_plan import show_analysis_plan
from tests.api import year
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene, rows

FIELDS = {
    "outcome": "emotional",
    "cutoff_set": "cbs",
    "margin": "0,5",
    "assignment": "baseline_equivalent",
    "random_slope": "yes",
    "population_mean": "2,1",
    "population_correlation": "0.6",
    "population_n": "20000",
    "population_source": "Gezondheidsmonitor 2022",
    "reference_on": "2027-01-01",
    "notes": "Zoals in de aanvraag.\r\n\x00Punt.",
}


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def client(scene: Scene, role: Role = Role.EVALUATOR) -> FlaskClient:
    return year.browser(year.make_app(scene.services), scene.services, role)


def address(scene: Scene, rest: str = "analyseplan") -> str:
    return f"/programmas/{scene.programme_id}/{rest}"


def lock(browser: FlaskClient, scene: Scene, **fields: str) -> Any:
    given = {"outcome": "total", "cutoff_set": "manual", "assignment": "other", **fields}
    return year.post(browser, address(scene), address(scene), **given)


def locked_plan(scene: Scene) -> AnalysisPlan:
    return show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).versions[0].plan


def test_everything_that_is_filled_in_is_what_is_locked(scene: Scene) -> None:
    browser = client(scene)
    assert lock(browser, scene, **FIELDS, subgroups="mode").status_code == 302
    plan = locked_plan(scene)
    assert (plan.outcome, plan.cutoff_set, plan.margin) == ("emotional", "cbs", 0.5)
    assert (plan.baseline, plan.primary) == ("t0", "t6m")
    assert (plan.assignment, plan.random_slope) == (Assignment.BASELINE_EQUIVALENT, True)
    assert plan.subgroups == (Subgroup.MODE,)
    assert plan.population == Population(2.1, 0.6, 20_000, "Gezondheidsmonitor 2022")
    assert plan.notes == "Zoals in de aanvraag.\nPunt."
    html = browser.get(address(scene)).get_data(as_text=True)
    assert "Versie 1 ligt vast, voordat de meting open ging." in html
    for words in (plan.digest, "Minder dan 0,5 punt verschil", "1 januari 2027", "20000 mensen", "Het eerste plan"):
        assert words in html


def test_the_form_shows_a_plan_as_it_reads_it(scene: Scene) -> None:
    lock(client(scene), scene, **FIELDS, subgroups="mode")
    view = show_analysis_plan(scene.services, scene.evaluator, scene.programme_id)
    app = year.make_app(scene.services)
    for language in ("nl", "en"):
        with app.test_request_context():
            session[LANGUAGE] = language
            assert plan_in(filled(view.start), view) == view.start


def test_the_file_of_a_version_is_the_plan_to_the_letter(scene: Scene) -> None:
    browser = client(scene)
    lock(browser, scene, margin="1")
    lock(browser, scene, margin="2", reason="De wethouder vroeg erom.")
    for version, margin in ((1, 1.0), (2, 2.0)):
        answer = browser.get(address(scene, f"analyseplan/{version}.json"))
        assert json.loads(answer.data)["margin"] == margin
        assert "plan.json" in answer.headers["Content-Disposition"]
        assert hashlib.sha256(answer.data).hexdigest() in {
            one.stored.digest
            for one in show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).versions
        }
    assert browser.get(address(scene, "analyseplan/3.json")).status_code == 404
    assert "De wethouder vroeg erom." in browser.get(address(scene)).get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"margin": "veel"}, "veel kan hier niet. Vul een getal in van 0 tot en met 100."),
        ({"margin": "nan"}, "nan kan hier niet"),
        ({"margin": "0"}, "Een marge van 0 punt kan niet"),
        ({"outcome": "<b>"}, "geen score ‘&lt;b&gt;’"),
        ({"cutoff_set": "eigen"}, "geen indeling ‘eigen’"),
        ({"assignment": "geluk"}, "Deze keuze kennen we niet"),
        ({"subgroups": "inkomen"}, "Deze keuze kennen we niet"),
        ({"population_mean": "2"}, "alle vier in, of laat ze alle vier leeg"),
        ({**FIELDS, "population_n": "0", "notes": "x"}, "0 kan hier niet"),
        (
            {**FIELDS, "population_correlation": "1,2", "notes": "x"},
            "1,2 kan hier niet. Vul een getal in van 0 tot en met 1.",
        ),
        ({"reference_on": "morgen"}, "Schrijf een datum als 31-12-2026"),
        ({"reference_on": "2020-01-01"}, "Deze peildatum is al voorbij"),
        ({"notes": "x" * 2001}, "Dit is te lang"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(scene: Scene, fields: Mapping[str, str], said: str) -> None:
    answer = lock(client(scene), scene, **{"notes": "Blijft staan", **fields})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert said in html
    assert fields.get("notes", "Blijft staan")[:100] in html
    assert show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).versions == ()


def test_a_change_asks_why(scene: Scene) -> None:
    browser = client(scene)
    lock(browser, scene)
    answer = lock(browser, scene, margin="1")
    assert answer.status_code == 400
    assert "Schrijf op waarom u het verandert" in answer.get_data(as_text=True)


def test_a_plan_that_comes_late_says_so_before_and_after(scene: Scene, clock: Clock) -> None:
    enrol_participant(scene.services, scene.coordinator, scene.form())
    clock.forward(days=200)
    browser = client(scene)
    assert "vermelding dat het na de opening is vastgelegd" in browser.get(address(scene)).get_data(as_text=True)
    lock(browser, scene)
    html = browser.get(address(scene)).get_data(as_text=True)
    assert "Bij de cijfers staat dat dit na de opening van de meting was." in html
    assert "Vastgelegd nadat de meting open ging" in html


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_read_the_plan_and_change_nothing(scene: Scene, role: Role) -> None:
    browser = client(scene, role)
    html = browser.get(address(scene)).get_data(as_text=True)
    assert "Een evaluator legt het plan vast." in html
    assert "Leg dit plan vast" not in html
    assert "peildatum" not in html
    for rest in ("analyseplan", "peildatum"):
        assert year.post(browser, "/programmas", address(scene, rest)).status_code == 403
    lock(client(scene), scene)
    assert "Dit ligt vast" in browser.get(address(scene)).get_data(as_text=True)
    assert browser.get(address(scene, "analyseplan/1.json")).status_code == 200


def test_nobody_signed_in_and_nobody_of_another_organisation(scene: Scene) -> None:
    app = year.make_app(scene.services)
    assert year.browser(app, scene.services).get(address(scene)).status_code == 302
    make_scene(scene.services, "elders")
    other = year.browser(app, scene.services, Role.EVALUATOR, "elders")
    assert other.get(address(scene)).status_code == 404
    for rest in ("analyseplan", "peildatum"):
        assert year.post(other, "/programmas", address(scene, rest)).status_code == 404


def test_the_figures_of_today_are_laid_down_and_shown(scene: Scene, database: Engine, clock: Clock) -> None:
    year.fill(scene, database, clock)
    browser = client(scene)
    lock(browser, scene, reference_on=(clock() + timedelta(days=30)).date().isoformat())
    assert "Vandaag is vroeger dan dat." in browser.get(address(scene)).get_data(as_text=True)
    answer = year.post(browser, address(scene), address(scene, "peildatum"))
    [kept] = rows(database, "select id from snapshot")
    assert answer.headers["Location"] == address(scene, f"peildata/{kept.id}")
    with browser.session_transaction() as cookie:
        flashed = dict(MultiDict(cookie["_flashes"]))
    assert any("Dat is vroeg: het plan noemt" in words for words in flashed.values())
    assert browser.get(answer.headers["Location"]).status_code == 200
    old = year.post(browser, address(scene), address(scene, "peildatum"), reference_on="2026-03-01")
    assert old.status_code == 400
    assert "De cijfers van 01-03-2026 zijn niet meer vast te leggen" in old.get_data(as_text=True)


def test_a_plan_that_was_tampered_with_is_said_in_a_sentence(scene: Scene, database: Engine) -> None:
    browser = client(scene)
    lock(browser, scene, margin="1")
    with database.begin() as connection:
        connection.execute(text("update analysis_plan set digest = repeat('0', 64)"))
    answer = browser.get(address(scene))
    assert answer.status_code == 400
    assert "Versie 1 van het analyseplan klopt niet meer met haar kenmerk." in answer.get_data(as_text=True)


def test_a_plan_that_does_not_fit_any_more_is_mended_by_a_next_version(scene: Scene, database: Engine) -> None:
    browser = client(scene)
    lock(browser, scene)
    with database.begin() as connection:
        connection.execute(text("update protocol_version set source = replace(source, 'key: t6m', 'key: t5m')"))
    html = browser.get(address(scene)).get_data(as_text=True)
    assert "Dit plan past niet meer bij het protocol." in html
    assert "Het protocol heeft geen meting ‘t6m’." in html
    assert lock(browser, scene, reason="Het protocol is veranderd.").status_code == 302
    assert "past niet meer" not in browser.get(address(scene)).get_data(as_text=True)
