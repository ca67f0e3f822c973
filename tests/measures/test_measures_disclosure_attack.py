"""An attacker with every published figure, every filter and linear algebra: nothing about one to nine people.

The attacker shares no code with the rule. It knows who is in which group (the worst case), takes every pair and triple
of published figures, every complement and union, and asks for every small group (each person, each cell of two crossed
filters, each cell that was hidden) whether its sum follows from the published sums. That the attacks are any good is
shown by the last test: without suppression they succeed.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from service.measures.disclosure import Asked, Hidden, decide

PEOPLE = 200
WAVES = ("t0", "t6m")
FILTERS: Mapping[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "arm": (("intervention", "waiting_list", "comparison"), (60, 35, 5)),
    "site": (("Zuid", "Noord", "West", "Oost"), (50, 35, 10, 5)),
    "language": (("nl", "tr", "ar", "pl"), (80, 12, 5, 3)),
    "mode": (("sms", "email", "paper"), (70, 20, 10)),
    "sex": (("f", "m", "not known"), (60, 35, 5)),
    "period": (("Q1", "Q2", "Q3", "Q4"), (25, 25, 25, 25)),
}
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Two hundred people with their groups, and their scores: a row per person, a column per wave, nan without."""

    groups: tuple[Mapping[str, str], ...]
    scores: Vector

    def people(self, **wanted: str) -> list[int]:
        return [n for n, of in enumerate(self.groups) if all(of[key] == value for key, value in wanted.items())]


def make_world(seed: int) -> World:
    chance = random.Random(seed)
    groups = tuple(
        {name: chance.choices(values, weights)[0] for name, (values, weights) in FILTERS.items()} for _ in range(PEOPLE)
    )
    scores = np.full((PEOPLE, 2), np.nan)
    for person in range(PEOPLE):
        before = chance.randint(0, 6)
        if chance.random() < 0.95:
            scores[person, 0] = before
        if chance.random() < 0.8:
            scores[person, 1] = min(6, max(0, before + chance.choice((-2, -1, -1, 0, 0, 1))))
    return World(groups, scores)


def table(world: World, name: str, people: list[int], rank: int) -> list[Asked]:
    """The change, both means and the share of severe loneliness of one group."""
    start = {n: float(world.scores[n, 0]) for n in people if not np.isnan(world.scores[n, 0])}
    later = {n: float(world.scores[n, 1]) for n in people if not np.isnan(world.scores[n, 1])}
    change = {n: later[n] - start[n] for n in later if n in start}
    severe = {n: float(value >= 5) for n, value in start.items()}
    return [
        Asked(f"{name}: change", change, (("t6m", 1), ("t0", -1)), rank),
        Asked(f"{name}: t0", start, (("t0", 1),), rank + 1),
        Asked(f"{name}: t6m", later, (("t6m", 1),), rank + 2),
        Asked(f"{name}: severe", severe, (("severe at t0", 1),), rank + 1),
    ]


def tables(world: World) -> list[Asked]:
    """The whole group, and every filter."""
    asked = table(world, "all", list(range(PEOPLE)), 0)
    for key, (values, _) in FILTERS.items():
        for value in values:
            asked += table(world, f"{key}={value}", world.people(**{key: value}), 10)
    return asked


def as_vector(figure: Asked, columns: tuple[str, ...]) -> Vector:
    """One figure as the weights it gives to every value of every person: people x columns."""
    found = np.zeros((PEOPLE, len(columns)))
    for moment, sign in figure.moments:
        found[list(figure.values), columns.index(moment)] = sign
    return found


def about(combination: Vector) -> int:
    """How many people a combination is about."""
    return int(np.any(np.abs(combination) > 1e-7, axis=1).sum())


