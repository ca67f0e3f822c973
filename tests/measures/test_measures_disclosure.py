"""No figure about fewer than ten people, and none from which such a figure could be computed."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.disclosure import hidden_cells, may_show, may_show_total

cells = st.lists(st.integers(0, 40), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([], []),
        ([0, 0], [False, False]),
        ([20, 30], [False, False]),
        ([10, 12], [False, False]),
        ([9, 20, 30], [True, True, False]),  # one small cell: its complement goes too, the smallest
        ([30, 20, 9], [False, True, True]),
        ([5, 7, 40], [True, True, False]),  # two small cells that hold twelve together hide each other
        ([3, 4, 40, 15], [True, True, False, True]),  # seven together is still too few
        ([5, 0, 20], [True, False, True]),  # nobody is hidden behind a zero
        ([9, 9, 30], [True, True, False]),  # 8 and 10 would look the same
        ([9, 9, 9, 30], [True, True, True, True]),  # three that make 27 can only be three nines
        ([5], [True]),
        ([4, 0, 5], [True, True, True]),  # nine in all: nothing can be shown
    ],
)
def test_what_is_hidden_when_the_total_is_shown(counts: list[int], hidden: list[bool]) -> None:
    assert hidden_cells(counts, total_is_shown=True) == tuple(hidden)


def test_without_a_total_only_the_small_cells_are_hidden() -> None:
    assert hidden_cells([9, 20, 0, 1], total_is_shown=False) == (True, False, False, True)


def test_a_count_below_zero_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="fewer than zero"):
        hidden_cells([12, -1], total_is_shown=True)


def test_ten_people_may_be_shown_and_nine_may_not() -> None:
    assert may_show(10)
    assert not may_show(9)
    assert not may_show(0)


def test_a_total_that_gives_its_cells_away_is_not_shown() -> None:
    assert may_show_total([0, 0])
    assert may_show_total([5, 7])
    assert not may_show_total([5, 4])
    assert not may_show_total([9, 9, 9])
    assert may_show_total([9, 9, 9, 30])


@given(cells)
def test_no_cell_of_one_to_nine_people_is_ever_shown(counts: list[int]) -> None:
    for total_is_shown in (True, False):
        flags = hidden_cells(counts, total_is_shown=total_is_shown)
        assert all(flag for count, flag in zip(counts, flags, strict=True) if 0 < count < 10)


@given(cells)
def test_what_the_shown_total_leaves_for_the_hidden_cells_is_about_ten_people_or_more(counts: list[int]) -> None:
    flags = hidden_cells(counts, total_is_shown=True)
    hidden = [count for count, flag in zip(counts, flags, strict=True) if flag]
    if may_show_total(counts) and hidden:
        assert len(hidden) >= 2
        assert sum(hidden) >= 10


@given(cells)
def test_no_smaller_choice_would_do(counts: list[int]) -> None:
    """At most one cell more than the small ones is hidden, it is the smallest, and only when it must."""
    flags = hidden_cells(counts, total_is_shown=True)
    if not may_show_total(counts):
        return
    extra = [count for count, flag in zip(counts, flags, strict=True) if flag and not 0 < count < 10]
    small = [count for count in counts if 0 < count < 10]
    assert len(extra) <= 1
    if extra:
        assert extra == [min(count for count in counts if count >= 10)]
        assert len(small) == 1 or sum(small) < 10 or sum(small) in (len(small), 9 * len(small))


View = tuple[tuple[int | None, ...], int | None]


def views(counts: tuple[int, ...], threshold: int) -> Iterator[View]:
    """What a reader may get to see; equal cells may have changed places, since no one knows which of them is hidden."""
    for order in set(itertools.permutations(range(len(counts)))):
        shuffled = [counts[place] for place in order]
        flags = hidden_cells(shuffled, total_is_shown=True, threshold=threshold)
        placed = dict(zip(order, flags, strict=True))
        shown = tuple(None if placed[place] else count for place, count in enumerate(counts))
        yield shown, sum(counts) if may_show_total(counts, threshold) else None


@pytest.mark.parametrize(("threshold", "size", "largest"), [(3, 3, 9), (3, 4, 6), (4, 3, 12)])
def test_a_reader_who_knows_the_rule_cannot_compute_a_hidden_cell(threshold: int, size: int, largest: int) -> None:
    """Every table of a small world: for each view, a hidden cell has more than one value that could be true."""
    possible: dict[View, set[tuple[int, ...]]] = defaultdict(set)
    for counts in itertools.product(range(largest + 1), repeat=size):
        for view in views(counts, threshold):
            possible[view].add(counts)
    for (shown, total), tables in possible.items():
        if total is not None and total > largest:
            continue  # the small world ends here: larger cells that would also fit were not tried
        for place, count in enumerate(shown):
            assert count is not None or len({table[place] for table in tables}) > 1, (shown, total, tables)
