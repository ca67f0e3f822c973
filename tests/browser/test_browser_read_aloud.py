"""The questionnaire reads itself aloud in a real Chromium, by a voice of this device and no other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Site
from tests.browser.voices import ANDROID, DUTCH, ENGLISH, FAR, VOICE

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def test_the_page_is_read_aloud_sentence_by_sentence_and_stops(page: Any, site: Site) -> None:
    page.add_init_script(VOICE % f"[{ENGLISH}, {FAR}, {DUTCH}]")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.at("question"))
    loaded = len(asked)
    page.get_by_role("button", name="Lees voor").click()
    stop = page.get_by_role("button", name="Stop met voorlezen")
    assert stop.is_visible()
    while page.evaluate("heard.speaking.length"):
        page.evaluate("heard.finish()")
    said = page.evaluate("heard.said")
    assert [one[0] for one in said][1:] == [
        "Ik ervaar een leegte om me heen",
        "Ja",
        "Min of meer",
        "Nee",
        "Ik geef hier geen antwoord op",
    ]
    assert said[0][0].startswith("Wilt u van elk van de volgende uitspraken")
    assert {(one[1], one[2]) for one in said} == {("nl-NL", "Xander")}
    again = page.get_by_role("button", name="Lees voor")
    assert again.is_visible()
    again.click()
    stop.click()
    assert again.is_visible()
    assert page.evaluate("heard.speaking.length") == 0
    assert page.locator(".aloud [role=status]").inner_text() == ""
    assert len(asked) == loaded  # nothing was sent anywhere


def test_the_start_page_is_read_aloud_too_and_silence_follows_when_the_page_is_left(page: Any, site: Site) -> None:
    page.add_init_script(VOICE % f"[{ANDROID}]")
    page.goto(site.at("start"))
    page.get_by_role("button", name="Lees voor").click()
    page.evaluate("heard.finish()")
    assert page.evaluate("heard.said.length") == 2
    assert page.evaluate("heard.said[0]") == ["Hoe gaat het met u?", "nl_BE", "Vlaams"]
    before = page.evaluate("heard.cancelled")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("heard.cancelled") == before + 1


def test_a_voice_that_fails_is_said_so(page: Any, site: Site) -> None:
    page.add_init_script(VOICE % f"[{DUTCH}]")
    page.goto(site.at("question"))
    page.get_by_role("button", name="Lees voor").click()
    page.evaluate("heard.fail()")
    assert page.get_by_text("Voorlezen lukt nu niet op dit apparaat.").is_visible()
    assert page.get_by_role("button", name="Lees voor").is_visible()


@pytest.mark.parametrize("voices", ["", ENGLISH, FAR], ids=["none", "another language", "only on a server"])
def test_without_an_own_voice_for_the_language_there_is_no_button(page: Any, site: Site, voices: str) -> None:
    page.add_init_script(VOICE % f"[{voices}]")
    page.goto(site.at("question"))
    assert page.locator(".aloud").is_hidden()
    assert page.get_by_role("button").count() == 4
    page.evaluate(f"heard.load([{DUTCH}])")  # voices often load after the page
    assert page.get_by_role("button", name="Lees voor").is_visible()


@pytest.mark.parametrize("site", ["en"], indirect=True)
def test_an_english_page_is_read_by_an_english_voice(page: Any, site: Site) -> None:
    page.add_init_script(VOICE % f"[{DUTCH}, {ENGLISH}]")
    page.goto(site.at("start"))
    page.get_by_role("button", name="Read aloud").click()
    assert page.evaluate("heard.said[0][2]") == "Daniel"


def test_only_the_pages_that_are_read_load_the_script(page: Any, site: Site) -> None:
    for name in site.paths:
        page.goto(site.at(name))
        expected = 1 if name in ("start", "question", "last question") else 0
        assert page.locator("script").count() == expected, name
