"""The `peil` command: one file per verb in service/commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

import service
from service.commands import (
    account,
    analyse,
    backup,
    demo,
    doctor,
    import_participants,
    instrument,
    migrate,
    organisation,
    plan,
    power,
    rescore,
    run,
    score,
    why,
)
from service.commands.ready import CannotGoOn
from service.embedded import CannotStart
from service.followup.problem import Unavailable
from service.settings import WrongSettings

VERBS: dict[str, ModuleType] = {
    "demo": demo,
    "run": run,
    "doctor": doctor,
    "organisation": organisation,
    "account": account,
    "import": import_participants,
    "plan": plan,
    "power": power,
    "instrument": instrument,
    "score": score,
    "rescore": rescore,
    "analyse": analyse,
    "why": why,
    "backup": backup,
    "migrate": migrate,
}


def make_parser() -> argparse.ArgumentParser:
    """The command line; docs/reference/commands.md is printed from it."""
    parser = argparse.ArgumentParser(
        prog="peil",
        description="Follows participants of interventions against loneliness over time.",
        epilog="Exit code 0: done; 1: not done, the message says why; 2: the command or a setting is wrong.",
    )
    parser.add_argument("--version", action="version", version=service.__version__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="VERB")
    for module in VERBS.values():
        module.add_parser(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit code."""
    args = make_parser().parse_args(arguments)
    try:
        code: int = VERBS[args.command].run(args)
    except WrongSettings as wrong:
        sys.stderr.write(f"These settings are wrong:\n{wrong}\n")
        return 2
    except (CannotGoOn, CannotStart) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except Unavailable:
        sys.stderr.write("The database cannot be reached. `peil doctor` says more.\n")
        return 1
    return code


if __name__ == "__main__":
    raise SystemExit(main())
