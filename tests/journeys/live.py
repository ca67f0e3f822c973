"""The real stack for journeys: `peil run` and the simulator as processes of their own, and the faults one can do them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Engine, text

from service.bootstrap import build
from service.embedded import postgres_url, valkey_url
from service.settings import read_settings
from service.store.session import make_engine
from service.usecases.services import Services
from tests.simulator.practice import bound

ACCOUNT = "AC" + "2" * 32
TOKEN = "journey-token"
READY_SECONDS = 60
#: How long a send may take, and how long before the look-up is believed: short, so that a journey is short.
LEASE, GRACE = 4, 3


def eventually(true: Callable[[], object], what: str, seconds: float = 20) -> Any:
    """Wait until it is so, and give what it was; fails with what did not happen."""
    until = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < until, f"it did not happen in {seconds:g} s: {what}"
        time.sleep(0.05)
    return found


def free_port() -> int:
    """A port that nobody listens on, below those of outgoing connections."""
    place, port = bound()
    place.close()
    return port


@dataclass
class Browser:
    """Somebody's browser: keeps cookies, and posts forms with the token that stands on the page."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=15)

    def post(self, page: str, path: str, data: Mapping[str, object], **more: Any) -> requests.Response:
        """Post a form that stands on a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, page
        return self.session.post(self.url + path, data={"csrf_token": found[1], **data}, timeout=15, **more)

    def choice(self, page: str, name: str) -> str:
        """The first real choice of a select on a page."""
        found = re.search(rf'<select[^>]*name="{name}".*?<option value="([^"]+)"', self.get(page).text, re.DOTALL)
        assert found, (page, name)
        return found[1]


@dataclass
class Simulated:
    """The running simulator, asked over HTTP."""

    url: str

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What happened of this kind, oldest first."""
        every = requests.get(f"{self.url}/truth", timeout=15).json()["events"]
        return [event["facts"] | {"number": event["number"]} for event in every if event["kind"] == kind]

    def texts(self, number: str) -> list[str]:
        """Every SMS that the provider took for this number."""
        return [event["text"] for event in self.events("accepted") if event["to"] == number]

    def reply(self, number: str, words: str) -> str:
        """The person writes; the id of the message."""
        answer = requests.post(
            f"{self.url}/reply",
            data={"phone": number, "text": words},
            headers={"Accept": "application/json"},
            timeout=15,
        )
        return str(answer.json()["sid"])

    def taken(self, sid: str) -> bool:
        """Whether the service answered 2xx to this reply."""
        return any(event["sid"] == sid for event in self.events("told"))

    def misbehave(self, **order: str | float) -> None:
        assert requests.post(f"{self.url}/misbehave", json=order, timeout=15).status_code == 204


