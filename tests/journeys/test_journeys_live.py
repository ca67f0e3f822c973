"""Whole stories on the running service: real processes, real HTTP, and faults that nobody asked for."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from service.usecases.access import Role
from service.usecases.enrol_participant import enrol_participant
from tests.journeys.live import (
    GRACE,
    LEASE,
    Browser,
    Stack,
    begin_stack,
    eventually,
    finish_stack,
    free_port,
    mail_link,
    settings_for_sending,
    wait_for_stack,
)
from tests.journeys.town import FIRST, LAST, WORDS, Town, make_town
from tests.usecases.scene import PASSWORD, make_scene

#: Every process of these journeys works on the same stack: one after the other.
pytestmark = pytest.mark.xdist_group("journeys_live")

PEOPLE_A_ROUND = 20
#: How many seconds ago the youngest send began whose end nobody knows.
LATEST_DOUBT = """
select coalesce(extract(epoch from now() - max(t.started_at)), 0) from attempt t join message m on m.id = t.message_id
where m.state in ('sending', 'unknown') and t.number = m.attempt_number
"""


@pytest.fixture(scope="module")
def stacks() -> Iterator[tuple[Stack, Stack]]:
    """One that sends to the simulator and one without settings, started together."""
    begun: list[Stack] = []
    try:
        begun.append(begin_stack(sends=True))
        begun.append(begin_stack(sends=False))
        for stack in begun:
            wait_for_stack(stack)
        yield begun[0], begun[1]
    finally:
        for stack in begun:
            finish_stack(stack)


@pytest.fixture(scope="module")
def town(stacks: tuple[Stack, Stack]) -> Town:
    """An organisation on the stack that sends."""
    return make_town(stacks[0])


def register(town: Town, browser: Browser, **how: str) -> str:
    """The coordinator registers somebody in the browser; the address of the participant's page."""
    form = {
        "first_name": FIRST, "last_name": LAST, "birth_year": "1941", "language": "nl", "arm": "intervention",
        "programme_id": str(town.programme_id), "purposes": ["questions", "sms", "email", "phone", "sharing"],
        "taken_how": "spoken", "legal_basis": "consent", **how,
    }  # fmt: skip
    answer = browser.post("/deelnemers/nieuw", "/deelnemers/nieuw", form)
    assert answer.status_code == 200, answer.text[:2000]
    assert "Ingeschreven" in answer.text
    return urlsplit(answer.url).path


def say(town: Town, number: str, words: str) -> str:
    """Somebody writes, and gets an answer: the last text on the phone."""
    phone = town.stack.simulator
    before = len(phone.texts(number))
    phone.reply(number, words)
    eventually(lambda: len(phone.texts(number)) > before, "an answer to what somebody wrote")
    return phone.texts(number)[-1]


def exported(town: Town) -> list[dict[str, str]]:
    """What the evaluator downloads."""
    answer = town.browser(Role.EVALUATOR).post("/gegevens", "/gegevens/bestand", {})
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def answer_by_link(stack: Stack, link: str, *answers: str) -> requests.Response:
    """Somebody opens a personal link and answers from the first question on."""
    someone = stack.browser()
    assert someone.get(link).status_code == 200
    for number, code in enumerate(answers, 1):
        page = someone.session.post(f"{stack.url}{link}/vraag/{number}", data={"antwoord": code}, timeout=15)
    return page


def assert_nothing_personal(stack: Stack) -> None:
    """No log of the service holds a name, a number, an address or words of anybody."""
    canaries = (
        FIRST,
        LAST,
        "giraffe",
        "voorbeeld.invalid",
        "+316000",
        "+31 6",
        "06 0000",
        "%2B316000",
        PASSWORD,
        "/v/",
    )
    for path in [*stack.home.glob("log/*"), stack.home / "peil.out", stack.home / "valkey.log"]:
        text = path.read_text(errors="replace")
        assert [canary for canary in canaries if canary.lower() in text.lower()] == [], path.name
    database = (stack.home / "postgres.log").read_text(errors="replace")
    assert [canary for canary in canaries if canary.lower() in database.lower()] == []


def test_somebody_is_registered_invited_by_sms_answers_six_questions_and_is_scored(town: Town) -> None:
    number = "+31600000137"
    coordinator = town.browser(Role.COORDINATOR)
    page = register(town, coordinator, mobile="06 0000 0137", preferred_channel="sms")
    phone = town.stack.simulator
    (invitation,) = eventually(lambda: phone.texts(number), "the invitation")
    assert "JA" in invitation

    assert "Vraag 1 van 6" in say(town, number, "JA")
    for question in range(2, 7):
        assert f"Vraag {question} van 6" in say(town, number, "1")
    assert "Dank u wel" in say(town, number, "1")

    assert "Antwoorden binnen, per sms" in coordinator.get(page).text
    (row,) = [row for row in exported(town) if row["mode"] == "sms"]
    assert row["status"] == "complete"
    assert row["total"] == "3"  # three times "yes" on the emotional half, none on the social one
    eventually(lambda: not [e for e in phone.events("accepted") if not phone.taken(e["sid"])], "every receipt is taken")
    delivered = "select count(*) from message where channel = 'sms' and state <> 'delivered' and state <> 'planned'"
    eventually(lambda: town.stack.ask(delivered) == [(0,)], "every message is known to be delivered")


