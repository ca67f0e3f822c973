"""`peil import participants FILE`: look at a list, and register it."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from pathlib import Path

from service.commands.ready import CannotGoOn, ready_services
from service.commands.refused import refusals
from service.store import accounts, programmes
from service.usecases.access import Actor, Role
from service.usecases.import_participants import Import, RowState, import_participants
from service.usecases.services import Services


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `import participants`."""
    verbs = subparsers.add_parser("import", help="register a list of participants").add_subparsers(
        required=True, metavar="WHAT"
    )
    parser = verbs.add_parser(
        "participants",
        help="register a list of participants",
        description="Look at a CSV file, row by row; with --apply register its new people, all or nothing. The same "
        "file twice adds nobody. Exit code 1 when a row is wrong.",
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--programme", required=True, help="its id or name")
    parser.add_argument("--account", required=True, help="e-mail address of the coordinator who answers for the list")
    parser.add_argument("--apply", action="store_true", help="register; without it the list is only looked at")
    parser.add_argument("--json", action="store_true", help="for a machine")


def run(args: argparse.Namespace) -> int:
    """Look or register, and report every row that is wrong."""
    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise CannotGoOn(f"{args.file} cannot be read ({error.strerror}).") from error
    with ready_services() as services, refusals(services):
        actor = find_actor(services, args.account)
        programme_id = find_programme(services, actor, args.programme)
        result = import_participants(services, actor, programme_id, data, apply=args.apply)
        (_report_json if args.json else _report)(services, result)
    return 1 if result.count(RowState.WRONG) else 0


def find_actor(services: Services, email: str) -> Actor:
    """The account with this address. Raises CannotGoOn."""
    with services.transaction() as session:
        found = accounts.account_for_sign_in(session, email.strip().lower())
    if found is not None and not found.disabled:
        with services.transaction(found.org_id) as session:
            account = accounts.read_account(session, found.account_id)
        if account is not None:
            return Actor(account.id, found.org_id, account.name, Role(account.role))
    raise CannotGoOn("There is no open account with that e-mail address.")


def find_programme(services: Services, actor: Actor, wanted: str) -> uuid.UUID:
    """The programme with this id or name. Raises CannotGoOn with the list."""
    with services.transaction(actor.org_id) as session:
        known = programmes.list_programmes(session)
    matching = [one.id for one in known if wanted in (str(one.id), one.name)]
    if len(matching) == 1:
        return matching[0]
    listed = "\n".join(f"  {one.id}  {one.name}" for one in known)
    raise CannotGoOn(f"Say which programme with --programme (id or name):\n{listed}")


def _report(services: Services, result: Import) -> None:
    for problem in result.notes:
        sys.stdout.write(f"note: {services.render.problem(problem, 'en')}\n")
    for row in result.rows:
        for problem in row.problems:
            sys.stdout.write(f"line {row.line}, {row.state.value}: {services.render.problem(problem, 'en')}\n")
    counts = ", ".join(f"{result.count(state)} {state.value}" for state in RowState)
    done = "Registered." if result.applied else "Nothing was registered" + (
        "." if result.count(RowState.WRONG) else "; repeat with --apply."
    )  # fmt: skip
    sys.stdout.write(f"{counts}. {done}\n")


def _report_json(services: Services, result: Import) -> None:
    rows = [
        {
            "line": row.line,
            "state": row.state.value,
            "problems": [services.render.problem(p, "en") for p in row.problems],
        }
        for row in result.rows
    ]
    sys.stdout.write(json.dumps({"applied": result.applied, "rows": rows}, indent=2) + "\n")
