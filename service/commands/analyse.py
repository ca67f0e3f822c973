"""`peil analyse`: the figures of the dashboard again, from an exported long file. Needs no database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from service.bootstrap import load_instruments, load_render
from service.commands.figure_lines import figure_lines
from service.commands.file_faults import sentence
from service.exports.long_file import RefusedFile, read_long_file
from service.measures.analysis.analyse import analyse
from service.measures.analysis.plan import AnalysisPlan, PlanProblem, default_plan, from_plain
from service.measures.analysis.records import Records
from service.measures.analysis.result import Analysis, as_plain
from service.measures.instrument import Instrument
from service.messages.results.about import fault_sentence
from service.messages.results.names import names_of
from service.messages.results.sentences import render_text
from service.messages.results.telling import Telling, Texts
from service.settings import read_place

_DESCRIPTION = """\
Compute every figure of a programme again from the file that an evaluator downloads (/gegevens), as the pages do: the
same records and the same plan give the same figures. The result in sentences and every figure under its key, or with
--json all of it. Without --plan the default plan is used: the main score, from the first wave to the primary one.

A file that holds something wrong is refused, and everything wrong is named with its line. Who did not agree that an
evaluator reads along has no answers in the file: `withheld` says how many measurements those are."""

_MOST_SHOWN = 20


class Refused(Exception):
    """No figures can be made. Holds one sentence per problem."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Done:
    """One programme, the plan it was analysed by, and the result."""

    records: Records
    plan: AnalysisPlan
    analysis: Analysis


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `analyse`."""
    parser = subparsers.add_parser(
        "analyse",
        help="compute the figures of an exported file again",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help='the exported file (CSV); "-" for stdin')
    parser.add_argument("--programme", metavar="NAME", help="only this programme; default: all in the file")
    parser.add_argument("--plan", type=Path, metavar="PLAN.json", help="the analysis plan, as downloaded from its page")
    parser.add_argument(
        "--locked-on", type=date.fromisoformat, metavar="DATE", help="when that plan was locked, as its page says"
    )
    parser.add_argument("--json", action="store_true", help="every figure as JSON, one object per programme")
    parser.add_argument("--language", choices=("nl", "en"), default="en", help="of the sentences (default: en)")


def run(args: argparse.Namespace) -> int:
    """Print the figures. 0 when done, 1 when the file or the plan is not right: every problem is a line on stderr."""
    try:
        texts = load_render().catalogue.results
        instruments = load_instruments(read_place().instruments)
        chosen = _chosen(_records(args.file, instruments), args.programme)
        found = [_analysed(one, args.plan, args.locked_on) for one in chosen]
        _refuse_faults(found, texts)
    except Refused as refused:
        return _fail(refused.problems)
    if args.json:
        told = json.dumps([as_plain(done.analysis) for done in found], ensure_ascii=False, indent=2)
    else:
        told = "\n\n".join(_page(done, args.language, texts) for done in found)
    sys.stdout.write(f"{told}\n")
    return 0


def _records(name: str, instruments: Mapping[str, Instrument]) -> list[Records]:
    found = read_long_file(_text(name), instruments)
    if isinstance(found, RefusedFile):
        raise Refused(*(sentence(fault) for fault in found.faults))
    return found


def _text(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as wrong:
        raise Refused(f"{name} cannot be read: {wrong.strerror}.") from wrong
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise Refused(f"{name} is not UTF-8 text. Download the file again, or save it as CSV UTF-8.") from wrong


def _chosen(found: Sequence[Records], programme: str | None) -> list[Records]:
    chosen = [one for one in found if programme is None or one.programme == programme]
    if not chosen:
        known = ", ".join(one.programme for one in found)
        raise Refused(f"There is no programme {programme!r} in the file. It holds: {known}.")
    return chosen


def _analysed(records: Records, plan_file: Path | None, locked_on: date | None) -> _Done:
    plan = _plan(plan_file) if plan_file else None
    if plan is None:
        plan = default_plan(records.instrument, [wave.key for wave in records.waves], records.primary)
    return _Done(records, plan, analyse(records, plan, live=True, locked_on=locked_on if plan_file else None))


def _plan(path: Path) -> AnalysisPlan:
    try:
        plain = json.loads(path.read_text("utf-8-sig"))
    except OSError as wrong:
        raise Refused(f"{path} cannot be read: {wrong.strerror}.") from wrong
    except ValueError as wrong:
        raise Refused(f"{path} is no JSON ({wrong}). Download the plan again.") from wrong
    if not isinstance(plain, dict):
        raise Refused(f"{path} is not an analysis plan: it must be one JSON object with outcome, baseline and primary.")
    plan = from_plain(plain)
    if isinstance(plan, PlanProblem):
        expected = f" Expected: {plan.expected}." if plan.expected else ""
        raise Refused(f"{path}: {plan.field} cannot be read ({plan.found}).{expected}")
    return plan


def _refuse_faults(found: Iterable[_Done], texts: Texts) -> None:
    """Raises Refused when something is wrong with a series or with its plan."""
    problems = []
    for done in found:
        telling = Telling(done.analysis, names_of(done.records.instrument, done.records.waves, "en"), "en", texts)
        problems += [f"{done.records.programme}: {fault_sentence(one, telling)}" for one in done.analysis.faults]
    if problems:
        raise Refused(*problems)


def _page(done: _Done, language: str, texts: Texts) -> str:
    """The result in sentences, and below it every figure under its key."""
    plan, records = done.plan, done.records
    names = names_of(
        records.instrument, records.waves, language, outcome=plan.outcome, cutoff_set=plan.cutoff_set
    )  # fmt: skip
    told = render_text(done.analysis, names, language, texts)
    return "\n".join([records.programme, "=" * len(records.programme), "", told, *figure_lines(done.analysis)])


def _fail(problems: Sequence[str]) -> int:
    for problem in problems[:_MOST_SHOWN]:
        print(f"peil analyse: {problem}", file=sys.stderr)
    if len(problems) > _MOST_SHOWN:
        print(f"peil analyse: and {len(problems) - _MOST_SHOWN} more.", file=sys.stderr)
    return 1
