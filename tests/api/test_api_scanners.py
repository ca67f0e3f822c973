"""Mail scanners, link previews and crawlers open personal links, often before the person does: nothing changes.

One world for the whole table; after each behaviour every row of every table is what it was.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.channels.memory import MemoryChannel
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.submit_answers import submit_answers
from tests.api.year import make_app
from tests.builders import Clock
from tests.conftest import emptied, services_on
from tests.digest import all_rows
from tests.usecases.scene import make_scene, rows

pytestmark = pytest.mark.xdist_group("scanners")

SITE = "https://peil.example"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
#: Who opens links in the place of the person: name -> what it says it is.
AGENTS = {
    "Outlook SafeLinks": CHROME + " Edg/126.0",
    "Defender for Office detonation": "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Outlook preview": CHROME + " BingPreview/1.0b",
    "Barracuda": "Barracuda Sentinel (EE)",
    "Proofpoint URL Defense": "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    "Mimecast": "Mimecast-URL-Protect/1.0",
    "Cisco Secure Email": "Cisco-Secure-Email-URL-Rewrite",
    "Symantec Click-time": "Mozilla/5.0 (compatible; Symantec Email Security.cloud)",
    "Trend Micro": "Mozilla/4.0 (compatible; Trend Micro tmdr 1.0.0)",
    "Sophos": "SophosLabs URL scanner",
    "FortiMail": "FortiGuard URL scan",
    "Gmail": "Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com/bot.html)",
    "Gmail images": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Yahoo": "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "WhatsApp": "WhatsApp/2.24.9.78 A",
    "iMessage": SAFARI + " Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Android Messages": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Google-PageRenderer",
    "Signal": "WhatsApp/2",
    "Telegram": "TelegramBot (like TwitterBot)",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Teams": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "LinkedIn": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Discord": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Applebot": "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) (Applebot/0.1)",
    "curl": "curl/8.5.0",
    "nothing": "",
}
#: What a browser or proxy says when it looks on ahead: name -> headers.
HEADERS = {
    "prefetch (Safari, old Chrome)": {"Purpose": "prefetch"},
    "prefetch (Chrome)": {"Sec-Purpose": "prefetch"},
    "prerender (Chrome)": {"Sec-Purpose": "prefetch;prerender"},
    "prefetch (Firefox)": {"X-Moz": "prefetch"},
    "preview (Safari top sites)": {"X-Purpose": "preview"},
    "the first 1024 bytes": {"Range": "bytes=0-1023"},
    "only when changed": {"If-Modified-Since": "Mon, 02 Mar 2026 09:30:00 GMT", "If-None-Match": '"x"'},
    "a picture please": {"Accept": "image/avif,image/webp,*/*;q=0.1"},
    "another method in a header": {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "DELETE", "X-Method": "POST"},
    "through a proxy": {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.invalid", "Via": "1.1 scan"},
    "with somebody's cookies": {"Cookie": "peil=x; session=y"},
    "from a page elsewhere": {"Referer": "https://outlook.office.invalid/", "Sec-Fetch-Site": "cross-site"},
    "conditional on nothing": {"If-Match": "*", "Cache-Control": "no-cache"},
}
#: Ways of taking over an address that still lead to the questions: name -> address, from the token.
MANGLED: dict[str, Callable[[str], str]] = {
    "a full stop": lambda t: f"/v/{t}.",
    "a comma": lambda t: f"/v/{t},",
    "a bracket": lambda t: f"/v/{t})",
    "an angle bracket": lambda t: f"/v/{t}%3E",
    "brackets round it": lambda t: f"/v/%3C{t}%3E",
    "a quotation mark": lambda t: f"/v/{t}%E2%80%9D",
    "dots that go on": lambda t: f"/v/{t}...",
    "an exclamation mark": lambda t: f"/v/{t}!",
    "a space": lambda t: f"/v/{t}%20",
    "a space before it": lambda t: f"/v/%20{t}",
    "broken over two lines": lambda t: f"/v/{t[:9]}%0D%0A{t[9:]}",
    "a soft hyphen": lambda t: f"/v/{t[:9]}%C2%AD{t[9:]}",
    "a zero-width space": lambda t: f"/v/{t}%E2%80%8B",
    "the next word": lambda t: f"/v/{t}%20Groet",
    "a capital V": lambda t: f"/V/{t}",
    "a trailing slash": lambda t: f"/v/{t}/",
    "two trailing slashes": lambda t: f"/v/{t}//",
    "a doubled slash": lambda t: f"/v//{t}",
    "a question mark": lambda t: f"/v/{t}?",
    "tracking": lambda t: f"/v/{t}?utm_source=mail&utm_medium=email&fbclid=x",
    "an ampersand without a question mark": lambda t: f"/v/{t}&utm_source=mail",
    "an escaped ampersand": lambda t: f"/v/{t}&amp;data=05",
    "an escaped fragment": lambda t: f"/v/{t}%23hulp",
    "every letter escaped": lambda t: "/v/" + "".join(f"%{ord(letter):02x}" for letter in t),
    "a page that does not exist": lambda t: f"/v/{t}/questions/one",
    "a capital in the page": lambda t: f"/v/{t}/VRAAG/1",
    "an emphasis": lambda t: f"/v/{t}*",
}
#: Addresses that lead nowhere: a kind page.
LOST: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "/v/",
    "not even a slash": lambda _: "/v",
    "upper case": lambda t: f"/v/{t.upper()}",
    "half of it": lambda t: f"/v/{t[:11]}",
    "one letter short": lambda t: f"/v/{t[:-1]}",
    "escaped twice": lambda t: "/v/" + quote(quote(f"<{t[:11]}>")),
    "another one": lambda _: "/v/" + "A" * 22,
}


#: What a scanner sends that submits forms without choosing anything: name -> what it posts.
FORMS: dict[str, dict[str, Any]] = {
    "no body": {},
    "an empty form": {"data": {}},
    "an empty answer": {"data": {"antwoord": "", "bellen": "", "stoppen": ""}},
    "the word test in every field": {"data": {"antwoord": "test", "bellen": "test", "stoppen": "test"}},
    "fields of another form": {"data": {"email": "a@voorbeeld.invalid", "q": "test"}},
    "json": {"json": {"antwoord": "yes", "bellen": "ja", "stoppen": "ja"}},
    "xml": {"data": b"<xml/>", "content_type": "text/xml"},
    "a form called text": {"data": b"antwoord=yes&bellen=ja&stoppen=ja", "content_type": "text/plain"},
    "bytes": {"data": b"\x00\xff" * 400, "content_type": "application/octet-stream"},
}


@dataclass
class World:
    app: Flask
    engine: Engine
    tokens: list[str]  # links nobody answered yet, half answered, all answered, not yet open
    leaving: str
    rows: dict[str, str]  # what the database held before anybody looked

    @property
    def pages(self) -> list[str]:
        parts = ("", "/vraag/1", "/vraag/6", "/vraag/99", "/klaar", "/bewaren", "/bellen")
        return [f"/v/{token}{part}" for token in self.tokens for part in parts] + [self.leaving]

    @property
    def first(self) -> list[str]:
        """The pages of the link that nobody has used, and the one that ends e-mail."""
        return [page for page in self.pages if self.tokens[0] in page or page == self.leaving]

    def ask(self, method: str, paths: list[str], **more: Any) -> list[int]:
        client = self.app.test_client()
        return [client.open(path, method=method, **more).status_code for path in paths]


@pytest.fixture(scope="module")
def world(engine: Engine, instruments: Any) -> Iterator[World]:
    clock = Clock()
    services = services_on(emptied(engine), clock, instruments)
    scene = make_scene(services)
    for number in range(3):
        form = scene.form(
            first_name=f"Wil{number}",
            mobile=f"06 0000 01{number}7",
            email=f"wil{number}@voorbeeld.invalid",
            preferred_channel="email",
        )
        enrol_participant(services, scene.coordinator, form)
    clock.forward(hours=1)
    dispatch_messages(services)
    found = rows(engine, "select id, wave from measurement order by wave, participant_id")
    tokens = [services.links.token(row.id) for row in found]
    items = [item.number for item in instruments["djg6"].items]
    unanswered = all_rows(engine)
    submit_answers(services, tokens[1], {items[0]: "yes", items[1]: "no"})
    submit_answers(services, tokens[2], dict.fromkeys(items, "no"))
    assert isinstance(services.email, MemoryChannel)
    leaving = services.email.sent[0].unsubscribe_url.removeprefix(SITE)
    before = all_rows(engine)
    assert before != unanswered  # the digest sees an answer
    yield World(make_app(services), engine, tokens[:4], leaving, before)
    emptied(engine)


@pytest.fixture(autouse=True)
def nothing_changes(world: World) -> Iterator[None]:
    yield
    assert all_rows(world.engine) == world.rows


@pytest.mark.parametrize("agent", AGENTS)
def test_who_opens_links_changes_nothing(world: World, agent: str) -> None:
    headers = {"User-Agent": AGENTS[agent]}
    assert set(world.ask("HEAD", world.first, headers=headers)) <= {200, 302, 303}
    assert set(world.ask("GET", world.first, headers=headers)) <= {200, 302, 303}


@pytest.mark.parametrize("kind", HEADERS)
def test_looking_ahead_changes_nothing(world: World, kind: str) -> None:
    assert set(world.ask("GET", world.pages, headers=HEADERS[kind])) <= {200, 206, 302, 303, 304}


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_another_method_changes_nothing(world: World, method: str) -> None:
    expected = {200} if method == "OPTIONS" else {405}
    assert set(world.ask(method, world.pages)) == expected


def test_opening_over_and_over_changes_nothing(world: World) -> None:
    for _ in range(10):
        world.ask("GET", world.first)


def test_opening_all_at_once_changes_nothing(world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda page: world.ask("GET", [page]), world.pages * 2))
    assert {status for one in found for status in one} <= {200, 302, 303}


def test_a_crawler_three_links_deep_changes_nothing(world: World) -> None:
    client = world.app.test_client()
    seen: set[str] = set()
    layer = {f"/v/{token}{part}" for token in world.tokens for part in ("", "/klaar")} | {world.leaving}
    for _ in range(4):
        following: set[str] = set()
        for path in layer:
            answer = client.get(path, follow_redirects=True)
            assert answer.status_code in (200, 404), path
            if answer.mimetype == "text/html":
                page = html.unescape(answer.get_data(as_text=True))
                following |= set(re.findall(r'(?:href|src|action|formaction)="([^"#]+)', page))
            answer.close()
        seen |= layer
        layer = {path for path in following if not urlsplit(path).scheme} - seen
    assert len(seen) > 12
    assert any(path.endswith("/bellen") for path in seen)


def test_forms_opened_as_if_they_were_links_change_nothing(world: World) -> None:
    for token in world.tokens:
        for query in ("antwoord=yes", "antwoord=no_answer", "bellen=ja", "stoppen=ja", "List-Unsubscribe=One-Click"):
            for part in ("", "/vraag/1", "/vraag/3", "/bellen", "/klaar"):
                assert world.ask("GET", [f"/v/{token}{part}?{query}"])[0] in (200, 302)
    assert world.ask("GET", [f"{world.leaving}?stoppen=ja", f"{world.leaving}?List-Unsubscribe=One-Click"]) == [200] * 2
    body = {"antwoord": "yes", "bellen": "ja", "stoppen": "ja"}
    assert set(world.ask("GET", world.pages, data=body)) <= {200, 302}


def test_files_that_robots_look_for_change_nothing(world: World) -> None:
    files = ["/favicon.ico", "/apple-touch-icon.png", "/sitemap.xml", "/.well-known/security.txt", "/ads.txt"]
    assert set(world.ask("GET", files)) <= {200, 404}
    answer = world.app.test_client().get("/robots.txt")
    assert answer.get_data(as_text=True) == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("kind", FORMS)
def test_forms_sent_without_a_choice_change_nothing(world: World, kind: str) -> None:
    found = world.ask("POST", world.pages, **FORMS[kind])
    assert set(found) <= {200, 302, 303, 400, 405}


@pytest.mark.parametrize("way", MANGLED)
def test_a_mangled_link_still_leads_to_the_questions(world: World, way: str) -> None:
    answer = world.app.test_client().get(MANGLED[way](world.tokens[0]), follow_redirects=True)
    assert answer.status_code == 200
    assert "Hoe gaat het met u?" in answer.get_data(as_text=True)
    assert answer.request.path == f"/v/{world.tokens[0]}"


@pytest.mark.parametrize("way", LOST)
def test_a_link_that_leads_nowhere_gets_a_kind_page_with_a_number_to_call(world: World, way: str) -> None:
    answer = world.app.test_client().get(LOST[way](world.tokens[0]), follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "Deze link kennen wij niet." in page
    assert "078 000 0001" in page


def test_the_link_in_a_mail_bears_a_full_stop(world: World) -> None:
    answer = world.app.test_client().get(world.leaving + ").")
    assert f'action="{world.leaving}"' in answer.get_data(as_text=True)
    assert answer.status_code == 200


def test_a_preview_shows_who_sends_it_and_nothing_more(world: World) -> None:
    for path in world.pages:
        page = world.app.test_client().get(path, follow_redirects=True).get_data(as_text=True)
        head = page[: page.index("</head>")]
        assert not re.search(r'og:|twitter:|name="description"', head)
        assert not re.search(r"eenzaam|onderzoek|Samen koken|Wil\d", head)
        assert 'content="noindex,nofollow"' in head


def test_there_are_at_least_thirty_ways_of_opening(world: World) -> None:
    assert len(AGENTS) + len(HEADERS) >= 30
