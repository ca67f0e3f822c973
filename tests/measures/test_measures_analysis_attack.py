"""From all figures of an analysis together nothing follows about one to nine people, whoever fell silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from service.measures.analysis.analyse import analyse
from service.measures.analysis.plan import Subgroup
from service.measures.analysis.records import Records
from service.measures.disclosure import Asked, Hidden
from tests.measures.analysis_attack import Attacker
from tests.measures.analysis_scene import Somebody, made_up, plan_of, records_of

SEEDS = (*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 12)))


def world(seed: int) -> Records:
    """Eleven to sixty people, of whom one to nine miss each of the waves, skip an item, had help or another mode."""
    chance = np.random.default_rng(seed)
    size = int(chance.integers(11, 61))
    base = made_up(size, seed=seed + 100, silent=0.0, skipped=0.0)
    codes = {(one.enrolment, one.wave): dict(one.codes) for one in base.measurements}
    some = {name: set(chance.permutation(size)[: int(chance.integers(1, 10))]) for name in ("t0", "t3m", "t6m")}
    skips = set(chance.permutation(size)[: int(chance.integers(0, 10))])
    other = set(chance.permutation(size)[: int(chance.integers(0, 10))])
    people = []
    for number, person in enumerate(base.enrolments):
        answers = {name: {} if number in who else codes[person.key, name] for name, who in some.items()}
        if number in skips:
            wave, item = str(chance.choice(list(some))), int(chance.integers(1, 12))
            answers[wave] = {key: code for key, code in answers[wave].items() if key != item}
        mode = {"t6m": "web"} if number in other else {}
        people.append(Somebody(answers, mode=mode, helped=number in other and number % 2 == 0))
    made = records_of(people)
    ages = {person.key: person.age_group for person in base.enrolments}
    return replace(made, enrolments=tuple(replace(one, age_group=ages[one.key]) for one in made.enrolments))


def attack(seed: int) -> list[set[str]]:
    records = world(seed)
    plan = plan_of(records, subgroups=(Subgroup.AGE,))
    return Attacker(records, plan, analyse(records, plan, live=False)).succeeds()


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_follows_about_a_few_people(seed: int) -> None:
    assert attack(seed) == []


def test_without_the_rule_the_attack_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_to_all(asked: Sequence[Asked]) -> dict[str, Hidden | None]:
        return {figure.key: None for figure in asked}

    monkeypatch.setattr("service.measures.analysis.sheet.decide", open_to_all)
    assert all(attack(seed) for seed in range(2))
