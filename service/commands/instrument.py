"""`peil instrument check`: whether a questionnaire of your own can be used, and what Peil makes of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from service.bootstrap import load_instruments
from service.commands import instrument_import
from service.measures.instrument import Instrument
from service.measures.instrument_file import BadInstrument, read_instruments

_DESCRIPTION = """\
Read a questionnaire as Peil would at its start, and say what it makes of it. Nothing is stored. What is wrong is named
with its line and its cure. To use the file: put it in the folder that PEIL_INSTRUMENTS names, and start Peil again."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `instrument check`."""
    verbs = subparsers.add_parser(
        "instrument", help="check a questionnaire of your own, or bring one in"
    ).add_subparsers(required=True, metavar="VERB")
    parser = verbs.add_parser(
        "check",
        help="say whether a questionnaire can be used",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the questionnaire, a YAML file")
    parser.set_defaults(act=check_instrument)
    instrument_import.add_verb(verbs)


def run(args: argparse.Namespace) -> int:
    """Do what the second word says."""
    code: int = args.act(args)
    return code


def check_instrument(args: argparse.Namespace) -> int:
    """0 when it can be used, 1 when not: every problem on a line of its own."""
    try:
        text = args.file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else "it is not UTF-8 text"
        print(f"Cannot read {args.file}: {reason}.", file=sys.stderr)
        return 1
    try:
        (instrument,) = read_instruments({args.file.name: text}, load_instruments()).values()
    except BadInstrument as bad:
        print(bad, file=sys.stderr)
        return 1
    print("\n".join(_summary(instrument)))
    return 0


def _summary(instrument: Instrument) -> Iterator[str]:
    yield f"{instrument.key} (version {instrument.version}) can be used."
    yield f"{len(instrument.items)} items, {len(instrument.options)} options, for: {instrument.use}"
    languages = (f"{name} ({'' if good else 'not '}validated)" for name, good in instrument.validated.items())
    yield f"languages: {', '.join(languages)}"
    for rule in instrument.scores:
        span = f"{rule.minimum} to {rule.maximum}, {instrument.polarity.replace('_', ' ')}"
        yield f"score {rule.key}: {rule.formula}, {span}, at most {rule.max_missing} missing"
    for cutoffs in instrument.cutoffs:
        bands = "; ".join(f"{band.lowest}-{band.highest} {band.key}" for band in cutoffs.bands)
        yield f"cut-offs {cutoffs.key} of {cutoffs.score}: {bands}"
    yield f"question by question by SMS: {'yes' if instrument.sms_allowed else 'no'}"
    yield f"text hash: {instrument.text_hash}"
