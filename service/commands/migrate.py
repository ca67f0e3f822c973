"""`peil migrate`: bring the database to the shape of this version."""

from __future__ import annotations

import argparse
import sys

from service.commands.ready import ready_services


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `migrate`."""
    subparsers.add_parser(
        "migrate",
        help="bring the database to the shape of this version",
        description="Upgrade the database of DATABASE_URL, or the embedded one. Safe to repeat, and for two at once. "
        "`peil run` and `peil demo` do this by themselves.",
    )


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - the form of every verb
    """Migrate."""
    with ready_services():
        sys.stdout.write("The database has the shape of this version.\n")
    return 0
