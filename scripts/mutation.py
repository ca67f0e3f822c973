"""Mutation testing of the statistics: change them everywhere, one place at a time, and see whether a test notices.

`run` makes the changes in mutants/ (a copy) and runs those that no test has noticed yet, of all modules or of those
named; `table` prints a row per module; `survivors` prints the changes of some modules that no test noticed.
Works with the settings of [tool.mutmut] in pyproject.toml; docs/reference/mutation.md tells what was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant

PLACE = Path("mutants/service/measures")
FOUND, CHANGES = Path("mutants/found.txt"), Path("mutants/changes.txt")
#: How the tests ended: one failed, or they took so much longer than they should that they were stopped.
NOTICED = frozenset({1, 3, -24, -9})
UNTESTED = 33


def found_by_name() -> dict[str, int]:
    """How the tests of every change ended, the last time it was run."""
    lines = FOUND.read_text("utf-8").splitlines() if FOUND.exists() else []
    return {name: int(end) for name, end in (line.split() for line in lines)}


def modules() -> list[str]:
    """The modules that have anything to change."""
    return [path.name.removesuffix(".py.meta") for path in sorted(PLACE.glob("*.py.meta")) if changes_of(path)]


def changes_of(path: Path) -> list[str]:
    """The names of the changes of one module."""
    return list(json.loads(path.read_text("utf-8"))["exit_code_by_key"])


def outcomes(module: str) -> dict[str, int | None]:
    """Per change of a module, how the tests ended; None when it was not run."""
    found = found_by_name()
    return {name: found.get(name) for name in changes_of(PLACE / f"{module}.py.meta")}


def row(name: str, ends: Iterable[int | None]) -> str:
    """One row of the table."""
    all_of = list(ends)
    noticed, waiting = sum(end in NOTICED for end in all_of), all_of.count(None)
    score = f"{100 * noticed / len(all_of):.1f} %" if not waiting else f"not run yet: {waiting}"
    return f"| {name} | {len(all_of)} | {noticed} | {len(all_of) - noticed - waiting} | {score} |"


def table() -> None:
    """Print a row per module, and one of all that were run whole."""
    print("| module | changes | noticed | not noticed | score |\n|---|---:|---:|---:|---:|")
    whole: list[int | None] = []
    for module in modules():
        ends = list(outcomes(module).values())
        print(row(f"`{module}`", ends))
        whole += [] if None in ends else ends
    if whole:
        print(row("**modules that were run whole**", whole))


def survivors(module: str) -> None:
    """Print the lines of the changes that no test noticed."""
    for name, end in outcomes(module).items():
        if end is not None and end not in NOTICED:
            lines = get_diff_for_mutant(name, path=f"service/measures/{module}.py").splitlines()[2:]
            print(f"\n{name}{' (no test passes here)' if end == UNTESTED else ''}")
            print("\n".join(line for line in lines if line.startswith(("+", "-"))))


def run(chosen: Sequence[str]) -> int:
    """Make the changes and the map of which test passes where, then run what was not noticed yet."""
    bin_of = Path(sys.executable).parent
    first = subprocess.run([bin_of / "mutmut", "run", "--max-children", "2", "service.measures.steps.*"], check=False)
    if first.returncode:
        return first.returncode
    wanted = [name for module in chosen or modules() for name, end in outcomes(module).items() if end not in NOTICED]
    CHANGES.write_text("\n".join(wanted), "utf-8")
    settings = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    tests = [*settings["pytest_add_cli_args"], *settings["pytest_add_cli_args_test_selection"]]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "scripts.mutation_forked", "-q", "--rootdir=.", *tests],
        cwd="mutants",
        env={
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "MUTANT_UNDER_TEST": "",
            "PEIL_CHANGES": str(CHANGES.resolve()),
            "PEIL_FOUND": str(FOUND.resolve()),
        },
        check=False,
    ).returncode


def main() -> int:
    """Do what was asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("verb", choices=("run", "table", "survivors"))
    parser.add_argument("modules", nargs="*", help="names without service.measures")
    asked = parser.parse_args()
    if asked.verb == "run":
        return run(asked.modules)
    if asked.verb == "table":
        table()
    for module in asked.modules if asked.verb == "survivors" else ():
        survivors(module)
    return 0


if __name__ == "__main__":
    sys.exit(main())
