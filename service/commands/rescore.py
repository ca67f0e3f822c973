"""`peil rescore`: scores by the rules of today beside those that are kept; without --apply only what would change."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

from service.commands.account import find_organisation
from service.commands.ready import CannotGoOn, ready_services
from service.usecases.rescore_responses import Rescoring, rescore_responses

_DESCRIPTION = """\
Look which responses would get another score by the rules of today: another version of the questionnaire or of the
scoring, another cut-off set, or answers that came in after the score was made. Says how many, and in how many of them
a score or the band is another one. Nothing is written without --apply. With it every such response gets a new score
beside the old one, which stays; pages and exports show the newest. Answers are not touched and nobody is called.

After a new version of Peil or of a questionnaire, first start Peil again and then run this. It may be stopped and run
again at any moment, also beside a running Peil: it goes on where it was."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `rescore`."""
    parser = subparsers.add_parser(
        "rescore",
        help="score kept answers again by the rules of today",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--instrument", metavar="KEY", help="only this questionnaire; default: all")
    parser.add_argument("--organisation", help="its id or short name; default: every organisation")
    parser.add_argument("--apply", action="store_true", help="keep the new scores; without it nothing is written")
    parser.add_argument("--json", action="store_true", help="for a machine")


def run(args: argparse.Namespace) -> int:
    """Look or apply, and report. 1 when some responses cannot be scored by the rules of today, or not be kept."""
    with ready_services() as services:
        if args.instrument is not None and args.instrument not in services.instruments:
            known = ", ".join(sorted(services.instruments))
            raise CannotGoOn(f"There is no questionnaire {args.instrument!r} here. Known: {known}.")
        org_id = None if args.organisation is None else find_organisation(services, args.organisation)
        found = rescore_responses(services, org_id=org_id, instrument=args.instrument, apply=args.apply)
    sys.stdout.write((as_json(found) if args.json else "\n".join(sentences(found))) + "\n")
    return 1 if found.held_back or found.no_instrument or found.unknown_code else 0


def as_json(found: Rescoring) -> str:
    """All counts, for a machine."""
    steps = [{**asdict(step), **asdict(tally)} for step, tally in sorted(found.steps.items(), key=lambda pair: pair[0])]
    whole = {
        "applied": found.applied,
        "looked_at": found.looked_at,
        "responses": found.responses,
        "steps": steps,
        "held_back": dict(found.held_back),
        "no_instrument": dict(found.no_instrument),
        "unknown_code": dict(found.unknown_code),
    }
    return json.dumps(whole, indent=2)


def sentences(found: Rescoring) -> Iterator[str]:
    """The same, to read."""
    yield f"Looked at {found.looked_at:,} scored responses; {found.responses:,} {_get(found)} a new score."
    for step, tally in sorted(found.steps.items(), key=lambda pair: pair[0]):
        yield (
            f"  {step.instrument}: version {step.version}, scoring {step.scoring_version}"
            f" -> version {step.to_version}, scoring {step.to_scoring_version}:"
            f" {tally.responses:,}, of which {tally.other_value:,} with another value"
            f" and {tally.other_band:,} in another band"
        )
    if found.steps:
        done = "The old scores stay beside the new ones." if found.applied else "Nothing was written; --apply does it."
        yield done
    for key, count in sorted(found.held_back.items()):
        yield (
            f"PROBLEM {key}: {count:,} not written. A score of the same answers with the same version and scoring is"
            " kept, and today's rules give another result or cut-off set. Rules that change need a new version: give"
            " the questionnaire file another `version`."
        )
    for key, count in sorted(found.no_instrument.items()):
        yield (
            f"PROBLEM {key}: {count:,} cannot be scored: the questionnaire is not here. Put its file back in the folder"
            " of PEIL_INSTRUMENTS."
        )
    for key, count in sorted(found.unknown_code.items()):
        yield (
            f"PROBLEM {key}: {count:,} cannot be scored: they hold an answer code that the questionnaire of today does"
            " not know. Put that code back in its `codes`, or keep the old version of the file."
        )


def _get(found: Rescoring) -> str:
    return "got" if found.applied else "would get"
