"""The supervisor, with real processes: it starts, restarts, stops and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from service.embedded import CannotStart, Supervisor, ensure_database

home = Path(sys.argv[1])
try:
    with Supervisor(home) as supervisor:
        supervisor.start_postgres()
        ensure_database(home)
        supervisor.start_valkey()
        supervisor.start("sleeper", [sys.executable, "-c", "print('awake', flush=True); import time; time.sleep(1000)", str(home)], {})
        supervisor.log.say("all up")
        supervisor.watch()
except KeyboardInterrupt:
    sys.exit(0)
except CannotStart as error:
    sys.exit(str(error))
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One data folder for the whole file: what is kept between runs is part of the story."""
    folder = Path(tempfile.gettempdir()) / f"peil-sup-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def processes_of(home: Path) -> dict[int, str]:
    """Every process whose command line names the folder, but not the one that waits for it here."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if f"{home}/" in line or line.rstrip().endswith(str(home)):
                found[int(entry.name)] = line
    return found


def eventually(true: Callable[[], bool], seconds: float = 15) -> bool:
    """Wait until it is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def start(home: Path) -> subprocess.Popen[str]:
    """Start the program and wait until everything is up."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    log = home / "log" / "peil.log"
    before = log.read_text().count("all up") if log.exists() else 0
    assert eventually(lambda: log.exists() and log.read_text().count("all up") > before, 30), process.poll()
    return process


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for the end; what it said."""
    out, err = process.communicate(timeout=20)
    return out + err


def sleeper(home: Path) -> int:
    """The number of the child that only sleeps."""
    return next(
        (number for number, line in processes_of(home).items() if "awake" in line and "Supervisor" not in line), 0
    )


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_nothing_behind(home: Path, stop: signal.Signals) -> None:
    process = start(home)
    assert any("postgres" in line for line in processes_of(home).values())
    process.send_signal(stop)
    said = finish(process)
    assert process.returncode == 0, said
    assert "nothing is left running" in said
    assert processes_of(home) == {}


def test_a_second_start_is_refused_while_one_runs_and_a_fallen_child_rises(home: Path) -> None:
    process = start(home)
    second = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home)], capture_output=True, text=True, timeout=20, check=False
    )
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert "PEIL_HOME" in second.stderr

    first = sleeper(home)
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: sleeper(home) not in (0, first))
    process.send_signal(signal.SIGTERM)
    said = finish(process)
    assert "sleeper stopped (signal SIGKILL); starting it again" in said
    assert processes_of(home) == {}


def test_killing_the_supervisor_leaves_nothing_behind_and_the_next_start_has_the_data(home: Path) -> None:
    process = start(home)
    process.kill()
    finish(process)
    again = start(home)  # waits for what the kernel is still ending
    again.send_signal(signal.SIGINT)
    said = finish(again)
    assert again.returncode == 0, said
    assert eventually(lambda: processes_of(home) == {})
