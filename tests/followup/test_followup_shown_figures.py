"""Which outcomes of a programme stand on its page together."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from service.followup.figures import Figures
from service.followup.outcomes import WaveFacts
from service.measures.disclosure import Hidden
from tests.followup.test_followup_figures import AFTER, CLOSES, OPENS, SILENT, Row, of, page_of

Pair = tuple[int | None, int | None]


def both(count: int) -> list[Pair]:
    """People who answered twice, not all the same."""
    return [(number % 6, (number * 2) % 5) for number in range(count)]


def page(pairs: list[Pair]) -> Figures:
    found = of(pairs)
    assert isinstance(found, Figures)
    return found


def test_when_everybody_answered_twice_everything_is_shown() -> None:
    found = page(both(12))
    assert found.change is not None
    assert found.before_after is not None
    assert found.baseline.course is not None
    assert found.primary.course is not None
    assert found.primary.hidden is None


def test_five_who_only_answered_at_the_start_do_not_follow_from_the_rest() -> None:
    """Mean at the start and mean at the start of the pairs would give the mean of the five who fell silent."""
    found = page(both(20) + [(6, None)] * 5)
    assert found.change is not None
    assert found.baseline.course is not None
    assert found.baseline.course.n == 25
    assert found.before_after is None
    assert (found.primary.course, found.primary.hidden) == (None, Hidden.DIFFERENCE)


def test_ten_who_only_answered_at_the_start_hide_nothing() -> None:
    found = page(both(20) + [(number % 3, None) for number in range(10)])
    assert found.before_after is not None
    assert found.primary.course is not None


def test_what_is_hidden_says_why() -> None:
    found = page(both(9))
    assert (found.change, found.change_hidden) == (None, Hidden.TOO_FEW)
    assert (found.baseline.course, found.baseline.hidden) == (None, Hidden.TOO_FEW)
    same = page([(5, 3)] * 12)
    assert (same.change, same.change_hidden) == (None, Hidden.ALL_THE_SAME)
    assert same.baseline.hidden is Hidden.ALL_THE_SAME


def test_the_change_carries_no_mean_of_the_pairs() -> None:
    change = page(both(12)).change
    assert not hasattr(change, "mean_pre")
    assert not hasattr(change, "mean_post")


def answers_by(now: datetime, count: int) -> Figures:
    """One person a day answers the first questions, all in one window."""
    rows = []
    for number in range(count):
        at = OPENS + timedelta(hours=6 * number)
        facts: WaveFacts = replace(SILENT, scored=at <= now, answered=at <= now, completed_at=at if at <= now else None)
        rows.append(Row(uuid.UUID(int=number), "t0", number % 7 if at <= now else None, facts))
    return page_of(rows, now)


def test_one_new_answer_does_not_move_the_mean() -> None:
    """Whoever looks after every answer sees nothing, then ten people, then twenty, and at the end everybody."""
    seen = []
    for number in range(27):
        course = answers_by(OPENS + timedelta(hours=6 * number), 27).baseline.course
        seen.append(course.n if course else 0)
    assert seen == [0] * 19 + [10] * 8
    assert answers_by(AFTER, 27).baseline.course.n == 27  # type: ignore[union-attr]


def test_who_waits_for_the_next_step_is_counted_and_named() -> None:
    early = answers_by(OPENS + timedelta(hours=6 * 12), 27).baseline
    assert (early.course, early.hidden, early.valid, early.waiting) == (None, Hidden.WAITING, 13, 13)
    later = answers_by(OPENS + timedelta(hours=6 * 21), 27).baseline
    assert (later.hidden, later.valid, later.waiting) == (None, 22, 12)
    assert answers_by(CLOSES, 27).baseline.waiting == 0
