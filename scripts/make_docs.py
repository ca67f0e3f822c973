"""Print the pages of docs/reference that come from the code; `--check` only says whether they are up to date."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from service.__main__ import make_parser
from service.measures.analysis.result import FORMAT
from service.messages.results.label_words import LABELS
from service.settings import SETTINGS
from tests.spec import statistics_page

NOTE = "<!-- Printed by `make docs` from the code; change it there. -->"


def settings() -> str:
    """Every name in the environment."""
    rows = "\n".join(f"| `{s.name}` | {s.meaning} | {s.default or '-'} |" for s in SETTINGS)
    secret = ", ".join(f"`{s.name}`" for s in SETTINGS if s.secret)
    return f"""{NOTE}
# Settings

Read once, at the start, from the environment. `NAME_FILE` names a file that holds the value instead; use that for the
secret ones ({secret}). Everything that is wrong is reported at once, and nothing starts.

| name | meaning | default |
|---|---|---|
{rows}

Without Twilio no SMS is sent, without SMTP no e-mail; every staff page says so. Practice numbers
([which cannot exist](practice-numbers.md)) are accepted only while `TWILIO_API_URL` points at this machine.
"""


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and everything under it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from parsers(child)


def commands() -> str:
    """The help of every verb."""
    os.environ["COLUMNS"] = "110"
    helps = "\n".join(f"## `{p.prog}`\n\n```text\n{p.format_help().rstrip()}\n```\n" for p in parsers(make_parser()))
    return f"{NOTE}\n# Commands\n\n{helps}"


def analysis() -> str:
    """Every key of an analysis."""
    rows = "\n".join(f"| `{key}` | {words.en} | {words.nl} |" for key, words in LABELS.items())
    return f"""{NOTE}
# The figures of an analysis

One calculation (`service/measures/analysis/analyse.py`) makes all figures of a programme: for the pages, the
snapshots of a reference date, and `peil analyse` on an exported file. Each figure has a key that does not change;
format {FORMAT}. In the keys `arm` is intervention, waiting_list or comparison; `wave` a wave of the protocol; `score`,
`band` and `item` are those of the questionnaire.

A figure has a `unit`, a `value` with `low` and `high` (95%, or the `level` in its `detail`), the people `n` it rests
on `of` how many, and a `detail` (degrees of freedom, p). Without a value it has `hidden` (why it is
[not shown](disclosure.md)) or `reason` (why it cannot be estimated). Points are points of the score: a change is the
later score minus the first, so that improvement is negative on a scale where higher is lonelier.

| key | English | Nederlands |
|---|---|---|
{rows}
"""


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "commands.md": commands,
    "analysis.md": analysis,
    "statistics.md": statistics_page.render,
}


def main() -> int:
    """Write, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / "docs" / "reference" / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, "utf-8")
    if check and stale:
        print(f"Not up to date in docs/reference: {', '.join(stale)}. Run `make docs`.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
