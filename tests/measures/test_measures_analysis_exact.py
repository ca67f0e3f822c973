"""The search for what follows from sums is exact, and what is hidden as the same for all does not follow either."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.measures.analysis.analyse import analyse
from service.measures.derivable import Moments, TooMuchWork, derivable
from service.measures.disclosure import Asked, Hidden, decide
from tests.measures.analysis_scene import made_up, plan_of

PEOPLE = 11
NAMES = ("a", "b", "c")
Matrix = NDArray[np.float64]
#: A few kinds of moments, so that people often count alike, and some only nearly so.
kinds = st.sampled_from(
    [
        (),
        (("a", 1.0),),
        (("b", 1.0),),
        (("a", 1.0), ("b", -1.0)),
        (("a", 2.0),),
        (("a", 1.0), ("c", 0.5)),
        (("c", 1.0),),
    ]
)


@st.composite
def sums(draw: st.DrawFn) -> list[dict[int, Moments]]:
    """Up to six figures about groups of people who mostly stand together."""
    of_group = draw(st.lists(st.integers(0, 3), min_size=PEOPLE, max_size=PEOPLE))
    figures = []
    for _ in range(draw(st.integers(1, 6))):
        by_group = draw(st.lists(kinds, min_size=4, max_size=4))
        odd = draw(st.dictionaries(st.integers(0, PEOPLE - 1), kinds, max_size=2))
        of_person = {person: odd.get(person, by_group[group]) for person, group in enumerate(of_group)}
        figures.append({person: moments for person, moments in of_person.items() if moments})
    return figures


def as_matrix(figures: list[dict[int, Moments]]) -> Matrix:
    """Figures x people x moments."""
    table = np.zeros((len(figures), PEOPLE, len(NAMES)))
    for place, figure in enumerate(figures):
        for person, moments in figure.items():
            for name, weight in moments:
                table[place, person, NAMES.index(name)] += weight
    return table


def rank(table: Matrix) -> int:
    return int(np.linalg.matrix_rank(table.reshape(len(table), -1))) if table.size else 0


def gives_away(table: Matrix, few: int) -> bool:
    """For every group of at most `few` people: is there a combination that vanishes everywhere else?"""
    whole = rank(table)
    return any(
        rank(np.delete(table, chosen, axis=1)) < whole
        for size in range(1, few + 1)
        for chosen in itertools.combinations(range(PEOPLE), size)
    )


@settings(max_examples=150)
@given(sums(), st.integers(1, 3))
def test_the_search_finds_what_trying_every_group_finds(figures: list[dict[int, Moments]], few: int) -> None:
    assert derivable(figures, few) is gives_away(as_matrix(figures), few)


@settings(max_examples=80)
@given(sums(), st.data())
def test_neither_a_few_people_nor_one_value_for_all_follows_from_what_is_shown(
    figures: list[dict[int, Moments]], data: st.DataObject
) -> None:
    values = [
        {person: float(person % spread) for person in figure}
        for figure in figures
        for spread in [data.draw(st.sampled_from([1, 3]))]
    ]
    asked = [
        Asked(str(place), values[place], (), place % 2, own=figure) for place, figure in enumerate(figures) if figure
    ]
    found = decide(asked, threshold=4)
    shown = as_matrix([figures[int(key)] for key, reason in found.items() if reason is None])
    assert Hidden.NOT_CHECKED not in found.values()
    assert not gives_away(shown, 3)
    for key, reason in found.items():
        if reason is Hidden.ALL_THE_SAME and len(set(values[int(key)].values())) == 1:
            assert rank(np.concatenate([shown, as_matrix([figures[int(key)]])])) > rank(shown)


def test_groups_that_share_no_people_are_searched_apart_and_given_up_apart() -> None:
    """What cannot be searched in one arm stays closed there, and opens nothing in the other."""
    with pytest.raises(TooMuchWork):
        derivable([{1: (("a", 1.0),)}], 9, steps=0)
    one = dict.fromkeys(range(30), (("a", 1.0),))
    other = dict.fromkeys(range(100, 125), (("a", 1.0),))
    figures = [
        Asked(name, {person: float(person) for person in group}, (("a", 1.0),))
        for name, group in (("one", one), ("one but five", dict(list(one.items())[5:])), ("other", other))
    ]
    assert decide(figures) == {"one": None, "one but five": Hidden.DIFFERENCE, "other": None}


@pytest.mark.parametrize(("people", "others", "skipped"), [(60, 50, 0.05), (45, 40, 0.1), (200, 100, 0.02)])
def test_a_programme_of_ordinary_size_is_searched_to_the_end(people: int, others: int, skipped: float) -> None:
    records = made_up(people, others, skipped=skipped)
    found = analyse(records, plan_of(records), live=True)
    assert Hidden.NOT_CHECKED not in {figure.hidden for figure in found.figures.values()}
