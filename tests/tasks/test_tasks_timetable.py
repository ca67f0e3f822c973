"""What ticks: without payload, safe to repeat, and configured so that a kill loses nothing."""

from __future__ import annotations

import inspect

import pytest

from service.followup.problem import Unavailable
from service.tasks import runtime
from service.tasks.runtime import VISIBILITY_SECONDS, enqueue, make_app, register
from service.tasks.timetable import TICK_SECONDS, TIMETABLE, Entry
from service.usecases.services import Services
from service.usecases.show_health import show_health
from tests.builders import Clock


@pytest.mark.parametrize("entry", TIMETABLE, ids=lambda entry: entry.name)
def test_every_task_runs_on_an_empty_service_and_finds_nothing(entry: Entry, services: Services) -> None:
    assert entry.run(services) == (1 if entry.name == "upkeep.beat" else 0)


def test_no_task_carries_anything(services: Services) -> None:
    app = make_app("memory://")
    register(app, services)
    for entry in TIMETABLE:
        assert inspect.signature(app.tasks[entry.name].run).parameters == {}


def test_what_comes_in_and_what_goes_out_wait_for_no_tick() -> None:
    assert {entry.name for entry in TIMETABLE if entry.at_notice} == {
        "followup.receive",
        "followup.warn",
        "outbox.dispatch",
    }
    assert all(entry.seconds >= TICK_SECONDS for entry in TIMETABLE)


def test_a_killed_worker_loses_no_task_and_gets_it_back_soon() -> None:
    conf = make_app("memory://").conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    options = conf.broker_transport_options
    assert options["visibility_timeout"] == VISIBILITY_SECONDS
    assert options["unacked_restore_interval"] == 10
    assert options["unacked_restore_throttle"] == 1


def test_a_database_that_is_away_is_no_failure_of_the_task(services: Services) -> None:
    def away(_: Services) -> int:
        raise Unavailable("The database cannot be reached.")

    runtime._task(Entry("outbox.dispatch", 5, away), services)()


def test_a_task_in_the_queue_expires() -> None:
    app = make_app("memory://")
    entry = TIMETABLE[0]
    with app.connection_for_read() as connection, connection.SimpleQueue("peil") as queue:
        queue.clear()  # a queue in memory is shared by every test of this process
        enqueue(app, entry)
        message = queue.get(timeout=1)
        message.ack()
    assert message.headers["task"] == entry.name
    assert message.headers["expires"] is not None


def test_the_worker_shows_that_it_lives_and_is_missed_after_two_minutes(services: Services, clock: Clock) -> None:
    assert all(one.late for one in show_health(services))
    next(entry for entry in TIMETABLE if entry.name == "upkeep.beat").run(services)
    worker = {one.name: one for one in show_health(services)}["worker"]
    assert not worker.late
    assert worker.seconds == 0
    clock.forward(seconds=121)
    assert {one.name: one for one in show_health(services)}["worker"].late
