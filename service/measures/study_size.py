"""The question of somebody who plans a programme, and its answer: how many people, or what so many people can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from service.measures.estimate import NotEstimable
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

#: Drop-outs that stand in the table beside the expected one.
DROP_OUTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)


class Aim(StrEnum):
    """What somebody wants."""

    CHANGE = "change"  # notice a mean change of `size` points
    PRECISION = "precision"  # know the mean change to `size` points to either side
    ARMS = "arms"  # notice a difference in change of `size` points with an equally large comparison group
    SAME = "same"  # show that the change lies within `size` points of nothing, when it is nothing
    PEOPLE = "people"  # know what `size` enrolled people can show


@dataclass(frozen=True, slots=True)
class NamedSd:
    """A standard deviation of the change between two measurements of one instrument, in points, with its source."""

    key: str
    instrument: str
    sd: float
    source: str


_TWICE = "Hodgetts, Williams & Butler (CC BY 4.0, github.com/gpwilliams/covid-gaming)"
#: Of measures.md 4.3 and 4.9. Provisional: both moments were asked about at once, and not of older people.
NAMED_SDS: Sequence[NamedSd] = (
    NamedSd("djg11", "djg11", 2.5, "Peil"),
    NamedSd("djg11_twice", "djg11", 1.609682, f"{_TWICE}, n = 131"),
    NamedSd("djg6_twice", "djg6", 1.125967, f"{_TWICE}, n = 131"),
    NamedSd("ucla3_twice", "ucla3", 1.460992, f"{_TWICE}, n = 350"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A question: `size` in points (people for Aim.PEOPLE), `sd` of the change in points, chance `power`."""

    aim: Aim
    size: float
    sd: float
    power: float = 0.8
    loss: Loss = field(default_factory=Loss)


@dataclass(frozen=True, slots=True)
class Line:
    """One drop-out: people with two measurements and people to enrol, both arms together.

    For Aim.PEOPLE also what they can show, in points: `precision` to either side, and the `change` that is noticed.
    """

    drop_out: float
    complete: int | NotEstimable
    enrol: int | NotEstimable
    precision: float | NotEstimable | None = None
    change: float | NotEstimable | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The line of the expected drop-out, and those of other drop-outs in order (the expected one among them)."""

    wish: Wish
    line: Line
    lines: tuple[Line, ...]


def answer(wish: Wish) -> Answer:
    """The answer. Every number is there or says why it is not; see measures/power.py for the formulas."""
    drop_outs = sorted({*DROP_OUTS, wish.loss.drop_out})
    lines = tuple(_line(replace(wish, loss=replace(wish.loss, drop_out=share))) for share in drop_outs)
    return Answer(wish, next(line for line in lines if line.drop_out == wish.loss.drop_out), lines)


def _line(wish: Wish) -> Line:
    if wish.aim is Aim.PEOPLE:
        return _shown_by(wish)
    arms = 2 if wish.aim is Aim.ARMS else 1
    each = _people(wish)
    complete = enrolled(each, replace(wish.loss, drop_out=0.0)) if isinstance(each, int) else each
    enrol = enrolled(each, wish.loss) if isinstance(each, int) else each
    return Line(
        wish.loss.drop_out,
        complete * arms if isinstance(complete, int) else complete,
        enrol * arms if isinstance(enrol, int) else enrol,
    )


def _people(wish: Wish) -> int | NotEstimable:
    """Independent people with two measurements (of one arm)."""
    if wish.aim is Aim.PRECISION:
        return people_for_precision(wish.size, wish.sd)
    if wish.aim is Aim.ARMS:
        return people_per_arm(wish.size, wish.sd, wish.power)
    if wish.aim is Aim.SAME:
        return people_for_equivalence(wish.size, wish.sd, wish.power)
    return people_for_change(wish.size, wish.sd, wish.power)


def _shown_by(wish: Wish) -> Line:
    people = int(wish.size)
    complete = complete_of(people, Loss(wish.loss.drop_out))
    independent = complete_of(people, wish.loss)
    if isinstance(independent, NotEstimable):
        return Line(wish.loss.drop_out, complete, people, independent, independent)
    return Line(
        wish.loss.drop_out,
        complete,
        people,
        half_width(independent, wish.sd),
        detectable_change(independent, wish.sd, wish.power),
    )
