"""`peil power`: how many participants a wanted precision or change takes. Needs no database."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable

from service.measures.estimate import NotEstimable
from service.measures.power import Loss
from service.measures.study_size import NAMED_SDS, Aim, Answer, Line, Wish, answer

_DESCRIPTION = """\
How many participants it takes to notice a change, to know it precisely, to compare it with another group or to show
that nothing changes; or what a number of participants can show. Give one of --change, --precision, --difference,
--margin (points of the score) or --people. The spread comes from a named source, or is yours. Two-sided at 5%;
equivalence by two one-sided tests at 5%, for a true change of zero."""

_ASKED = {
    "change": (Aim.CHANGE, "notice a mean change of this many points"),
    "precision": (Aim.PRECISION, "know the mean change to this many points to either side (95%%)"),
    "difference": (Aim.ARMS, "notice this difference in change between two equal groups"),
    "margin": (Aim.SAME, "show that the change lies within this many points of zero"),
    "people": (Aim.PEOPLE, "what this many enrolled people can show"),
}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `power`."""
    parser = subparsers.add_parser(
        "power",
        help="say how many participants a programme needs",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked = parser.add_mutually_exclusive_group(required=True)
    for name, (_, words) in _ASKED.items():
        if name == "people":
            asked.add_argument("--people", type=_whole, metavar="N", help=words)
        else:
            asked.add_argument(f"--{name}", type=_between(0.01, 100), metavar="POINTS", help=words)
    spread = parser.add_mutually_exclusive_group(required=True)
    spread.add_argument("--sd", type=_between(0.01, 100), metavar="POINTS", help="your own sd of the change")
    spread.add_argument(
        "--named-sd",
        choices=[named.key for named in NAMED_SDS],
        help="a named sd: " + "; ".join(f"{named.key} {named.sd:.2f} ({named.source})" for named in NAMED_SDS),
    )
    parser.add_argument("--power", type=_between(0.06, 0.94), default=0.8, metavar="P", help="default: 0.8")
    parser.add_argument(
        "--drop-out",
        type=_between(0, 0.95),
        default=0.3,
        metavar="SHARE",
        help="expected share without a second measurement (default: 0.3)",
    )
    parser.add_argument(
        "--per-group", type=_between(1, 10_000), default=1.0, metavar="N", help="people per group (default: 1)"
    )
    parser.add_argument(
        "--icc", type=_between(0, 1), default=0.0, metavar="ICC", help="intraclass correlation (default: 0)"
    )
    parser.add_argument("--json", action="store_true", help="write JSON")


def run(args: argparse.Namespace) -> int:
    """Print the answer. 0 when there is one, 1 when no number of people would do."""
    name = next(name for name in _ASKED if getattr(args, name) is not None)
    named = next((named for named in NAMED_SDS if named.key == args.named_sd), None)
    loss = Loss(args.drop_out, args.per_group, args.icc)
    wish = Wish(_ASKED[name][0], getattr(args, name), named.sd if named else args.sd, args.power, loss)
    found = answer(wish)
    source = named.source if named else "your own"
    print(json.dumps(_document(found, source), indent=2) if args.json else _page(found, source))
    return 1 if any(isinstance(value, NotEstimable) for value in _numbers(found.line).values()) else 0


def _numbers(line: Line) -> dict[str, float | NotEstimable]:
    """The numbers of one line, by their name."""
    every = {"enrol": line.enrol, "complete": line.complete, "precision": line.precision, "change": line.change}
    return {name: value for name, value in every.items() if value is not None}


def _document(found: Answer, source: str) -> dict[str, object]:
    wish = found.wish
    return {
        "aim": wish.aim.value,
        "size": wish.size,
        "sd": wish.sd,
        "sd_source": source,
        "power": wish.power,
        "design_effect": wish.loss.design_effect,
        "expected": _row(found.line),
        "by_drop_out": [_row(line) for line in found.lines],
    }


def _row(line: Line) -> dict[str, object]:
    row: dict[str, object] = {"drop_out": line.drop_out}
    for name, value in _numbers(line).items():
        row[name] = {"not_estimable": value.reason.value} if isinstance(value, NotEstimable) else value
    return row


def _page(found: Answer, source: str) -> str:
    wish = found.wish
    lines = [f"sd of the change {wish.sd:.2f} points ({source}), power {wish.power:.0%}"]
    lines[0] += f", design effect {wish.loss.design_effect:.2f}"
    names = list(_numbers(found.line))
    lines.append("  ".join(["drop-out", *(f"{name:>12}" for name in names)]))
    for line in found.lines:
        cells = [f"{_said(value):>12}" for value in _numbers(line).values()]
        mark = "  <- expected" if line is found.line else ""
        lines.append("  ".join([f"{line.drop_out:>8.0%}", *cells]) + mark)
    return "\n".join(lines)


def _said(value: float | NotEstimable) -> str:
    if isinstance(value, NotEstimable):
        return value.reason.value
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def _between(lowest: float, highest: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not lowest <= value <= highest:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a number from {lowest:g} up to and including {highest:g}"
            )
        return value

    return read


def _whole(text: str) -> int:
    value = _between(2, 1_000_000)(text)
    if value != int(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of people")
    return int(value)
