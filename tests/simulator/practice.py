"""Real servers on the loopback for tests: the simulator, a service that listens, and any SMTP server."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.smtp import SMTP

from service.channels.sms_twilio import TwilioChannel
from service.simulator.app import Simulator
from service.simulator.courier import Account
from service.simulator.mail_catcher import end_conversations

ACCOUNT = "AC" + "1" * 32
TOKEN = "practice-token"
SENDER = "+31600009999"


def bound() -> tuple[socket.socket, int]:
    """A socket on a free port outside the range from which outgoing connections take theirs."""
    while True:
        place, port = socket.socket(), random.randrange(20_000, 32_000)
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind(("127.0.0.1", port))
        except OSError:
            place.close()
        else:
            return place, port


def wait_for(ready: Callable[[], object], seconds: float = 10) -> None:
    """Until it is so; fails when it takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@dataclass
class Post:
    path: str
    form: dict[str, list[str]]
    signature: str


@dataclass
class Service:
    """Stands where the service stands: keeps what is posted to it."""

    place: socket.socket
    port: int
    status: int = 204
    posts: list[Post] = field(default_factory=list)
    server: HTTPServer | None = None
    thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = parse_qs(body, keep_blank_values=True)
                service.posts.append(Post(self.path, form, self.headers["X-Twilio-Signature"]))
                self.send_response(service.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler, bind_and_activate=False)
        self.server.socket.close()
        self.server.socket = self.place
        self.server.server_activate()
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        if self.server is not None and self.thread is not None:
            self.server.shutdown()
            self.thread.join()
        self.place.close()


@dataclass
class Practice:
    """A running simulator and the service it reports to."""

    simulator: Simulator
    service: Service
    url: str
    smtp_port: int

    def channel(self, **changes: object) -> TwilioChannel:
        return TwilioChannel(
            **{
                "account_sid": ACCOUNT,
                "auth_token": TOKEN,
                "sender": SENDER,
                "api_url": self.url,
                "public_url": self.service.url,
                "timeouts": (1.0, 1.0),
                **changes,
            }  # type: ignore[arg-type]
        )

    def kinds(self) -> list[str]:
        return [event.kind for event in self.simulator.truth]


@contextmanager
def practice(*, serve: bool = True, data: Path | None = None) -> Iterator[Practice]:
    """The simulator, and (with `serve`) a service that answers it."""
    place, port = bound()
    service = Service(place, port)
    if serve:
        service.start()
    web, web_port = bound()
    mail, mail_port = bound()
    simulator = Simulator(Account(ACCOUNT, TOKEN, service.url), SENDER, web, mail, data)
    simulator.courier.first_pause = 0.05
    simulator.start()
    try:
        yield Practice(simulator, service, f"http://127.0.0.1:{web_port}", mail_port)
    finally:
        simulator.stop()
        service.stop()


@contextmanager
def smtp_server(handler: object, **options: Any) -> Iterator[int]:
    """An SMTP server with this handler; gives its port."""
    place, port = bound()
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()

    async def serve() -> None:
        server = await loop.create_server(lambda: SMTP(handler, hostname="localhost", loop=loop, **options), sock=place)
        async with server:
            ready.set()
            await stop.wait()
        await end_conversations()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    ready.wait(5)
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        loop.close()
