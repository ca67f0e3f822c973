"""The supervisor: starts every process, starts a fallen one again, and leaves nothing behind.

One thread on purpose: Linux sends a child its parent-death signal when the *thread* that started it ends.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from service.embedded.log import Log
from service.embedded.servers import AlreadyRunning, CannotStart, dies_with_parent, start_postgres, start_valkey

STOP_SECONDS = 10.0
LEFTOVER_SECONDS = 20.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
HEALTHY_SECONDS = 60.0
TURN_SECONDS = 0.1


@dataclass
class Child:
    """A process that must live: how to start it, and how to ask it to stop."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    again_at: float = field(default=0.0)


def check_port(bind: str, port: int, setting: str) -> None:
    """Raises CannotStart with the cure when another program listens there."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {bind} is taken or not allowed ({error.strerror}). "
                f"Stop the program that uses it, or choose another port, for example {setting}={port + 10}."
            ) from error


def _lock(path: Path, seconds: float) -> int | None:
    """An exclusive lock on a file, waiting at most so long; None when another holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(0.1)
        else:
            return descriptor


class Supervisor:
    """Use as a context: leaving it stops everything that was started in it.

    Two locks in `home`: one says that a supervisor runs; the other is inherited by every child, so that a new start
    waits until the last process of a killed one is gone.
    """

    def __init__(self, home: Path, *, quiet: bool = False) -> None:
        self.home = home
        self._quiet = quiet
        self.children: list[Child] = []
        self._locks: list[int] = []

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        self._take_locks()
        self.log = Log(self.home / "log", terminal=not self._quiet)
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, signal.default_int_handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, signal.SIG_IGN)
        self.log.say("stopping")
        self._stop(list(reversed([child for child in self.children if child.name not in ("postgres", "valkey")])))
        for name in ("valkey", "postgres"):
            self._stop([child for child in self.children if child.name == name])
        self.log.pump()
        self.log.say("stopped; nothing is left running")
        for descriptor in self._locks:
            os.close(descriptor)

    def _take_locks(self) -> None:
        own = _lock(self.home / "supervisor.lock", 0)
        if own is None:
            raise AlreadyRunning(
                f"Peil is already running with the data in {self.home}. "
                "Stop that one first (Ctrl-C in its terminal), or choose another folder with PEIL_HOME."
            )
        self._locks.append(own)
        children = _lock(self.home / "children.lock", LEFTOVER_SECONDS)
        if children is None:
            raise CannotStart(f"Processes of an earlier run still use {self.home}. Wait a moment and start again.")
        self._locks.append(children)
        os.ftruncate(own, 0)
        os.write(own, f"{os.getpid()}\n".encode())

    def start_postgres(self) -> str:
        """Start the embedded PostgreSQL; its address."""
        url = ""

        def start() -> subprocess.Popen[bytes]:
            nonlocal url
            running = start_postgres(self.home, held=(self._locks[1],))
            url = running.url
            return running.process

        self.log.follow("postgres", self.home / "postgres.log", quiet=True)
        self._begin(Child("postgres", start, signal.SIGINT))
        return url

    def start_valkey(self) -> str:
        """Start the embedded Valkey; its address."""
        url = ""

        def start() -> subprocess.Popen[bytes]:
            nonlocal url
            running = start_valkey(self.home, held=(self._locks[1],))
            url = running.url
            return running.process

        self.log.follow("valkey", self.home / "valkey.log", quiet=True)
        self._begin(Child("valkey", start))
        return url

    def start(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """Start one of our own processes and keep it running."""
        path = self.log.follow(name)

        def start() -> subprocess.Popen[bytes]:
            with path.open("ab") as output:
                return subprocess.Popen(
                    command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                    preexec_fn=dies_with_parent(signal.SIGKILL), start_new_session=True, pass_fds=(self._locks[1],),
                )  # fmt: skip

        self._begin(Child(name, start))

    def turn(self) -> None:
        """Show the log and start what has fallen; call it often."""
        self.log.pump()
        for child in self.children:
            self._tend(child)
        time.sleep(TURN_SECONDS)

    def watch(self) -> None:
        """Until Ctrl-C or SIGTERM (KeyboardInterrupt)."""
        while True:
            self.turn()

    def _begin(self, child: Child) -> None:
        child.process = child.start()
        child.started = time.monotonic()
        self.children.append(child)

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            child.wait = FIRST_WAIT if now - child.started > HEALTHY_SECONDS else min(child.wait * 2, LONGEST_WAIT)
            self._later(child, f"{child.name} stopped ({_reason(code)})")
        elif now >= child.again_at:
            try:
                child.process = child.start()
                child.started = time.monotonic()
            except (CannotStart, OSError, subprocess.SubprocessError) as error:
                child.wait = min(child.wait * 2, LONGEST_WAIT)
                self._later(child, f"{child.name} could not start: {error}")

    def _later(self, child: Child, why: str) -> None:
        child.process = None
        child.again_at = time.monotonic() + child.wait
        self.log.say(f"{why}; starting it again in {child.wait:g} s")

    def _stop(self, children: list[Child]) -> None:
        living = [c for c in children if c.process is not None and c.process.poll() is None]
        for child in living:
            _send(child, child.stop_signal)
        deadline = time.monotonic() + STOP_SECONDS
        while any(c.process is not None and c.process.poll() is None for c in living) and time.monotonic() < deadline:
            self.log.pump()
            time.sleep(0.02)
        for child in living:
            if child.process is not None and child.process.poll() is None:
                self.log.say(f"{child.name} did not stop in {STOP_SECONDS:.0f} s; ending it")
                _send(child, signal.SIGKILL)
                child.process.wait()


def _send(child: Child, sig: signal.Signals) -> None:
    """Send a signal to a child that we started and have not reaped: its number is still its own."""
    if child.process is None:
        return
    if sig is signal.SIGKILL:
        os.killpg(child.process.pid, sig)
    else:
        child.process.send_signal(sig)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
