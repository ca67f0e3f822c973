"""`peil account add` and `peil account reset-password`: log-ins, by the operator."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
import uuid

from service.commands.ready import CannotGoOn, ready_services
from service.commands.refused import refusals
from service.store import organisations
from service.usecases.access import Role
from service.usecases.add_account import add_account
from service.usecases.reset_password import reset_password
from service.usecases.services import Services

MADE_BYTES = 12


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verbs `account add` and `account reset-password`."""
    verbs = subparsers.add_parser("account", help="add a log-in, or set a new password").add_subparsers(
        required=True, metavar="VERB", dest="verb"
    )
    add = verbs.add_parser("add", help="add a log-in", description="Add a log-in for a member of staff.")
    add.add_argument("--email", required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--phone", default="", help="the coordinator's number in messages; default: the organisation's")
    add.add_argument("--organisation", help="its id or short name; not needed when there is one")
    reset = verbs.add_parser("reset-password", help="set a new password", description="Set a new password.")
    reset.add_argument("--email", required=True)
    for parser in (add, reset):
        parser.add_argument("--ask", action="store_true", help="ask for the password instead of making one")


def run(args: argparse.Namespace) -> int:
    """Add or reset, and say the password that was made."""
    password = getpass.getpass("Password (at least 12 characters): ") if args.ask else secrets.token_urlsafe(MADE_BYTES)
    with ready_services() as services, refusals(services):
        if args.verb == "add":
            org_id = find_organisation(services, args.organisation)
            add_account(
                services,
                org_id=org_id,
                email=args.email,
                name=args.name,
                role=Role(args.role),
                password=password,
                phone=args.phone,
            )
        else:
            reset_password(services, email=args.email, password=password)
    done = "The log-in was added." if args.verb == "add" else "The password was set."
    sys.stdout.write(done + ("\n" if args.ask else f" Password, shown only now: {password}\n"))
    return 0


def find_organisation(services: Services, wanted: str | None) -> uuid.UUID:
    """The organisation with this id or short name; without one, the only one there is. Raises CannotGoOn."""
    with services.transaction() as session:
        ids = organisations.list_organisation_ids(session)
    names = {}
    for org_id in ids:
        with services.transaction(org_id) as session:
            found = organisations.read_organisation(session)
            names[org_id] = found.short_name if found else ""
    matching = [i for i in ids if wanted is None or wanted in (str(i), names[i])]
    if len(matching) == 1:
        return matching[0]
    if not ids:
        raise CannotGoOn("There is no organisation yet. Add one: peil organisation add --help")
    listed = "\n".join(f"  {i}  {name}" for i, name in names.items())
    raise CannotGoOn(f"Say which organisation with --organisation (id or short name):\n{listed}")
