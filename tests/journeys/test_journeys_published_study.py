"""A published study, from enrolment to export: every score as an independent scorer has it, every mean as published."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from service.api import create_app
from service.channels.memory import MemoryChannel
from service.channels.sms_twilio import TwilioWebhooks
from service.messages.links import Links
from service.usecases.services import Services
from tests.builders import Clock
from tests.journeys.plain_scorer import plain_score
from tests.journeys.study import CODES, OCCASIONS, Answers, Person, blanked, people, reference
from tests.journeys.study_driver import Driver
from tests.simulator.practice import ACCOUNT, TOKEN, Practice, practice

Rows = dict[tuple[str, str], dict[str, str]]


@pytest.fixture
def provider() -> Iterator[Practice]:
    with practice() as running:
        yield running


def items_of(services: Services) -> Mapping[int, str]:
    return {item.number: item.text["nl"] for item in services.instruments["djg11"].items}


def drive(driver: Driver, everybody: list[Person]) -> None:
    """Enrolment, the first occasion by SMS, the second by personal link, and the end of both windows."""
    items = items_of(driver.services)
    driver.enrol(everybody)
    driver.answer_by_sms(everybody, "before", items)
    driver.clock.forward(days=14)
    driver.answer_by_link(everybody, "during", items)
    driver.clock.forward(days=30)
    driver.tick()


def rows_of(driver: Driver, everybody: list[Person], database: Engine) -> Rows:
    """The export by person and occasion; the pseudonym is found by the keyed hash of the number."""
    with database.connect() as connection:
        found = connection.execute(
            text(
                "select a.lookup_hash, p.pseudonym from contact.address a join participant p on p.id = a.participant_id"
            )
        ).all()
    pseudonyms = {bytes(row.lookup_hash): row.pseudonym for row in found}
    pids = {pseudonyms[driver.services.vault.lookup(person.number)]: person.pid for person in everybody}
    return {(pids[row["pseudonym"]], row["wave"]): row for row in driver.exported()}


def differences(rows: Rows, everybody: list[Person]) -> list[str]:
    """Every place where the export and the independent scorer disagree."""
    found = []
    for person in everybody:
        for occasion in OCCASIONS:
            row, answers = rows[person.pid, occasion], person.occasions[occasion]
            if person.silent(occasion):
                wanted: list[str] = ["", "", "", ""]
            else:
                wanted = ["" if value is None else str(value) for value in plain_score(answers)]
            if [row[name] for name in ("emotional", "social", "total", "band")] != wanted:
                found.append(f"{person.pid} {occasion}: {row} wanted {wanted}")
            found += _codes_that_differ(row, answers, person, occasion)
    return found


def _codes_that_differ(row: dict[str, str], answers: Answers, person: Person, occasion: str) -> list[str]:
    silent = person.silent(occasion)
    return [
        f"{person.pid} {occasion} item {item}: {row[f'item_{item}']}"
        for item, answer in enumerate(answers, start=1)
        if row[f"item_{item}"] != (CODES[answer] if answer else "" if silent else "no_answer")
    ]


def test_the_published_study_comes_out_as_published(
    services: Services, clock: Clock, database: Engine, provider: Practice
) -> None:
    url = provider.service.url
    services = replace(
        services,
        sms=provider.channel(),
        webhooks=TwilioWebhooks(ACCOUNT, (TOKEN,), url),
        links=Links(b"x" * 32, url),
    )
    everybody = people()

    def arrived() -> dict[str, list[str]]:
        texts: dict[str, list[str]] = defaultdict(list)
        for sms in list(provider.simulator.truth.sms.values()):
            texts[sms.to].append(sms.text)
        return texts

    driver = Driver(services, create_app(services, "s" * 32, secure_cookies=False), clock, ACCOUNT, TOKEN, arrived)
    drive(driver, everybody)
    rows = rows_of(driver, everybody, database)

    assert len(rows) == 2 * len(everybody)
    assert differences(rows, everybody) == []
    assert {row["mode"] for row in rows.values()} == {"sms", "web", ""}
    _assert_the_analysed_131(rows, everybody)
    _assert_stayers_and_drop_outs(rows, everybody)


def _assert_the_analysed_131(rows: Rows, everybody: list[Person]) -> None:
    wanted = reference()["djg11_paired_N131"]
    analysed = [person.pid for person in everybody if person.analysed]
    assert len(analysed) == 131
    pairs = {
        name: [(float(rows[pid, "before"][name]), float(rows[pid, "during"][name])) for pid in analysed]
        for name in ("total", "emotional", "social")
    }
    pre, post = zip(*pairs["total"], strict=True)
    total = wanted["tot"]
    assert statistics.fmean(pre) == pytest.approx(total["mean_pre"], abs=1e-6)
    assert statistics.stdev(pre) == pytest.approx(total["sd_pre"], abs=1e-6)
    assert statistics.fmean(post) == pytest.approx(total["mean_post"], abs=1e-6)
    assert statistics.stdev(post) == pytest.approx(total["sd_post"], abs=1e-6)
    for name, key in (("total", "tot"), ("emotional", "emo"), ("social", "soc")):
        change = [after - before for before, after in pairs[name]]
        assert statistics.fmean(change) == pytest.approx(wanted[key]["diff"], abs=1e-6)
    changes = [after - before for before, after in pairs["total"]]
    assert statistics.stdev(changes) == pytest.approx(total["sd_diff"], abs=1e-6)


def _assert_stayers_and_drop_outs(rows: Rows, everybody: list[Person]) -> None:
    wanted = reference()["attrition"]
    started = [person.pid for person in everybody if rows[person.pid, "before"]["total"]]
    assert len(started) == wanted["n"]
    stayed = [float(rows[pid, "before"]["total"]) for pid in started if rows[pid, "during"]["total"]]
    left = [float(rows[pid, "before"]["total"]) for pid in started if not rows[pid, "during"]["total"]]
    assert len(left) == wanted["dropped"]
    assert statistics.fmean(stayed) == pytest.approx(wanted["welch"]["mean_stay"], abs=1e-6)
    assert statistics.fmean(left) == pytest.approx(wanted["welch"]["mean_drop"], abs=1e-6)


def test_with_items_left_out_the_missing_rule_holds(services: Services, clock: Clock, database: Engine) -> None:
    everybody = blanked(people()[::2], seed=20261123, share=0.08)  # every other person: half the time, the same rule
    channel = services.sms
    assert isinstance(channel, MemoryChannel)

    def arrived() -> dict[str, list[str]]:
        texts: dict[str, list[str]] = defaultdict(list)
        for message in channel.sent:
            texts[message.to].append(message.text)
        return texts

    app = create_app(services, "s" * 32, secure_cookies=False)
    driver = Driver(services, app, clock, "AC" + "0" * 32, "auth-token", arrived)
    drive(driver, everybody)
    rows = rows_of(driver, everybody, database)

    assert differences(rows, everybody) == []
    missing = [row["missing"] for row in rows.values() if row["missing"]]
    assert {"0", "1", "2"} <= set(missing), "the seeded rule should leave out none, one and two items somewhere"
