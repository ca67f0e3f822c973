"""Starting everything under one supervisor: what `peil run` and `peil demo` share."""

from __future__ import annotations

import http.client
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.commands.ready import make_ready
from service.embedded import CannotStart, Supervisor, check_port, ensure_database
from service.settings import Place, Settings, environment_with
from service.usecases.services import Services

READY_SECONDS = 60.0


@dataclass
class Start:
    """How to start. `before` runs when the database is ready, before the processes start; its lines are shown."""

    place: Place
    before: Callable[[Settings, Services, Supervisor], list[str]]
    environment: dict[str, str | None] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)  # name -> module of one more process
    ports: dict[str, int] = field(default_factory=dict)  # what else listens, checked beforehand
    after: Callable[[], None] = lambda: None  # runs once everything answers


def serve(start: Start) -> int:
    """Start, show the address, and watch until Ctrl-C. 0 after a clean stop, 1 when something could not start."""
    try:
        with Supervisor(start.place.home) as supervisor:
            _start_all(start, supervisor)
            supervisor.watch()
    except KeyboardInterrupt:
        return 0
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _start_all(start: Start, supervisor: Supervisor) -> None:
    place = start.place
    check_port(place.bind, place.port, "PEIL_PORT")
    for name, port in start.ports.items():
        check_port("127.0.0.1", port, name)
    environment = environment_with({
        **start.environment,
        "PEIL_HOME": str(place.home),
        "DATABASE_URL": place.database_url or _embedded_database(supervisor),
        "REDIS_URL": place.redis_url or _embedded_queue(supervisor),
        "PYTHONUNBUFFERED": "1",
    })  # fmt: skip
    settings, services, made = make_ready(place.home, environment)
    supervisor.log.say("database ready")
    lines = start.before(settings, services, supervisor)
    processes = {**start.extra, "web": "service.wsgi", "worker": "service.worker", "clock": "service.clock"}
    for name, module in processes.items():
        supervisor.start(name, [sys.executable, "-m", module], environment)
    _wait_for_web(settings.place, supervisor)
    start.after()
    if made is not None:
        lines = [
            f"New keys were written to {made}.",
            "BACK THAT FILE UP, apart from the database: without it names and numbers are gone for good.",
            *lines,
        ]
    for line in [f"Peil runs at {settings.place.public_url}   (stop: Ctrl-C; log: {supervisor.log.path})", *lines]:
        supervisor.log.say(line)


def _embedded_database(supervisor: Supervisor) -> str:
    supervisor.log.say("starting PostgreSQL")
    url = supervisor.start_postgres()
    ensure_database(supervisor.home)
    return url


def _embedded_queue(supervisor: Supervisor) -> str:
    supervisor.log.say("starting Valkey")
    return supervisor.start_valkey()


def _wait_for_web(place: Place, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(place):
        supervisor.turn()
        if time.monotonic() > deadline:
            raise CannotStart(f"The web process did not answer in {READY_SECONDS:.0f} s. Log: {supervisor.log.path}")


def _answers(place: Place) -> bool:
    host = "127.0.0.1" if place.bind in ("0.0.0.0", "::") else place.bind  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, place.port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()
