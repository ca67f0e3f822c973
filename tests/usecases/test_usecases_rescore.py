"""Scoring again by the rules of today: a new score beside the old one, whatever happens meanwhile."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Engine

from service.commands import rescore as command
from service.measures.instrument import Instrument
from service.measures.scoring import SCORING_VERSION, score
from service.store import measurements
from service.store.long_rows import long_rows
from service.store.measurements import NewAnswer
from service.store.session import Session
from service.usecases import rescore_responses as usecase
from service.usecases.enrol_participant import enrol_participant
from service.usecases.rescore_responses import Rescoring, Step, Tally, rescore_responses
from service.usecases.services import Services
from service.usecases.steps.analysing import records_for
from tests.usecases.scene import Scene, make_scene, rows

PEOPLE = 5
ITEMS = (3, 4, 7, 9, 8, 10)
OLD = "0"


@dataclass
class Town:
    """People with six answers at the first wave, scored by a Peil of long ago."""

    scene: Scene
    services: Services
    database: Engine
    ids: list[uuid.UUID]

    def ask(self, query: str, **values: Any) -> list[Any]:
        return rows(self.database, query, **values)

    def scores(self, measurement_id: uuid.UUID | None = None) -> list[Any]:
        query = "select scoring_version, primary_value from score where measurement_id = :id order by sequence"
        return self.ask(query, id=measurement_id or self.ids[0])


def answer(services: Services, session: Session, org_id: uuid.UUID, one: uuid.UUID, codes: Mapping[int, str]) -> None:
    new = [NewAnswer(one, item, code, "web", f"web:{item}:{code}", services.now()) for item, code in codes.items()]
    measurements.append_answers(session, org_id, new)


def scored_long_ago(
    services: Services, org_id: uuid.UUID, measurement_id: uuid.UUID, codes: Mapping[int, str], **other: Any
) -> None:
    """The answers, and the score as another version of Peil (`other`: what was different in it) kept it."""
    with services.transaction(org_id) as session:
        answer(services, session, org_id, measurement_id, codes)
        kept = replace(score(services.instruments["djg6"], codes), scoring_version=OLD)
        measurements.add_score(session, org_id, measurement_id, replace(kept, **other), services.now())
        measurements.set_status(session, measurement_id, "complete", "", services.now())


@pytest.fixture
def town(services: Services, database: Engine, monkeypatch: pytest.MonkeyPatch) -> Town:
    scene = make_scene(services)
    return populated(services, scene, database, monkeypatch)


def populated(services: Services, scene: Scene, database: Engine, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(usecase, "BATCH", 2)
    for number in range(PEOPLE):
        form = scene.form(first_name=f"Wil{number}", mobile=f"06 0000 01{number:02}")
        enrol_participant(services, scene.coordinator, form)
    query = "select id from measurement where org_id = :org and position = 0 order by id"
    ids = [row.id for row in rows(database, query, org=scene.org_id)]
    assert len(ids) == PEOPLE
    for one in ids:
        scored_long_ago(services, scene.org_id, one, dict.fromkeys(ITEMS, "yes"))
    return Town(scene, services, database, ids)


def test_without_apply_it_is_said_how_many_would_change_and_nothing_is_written(town: Town) -> None:
    scored_long_ago(town.services, town.scene.org_id, other_wave(town), dict.fromkeys(ITEMS, "no"), values={"total": 6})
    found = rescore_responses(town.services)
    version = town.services.instruments["djg6"].version
    step = Step("djg6", version, OLD, version, SCORING_VERSION)
    assert (found.looked_at, found.responses) == (6, 6)
    assert found.steps == {step: Tally(responses=6, other_value=1, other_band=0)}
    assert town.ask("select count(*) from score") == [(6,)]
    assert town.ask("select count(*) from audit_event where action = 'rescore_responses'") == [(0,)]


def test_a_new_score_stands_beside_the_old_one_and_is_what_everybody_reads(town: Town) -> None:
    wrong = other_wave(town)
    scored_long_ago(town.services, town.scene.org_id, wrong, dict.fromkeys(ITEMS, "yes"), values={"total": 0})
    before = town.ask("select sequence, measurement_id, scoring_version, score_values from score order by sequence")
    status = town.ask("select id, status, status_reason, completed_at from measurement order by id")
    found = rescore_responses(town.services, apply=True)
    assert (found.responses, found.held_back.total()) == (6, 0)
    after = town.ask("select sequence, measurement_id, scoring_version, score_values from score order by sequence")
    assert after[:6] == before
    assert town.scores(wrong) == [(OLD, 0), (SCORING_VERSION, 3)]
    assert town.ask("select id, status, status_reason, completed_at from measurement order by id") == status
    with town.services.transaction(town.scene.org_id) as session:
        records = records_for(town.services, session, town.scene.programme_id, town.services.now())
        exported = [one.row for one in long_rows(session, None) if one.row.scores]
    assert records is not None
    read = [record.scores["total"] for record in records.measurements if record.scores]
    assert read == [row.scores["total"] for row in exported] == [3] * 6
    assert {row.scoring_version for row in exported} == {SCORING_VERSION}


def other_wave(town: Town) -> uuid.UUID:
    found: uuid.UUID = town.ask("select id from measurement where position = 1 order by id limit 1")[0].id
    return found


def test_applying_twice_changes_nothing_and_the_trail_holds_counts_only(town: Town) -> None:
    rescore_responses(town.services, apply=True)
    again = rescore_responses(town.services, apply=True)
    assert (again.looked_at, again.responses) == (PEOPLE, 0)
    trail = town.ask("select details, actor_id, subject_id from audit_event where action = 'rescore_responses'")
    assert sum(line.details["scores"] for line in trail) == PEOPLE
    assert [set(line.details) for line in trail] == [{"scores", "other_value", "instruments"}] * 3
    assert {(line.actor_id, line.subject_id) for line in trail} == {(None, None)}
    assert town.ask("select count(*) from call_task where reason = 'check_in'") == [(0,)]


def test_answers_that_came_after_the_score_give_a_new_one(services: Services, database: Engine) -> None:
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form())
    one = rows(database, "select id from measurement where position = 0")[0].id
    scored_long_ago(services, scene.org_id, one, dict.fromkeys(ITEMS[:4], "yes"), scoring_version=SCORING_VERSION)
    assert rescore_responses(services).responses == 0
    with services.transaction(scene.org_id) as session:
        answer(services, session, scene.org_id, one, {ITEMS[4]: "no"})
    found = rescore_responses(services, apply=True)
    assert (found.responses, [tally.other_value for tally in found.steps.values()]) == (1, [1])
    kept = rows(database, "select missing from score order by sequence")
    assert [row.missing for row in kept] == [2, 1]


class PowerCut(Exception):
    """The machine stops."""


def failing_after(services: Services, transactions: int) -> Services:
    """The service on a machine that stops when so many transactions were begun."""
    left = iter(range(transactions))

    @contextmanager
    def transaction(org_id: uuid.UUID | None = None) -> Iterator[Session]:
        with services.transaction(org_id) as session:
            yield session
            if next(left, None) is None:
                raise PowerCut

    return replace(services, transaction=transaction)


@pytest.mark.parametrize("transactions", [1, 2, 3])
def test_a_run_that_dies_leaves_whole_batches_and_the_next_goes_on(town: Town, transactions: int) -> None:
    with pytest.raises(PowerCut):
        rescore_responses(failing_after(town.services, transactions), apply=True)
    done = 2 * (transactions - 1)  # the first transaction only lists the organisations; a batch is of two
    assert town.ask("select count(*) from score where scoring_version = :v", v=SCORING_VERSION) == [(done,)]
    trail = town.ask("select details from audit_event where action = 'rescore_responses'")
    assert sum(line.details["scores"] for line in trail) == done
    assert rescore_responses(town.services, apply=True).responses == PEOPLE - done
    assert all(town.scores(one) == [(OLD, 3), (SCORING_VERSION, 3)] for one in town.ids)


def test_two_at_once_keep_every_score_once(town: Town) -> None:
    start, found = threading.Barrier(2), list[Rescoring]()

    def go() -> None:
        start.wait()
        found.append(rescore_responses(town.services, apply=True))

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.responses for one in found) == PEOPLE
    assert sum(one.held_back.total() for one in found) == 0
    assert all(town.scores(one) == [(OLD, 3), (SCORING_VERSION, 3)] for one in town.ids)
    trail = town.ask("select details from audit_event where action = 'rescore_responses'")
    assert sum(line.details["scores"] for line in trail) == PEOPLE


def test_an_answer_that_comes_in_meanwhile_is_the_last_word(town: Town) -> None:
    """A worker holds the measurement, writes another answer and scores it; the re-scoring waits for it."""
    services, org_id, one = town.services, town.scene.org_id, town.ids[0]
    held, found = threading.Event(), list[Rescoring]()

    def go() -> None:
        held.wait()
        found.append(rescore_responses(services, apply=True))

    thread = threading.Thread(target=go)
    thread.start()
    with services.transaction(org_id) as session:
        measurements.lock(session, one)
        held.set()
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        while town.ask(waiting) == [(0,)]:  # all others are done by now: only this one is waited for
            thread.join(0.01)
        assert town.ask("select count(*) from score where scoring_version = :v", v=SCORING_VERSION) == [(PEOPLE - 1,)]
        answer(services, session, org_id, one, {ITEMS[0]: "no"})
        codes = {**dict.fromkeys(ITEMS, "yes"), ITEMS[0]: "no"}
        today = score(services.instruments["djg6"], codes)
        measurements.add_score(session, org_id, one, today, services.now())
    thread.join()
    assert found[0].responses == PEOPLE - 1
    assert town.scores(one) == [(OLD, 3), (SCORING_VERSION, 2)]


def test_rules_that_changed_without_a_new_version_are_named_and_not_written(town: Town) -> None:
    rescore_responses(town.services, apply=True)
    djg6 = town.services.instruments["djg6"]
    renamed = replace(djg6, cutoffs=tuple(replace(one, key=f"{one.key}_new") for one in djg6.cutoffs))
    today = with_instrument(town.services, renamed)
    for apply in (False, True):
        found = rescore_responses(today, apply=apply)
        assert (found.responses, dict(found.held_back)) == (0, {"djg6": PEOPLE})
    assert town.ask("select count(*) from score") == [(2 * PEOPLE,)]
    marked = with_instrument(town.services, replace(renamed, version="new"))
    assert rescore_responses(marked, apply=True).responses == PEOPLE
    kept = town.ask("select distinct on (measurement_id) cutoff_set from score order by measurement_id, sequence desc")
    default = djg6.default_cutoffs()
    assert default is not None
    assert {row.cutoff_set for row in kept} == {f"{default.key}_new"}


def with_instrument(services: Services, *instruments: Instrument) -> Services:
    return replace(services, instruments={**services.instruments, **{one.key: one for one in instruments}})


def test_what_cannot_be_scored_today_is_counted_and_the_rest_is_done(town: Town) -> None:
    djg6 = town.services.instruments["djg6"]
    fewer = replace(djg6, accepted_codes={"no": 1, "more_or_less": 2})
    found = rescore_responses(with_instrument(town.services, fewer), apply=True)
    assert (found.responses, dict(found.unknown_code)) == (0, {"djg6": PEOPLE})
    gone = {key: one for key, one in town.services.instruments.items() if key != "djg6"}
    found = rescore_responses(replace(town.services, instruments=gone), apply=True)
    assert (found.looked_at, dict(found.no_instrument)) == (PEOPLE, {"djg6": PEOPLE})
    assert town.ask("select count(*) from score") == [(PEOPLE,)]


def test_one_organisation_and_one_questionnaire_can_be_chosen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    elders = populated(town.services, make_scene(town.services, "elders"), town.database, monkeypatch)
    assert rescore_responses(town.services, org_id=elders.scene.org_id).responses == PEOPLE
    assert rescore_responses(town.services).responses == 2 * PEOPLE
    assert rescore_responses(town.services, instrument="djg11").looked_at == 0
    assert rescore_responses(town.services, org_id=elders.scene.org_id, instrument="djg6", apply=True).responses == 5
    assert [town.scores(one) for one in town.ids] == [[(OLD, 3)]] * PEOPLE
    assert town.ask("select distinct org_id from audit_event where action = 'rescore_responses'") == [
        (elders.scene.org_id,)
    ]


def test_the_command_says_it_in_sentences_and_in_json(town: Town) -> None:
    found = rescore_responses(town.services)
    lines = list(command.sentences(found))
    assert lines[0] == "Looked at 5 scored responses; 5 would get a new score."
    assert lines[-1] == "Nothing was written; --apply does it."
    plain = json.loads(command.as_json(found))
    assert (plain["applied"], plain["responses"], plain["steps"][0]["other_value"]) == (False, 5, 0)
    found.held_back["djg6"] += 3
    found.unknown_code["djg6"] += 2
    found.no_instrument["own"] += 1
    problems = [line for line in command.sentences(found) if line.startswith("PROBLEM")]
    assert [line.split(" cannot")[0].split(" not")[0] for line in problems] == [
        "PROBLEM djg6: 3",
        "PROBLEM own: 1",
        "PROBLEM djg6: 2",
    ]
