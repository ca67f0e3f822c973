"""Planning, seen from the answer: every number in a line is that of the aim, the power and the losses asked for."""

from __future__ import annotations

import pytest

from service.measures.estimate import NotEstimable, Reason
from service.measures.power import (
    Loss,
    complete_of,
    detectable_change,
    enrolled,
    half_width,
    people_for_change,
    people_for_equivalence,
    people_for_precision,
    people_per_arm,
)
from service.measures.study_size import Aim, Line, Wish, answer

LOSS = Loss(0.25, per_group=8, icc=0.05)


@pytest.mark.parametrize(
    ("aim", "each", "arms"),
    [
        (Aim.CHANGE, people_for_change(0.6, 2.0, 0.9), 1),
        (Aim.PRECISION, people_for_precision(0.6, 2.0), 1),
        (Aim.ARMS, people_per_arm(0.6, 2.0, 0.9), 2),
        (Aim.SAME, people_for_equivalence(0.6, 2.0, 0.9), 1),
    ],
)
def test_a_line_holds_the_people_of_its_aim_with_and_without_losses(
    aim: Aim, each: int | NotEstimable, arms: int
) -> None:
    assert isinstance(each, int)
    complete, enrol = enrolled(each, Loss(0.0, per_group=8, icc=0.05)), enrolled(each, LOSS)
    assert isinstance(complete, int)
    assert isinstance(enrol, int)
    assert answer(Wish(aim, 0.6, 2.0, 0.9, LOSS)).line == Line(0.25, complete * arms, enrol * arms)


@pytest.mark.parametrize("aim", [Aim.CHANGE, Aim.PRECISION, Aim.ARMS, Aim.SAME])
def test_a_size_that_cannot_be_says_so_in_every_place(aim: Aim) -> None:
    why = NotEstimable(Reason.OUT_OF_RANGE)
    assert answer(Wish(aim, -1.0 if aim in {Aim.PRECISION, Aim.SAME} else 0.0, 2.0, 0.8, LOSS)).line == Line(
        0.25, why, why
    )


@pytest.mark.parametrize("aim", [Aim.CHANGE, Aim.ARMS])
def test_a_size_that_enough_people_can_show_and_the_enrolled_cannot(aim: Aim) -> None:
    found = answer(Wish(aim, 0.004, 1.0, 0.8, Loss(0.9))).line
    assert isinstance(found.complete, int)
    assert found.enrol == NotEstimable(Reason.OUT_OF_RANGE, {"most": 1_000_000})


def test_groups_alike_can_make_a_plan_impossible_before_anybody_drops_out() -> None:
    found = answer(Wish(Aim.CHANGE, 0.004, 1.0, 0.8, Loss(0.0, per_group=20, icc=0.5))).line
    assert found.complete == found.enrol == NotEstimable(Reason.OUT_OF_RANGE, {"most": 1_000_000})


def test_what_so_many_people_can_show_is_of_those_who_count() -> None:
    found = answer(Wish(Aim.PEOPLE, 120, 2.0, 0.9, LOSS)).line
    independent = complete_of(120, LOSS)
    assert independent == 66
    assert found == Line(0.25, 90, 120, half_width(66, 2.0), detectable_change(66, 2.0, 0.9))


def test_what_people_can_show_with_losses_that_cannot_be_says_so() -> None:
    why = NotEstimable(Reason.OUT_OF_RANGE)
    assert answer(Wish(Aim.PEOPLE, 120, 2.0, 0.8, Loss(0.25, per_group=0))).line == Line(0.25, 90, 120, why, why)
