"""The metronome: one interval, no schedule. It fills the queue at every beat, and at every notice from the database.

Everything it needs may fall and come back: without the database it waits and tries again, without the queue it skips.
The rows stay; the next tick finds them. Two clocks do no harm: the second one waits for the first one's lock.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from datetime import UTC
from types import FrameType
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from celery import Celery
from kombu.exceptions import OperationalError

from service.bootstrap import build, configure_logs
from service.followup.problem import Unavailable
from service.settings import WrongSettings, read_settings
from service.store.listen import Listener
from service.tasks.runtime import enqueue, make_app
from service.tasks.timetable import TICK_SECONDS, TIMETABLE
from service.usecases.record_heartbeat import record_heartbeat
from service.usecases.services import Services

TURN_SECONDS = 0.5
AGAIN_SECONDS = 2.0
#: Notices of one busy moment become one tick.
GATHER_SECONDS = 0.05


class Clock:
    """Ticks until it is stopped. The scheduler only sets `beat`; all work is done by the one thread that listens."""

    def __init__(self, services: Services, queue: Celery, database_url: str) -> None:
        self._services = services
        self._queue = queue
        self._database_url = database_url
        self._beat = threading.Event()
        self._stopped = threading.Event()
        self._last: dict[str, float] = {}
        self._log: Any = structlog.get_logger("peil.clock")

    def stop(self) -> None:
        """End `run` within a second."""
        self._stopped.set()

    def run(self) -> None:
        """Tick until `stop`."""
        scheduler = BackgroundScheduler(timezone=UTC)
        scheduler.add_job(
            self._beat.set, IntervalTrigger(seconds=TICK_SECONDS, timezone=UTC),
            coalesce=True, misfire_grace_time=None, max_instances=1,
        )  # fmt: skip
        scheduler.start()
        try:
            while not self._stopped.is_set():
                self._one_connection()
        finally:
            scheduler.shutdown(wait=False)

    def _one_connection(self) -> None:
        """Listen for as long as this connection lasts."""
        try:
            with Listener(self._database_url) as listener:
                if not listener.lead():
                    self._stopped.wait(AGAIN_SECONDS)
                    return
                self._log.info("leading")
                self._beat.set()
                while not self._stopped.is_set():
                    self._turn(listener)
        except Unavailable:
            self._log.warning("database_unavailable", again_in=AGAIN_SECONDS)
            self._stopped.wait(AGAIN_SECONDS)

    def _turn(self, listener: Listener) -> None:
        noticed = listener.wait(TURN_SECONDS)
        if noticed:
            while listener.wait(GATHER_SECONDS) and not self._beat.is_set():
                pass
        beat = self._beat.is_set()
        if not (noticed or beat):
            return
        self._beat.clear()
        if self._fill_queue(noticed=noticed) and beat:
            record_heartbeat(self._services, "clock")

    def _fill_queue(self, *, noticed: bool) -> bool:
        """Put in the queue what is due. False when the queue cannot be reached: skipped, the next tick tries again."""
        now = time.monotonic()
        for entry in TIMETABLE:
            due = now - self._last.get(entry.name, -1e9) >= entry.seconds - TURN_SECONDS
            if not (due or (noticed and entry.at_notice)):
                continue
            try:
                enqueue(self._queue, entry)
            except (OperationalError, OSError) as error:
                self._log.warning("queue_unavailable", reason=type(error).__name__)
                return False
            self._last[entry.name] = now
        return True


def main() -> int:
    """Tick until SIGTERM."""
    try:
        settings = read_settings()
    except WrongSettings as wrong:
        sys.stderr.write(f"These settings are wrong:\n{wrong}\n")
        return 2
    configure_logs(json=settings.place.json_log)
    clock = Clock(build(settings), make_app(settings.place.redis_url), settings.place.database_url)

    def stop(_number: int, _frame: FrameType | None) -> None:
        clock.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    clock.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