def by_pairs_and_triples(shown: list[Vector]) -> Iterator[Vector]:
    """Differences, unions, complements of a total, and what is left of a total after two of its parts."""
    for first, second in itertools.combinations(shown, 2):
        yield first - second
        yield first + second
    for chosen in itertools.combinations(shown, 3):
        for signs in ((1, -1, -1), (-1, 1, -1), (-1, -1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1)):
            yield sum((sign * one for sign, one in zip(signs, chosen, strict=True)), np.zeros_like(chosen[0]))


def small_groups(world: World, asked: list[Asked], columns: tuple[str, ...]) -> Iterator[Vector]:
    """Every person, every hidden figure and every small cell: what one would like to know."""
    for person in range(PEOPLE):
        for column in range(len(columns)):
            wanted = np.zeros((PEOPLE, len(columns)))
            wanted[person, column] = 1
            yield wanted
    for figure in asked:
        if 0 < len(figure.values) < 10:
            yield as_vector(figure, columns)
    yield from crossed_cells(world, columns)


def crossed_cells(world: World, columns: tuple[str, ...]) -> Iterator[Vector]:
    """Every cell of two filters with one to nine people."""
    for one, two in itertools.combinations(FILTERS, 2):
        for value, other in itertools.product(FILTERS[one][0], FILTERS[two][0]):
            people = world.people(**{one: value, two: other})
            for figure in table(world, "cell", people, 0):
                if 0 < len(figure.values) < 10 and {moment for moment, _ in figure.moments} <= set(columns):
                    yield as_vector(figure, columns)


def derived(world: World, asked: list[Asked], shown: set[str], columns: tuple[str, ...]) -> int:
    """How many figures about one to nine people the attacker gets."""
    here = [figure for figure in asked if {moment for moment, _ in figure.moments} <= set(columns)]
    vectors = [as_vector(figure, columns) for figure in here if figure.key in shown]
    if not vectors:
        return 0
    found = sum(0 < about(combination) < 10 for combination in by_pairs_and_triples(vectors))
    # A group's sum follows from the published sums when it lies in what they span.
    spanning = np.array([vector.ravel() for vector in vectors])
    _, sizes, right = np.linalg.svd(spanning, full_matrices=False)
    right = right[sizes > 1e-9 * max(spanning.shape)]
    wanted = np.array([vector.ravel() for vector in small_groups(world, here, columns)])
    left = wanted - wanted @ right.T @ right
    return found + int((np.abs(left).max(axis=1) < 1e-7).sum())


def attack(seed: int, *, suppressed: bool) -> tuple[int, int, int]:
    """How many figures about a few people follow, how many figures are shown, how many were asked."""
    world = make_world(seed)
    asked = tables(world)
    decisions = decide(asked)
    assert Hidden.NOT_CHECKED not in decisions.values()
    shown = {key for key, reason in decisions.items() if not suppressed or reason is None}
    found = derived(world, asked, shown, WAVES) + derived(world, asked, shown, ("severe at t0",))
    return found, len(shown), len(asked)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 20, 61])
def test_every_table_for_every_filter_gives_nothing_away(seed: int) -> None:
    found, shown, asked = attack(seed, suppressed=True)
    assert found == 0
    assert shown > asked / 3, "hiding everything is no art"


@pytest.mark.slow
def test_the_same_attack_succeeds_when_nothing_is_hidden() -> None:
    found, _, _ = attack(3, suppressed=False)
    assert found > 100


def test_the_attack_finds_the_one_person_between_two_filters() -> None:
    """Also in the quick run: the attacker sees through a careless pair, and the rule does not show that pair."""
    world = make_world(3)
    complete = [n for n in range(PEOPLE) if not np.isnan(world.scores[n]).any()]
    pair = [table(world, "all", complete, 0)[1], table(world, "all but one", complete[1:], 0)[1]]
    assert derived(world, pair, {figure.key for figure in pair}, WAVES) > 0
    decisions = decide(pair)
    assert decisions["all but one: t0"] is Hidden.DIFFERENCE
    assert derived(world, pair, {key for key, reason in decisions.items() if reason is None}, WAVES) == 0
