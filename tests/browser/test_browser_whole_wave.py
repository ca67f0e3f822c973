"""A whole wave as people meet it: the pretend phone with every keyword, and the mail, the pages and the work list in a
real browser, on the real processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from service.usecases.access import Role
from tests.journeys.live import begin_stack, eventually, finish_stack, mail_link, wait_for_stack
from tests.journeys.town import LAST, Town, make_town
from tests.usecases.scene import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys_live")]

PHONE = {"width": 375, "height": 740}
NUMBER = "+31600000041"
MAILBOX = "zwaantje@voorbeeld.invalid"
PATIENCE = 15_000

#: What somebody types, and what they then read on the phone.
WAVE = (
    ("HULP", "Direct gevaar? Bel 112"),
    ("later", "blijven voor u klaarstaan"),
    ("Ja graag", "Vraag 1 van 6"),
    ("min of meer", "Vraag 2 van 6"),
    ("FOUT", "Vraag 1 van 6"),
    ("2.", "Vraag 2 van 6"),
    ("soms", "dat begrijpen we niet"),
    ("ja hoor", "Vraag 3 van 6"),
    ("weet niet", "Vraag 4 van 6"),
    ("BEL", "belt u binnen 2 werkdagen"),
    ("pauze 1 week", "1 week geen berichten"),
    ("JA", "Vraag 4 van 6"),
    ("٣", "Vraag 5 van 6"),
    ("MIJN", "/mijn/"),
    ("minder berichten", "U krijgt minder vaak een bericht"),
    ("eh 2 denk ik", "Vraag 6 van 6"),
    ("nee", "Uw antwoorden zijn binnen"),
    ("KOM NIET", "Dank u"),
    ("afmelden", "Antwoord KOM NIET of STOP"),
)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    stack = begin_stack(sends=True)
    try:
        wait_for_stack(stack)
        yield make_town(stack)
    finally:
        finish_stack(stack)


@pytest.fixture
def handset(chromium: Any) -> Iterator[Any]:
    """A browser as wide as a telephone."""
    context = chromium.new_context(viewport=PHONE, locale="nl-NL")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def received(page: Any) -> str:
    """Everything that stands on the pretend phone."""
    return str(page.locator("[data-part=thread]").inner_text())


def say(page: Any, words: str, reads: str) -> None:
    """Type an answer on the pretend phone, and wait for the words that come back."""
    before = received(page).count(reads)
    page.fill("#antwoord", words)
    page.locator("form:has(#antwoord) button").click()
    try:
        eventually(lambda: received(page).count(reads) > before, f"{words!r} leads to {reads!r}")
    except AssertionError as failed:
        failed.add_note(f"The phone says:\n{received(page)}")
        raise


def staff(town: Town, chromium: Any) -> Any:
    """The coordinator, logged in."""
    page = chromium.new_context(locale="nl-NL").new_page()
    page.goto(f"{town.stack.url}/inloggen")
    page.fill("[name=email]", f"{Role.COORDINATOR}@voorbeeld.invalid")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").click()
    return page


def test_a_whole_wave_on_the_pretend_phone_with_every_keyword(town: Town, chromium: Any, handset: Any) -> None:
    person = town.enrol(41)
    eventually(lambda: town.stack.simulator.texts(NUMBER), "the invitation arrives")
    handset.goto(f"{town.stack.simulator.url}/?phone=%2B{NUMBER[1:]}")
    assert "Mogen we u 6 vragen stellen" in received(handset)
    for words, reads in WAVE:
        say(handset, words, reads)
    handset.fill("#antwoord", "STOP")
    handset.locator("form:has(#antwoord) button").click()
    eventually(lambda: town.stack.ask("select 1 from contact.stop where lifted_at is null"), "the stop is applied")
    say(handset, "START", "U krijgt weer berichten")
    codes = town.stack.ask(
        "select distinct on (item) a.item, a.code from answer_event a join measurement m on m.id = a.measurement_id"
        " where m.participant_id = :p order by a.item, a.sequence desc", p=person,
    )  # fmt: skip
    assert {row.item: row.code for row in codes} == {
        3: "more_or_less", 4: "yes", 7: "no_answer", 9: "no", 8: "more_or_less", 10: "no",
    }  # fmt: skip
    page = staff(town, chromium)
    page.goto(f"{town.stack.url}/deelnemers/{person}")
    assert "Antwoorden binnen" in page.inner_text("main")
    page.goto(town.stack.url)
    assert f"{LAST} 41" in page.inner_text("main")


def test_a_whole_wave_by_mail_in_a_browser_as_wide_as_a_telephone(town: Town, chromium: Any, handset: Any) -> None:
    person = town.enrol(42, email=MAILBOX)
    letters = eventually(
        lambda: [one for one in town.stack.simulator.events("mail") if one["to"] == MAILBOX], "the mail arrives"
    )
    handset.goto(town.stack.url + mail_link(letters[0]["raw"]))
    handset.get_by_role("link", name="Begin").or_(handset.get_by_role("button", name="Begin")).first.click()
    for number in range(1, 7):
        assert f"{number} van 6" in handset.inner_text("main")
        handset.locator("main form button[name=antwoord]").nth(number % 3).click()
    assert "Dank u wel" in handset.inner_text("main")
    handset.get_by_role("button", name="Ja", exact=False).first.click()
    status = town.stack.ask(
        "select status, mode from measurement where participant_id = :p order by opens_at", p=person
    )
    assert (status[0].status, status[0].mode) == ("complete", "web")
    page = staff(town, chromium)
    assert f"{LAST} 42" in page.inner_text("main")
