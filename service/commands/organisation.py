"""`peil organisation add`: an organisation, by the operator."""

from __future__ import annotations

import argparse
import sys

from service.commands.ready import ready_services
from service.commands.refused import refusals
from service.usecases.add_organisation import add_organisation


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `organisation add`."""
    verbs = subparsers.add_parser("organisation", help="add an organisation").add_subparsers(
        required=True, metavar="VERB"
    )
    parser = verbs.add_parser(
        "add",
        help="add an organisation",
        description="Add a municipality or welfare organisation. Its short name and phone number stand in messages.",
    )
    parser.add_argument("--name", required=True)
    parser.add_argument("--short-name", required=True, help="stands in every SMS")
    parser.add_argument("--phone", required=True, help="the number by which people reach a voice")
    parser.add_argument("--sms-number", help="its own sender, when it has one: +31...")


def run(args: argparse.Namespace) -> int:
    """Add it, and say its id."""
    with ready_services() as services, refusals(services):
        org_id = add_organisation(
            services, name=args.name, short_name=args.short_name, phone=args.phone, sms_number=args.sms_number
        )
    sys.stdout.write(f"Organisation {org_id} was added. Next: peil account add --role administrator ...\n")
    return 0