def test_somebody_gets_an_email_and_answers_by_its_link(town: Town) -> None:
    coordinator = town.browser(Role.COORDINATOR)
    page = register(town, coordinator, email="zwaantje@voorbeeld.invalid", preferred_channel="email")
    simulator = town.stack.simulator
    (mail,) = eventually(lambda: [m for m in simulator.events("mail") if m["to"].startswith("zwaantje")], "the mail")
    last = answer_by_link(town.stack, mail_link(mail["raw"]), "no", "no", "no", "no", "more_or_less", "yes")
    assert "Uw antwoorden zijn binnen" in last.text
    assert "Antwoorden binnen, via de link" in coordinator.get(page).text
    (row,) = [row for row in exported(town) if row["mode"] == "web"]
    assert row["total"] == "4"  # three on the social half, one on the emotional one


def test_killing_the_worker_in_mid_send_loses_nothing_and_sends_nothing_twice(town: Town) -> None:
    stack, first = town.stack, 4000
    numbers = [f"+316000{n:05d}" for n in range(first, first + 3 * PEOPLE_A_ROUND)]
    addresses = [f"onbekend{n}@voorbeeld.invalid" for n in range(2)]
    unsure = []
    for turn in range(2):
        before = begun(town, "sms"), begun(town, "email")
        with stack.stopped("simulator"):  # it has the call and does not answer
            unsure.append(town.enrol(9000 + turn, email=addresses[turn]))
            eventually(lambda: begun(town, "email") > before[1], "an e-mail is on its way")  # noqa: B023
            town.read_list(first + turn * PEOPLE_A_ROUND, PEOPLE_A_ROUND)
            eventually(lambda: begun(town, "sms") > before[0], "messages are on their way")  # noqa: B023
            stack.kill("worker")
    eventually(lambda: stack.child("worker"), "the worker has risen")
    stack.simulator.misbehave(next=1, how="hang_after_accept", seconds=6)
    heard = len(stack.simulator.events("accepted"))
    town.read_list(first + 2 * PEOPLE_A_ROUND, PEOPLE_A_ROUND)
    eventually(lambda: stack.simulator.events("misbehaved"), "the provider has a message and does not answer")
    eventually(lambda: len(stack.simulator.events("accepted")) > heard, "it took that message")
    stack.kill("worker")  # which will never hear that it did
    for how, count in (("error_after_accept", 6), ("drop_answer", 6), ("error_500", 3)):
        stack.simulator.misbehave(next=count, how=how)
    stack.simulator.misbehave(next=3, how="hang", seconds=0.3)
    kills: list[int] = []

    def settled() -> bool:
        # Whatever the provider did not know is tried again after a minute: let that minute be over.
        stack.ask("update message set due_at = now() where state = 'due' and reason = 'not_found' and due_at > now()")
        doubt, states = stack.ask(LATEST_DOUBT)[0][0], set(town.states())
        only_doubt = states <= {"unknown", "accepted", "sent", "delivered", "needs_review"}
        ripe = only_doubt and doubt > GRACE if kills else doubt > LEASE + GRACE
        if ripe and len(kills) < 2 and stack.child("clock"):
            kills.append(stack.kill("clock"))  # it rises, and does everything that is due at once
        return only_doubt and "unknown" not in states

    eventually(settled, "every invitation came to an end", 75)
    steps = stack.ask("select event, state_from, reason from message_event")
    assert {step.reason for step in steps} >= {"lease_expired", "not_found", "fate_unknown", "Status500", "Status504"}
    heard_later = [step for step in steps if step.event in ("found", "report_sent") and step.state_from != "accepted"]
    assert len(heard_later) > 6 + 6  # more than was ordered: some were taken while the worker lay dead
    taken = Counter(event["to"] for event in stack.simulator.events("accepted"))
    assert {number: taken[number] for number in numbers} == dict.fromkeys(numbers, 1)
    assert town.states()["needs_review"] == len(addresses)
    assert_explained(stack)
    calls = stack.ask("select participant_id from call_task where reason = 'fate_unknown' and done_at is null")
    assert {one.participant_id for one in calls} == set(unsure)
    assert all(f"/deelnemers/{one}" in town.browser(Role.COORDINATOR).get("/").text for one in unsure)
    assert stack.log.read_text().count("worker stopped (signal SIGKILL)") >= 3


def begun(town: Town, channel: str) -> int:
    """How many sends were ever begun on this channel."""
    ((count,),) = town.stack.ask("select count(*) from attempt where channel = :c", c=channel)
    return int(count)


