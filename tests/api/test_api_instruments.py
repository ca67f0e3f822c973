"""The catalogue of questionnaires: everything somebody must know before using one, for everybody who is signed in."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest

from service.measures.instrument import Use
from service.usecases.access import Role
from service.usecases.services import Services
from tests.api.year import browser, make_app
from tests.usecases.scene import Scene, make_scene


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def page(services: Services, path: str, role: Role | None = Role.EVALUATOR, status: int = 200) -> str:
    answer = browser(make_app(services), services, role).get(path)
    assert answer.status_code == status
    return html.unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_is_signed_in_reads_the_catalogue(scene: Scene, role: Role) -> None:
    text = page(scene.services, "/instrumenten", role)
    for instrument in scene.services.instruments.values():
        assert f'href="/instrumenten/{instrument.key}"' in text
        assert instrument.title["nl"] in text
        assert instrument.source in text
        assert instrument.conditions_of_use["nl"] in text
        assert instrument.text_hash[:16] in text


def test_nobody_else_does(scene: Scene) -> None:
    assert browser(make_app(scene.services), scene.services).get("/instrumenten").status_code == 302


@pytest.mark.parametrize("key", ["djg11", "djg6", "ucla3", "ons_direct", "nl_direct4"])
def test_a_questionnaire_is_shown_whole(scene: Scene, key: str) -> None:
    instrument = scene.services.instruments[key]
    text = page(scene.services, f"/instrumenten/{key}")
    language = "nl" if "nl" in instrument.languages else "en"
    for item in instrument.items:
        assert item.text[language] in text
    for option in instrument.options:
        assert option.label[language] in text
        assert f">{option.code}<" in text
    for cutoffs in instrument.cutoffs:
        assert cutoffs.key in text
        assert all(band.label["nl"] in text for band in cutoffs.bands)
    assert instrument.text_hash in text
    assert ("Nooit los per sms" in text) is not instrument.sms_allowed


def test_a_set_from_one_source_says_that_it_is_off(scene: Scene) -> None:
    assert "staat uit: maar één bron" in page(scene.services, "/instrumenten/djg11")
    assert "staat uit" not in page(scene.services, "/instrumenten/djg6")


def test_a_check_in_and_a_wording_that_was_not_validated_are_marked(scene: Scene) -> None:
    changed = replace(scene.services.instruments["ucla3"], use=Use.CHECK_IN, validated={"en": False}, cutoffs=())
    services = replace(scene.services, instruments={**scene.services.instruments, "ucla3": changed})
    assert "tussendoor, nooit als uitkomst" in page(services, "/instrumenten")
    assert "Niet gevalideerd" in page(services, "/instrumenten")
    text = page(services, "/instrumenten/ucla3")
    assert "Tussendoor, nooit als uitkomst" in text
    assert "Niet gevalideerd: en" in text
    assert "Deze vragenlijst heeft geen grenzen." in text


def test_an_unknown_questionnaire_is_not_there(scene: Scene) -> None:
    page(scene.services, "/instrumenten/djg12", status=404)
