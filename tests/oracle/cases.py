"""The random data sets that R and Peil are both given, and how they are written down for R."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from service.measures.complete import Floats

Column = Floats
SEED, OF_EACH_KIND = 2026, 20


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A data set: its kind says what is computed (see oracle.R for the columns of each kind)."""

    kind: str
    number: int
    columns: Mapping[str, Column]

    @property
    def name(self) -> str:
        """As in the name of its file and in R's answers."""
        return f"{self.kind}_{self.number}"


def random_cases(seed: int = SEED, of_each: int = OF_EACH_KIND) -> list[Case]:
    """The same ones for the same seed."""
    chance = np.random.default_rng(seed)
    return [
        Case(kind, number, draw(chance))
        for kind, draw in DRAWN.items()
        for number in range(1, of_each + 1)
    ]  # fmt: skip


def write(cases: Sequence[Case], folder: Path) -> None:
    """One CSV per data set, every digit of every number."""
    for case in cases:
        with (folder / f"{case.name}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(case.columns)
            lines.writerows([repr(float(value)) for value in row] for row in zip(*case.columns.values(), strict=True))


def _mixed(chance: np.random.Generator) -> dict[str, Column]:
    """Three or four waves, later ones missing here and there; people differ clearly, so that no variance is zero."""
    people, waves = int(chance.integers(20, 80)), int(chance.integers(3, 5))
    person, time = np.repeat(np.arange(people), waves), np.tile(np.arange(waves), people)
    arm = person % 2
    y = (
        6
        - 0.3 * time
        - 0.2 * arm * time
        + 2 * chance.normal(size=people)[person]
        + 1.5 * chance.normal(size=len(person))
    )
    kept = (time == 0) | (chance.random(len(person)) > 0.25)
    return {
        name: column[kept].astype(float)
        for name, column in zip(("y", "person", "time", "arm"), (y, person, time, arm), strict=True)
    }


def _paired(chance: np.random.Generator) -> dict[str, Column]:
    level, n = chance.normal(6, 2, 200), int(chance.integers(5, 200))
    pre, post = (np.round(level + chance.normal(shift, 1.5, 200), 1) for shift in (0, -0.6))
    return {"pre": pre[:n], "post": post[:n]}


def _ends(chance: np.random.Generator) -> tuple[Column, Column]:
    """Days until one of two causes, or until the last day; somebody always stays to the end, and ties are many."""
    days = np.append(chance.integers(1, 366, int(chance.integers(30, 200))), 366)
    causes = np.append(chance.integers(0, 3, len(days) - 1), 0)
    return days.astype(float), causes.astype(float)


def _survival(chance: np.random.Generator) -> dict[str, Column]:
    time, cause = _ends(chance)
    return {"time": time, "event": (cause == 1).astype(float), "ask": np.full_like(time, 180)}


def _logrank(chance: np.random.Generator) -> dict[str, Column]:
    time, cause = _ends(chance)
    return {"time": time, "event": (cause == 1).astype(float), "group": np.arange(len(time)) % 3.0}


def _competing(chance: np.random.Generator) -> dict[str, Column]:
    time, cause = _ends(chance)
    return {"time": time, "cause": cause, "ask": np.full_like(time, 180)}


def _scale(chance: np.random.Generator) -> dict[str, Column]:
    people, items = int(chance.integers(40, 300)), int(chance.integers(3, 12))
    answers = chance.normal(size=(people, 1)) + chance.normal(size=(people, items)) > 0.3
    return {f"item{place + 1}": column.astype(float) for place, column in enumerate(answers.T)}


def _dropout(chance: np.random.Generator) -> dict[str, Column]:
    n = int(chance.integers(120, 400))
    score, arm = chance.integers(0, 12, n).astype(float), chance.integers(0, 2, n).astype(float)
    dropped = chance.random(n) < 1 / (1 + np.exp(1.5 - 0.1 * score + 0.4 * arm))
    return {"dropped": dropped.astype(float), "score": score, "arm": arm}


def _counts(chance: np.random.Generator) -> dict[str, Column]:
    of = int(chance.integers(2, 400))
    numbers = {
        "count": chance.integers(0, of + 1),
        "of": of,
        "entered": chance.integers(0, 30),
        "left": chance.integers(1, 30),
    }
    return {name: np.array([number], dtype=float) for name, number in numbers.items()}


DRAWN: Mapping[str, Callable[[np.random.Generator], dict[str, Column]]] = {
    "mixed": _mixed,
    "paired": _paired,
    "survival": _survival,
    "logrank": _logrank,
    "competing": _competing,
    "scale": _scale,
    "dropout": _dropout,
    "counts": _counts,
}
