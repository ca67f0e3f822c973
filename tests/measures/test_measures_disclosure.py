"""No figure about fewer than ten people, and none from which such a figure could be computed."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.derivable import TooMuchWork, derivable
from service.measures.disclosure import Asked, Hidden, decide, may_show

CHANGE = (("t6m", 1), ("t0", -1))


def mean(key: str, people: Iterable[Hashable], *moments: tuple[str, int], rank: int = 0) -> Asked:
    """A figure about these people, whose values all differ."""
    return Asked(key, {person: float(place) for place, person in enumerate(people)}, moments or (("t0", 1),), rank)


def test_ten_people_may_be_shown_and_nine_may_not() -> None:
    assert may_show(10)
    assert not may_show(9)
    assert decide([mean("ten", range(10))]) == {"ten": None}
    assert decide([mean("nine", range(9))]) == {"nine": Hidden.TOO_FEW}
    assert decide([mean("nobody", ())]) == {"nobody": Hidden.TOO_FEW}
    assert decide([]) == {}


def test_a_series_of_one_person_is_never_shown() -> None:
    series = [mean(wave, ["p1"], (wave, 1)) for wave in ("t0", "t3m", "t6m")]
    assert set(decide(series).values()) == {Hidden.TOO_FEW}


def test_the_rest_of_a_total_is_hidden_with_the_small_cell_and_the_smallest_of_the_others_goes() -> None:
    sites = [mean("a", range(40)), mean("b", range(40, 60)), mean("c", range(60, 65))]
    assert set(decide(sites).values()) == {None, Hidden.TOO_FEW}
    with_total = decide([mean("all", range(65)), *sites])
    assert with_total == {"all": None, "a": None, "b": Hidden.DIFFERENCE, "c": Hidden.TOO_FEW}


def test_what_matters_more_is_shown_rather() -> None:
    found = decide([mean("all", range(65), rank=1), mean("nearly all", range(60))])
    assert found == {"all": Hidden.DIFFERENCE, "nearly all": None}


@pytest.mark.parametrize(("between", "reason"), [(1, Hidden.DIFFERENCE), (9, Hidden.DIFFERENCE), (10, None), (0, None)])
def test_one_group_in_another_is_shown_only_when_ten_people_or_nobody_is_in_between(
    between: int, reason: Hidden | None
) -> None:
    assert decide([mean("all", range(40)), mean("some", range(40 - between))])["some"] is reason


def test_two_periods_of_which_one_holds_the_other_are_two_groups() -> None:
    until_june, until_july = mean("until june", range(30)), mean("until july", range(33))
    assert decide([until_july, until_june])["until june"] is Hidden.DIFFERENCE


def test_a_small_cell_of_two_filters_together_is_found() -> None:
    """Two arms and two languages: nobody is small, but all minus arm A minus language X is (A and X) less the rest."""
    groups = {"aX": range(25), "aY": range(25, 50), "bX": range(50, 75), "bY": range(75, 80)}

    def of(*names: str) -> list[int]:
        return [person for name in names for person in groups[name]]

    everybody = mean("all", of(*groups))
    arm, language = mean("arm a", of("aX", "aY")), mean("language x", of("aX", "bX"))
    assert decide([everybody, arm, language]) == {"all": None, "arm a": None, "language x": None}
    corner = mean("a and x", of("aX"))
    assert decide([everybody, arm, language, corner])["a and x"] is Hidden.DIFFERENCE


def test_the_change_and_both_means_give_away_who_answered_once() -> None:
    """Thirty at the start, twenty-six later, twenty-five both times: six people have one score."""
    start, later, both = range(30), [*range(25), 30], range(25)
    asked = [
        mean("change", both, *CHANGE),
        mean("start", start, ("t0", 1), rank=1),
        mean("later", later, ("t6m", 1), rank=2),
        mean("before", both, ("t0", 1), rank=3),
    ]
    assert decide(asked) == {
        "change": None,
        "start": None,
        "later": Hidden.DIFFERENCE,
        "before": Hidden.DIFFERENCE,
    }


def test_waves_that_nothing_joins_do_not_hide_each_other() -> None:
    assert set(decide([mean("t0", range(40), ("t0", 1)), mean("t3", range(35), ("t3m", 1))]).values()) == {None}


@pytest.mark.parametrize("value", [0.0, 1.0, 6.0])
def test_one_value_for_all_says_what_every_person_answered(value: float) -> None:
    nobody_or_all = Asked("share", dict.fromkeys(range(30), value))
    assert decide([nobody_or_all]) == {"share": Hidden.ALL_THE_SAME}


def test_one_value_for_all_who_are_in_between_two_groups_is_not_shown_either() -> None:
    scores = {person: float(person % 7) if person < 20 else 6.0 for person in range(40)}
    found = decide([Asked("all", scores), Asked("first", {person: scores[person] for person in range(20)})])
    assert found == {"all": None, "first": Hidden.ALL_THE_SAME}


def test_a_key_stands_for_one_figure() -> None:
    with pytest.raises(ValueError, match="same key"):
        decide([mean("a", range(10)), mean("a", range(20))])


def test_what_cannot_be_checked_in_time_stays_closed() -> None:
    sums = [dict.fromkeys(people, (("t0", 1.0),)) for people in (range(20), range(10, 30))]
    with pytest.raises(TooMuchWork):
        derivable(sums, 9, steps=0)


def test_no_sums_give_nothing_away() -> None:
    assert not derivable([], 9)
    assert not derivable([{}], 9)


def by_brute_force(groups: list[frozenset[int]], people: int, few: int) -> bool:
    """For every group of at most `few` people: is there a combination that vanishes everywhere else?"""
    table = np.array([[float(person in group) for person in range(people)] for group in groups])
    whole = np.linalg.matrix_rank(table)
    return any(
        np.linalg.matrix_rank(np.delete(table, chosen, axis=1)) < whole
        for size in range(1, few + 1)
        for chosen in itertools.combinations(range(people), size)
    )


@given(st.lists(st.frozensets(st.integers(0, 9), min_size=1), min_size=1, max_size=5), st.integers(1, 4))
def test_the_search_finds_exactly_what_trying_every_group_finds(groups: list[frozenset[int]], few: int) -> None:
    assert derivable([dict.fromkeys(group, (("", 1),)) for group in groups], few) is by_brute_force(groups, 10, few)
