"""`peil run`: the service, with everything it needs, under one supervisor."""

from __future__ import annotations

import argparse

from service.commands.ready import CannotGoOn
from service.commands.serve import Start, serve
from service.embedded import Supervisor
from service.settings import Settings, read_place
from service.store import installations
from service.usecases.services import Services

DEMO_MARK = "demonstration"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `run`."""
    subparsers.add_parser(
        "run",
        help="start everything: database, queue, web, worker and clock",
        description="Start PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL are set), the web, a worker and "
        "the clock under one supervisor. Data is kept in PEIL_HOME. Stop with Ctrl-C.",
    )


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - the form of every verb
    """Run until Ctrl-C."""
    return serve(Start(place=read_place(), before=_before))


def _before(settings: Settings, services: Services, supervisor: Supervisor) -> list[str]:  # noqa: ARG001
    with services.transaction() as session:
        if installations.recall(session, DEMO_MARK) is not None:
            raise CannotGoOn(
                "This database holds a demonstration. Use `peil demo`, or another DATABASE_URL or PEIL_HOME."
            )
        empty = not installations.in_use(session)
    lines = []
    if settings.twilio is None:
        lines.append("No SMS will be sent: TWILIO_ACCOUNT_SID is not set (docs/reference/settings.md).")
    if settings.mail is None:
        lines.append("No e-mail will be sent: SMTP_URL is not set.")
    if empty:
        lines.append("Nobody can log in yet: `peil organisation add`, then `peil account add` (see --help of each).")
    return lines