@dataclass
class Stack:
    """`peil run` in a folder of its own, and (with `sends`) the simulator beside it."""

    home: Path
    port: int
    environment: dict[str, str]
    simulator_port: int = 0
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def simulator(self) -> Simulated:
        return Simulated(f"http://127.0.0.1:{self.simulator_port}")

    @property
    def log(self) -> Path:
        return self.home / "log" / "peil.log"

    def browser(self, email: str = "", password: str = "") -> Browser:
        """A new browser; logged in when an address is given."""
        browser = Browser(self.url)
        if email:
            answer = browser.post("/inloggen", "/inloggen", {"email": email, "password": password})
            assert answer.status_code == 200, answer.status_code
            assert "/uitloggen" in answer.text
        return browser

    def services(self, **environment: str) -> Services:
        """What an operator's command works with."""
        settings = {**self.environment, "DATABASE_URL": postgres_url(self.home), "REDIS_URL": valkey_url(self.home)}
        return build(read_settings(settings | environment), pool_size=0)

    def engine(self) -> Engine:
        """The owner's engine, to look under the hood."""
        return make_engine(postgres_url(self.home), pool_size=0)

    def ask(self, query: str, **values: object) -> list[Any]:
        with self.engine().begin() as connection:
            found = connection.execute(text(query), values)
            return list(found.all()) if found.returns_rows else []

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`peil ...` in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "service", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=40,
            check=False,
        )

    def begin(self, name: str, *words: str) -> None:
        with (self.home / f"{name}.out").open("ab") as output:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *words], env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def child(self, name: str) -> int:
        """The process number of a child of the supervisor; 0 while it is down."""
        mark = {"postgres": f"\0{self.home}/pg\0", "valkey": f"{self.home}/valkey.sock\0", "web": "\0service.wsgi\0"}
        wanted = mark.get(name, f"\0service.{name}\0")
        return next((number for number, line in self._children() if wanted in line), 0)

    def _children(self) -> Iterator[tuple[int, str]]:
        supervisor = self.processes["peil"].pid
        for number in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
            try:
                yield int(number), Path(f"/proc/{number}/cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue

    def kill(self, name: str) -> int:
        """kill -9 a child of the supervisor; which one it was."""
        number = eventually(lambda: self.child(name), f"{name} lives")
        os.kill(number, signal.SIGKILL)
        return int(number)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """One of our two processes hangs: the simulator, or the supervisor (then what falls stays down)."""
        process = self.processes[name]
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    @contextmanager
    def down(self, name: str) -> Iterator[None]:
        """A child is killed and stays down; afterwards the supervisor starts it again."""
        with self.stopped("peil"):
            number = self.kill(name)
            eventually(lambda: _gone(number), f"{name} has ended")
            yield

    def end(self) -> None:
        """Stop everything that was started, gently at first."""
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _gone(number: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return True


def begin_stack(*, sends: bool) -> Stack:
    """Start the stack; `wait_for_stack` waits until it answers, so that two can start at the same time."""
    home = Path(tempfile.gettempdir()) / f"pj-{uuid.uuid4().hex[:8]}"
    home.mkdir()
    home.chmod(0o755)
    port, simulator, mail = free_port(), free_port(), free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEIL_", "TWILIO_", "SMTP_"))}
    for name in ("DATABASE_URL", "REDIS_URL", "MAIL_FROM", "PUBLIC_URL", "SECRET_KEY", "CONTACT_KEYS", "LOOKUP_KEY"):
        kept.pop(name, None)
    stack = Stack(home, port, kept | {"PEIL_HOME": str(home), "PEIL_PORT": str(port)})
    try:
        if sends:
            stack.simulator_port = simulator
            stack.environment |= settings_for_sending(simulator, mail)
            stack.begin(
                "simulator", "-m", "service.simulator", "--port", str(simulator), "--smtp-port", str(mail),
                "--service-url", stack.url, "--account-sid", ACCOUNT, "--auth-token", TOKEN,
                "--data", str(home / "truth.jsonl"),
            )  # fmt: skip
        stack.begin("peil", "-m", "service", "run")
    except BaseException:
        finish_stack(stack)
        raise
    return stack


def settings_for_sending(simulator: int, mail: int) -> dict[str, str]:
    """What makes the service send, to the simulator."""
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": "+31600009999",
        "TWILIO_API_URL": f"http://127.0.0.1:{simulator}",
        "SMTP_URL": f"smtp://127.0.0.1:{mail}",
        "MAIL_FROM": "peil@voorbeeld.invalid",
        "PEIL_DELIVERY_LEASE": str(LEASE),
        "PEIL_DELIVERY_GRACE": str(GRACE),
    }


def wait_for_stack(stack: Stack) -> None:
    """Until every process of it works."""

    def ready() -> bool:
        assert stack.processes["peil"].poll() is None, (stack.home / "peil.out").read_text()
        try:
            found = requests.get(f"{stack.url}/health/ready", timeout=5).json()
        except requests.RequestException:
            return False
        return bool(found.get("processes") == {"clock": "alive", "worker": "alive"})

    eventually(ready, "the stack answers and every process gives a sign of life", READY_SECONDS)


def finish_stack(stack: Stack) -> None:
    """Stop it and throw its folder away."""
    try:
        stack.end()
    finally:
        shutil.rmtree(stack.home, ignore_errors=True)


def mail_link(raw: str) -> str:
    """The path of the personal link in a mail as it came over the wire."""
    found = re.search(r"/v/[\w-]+", unescape(raw.replace("=\r\n", "").replace("=\n", "")))
    assert found
    return found[0]
