"""A file stays within 400 lines, a function within 30 statements (ruff counts those): small enough to read whole."""

from __future__ import annotations

import sys
from pathlib import Path

MOST_LINES = 400
MADE = {Path("migrations/versions/0001_shape.py")}  # written by Alembic
ROOMS = ("service", "tests", "migrations", "benchmarks", "scripts")


def main() -> int:
    """Name every file that is too long."""
    long = [
        (path, lines)
        for room in ROOMS
        for path in sorted(Path(room).rglob("*.py"))
        if path not in MADE
        and "node_modules" not in path.parts
        and (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    ]
    for path, lines in long:
        print(f"{path}: {lines} lines, more than {MOST_LINES}. Split it along what changes together.")
    return 1 if long else 0


if __name__ == "__main__":
    sys.exit(main())
