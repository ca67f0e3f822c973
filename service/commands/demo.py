"""`peil demo`: everything, with a year of example data, a pretend phone and a mail catcher."""

from __future__ import annotations

import argparse
import dataclasses
import http.client
import json
import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from service.bootstrap import build, build_history, utc_now
from service.commands.ready import CannotGoOn, make_ready
from service.commands.run import DEMO_MARK
from service.commands.serve import Start, serve
from service.demo import Demonstration, build_demo
from service.embedded import Supervisor, ensure_database
from service.settings import Settings, environment_with, read_place
from service.store import installations
from service.usecases.services import Services

ACCOUNT = "AC" + "0" * 32
SENDER = "+31600009999"
PHONE_LOG = "simulator.jsonl"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `demo`."""
    parser = subparsers.add_parser(
        "demo",
        help="start everything with a year of example data and a pretend phone",
        description="As `peil run`, with example data and stand-ins for the SMS provider and the mail server. The data "
        "is kept apart (PEIL_HOME/demo) and between runs. Nothing leaves this machine.",
    )
    parser.add_argument("--fresh", action="store_true", help="throw the old demonstration away and make a new one")


def run(args: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    base = read_place()
    place = replace(base, home=base.home / "demo")
    phone, mail, post = place.port + 1, place.port + 2, place.port + 3

    def before(settings: Settings, services: Services, supervisor: Supervisor) -> list[str]:
        lines, new = _data(settings, services, supervisor, embedded=not place.database_url, fresh=args.fresh)
        made.extend(new)
        return lines

    made: list[Demonstration] = []

    def after() -> None:
        for demonstration in made:
            practise(demonstration, phone)

    token = secrets.token_hex(16)
    return serve(
        Start(
            place=place,
            before=before,
            after=after,
            environment={
                "PUBLIC_URL": place.public_url,
                "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": token,
                "TWILIO_FROM": SENDER,
                "TWILIO_MESSAGING_SERVICE_SID": None,
                "TWILIO_API_URL": f"http://127.0.0.1:{phone}",
                "SMTP_URL": f"smtp://127.0.0.1:{mail}",
                "MAIL_FROM": "peil@voorbeeld.invalid",
                "IMAP_URL": f"imap://peil:{token}@127.0.0.1:{post}",
                "PEIL_PRACTICE_URL": f"http://localhost:{phone}",
                "PEIL_DELIVERY_LEASE": "20",
                "PEIL_DELIVERY_GRACE": "10",
                "SIMULATOR_PORT": str(phone),
                "SIMULATOR_SMTP_PORT": str(mail),
                "SIMULATOR_IMAP_PORT": str(post),
                "SIMULATOR_SERVICE_URL": place.public_url,
                "SIMULATOR_ACCOUNT_SID": ACCOUNT,
                "SIMULATOR_AUTH_TOKEN": token,
                "SIMULATOR_SENDER": SENDER,
                "SIMULATOR_DATA": str(place.home / PHONE_LOG),
            },
            extra={"simulator": "service.simulator"},
            ports={
                "PEIL_PORT (the pretend phone uses the next port)": phone,
                "PEIL_PORT (mail, two further)": mail,
                "PEIL_PORT (the mailbox, three further)": post,
            },
        )
    )


def _data(
    settings: Settings, services: Services, supervisor: Supervisor, *, embedded: bool, fresh: bool
) -> tuple[list[str], list[Demonstration]]:
    """Make the year, unless it is there: the lines that say how to log in, and what was made just now."""
    new: list[Demonstration] = []
    with services.transaction() as session:
        known, used = installations.recall(session, DEMO_MARK), installations.in_use(session)
    if known is None or fresh:
        if used or fresh:
            services = _empty(settings, embedded=embedded)
        supervisor.log.say("making a year of example data (some 200 people); this takes a moment")
        (settings.place.home / PHONE_LOG).unlink(missing_ok=True)  # or the phones would show people who are gone
        new.append(build_demo(build_history(settings), utc_now()))
        known = json.dumps(dataclasses.asdict(new[0]))
        with services.transaction() as session:
            installations.remember(session, DEMO_MARK, known)
    return _lines(json.loads(known), settings), new


def _empty(settings: Settings, *, embedded: bool) -> Services:
    """An empty database for a new demonstration; half-made ones are thrown away. Raises CannotGoOn for one of yours."""
    if not embedded:
        raise CannotGoOn("The database of DATABASE_URL is not empty, and a demonstration needs an empty one.")
    home = settings.place.home
    ensure_database(home, empty=True)
    make_ready(home, environment_with({"PEIL_HOME": str(home), "DATABASE_URL": settings.place.database_url}))
    return build(settings, pool_size=0)


def _lines(demo: dict[str, Any], settings: Settings) -> list[str]:
    logins = [f"  {login['role']:<14} {login['email']:<36} {login['password']}" for login in demo.get("logins", ())]
    return [
        f"The pretend phone and the mail: {settings.practice_url}",
        "Log in as (everything here is invented):",
        *logins,
    ]


def practise(demonstration: Demonstration, port: int) -> None:
    """Give the pretend phones their names, and let some people write. Without them the demonstration works as well."""
    labels = [
        {"mailbox" if "@" in phone.number else "number": phone.number, "label": phone.label}
        for phone in demonstration.phones
    ]
    _post(port, "/phones", json.dumps(labels), "application/json")
    for number, text in demonstration.words:
        _post(port, "/reply", urlencode({"phone": number, "text": text}), "application/x-www-form-urlencoded")


def _post(port: int, path: str, body: str, kind: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", path, body.encode(), {"Content-Type": kind})
        connection.getresponse().read()
    except OSError:
        return
    finally:
        connection.close()
