"""Celery, configured so that a killed worker or a flushed queue loses nothing: the rows are the truth."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import structlog
from celery import Celery, signals
from celery.platforms import SecurityWarning

from service.followup.problem import Unavailable
from service.tasks.timetable import TIMETABLE, Entry
from service.usecases.services import Services

VISIBILITY_SECONDS = 300
CONCURRENCY = 4


def make_app(broker_url: str) -> Celery:
    """The queue: late acknowledgement, one task per thread at a time, no results, quick recovery after a kill.

    `unacked_restore_*` bring the tasks of a killed worker back 10 s after the visibility time-out instead of 100.
    """
    app = Celery("peil", broker=broker_url, set_as_current=True)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue="peil",
        task_publish_retry=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=3,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_SECONDS,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 3,
            "socket_timeout": 10,
        },
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        enable_utc=True,
        timezone="UTC",
    )
    return app


def register(app: Celery, services: Services) -> None:
    """Make a Celery task of every row of the timetable."""
    for entry in TIMETABLE:
        app.task(name=entry.name)(_task(entry, services))


def keep_our_logs(configure: Callable[[], None]) -> None:
    """Let the worker log as the other processes do."""
    signals.setup_logging.connect(lambda **_: configure(), weak=False)


def run_worker(app: Celery) -> None:
    """Work until SIGTERM. Threads, no child processes: sending waits for the network; a kill leaves nothing behind."""
    warnings.simplefilter("ignore", SecurityWarning)  # only JSON is accepted; as root is how containers start
    app.worker_main([
        "--quiet", "worker", "--pool", "threads", "--concurrency", str(CONCURRENCY), "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat", "--hostname", "peil@%h",
    ])  # fmt: skip


def enqueue(app: Celery, entry: Entry) -> None:
    """Put a task in the queue. It expires, so that a queue nobody reads does not grow without end.

    Raises kombu's OperationalError when the queue cannot be reached.
    """
    app.send_task(entry.name, expires=max(30.0, 2 * entry.seconds))


def _task(entry: Entry, services: Services) -> Callable[..., None]:
    log: Any = structlog.get_logger("peil.worker")

    def run() -> None:
        try:
            done = entry.run(services)
        except Unavailable:
            log.warning("database_unavailable", task=entry.name)
            return
        if done and entry.name != "upkeep.beat":
            log.info("done", task=entry.name, count=done)

    run.__name__ = entry.name.replace(".", "_")
    return run
