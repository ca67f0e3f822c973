"""One log of many processes: every child writes a file of its own, and each line is shown with its name before it.

Files and not pipes: a child never blocks or breaks when nobody reads, and its last words survive.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

WIDTH = 9
LARGEST = 20 * 1024 * 1024


class Log:
    """Follows the children's files and writes what is new to the terminal and to `peil.log`."""

    def __init__(self, folder: Path, *, terminal: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._positions: dict[str, int] = {}
        self._paths: dict[str, Path] = {}
        self._terminal = terminal
        self._quiet: set[str] = set()
        self.path = folder / "peil.log"

    def follow(self, name: str, path: Path | None = None, *, quiet: bool = False) -> Path:
        """From now on show what is added to this child's file; returns the file. `quiet`: in peil.log only."""
        if quiet:
            self._quiet.add(name)
        path = path or self._folder / f"{name}.log"
        if name not in self._paths:
            self._paths[name] = path
            self._positions[name] = path.stat().st_size if path.exists() else 0
        return path

    def pump(self) -> None:
        """Show what has been added since the last time."""
        for name, path in self._paths.items():
            if path.exists() and path.stat().st_size > self._positions[name]:
                self._show(name, self._new_lines(name, path))

    def say(self, line: str) -> None:
        """A line of the supervisor itself."""
        self._show("peil", [line])

    def _new_lines(self, name: str, path: Path) -> list[str]:
        with path.open("rb") as file:
            file.seek(self._positions[name])
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._positions[name] += len(whole)
        if self._positions[name] > LARGEST and whole == new:
            os.truncate(path, 0)  # the children append, so they go on at the beginning
            self._positions[name] = 0
        return whole.decode(errors="replace").splitlines()

    def _show(self, name: str, lines: list[str]) -> None:
        text = "".join(f"{name:<{WIDTH}}| {line}\n" for line in lines)
        if self.path.exists() and self.path.stat().st_size > LARGEST:
            self.path.replace(self.path.with_suffix(".log.1"))
        with self.path.open("a", encoding="utf-8") as file:
            file.write(text)
        if self._terminal and name not in self._quiet:
            try:
                sys.stdout.write(text)
                sys.stdout.flush()
            except (BrokenPipeError, OSError):  # whoever read our output has gone: the file goes on
                self._terminal = False
