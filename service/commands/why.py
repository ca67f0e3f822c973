"""`peil why PARTICIPANT`: what one person gets and why (not), by pseudonym and without names."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from datetime import date

from service.commands.account import find_organisation
from service.commands.ready import CannotGoOn, ready_services
from service.commands.refused import refusals
from service.store import histories
from service.usecases.access import Actor, Role
from service.usecases.explain_messages import Entry, Explanation, explain_messages
from service.usecases.services import Services

_DESCRIPTION = """\
Every message of one participant: what happened to it, and for what is still to come what would be decided on the
facts of this moment (send, postpone, suppress or expire), with the reason. Nothing is written and nothing is sent.
Times are local. The output holds ids and kinds, never a name, a number or a text."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `why`."""
    parser = subparsers.add_parser(
        "why",
        help="why a participant gets a message, or not",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("participant", metavar="PARTICIPANT", help="the pseudonym, such as PBX7MVXV")
    parser.add_argument("--date", type=_day, metavar="DATE", help="only this local day: 2026-10-24")
    parser.add_argument("--organisation", help="its id or short name; not needed when there is one")
    parser.add_argument("--json", action="store_true", help="for a machine")


def run(args: argparse.Namespace) -> int:
    """Print the explanation. 0 when done; 1 when nobody has this pseudonym."""
    with ready_services() as services, refusals(services):
        found = explain(services, args.participant, args.organisation, args.date)
    sys.stdout.write((_json(found) if args.json else _page(found)) + "\n")
    return 0


def explain(services: Services, pseudonym: str, organisation: str | None, on: date | None) -> Explanation:
    """Ask it as the operator, who reads what a coordinator may. Raises CannotGoOn for an unknown pseudonym."""
    org_id = find_organisation(services, organisation)
    with services.transaction(org_id) as session:
        participant_id = histories.participant_with(session, pseudonym.strip())
    if participant_id is None:
        raise CannotGoOn("Nobody has that pseudonym. It stands on the page of the participant.")
    operator = Actor(uuid.UUID(int=0), org_id, "operator", Role.COORDINATOR)
    return explain_messages(services, operator, participant_id, on)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it like 2026-10-24") from wrong


def _json(found: Explanation) -> str:
    rows = [
        {
            "kind": entry.kind,
            "wave": entry.wave,
            "local": entry.local_at.isoformat(timespec="minutes"),
            "zone": entry.time_zone,
            "channel": entry.channel,
            "state": entry.state,
            "foreseen": entry.foreseen,
            "reason": entry.reason,
            "steps": [
                {"at": one.at.isoformat(), "event": one.event, "state": one.state, "reason": one.reason}
                for one in entry.steps
            ],
        }
        for entry in found.entries
    ]
    return json.dumps({"participant": found.pseudonym, "at": found.at.isoformat(), "messages": rows}, indent=2)


def _page(found: Explanation) -> str:
    if not found.entries:
        return "No message, and nothing planned."
    rows = [("local", "kind", "wave", "channel", "state", "what and why"), *map(_row, found.entries)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def _row(entry: Entry) -> tuple[str, ...]:
    local = entry.local_at.strftime("%a %Y-%m-%d %H:%M")
    will = f"will {entry.foreseen}" if entry.foreseen else ""
    why = ": ".join(part for part in (will, entry.reason) if part)
    return local, entry.kind, entry.wave or "-", entry.channel or "-", entry.state, why