def assert_explained(stack: Stack) -> None:
    """The events of every message lead without a gap from its beginning to the state it is in."""
    events = stack.ask("select message_id, state_from, state_to, attempt_number from message_event order by sequence")
    for message_id, state, attempts in stack.ask(
        "select id, state, attempt_number from message where attempt_number > 0"
    ):
        chain = [e for e in events if e.message_id == message_id]
        assert chain, message_id
        assert all(a.state_to == b.state_from for a, b in itertools.pairwise(chain)), chain
        assert (chain[-1].state_to, chain[-1].attempt_number) == (state, attempts), chain


def test_without_the_queue_answers_are_taken_and_afterwards_the_conversation_goes_on(town: Town) -> None:
    stack, phone, number = town.stack, town.stack.simulator, "+31600000211"
    town.enrol(211)
    eventually(lambda: phone.texts(number), "the invitation")
    assert "Vraag 1 van 6" in say(town, number, "JA")
    town.enrol(0, email="wachtrij@voorbeeld.invalid")
    (mail,) = eventually(lambda: [m for m in phone.events("mail") if m["to"].startswith("wachtrij")], "the mail")
    with stack.down("valkey"):
        sid = phone.reply(number, "2")
        eventually(lambda: phone.taken(sid), "the reply is taken")
        page = answer_by_link(stack, mail_link(mail["raw"]), "no", "yes")
        assert page.status_code == 200
        assert "Vraag 3 van 6" in page.text
        ((kept,),) = stack.ask("select count(*) from reply where provider_id = :sid", sid=sid)
        assert kept == 1
        assert len(phone.texts(number)) == 2
    eventually(lambda: "Vraag 2 van 6" in phone.texts(number)[-1], "the conversation goes on", 40)
    assert "Vraag 3 van 6" in say(town, number, "1")


def test_words_reach_a_person_and_no_log(town: Town) -> None:
    number = "+31600000223"
    town.enrol(223)
    eventually(lambda: town.stack.simulator.texts(number), "the invitation")
    say(town, number, WORDS)
    assert WORDS in town.browser(Role.COORDINATOR).get("/").text
    assert_nothing_personal(town.stack)


def test_without_the_database_everybody_hears_so_kindly_and_afterwards_everything_answers(town: Town) -> None:
    stack = town.stack
    coordinator = town.browser(Role.COORDINATOR)
    with stack.down("postgres"):
        for page in (stack.browser().get("/v/abcdefghijklmnopqrstuvwxyz"), coordinator.get("/deelnemers")):
            assert page.status_code == 503
            assert "Er gaat niets verloren. Probeer het over een paar minuten opnieuw." in page.text
        assert stack.browser().get("/health/ready").status_code == 503
        assert stack.browser().get("/health/live").status_code == 200
        doctor = stack.command("doctor", "--json")
        assert doctor.returncode == 1
        found = {one["name"]: one for one in json.loads(doctor.stdout)}
        assert found["database"]["state"] == "cannot be reached"
        assert not found["database"]["ok"]
        assert found["queue"]["ok"]
    eventually(lambda: coordinator.get("/deelnemers").status_code == 200, "the staff's pages are back", 30)
    assert stack.browser().get("/v/abcdefghijklmnopqrstuvwxyz").status_code == 404
    number = "+31600000239"
    town.enrol(239)
    eventually(lambda: stack.simulator.texts(number), "the invitation, by the same worker and clock")
    assert "web stopped" not in stack.log.read_text()
    assert stack.command("doctor").returncode == 0
    assert_nothing_personal(stack)


def test_without_settings_nothing_is_sent_and_every_page_says_so(stacks: tuple[Stack, Stack]) -> None:
    stack = stacks[1]
    practice = stack.services(**settings_for_sending(free_port(), free_port()))  # accepts numbers that cannot exist
    scene = make_scene(practice)
    enrol_participant(practice, scene.coordinator, scene.form(first_name=FIRST, last_name=LAST))
    for role, pages in {
        Role.COORDINATOR: ("/", "/deelnemers", "/deelnemers/nieuw", "/programmas"),
        Role.ADMINISTRATOR: ("/beheer", "/beheer/accounts", "/protocollen"),
        Role.EVALUATOR: ("/programmas", "/gegevens", "/uitleg"),
    }.items():
        browser = stack.browser(f"{role}.welzijn@voorbeeld.invalid", PASSWORD)
        for page in pages:
            assert "Er wordt niets verstuurd." in browser.get(page).text, page
    stack.ask(
        "update message set due_at = now() - interval '1 minute', state = 'due' where kind = 'invite' and due_at < now() + interval '7 days'"
    )
    stack.kill("clock")  # it rises, and does everything that is due at once
    seen = stack.log.read_text().count("leading")
    eventually(lambda: stack.log.read_text().count("leading") > seen, "the clock ticks again")
    beat = "select max(at) from heartbeat where name = 'worker'"
    before = stack.ask(beat)
    eventually(lambda: stack.ask(beat) != before, "the worker did what was due", 30)
    assert stack.ask("select state, attempt_number from message where due_at < now()") == [("due", 0)]
    assert stack.ask("select count(*) from attempt") == [(0,)]
    assert_nothing_personal(stack)
