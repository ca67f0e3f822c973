"""`peil plan`: what a protocol would send to one person, and when. Needs no database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from service.bootstrap import load_instruments, load_render
from service.followup.participation import Arm
from service.followup.planning import Anchors, PlannedMessage
from service.followup.planning import plan as plan_enrolment
from service.followup.problem import Problem, Refusal
from service.followup.protocol_file import is_zone, read_protocol
from service.settings import read_place

_DESCRIPTION = """\
Show what a protocol would send to one participant, and when: kind, wave, local time and UTC. Nothing is sent and no
database is needed. Waves are counted on the calendar, from the enrolment, the first activity or the end of the
programme (a wave whose moment is not given is left out); a date that does not exist is the last of its month.
Messages fall in the open hours of the protocol. At the moment of sending, consent, opt-out, answers and the cap are
looked at as well: those can only make it less."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `plan`."""
    parser = subparsers.add_parser(
        "plan",
        help="show what a protocol would send, and when",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--protocol", required=True, type=Path, metavar="FILE", help="the protocol, a YAML file")
    parser.add_argument(
        "--start",
        required=True,
        type=_local,
        metavar="LOCAL",
        help="when the person is enrolled, in local time: 2026-10-24T10:00",
    )
    parser.add_argument("--tz", type=_zone, metavar="ZONE", help="its time zone (default: the protocol's)")
    parser.add_argument(
        "--first-activity",
        type=_day,
        metavar="DATE",
        help="the day of the first activity, for waves that count from it",
    )
    parser.add_argument(
        "--programme-end", type=_day, metavar="DATE", help="the day the programme ends, for waves that count from it"
    )
    parser.add_argument("--arm", choices=list(Arm), default=Arm.INTERVENTION, help="default: intervention")
    parser.add_argument("--json", action="store_true", help="write a JSON list")


def run(args: argparse.Namespace) -> int:
    """Print the plan. 0 when done, 1 when the file cannot be used (every problem with its line)."""
    try:
        text = args.protocol.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else "it is not UTF-8 text"
        print(f"Cannot read {args.protocol}: {reason}. Give the path of a protocol file.", file=sys.stderr)
        return 1
    try:
        reading = read_protocol(text, load_instruments(read_place().instruments))
    except Refusal as refusal:
        _complain(refusal.problems)
        return 1
    _complain(reading.warnings)
    zone = args.tz or reading.protocol.time_zone
    anchors = Anchors(args.start, args.first_activity, args.programme_end)
    messages = plan_enrolment(reading.protocol, anchors, zone, Arm(args.arm)).messages
    print(json.dumps([_row(message, zone) for message in messages], indent=2) if args.json else _page(messages, zone))
    return 0


def _local(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} is not a local time; write it like 2026-10-24T10:00") from wrong
    if moment.tzinfo is not None:
        raise argparse.ArgumentTypeError(f"{text!r} names an offset; leave it out and name the zone with --tz")
    if not 1990 <= moment.year <= 2200:
        raise argparse.ArgumentTypeError(f"{text!r} is not a year in which anybody is enrolled")
    return moment


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it like 2026-10-24") from wrong


def _zone(text: str) -> str:
    if not is_zone(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time zone; write for example Europe/Amsterdam")
    return text


def _complain(problems: Iterable[Problem]) -> None:
    render = load_render()
    for problem in problems:
        print(render.problem(problem, "en"), file=sys.stderr)


def _row(message: PlannedMessage, zone: str) -> dict[str, str]:
    return {
        "kind": str(message.kind),
        "wave": message.wave,
        "local": message.local_at.isoformat(timespec="seconds"),
        "utc": _utc(message.due_at),
        "zone": zone,
        "key": message.key,
        "expires_utc": _utc(message.expires_at),
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _page(messages: Sequence[PlannedMessage], zone: str) -> str:
    rows = [("kind", "wave", f"local ({zone})", "UTC", "expires (UTC)")]
    for message in messages:
        local = message.local_at.strftime("%a %Y-%m-%d %H:%M")
        rows.append((str(message.kind), message.wave, local, _utc(message.due_at), _utc(message.expires_at)))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)
