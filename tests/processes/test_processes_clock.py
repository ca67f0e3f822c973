"""The clock: a notice is a tick at once, only one clock leads, and it comes back when the database does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from service.clock import Clock as ClockProcess
from service.followup.problem import Unavailable
from service.store.listen import Listener, notify
from service.store.session import make_transaction
from service.tasks.runtime import make_app
from service.tasks.timetable import TICK_SECONDS, TIMETABLE
from service.usecases.services import Services
from service.usecases.show_health import show_health


def url_of(database: Engine) -> str:
    return database.url.render_as_string(hide_password=False)


def test_a_notice_is_heard_when_its_transaction_commits(database: Engine) -> None:
    with Listener(url_of(database)) as listener:
        assert listener.lead()
        with make_transaction(database)() as session:
            notify(session)
            assert not listener.wait(0.05)
        assert listener.wait(2)


def test_only_one_clock_leads_until_it_goes(database: Engine) -> None:
    with Listener(url_of(database)) as second:
        with Listener(url_of(database)) as first:
            assert first.lead()
            assert not second.lead()
        until = time.monotonic() + 5
        while not second.lead():
            assert time.monotonic() < until


def test_a_database_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        Listener("postgresql://peil@127.0.0.1:1/peil")


@pytest.fixture
def clock_process(services: Services, database: Engine) -> Iterator[ClockProcess]:
    """A running clock with a queue in memory."""
    process = ClockProcess(services, make_app("memory://"), url_of(database))
    thread = threading.Thread(target=process.run)
    thread.start()
    yield process
    process.stop()
    thread.join(5)
    assert not thread.is_alive()
    with process._queue.connection_for_read() as connection, connection.SimpleQueue("peil") as queue:
        queue.clear()  # a queue in memory outlives its test


def arrived(process: ClockProcess, wanted: set[str], seconds: float) -> set[str]:
    """What is put in the queue until everything wanted is there, or so many seconds have passed."""
    found: set[str] = set()
    with process._queue.connection_for_read() as connection, connection.SimpleQueue("peil") as queue:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not wanted <= found:
            try:
                message = queue.get(timeout=0.05)
            except queue.Empty:
                continue
            message.ack()
            found.add(message.headers["task"])
    return found


def test_the_first_tick_is_at_once_and_a_notice_does_not_wait_for_the_next(
    clock_process: ClockProcess, services: Services
) -> None:
    everything = {entry.name for entry in TIMETABLE}
    assert arrived(clock_process, everything, 4) == everything
    began = time.monotonic()
    with services.transaction() as session:
        notify(session)
    at_notice = {entry.name for entry in TIMETABLE if entry.at_notice}
    assert arrived(clock_process, at_notice, 3) >= at_notice
    assert time.monotonic() - began < TICK_SECONDS
    assert not {one.name: one for one in show_health(services)}["clock"].late
