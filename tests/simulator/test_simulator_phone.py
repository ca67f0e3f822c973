"""The pretend phone: what a visitor reads, and that it works without script and under the strict policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from service.channels.base import Outgoing
from service.simulator import views
from service.simulator.truth import Sms
from tests.simulator.practice import SENDER, Practice, practice, wait_for

PHONE = "+31600000900"


@pytest.fixture(scope="module")
def running() -> Iterator[Practice]:
    with practice() as running:
        entries = [
            {"number": PHONE, "label": "Greet Hendriks, 78 jaar"},
            {"number": "+31600000901", "label": "Ali <b>Yılmaz</b>"},
            {"mailbox": "toon@voorbeeld.invalid", "label": "Toon Willems, 71 jaar"},
        ]
        requests.post(f"{running.url}/phones", json=entries, timeout=5)
        running.channel().send(Outgoing("t", PHONE, "Vraag 1 van 6: <i>hoe</i> gaat het?"))
        requests.post(f"{running.url}/reply", data={"phone": PHONE, "text": "2"}, timeout=5)
        wait_for(lambda: running.kinds().count("told") == 3)
        yield running


def test_the_page_reads_like_a_phone(running: Practice) -> None:
    page = requests.get(running.url, params={"phone": PHONE}, timeout=5).text
    for words in (
        "Oefenomgeving",
        "Telefoon van",
        '<option value="+31600000900" selected>Greet Hendriks, 78 jaar</option>',
        "06 0000 0900",
        "In gesprek met 06 0000 9999",
        "&lt;i&gt;hoe&lt;/i&gt;",
        "Ali &lt;b&gt;Yılmaz",
        "verzonden",
        "Wat Peil nu doet",
        "Greet Hendriks antwoordt “2”",
        "Peil heeft het antwoord van Greet Hendriks ontvangen",
        "Bericht aan Greet Hendriks bezorgd",
        "Nog geen e-mail",
    ):
        assert words in page, words
    for button in ("1", "2", "3", "JA", "LATER", "BEL", "STOP"):
        assert f'name="text" value="{button}"' in page


def test_nothing_inline_and_nothing_from_elsewhere(running: Practice) -> None:
    answer = requests.get(running.url, timeout=5)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script>", answer.text)
    for path in re.findall(r'(?:href|src)="(/[^"]*\.(?:css|js))"', answer.text):
        assert requests.get(running.url + path, timeout=5).status_code == 200
    assert requests.get(f"{running.url}/look/../../settings.py", timeout=5).status_code == 404
    assert requests.get(f"{running.url}/look/charts.js", timeout=5).status_code == 404


def test_news_only_when_there_is_some(running: Practice) -> None:
    news = requests.get(f"{running.url}/news", params={"phone": PHONE}, timeout=5).json()
    assert set(news["parts"]) == {"phones", "thread", "boxes", "mail", "trace"}
    same = requests.get(f"{running.url}/news", params={"phone": PHONE, "seen": str(news["version"])}, timeout=5).json()
    assert same == {"version": news["version"]}


def test_without_script_a_reply_leads_back_to_the_phone(running: Practice) -> None:
    answer = requests.post(f"{running.url}/reply", data={"phone": PHONE, "text": "LATER"}, timeout=5)
    assert answer.url.startswith(f"{running.url}/?phone=%2B31600000900")
    assert "LATER" in answer.text


def test_a_phone_that_nobody_knows_cannot_answer(running: Practice) -> None:
    assert (
        requests.post(f"{running.url}/reply", data={"phone": "+31699999999", "text": "1"}, timeout=5).status_code == 404
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+31600000137", "06 0000 0137"),
        ("+31780000137", "078 000 0137"),
        ("+4915112345678", "+4915112345678"),
        ("", ""),
    ],
)
def test_numbers_as_people_write_them(number: str, words: str) -> None:
    assert views.spoken(number) == words


def test_a_time_is_shown_after_a_pause_and_with_the_day_when_it_is_not_today() -> None:
    first, soon, later = (datetime(2026, 3, 2, *at, tzinfo=UTC) for at in ((13, 2), (13, 10), (15, 0)))
    thread = [Sms(str(n), False, PHONE, SENDER, "Dag", at) for n, at in enumerate((first, soon, later))]
    assert [bubble.moment for bubble in views.bubbles(thread)] == ["2 maart 14.02", "", "2 maart 16.00"]
