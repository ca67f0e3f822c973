"""The `peil` command: help for everybody, exit codes, and the service as one meets it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.__main__ import VERBS, main
from service.commands.backup import apart

#: Below the range from which the system takes ports, and another for every test worker.
PORT = 21000 + 3 * (os.getpid() % 2000)


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Peil = Callable[..., Done]


@pytest.fixture
def peil(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Peil:
    """The command in this process: what it says, and its exit code."""
    monkeypatch.setenv("PEIL_HOME", str(home))
    monkeypatch.setenv("PEIL_PORT", str(PORT))

    def call(*arguments: str) -> Done:
        code = main(arguments)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "PEIL_HOME": str(home), "PEIL_PORT": str(PORT)}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    assert f"usage: peil {verb}" in capsys.readouterr().out


def test_a_wrong_verb_is_refused_with_two() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"])
    assert ended.value.code == 2


def test_the_password_does_not_stand_on_a_command_line() -> None:
    assert apart("postgresql://me:a%40b@db:5432/peil") == ("postgresql://me@db:5432/peil", "a@b")
    assert apart("postgresql://peil@/peil?host=/x/s") == ("postgresql://peil@/peil?host=/x/s", None)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.gettempdir()) / f"peil-cmd-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[subprocess.Popen[str]]:
    """`peil run`, as somebody starts it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "run"],
        env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    log = home / "log" / "peil.log"
    until = time.monotonic() + 90
    while not (log.exists() and "Peil runs at" in log.read_text()):
        assert time.monotonic() < until, log.read_text() if log.exists() else "no log"
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        time.sleep(0.1)
    yield process
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=40)
    assert process.returncode == 0


def test_a_taken_port_is_named_with_its_cure(peil: Peil) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", PORT))
        taken.listen()
        done = peil("run")
    assert done.returncode == 1
    assert f"Port {PORT}" in done.stderr
    assert "PEIL_PORT=" in done.stderr


def test_one_command_starts_everything_and_doctor_sees_it_alive(
    service: subprocess.Popen[str], home: Path, peil: Peil
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    connection.request("GET", "/inloggen")
    assert connection.getresponse().status == 200
    connection.close()
    assert "BACK THAT FILE UP" in (home / "log" / "peil.log").read_text()
    until = time.monotonic() + 60
    while True:  # the first beat of the worker takes some seconds
        done = peil("doctor", "--json")
        found = {one["name"]: one for one in json.loads(done.stdout)}
        if done.returncode == 0 or time.monotonic() > until:
            break
    assert done.returncode == 0, done.stdout
    assert found["database"]["ok"]
    assert found["worker"]["ok"]
    assert "not configured" in found["SMS"]["state"]


def test_the_operator_adds_an_organisation_and_an_account_and_makes_a_backup(
    service: subprocess.Popen[str], home: Path, peil: Peil
) -> None:
    missing = peil("account", "add", "--email", "a@example.org", "--name", "A", "--role", "administrator")
    assert missing.returncode == 1
    assert "no organisation yet" in missing.stderr
    added = peil("organisation", "add", "--name", "Welzijn", "--short-name", "Welzijn", "--phone", "010 4170000")
    assert added.returncode == 0, added.stderr
    wrong = peil("account", "add", "--email", "nobody", "--name", "A", "--role", "administrator")
    assert wrong.returncode == 1
    assert "Traceback" not in wrong.stderr
    account = peil("account", "add", "--email", "a@gemeente.nl", "--name", "A", "--role", "administrator")
    assert account.returncode == 0, account.stderr
    assert "Password, shown only now" in account.stdout
    backup = peil("backup")
    assert backup.returncode == 0, backup.stderr
    assert "keys.env" in backup.stdout
    dump = next((home / "backups").glob("*.dump"))
    assert dump.read_bytes().startswith(b"PGDMP")
    assert dump.stat().st_mode & 0o077 == 0


def test_lost_keys_are_named_and_nothing_starts(service: subprocess.Popen[str], home: Path, peil: Peil) -> None:
    keys = home / "keys.env"
    kept = keys.read_text()
    keys.write_text(kept.replace("LOOKUP_KEY=", "LOOKUP_KEY=" + "A" * 43 + "=\n#"))
    try:
        done = peil("doctor")
    finally:
        keys.write_text(kept)
    assert done.returncode == 1
    assert "do not fit the data: LOOKUP_KEY" in done.stdout
