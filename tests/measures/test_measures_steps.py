"""One new answer cannot be read from a live figure before and after it."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from service.measures.steps import Awaited, settled

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def one_round(answers: int, silent: int = 0) -> list[Awaited]:
    """Everybody's window opens at the start and closes after thirty days; one answer a day."""
    people: list[Awaited] = [Awaited(n, START, START + 30 * DAY, START + n * DAY) for n in range(answers)]
    return people + [Awaited(100 + n, START, START + 30 * DAY, None) for n in range(silent)]


@pytest.mark.parametrize(
    ("days", "shown"), [(0, 0), (9, 0), (18, 0), (19, 10), (26, 10), (29.9, 10), (30, 27), (90, 27)]
)
def test_whole_tens_with_ten_kept_back_and_everybody_when_the_windows_have_closed(days: float, shown: int) -> None:
    assert len(settled(one_round(27, silent=5), START + days * DAY)) == shown


def test_nine_answers_are_nobody_and_ten_are_ten() -> None:
    assert len(settled(one_round(9), START + 60 * DAY)) == 0
    assert len(settled(one_round(10), START + 60 * DAY)) == 10
    assert settled([], START) == frozenset()


def test_a_few_late_answers_wait_for_the_next_step() -> None:
    late = [Awaited(50 + n, START, START + 30 * DAY, START + (31 + n) * DAY) for n in range(4)]
    assert len(settled(one_round(12) + late, START + 60 * DAY)) == 12
    next_round = [Awaited(70 + n, START + 50 * DAY, START + 55 * DAY, START + 51 * DAY) for n in range(6)]
    assert len(settled(one_round(12) + late + next_round, START + 60 * DAY)) == 22


def test_people_who_come_one_by_one_are_shown_in_tens() -> None:
    alone = [
        Awaited(n, START + n * 10 * DAY, START + (n * 10 + 5) * DAY, START + (n * 10 + 1) * DAY) for n in range(25)
    ]
    assert len(settled(alone, START + 400 * DAY)) == 20


@pytest.mark.parametrize("seed", range(20))
def test_whoever_looks_every_day_sees_only_steps_of_ten_people_or_more(seed: int) -> None:
    chance = random.Random(seed)
    people: list[Awaited] = []
    for number in range(chance.randint(8, 70)):
        opens = START + chance.randint(0, 200) * DAY
        closes = opens + 14 * DAY
        since = opens + chance.random() * 20 * DAY if chance.random() < 0.8 else None
        people.append(Awaited(number, opens, closes, since))
    seen: set[frozenset[object]] = set()
    for day in range(260):
        now = START + day * DAY
        # only who is known by then: later enrolments must not move what was shown
        seen.add(settled([one for one in people if one.opens_at <= now + 7 * DAY], now))
    groups = sorted(seen, key=len)
    assert all(smaller <= larger and len(larger - smaller) >= 10 for smaller, larger in itertools.pairwise(groups))
