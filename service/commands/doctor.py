"""`peil doctor`: what works, what does not, and what to do about it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from service.bootstrap import build, load_instruments
from service.channels.base import Inbox, MailboxDown
from service.commands.ready import running_settings
from service.followup.problem import Unavailable
from service.settings import KEYS_FILE, Settings, WrongSettings, read_place
from service.store.migrate import pending
from service.tasks.runtime import make_app
from service.usecases.check_keys import check_keys
from service.usecases.check_texts import check_texts
from service.usecases.show_health import show_health


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `cure` is empty when it is well; `must` is False for what may be absent."""

    name: str
    state: str
    cure: str = ""
    must: bool = True

    @property
    def well(self) -> bool:
        """Whether nothing has to be done."""
        return not self.cure or not self.must


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `doctor`."""
    parser = subparsers.add_parser(
        "doctor",
        help="say what works, what does not, and what to do",
        description="Look at settings, keys, database, queue, channels and processes. Exit code 0: all well; 1: not.",
    )
    parser.add_argument("--json", action="store_true", help="for a machine")


def run(args: argparse.Namespace) -> int:
    """Look, and report."""
    findings = list(examine())
    if args.json:
        sys.stdout.write(json.dumps([{**asdict(f), "ok": f.well} for f in findings], indent=2) + "\n")
    else:
        for finding in findings:
            mark = "OK     " if not finding.cure else ("note   " if finding.well else "PROBLEM")
            sys.stdout.write(f"{mark} {finding.name}: {finding.state}\n")
            if finding.cure:
                sys.stdout.write(f"          -> {finding.cure}\n")
    return 0 if all(finding.well for finding in findings) else 1


def examine() -> Iterator[Finding]:
    """Everything, in the order in which things depend on each other."""
    try:
        settings = running_settings(read_place())
        load_instruments(settings.place.instruments)
    except WrongSettings as wrong:
        for problem in wrong.problems:
            yield Finding("settings", "wrong", problem)
        return
    yield Finding("settings", f"readable; data in {settings.place.home}")
    yield from _channels(settings)
    yield _queue(settings)
    yield from _database(settings)


def _channels(settings: Settings) -> Iterator[Finding]:
    if settings.twilio is None:
        yield Finding("SMS", "not configured; nothing is sent", "set TWILIO_ACCOUNT_SID and the others", must=False)
    else:
        where = "a stand-in on this machine" if settings.practice_numbers else "Twilio"
        yield Finding("SMS", f"configured, by {where}")
    if settings.mail is None:
        yield Finding("e-mail", "not configured; nothing is sent", "set SMTP_URL and MAIL_FROM", must=False)
    else:
        yield Finding("e-mail", "configured")
    yield examine_mailbox(build(settings, pool_size=0).inbox)


def examine_mailbox(inbox: Inbox) -> Finding:
    """Whether the mailbox can be opened."""
    if not inbox.ready:
        return Finding("mailbox", "not configured; no mail asks for an answer", "set IMAP_URL", must=False)
    try:
        inbox.check()
    except MailboxDown as down:
        return Finding("mailbox", f"cannot be read ({down})", "mend IMAP_URL: host, user, password and folder")
    return Finding("mailbox", "can be read")


def _queue(settings: Settings) -> Finding:
    try:
        with make_app(settings.place.redis_url).connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=3)
    except Exception as error:  # noqa: BLE001 - whatever the transport raises: it is the finding
        return Finding(
            "queue", f"cannot be reached ({type(error).__name__})", "start Peil (`peil run`), or mend REDIS_URL"
        )
    return Finding("queue", "reachable")


def _database(settings: Settings) -> Iterator[Finding]:
    services = build(settings, pool_size=0)
    steps: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _shape(settings),
        lambda: _keys(settings, check_keys(services)),
        lambda: iter([examine_texts(check_texts(services))]),
        lambda: iter([_process(one.name, one.seconds, late=one.late) for one in show_health(services)]),
    )
    try:
        with services.transaction():
            pass
        yield Finding("database", "reachable")
        for step in steps:
            yield from step()
    except Unavailable:
        yield Finding("database", "cannot be reached", "start Peil (`peil run`), or mend DATABASE_URL")


def _shape(settings: Settings) -> Iterator[Finding]:
    if pending(settings.place.database_url):
        yield Finding("shape of the database", "older than this version", "run `peil migrate`")
    else:
        yield Finding("shape of the database", "of this version")


def _keys(settings: Settings, wrong: tuple[str, ...]) -> Iterator[Finding]:
    if wrong:
        cure = f"put back {settings.place.home / KEYS_FILE} from your backup"
        yield Finding("keys", f"do not fit the data: {', '.join(wrong)}", cure)
    else:
        yield Finding("keys", "fit the data (are they backed up, apart from the database?)")


def examine_texts(changed: tuple[str, ...]) -> Finding:
    """Whether the questionnaires in use are worded as they were."""
    if not changed:
        return Finding("questionnaires", "worded as when they were first used")
    cure = "put the old words back in its file (PEIL_INSTRUMENTS), or give the new words a version of their own"
    return Finding("questionnaires", f"worded otherwise under the same version: {', '.join(changed)}", cure)


def _process(name: str, seconds: float | None, *, late: bool) -> Finding:
    state = "never seen" if seconds is None else f"last sign of life {seconds:.0f} s ago"
    return Finding(name, state, f"start it again; look for `{name}` in the log" if late else "")
