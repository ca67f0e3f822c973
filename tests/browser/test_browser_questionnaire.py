"""The questionnaire in a real Chromium: by keyboard, with a screen reader, enlarged, and opened by robots."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.browser.conftest import Site, violations
from tests.browser.voices import DUTCH, ENGLISH, VOICE
from tests.digest import all_rows
from tests.usecases.scene import rows

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def test_the_links_are_in_the_state_they_are_called(page: Any, site: Site) -> None:
    heads = {}
    for name in site.paths:
        page.goto(site.at(name))
        heads[name] = page.locator("h1").inner_text()
    assert heads == {
        "start": "Hoe gaat het met u?",
        "question": "Ik ervaar een leegte om me heen",
        "last question": "Vaak voel ik me in de steek gelaten",
        "kept": "Wat bewaren wij en voor wie?",
        "done": "Dank u wel. Uw antwoorden zijn binnen.",
        "answered": "U hebt deze vragen al beantwoord. Dank u wel.",
        "closed": "Deze vragen zijn gesloten.",
        "ended": "Wij stellen u geen vragen meer.",
        "not yet": "Deze vragen staan nog niet klaar.",
        "unknown": "Deze link kennen wij niet.",
        "leave": "Wilt u geen e-mail meer van ons?",
    }


def smallest(page: Any) -> float:
    """The smallest letter on the page, in pixels."""
    found: float = page.evaluate("""Math.min(...[...document.querySelectorAll('body *')]
      .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
      .filter(e => !e.closest('[hidden]'))
      .map(e => parseFloat(getComputedStyle(e).fontSize)))""")
    return found


def press_nothing(page: Any) -> None:
    """Send the form as a robot does: without having pressed one of its buttons."""
    with page.expect_navigation():
        page.evaluate("document.querySelector('form').submit()")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("site", ["nl", "en"], indirect=True)
def test_every_page_breaks_no_rule_fits_and_is_large_enough(chromium: Any, site: Site, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 740})
    page.add_init_script(VOICE % f"[{DUTCH}, {ENGLISH}]")
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(violations(page, name))
        if smallest(page) < 18:
            wrong.append(f"{name}: letters of {smallest(page)} pixels")

    for name in site.paths:
        page.goto(site.at(name))
        look(name)
    page.goto(site.at("question"))
    page.locator("summary").click()
    page.locator(".aloud button").click()
    look("question, opened and read aloud")
    press_nothing(page)
    look("question, with an error")
    page.locator("button.answer").first.click()
    page.goto(site.at("question"))
    look("question, answered")
    for _ in range(2):
        page.goto(site.at("done"))
        page.locator("button[name=bellen]").nth(_).click()
        look("called")
    page.goto(site.at("leave"))
    page.locator("button[name=stoppen]").click()
    look("left")
    page.close()
    assert wrong == []


def test_without_script_everything_works_and_no_button_promises_a_voice(chromium: Any, site: Site) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.at("start"))
    assert page.locator(".aloud").is_hidden()
    page.get_by_role("link", name="Wat bewaren wij en voor wie?").click()
    page.get_by_role("link", name="Terug naar de vragen").click()
    page.get_by_role("link", name="Beginnen").click()
    for _ in range(6):
        assert page.locator(".aloud").is_hidden()
        page.get_by_role("button", name="Min of meer").click()
    assert page.url.endswith("/klaar")
    page.get_by_role("button", name="Ja, bel mij").click()
    assert page.get_by_text("belt u binnen 2 werkdagen").is_visible()
    context.close()


def tab_to(page: Any, name: str) -> None:
    """Press Tab until the thing with these words has the focus."""
    for _ in range(15):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


def test_a_whole_questionnaire_by_keyboard_alone(page: Any, site: Site, database: Engine) -> None:
    page.goto(site.at("start"))
    tab_to(page, "Beginnen")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for number, key in enumerate(("Enter", "Space", "Enter", "Space", "Enter", "Space"), start=1):
        assert f"/vraag/{number}" in page.url
        page.locator("h1:focus").wait_for()
        page.keyboard.press("Tab")  # from the question to the first answer
        assert page.evaluate("document.activeElement.innerText") == "Ja"
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        with page.expect_navigation():
            page.keyboard.press(key)
    assert page.url.endswith("/klaar")
    tab_to(page, "Ja, bel mij")
    with page.expect_navigation():
        page.keyboard.press("Space")
    page.locator("#gehoord:focus").wait_for()
    assert [row.reason for row in rows(database, "select reason from call_task")] == ["asked_for_call"]


def test_a_screen_reader_hears_where_it_is(page: Any, site: Site) -> None:
    page.goto(site.at("question"))
    assert page.title() == "Vraag 1 van 6 – Stichting welzijn"
    page.locator("h1:focus").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == "Ik ervaar een leegte om me heen"
    group = page.get_by_role("group", name=re.compile(r"Wilt u van elk.*\? Ik ervaar een leegte om me heen$"))
    assert group.get_by_role("button").all_inner_texts() == ["Ja", "Min of meer", "Nee"]
    assert page.get_by_text("Vraag 1 van 6").is_visible()  # the progress in words; the ruler is drawn beside it
    assert page.locator("svg:not([aria-hidden=true])").count() == 0
    assert page.locator("html").get_attribute("lang") == "nl"


def test_an_error_is_said_has_the_focus_and_leads_to_the_answers(page: Any, site: Site) -> None:
    page.goto(site.at("question"))
    press_nothing(page)
    assert page.title().startswith("Nog geen antwoord: Vraag 1 van 6")
    alert = page.get_by_role("alert")
    assert "We konden uw antwoord niet lezen." in alert.inner_text()
    page.locator("#fout:focus").wait_for()
    assert page.locator("#antwoorden").get_attribute("aria-describedby") == "fout"
    alert.get_by_role("link").click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Ja"


def test_an_answer_that_was_given_is_told_and_seen(page: Any, site: Site) -> None:
    page.goto(site.at("question"))
    page.get_by_role("button", name="Min of meer").click()
    page.get_by_role("link", name="Vorige vraag").click()
    assert page.get_by_role("button", name="Min of meer", pressed=True).is_visible()
    assert page.get_by_text("Uw antwoord is bewaard").is_visible()


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_letters_twice_as_large_still_fit(chromium: Any, site: Site, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 740})
    page.add_init_script(VOICE % f"[{DUTCH}]")
    for name in site.paths:
        page.goto(site.at(name))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert smallest(page) >= 36, name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.close()


def test_nothing_moves_for_who_asked_for_that(chromium: Any, site: Site) -> None:
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(site.at("question"))
    moving = page.evaluate("""[...document.querySelectorAll('*')].filter(e =>
      getComputedStyle(e).transitionDuration !== '0s' || getComputedStyle(e).animationName !== 'none').length""")
    assert moving == 0
    page.close()


def test_a_robot_with_a_browser_that_only_looks_changes_nothing(page: Any, site: Site, database: Engine) -> None:
    before = all_rows(database)
    for name in site.paths:
        page.goto(site.at(name), wait_until="networkidle")
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(100)
    assert all_rows(database) == before


def test_a_robot_that_follows_every_link_changes_nothing(page: Any, site: Site, database: Engine) -> None:
    before = all_rows(database)
    seen: set[str] = set()
    waiting = [site.at(name) for name in site.paths]
    while waiting:
        url = waiting.pop().split("#")[0]
        if url in seen or not url.startswith(site.url):
            continue
        seen.add(url)
        page.goto(url)
        waiting += page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    assert len(seen) > len(site.paths)
    assert all_rows(database) == before


@pytest.mark.parametrize("way", ["submit()", "requestSubmit()"])
def test_a_robot_that_sends_every_form_without_choosing_changes_nothing(
    page: Any, site: Site, database: Engine, way: str
) -> None:
    before = all_rows(database)
    for name in site.paths:
        page.goto(site.at(name))
        for number in range(page.locator("form").count()):
            with page.expect_navigation():
                page.evaluate(f"document.forms[{number}].{way}")
            page.goto(site.at(name))
    assert all_rows(database) == before
    page.goto(site.at("start"))
    assert page.locator("form").count() == 0  # the page behind the link in the message has nothing to send
