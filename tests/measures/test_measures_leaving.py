"""What counts as dropping out of a programme, and the curves that rest on it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.followup.participation import DROP_OUT, ExitKind
from service.measures.competing import incidence_at
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.leaving import (
    CAUSES,
    MEANING,
    Exit,
    Leaving,
    LeavingCurves,
    NotFollowed,
    Spell,
    Stay,
    leaving_curves,
    spell,
)
from service.measures.survival import survival_at

START = date(2026, 1, 5)
CUT = date(2026, 12, 31)
END = date(2026, 7, 5)


def day(number: int) -> date:
    return START + timedelta(days=number)


def test_every_way_to_leave_has_one_meaning_and_the_two_rooms_name_the_same_drop_out() -> None:
    assert [kind.value for kind in Exit] == [kind.value for kind in ExitKind]
    assert set(MEANING) == set(Exit)
    assert {kind.value for kind, meaning in MEANING.items() if meaning is Leaving.DROPPED_OUT} == {
        kind.value for kind in DROP_OUT
    }


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (Exit.STOPPED, Leaving.DROPPED_OUT),
        (Exit.NO_CONTACT, Leaving.DROPPED_OUT),
        (Exit.DECEASED, Leaving.DIED),
        (Exit.MOVED, Leaving.MOVED),
        (Exit.NO_LONGER_NEEDED, Leaving.NO_LONGER_NEEDED),
        (Exit.ILL, Leaving.OTHER),
        (Exit.REFERRED_ON, Leaving.OTHER),
        (Exit.COMPLETED, Leaving.STILL_THERE),
    ],
)
def test_an_exit_counts_on_its_own_day(kind: Exit, end: Leaving) -> None:
    assert spell(Stay(START, kind, day(40), planned_end=END), CUT) == Spell(40, end)


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        pytest.param(Stay(START), Spell(360, Leaving.STILL_THERE), id="taking part until the reference date"),
        pytest.param(Stay(START, planned_end=END), Spell(181, Leaving.STILL_THERE), id="until the planned end"),
        pytest.param(
            Stay(START, Exit.STOPPED, CUT), Spell(360, Leaving.DROPPED_OUT), id="stopped on the reference date: known"
        ),
        pytest.param(
            Stay(START, Exit.STOPPED, CUT + timedelta(days=1)),
            Spell(360, Leaving.STILL_THERE),
            id="stopped after the reference date: not known then",
        ),
        pytest.param(
            Stay(START, Exit.STOPPED, END - timedelta(days=1), planned_end=END),
            Spell(180, Leaving.DROPPED_OUT),
            id="stopped a day before the planned end",
        ),
        pytest.param(
            Stay(START, Exit.STOPPED, END, planned_end=END),
            Spell(181, Leaving.STILL_THERE),
            id="stopped on the planned end: completed",
        ),
        pytest.param(
            Stay(START, Exit.DECEASED, END + timedelta(days=9), planned_end=END),
            Spell(181, Leaving.STILL_THERE),
            id="died after the planned end",
        ),
        pytest.param(Stay(START, Exit.STOPPED, START), Spell(0, Leaving.DROPPED_OUT), id="stopped on the first day"),
        pytest.param(Stay(CUT), Spell(0, Leaving.STILL_THERE), id="started on the reference date"),
        pytest.param(
            Stay(START, withdrew_on=day(30)), Spell(30, Leaving.DROPPED_OUT), id="said they stop, no exit recorded"
        ),
        pytest.param(
            Stay(START, Exit.MOVED, day(40), withdrew_on=day(30)),
            Spell(30, Leaving.DROPPED_OUT),
            id="said they stop before they moved",
        ),
        pytest.param(
            Stay(START, Exit.MOVED, day(30), withdrew_on=day(30)),
            Spell(30, Leaving.MOVED),
            id="on the same day the exit says why",
        ),
        pytest.param(Stay(START, Exit.NEVER_STARTED, day(3)), NotFollowed.NEVER_STARTED, id="never started"),
        pytest.param(Stay(CUT + timedelta(days=1)), NotFollowed.STARTED_LATER, id="started after the reference date"),
        pytest.param(Stay(START, Exit.STOPPED, day(-1)), NotFollowed.DATES_CONTRADICT, id="stopped before the start"),
        pytest.param(Stay(START, planned_end=day(-1)), NotFollowed.DATES_CONTRADICT, id="planned end before the start"),
        pytest.param(Stay(START, Exit.STOPPED), NotFollowed.EXIT_UNDATED, id="stopped, nobody knows when"),
    ],
)
def test_what_ends_the_time_in_a_programme(stay: Stay, expected: Spell | NotFollowed) -> None:
    assert spell(stay, CUT) == expected


STAYS = st.builds(
    Stay,
    st.integers(-30, 400).map(day),
    st.one_of(st.none(), st.sampled_from(list(Exit))),
    st.one_of(st.none(), st.integers(-30, 400).map(day)),
    st.one_of(st.none(), st.integers(-30, 400).map(day)),
    st.one_of(st.none(), st.just(END)),
)


@given(st.lists(STAYS, max_size=40))
def test_everybody_is_followed_or_not_for_one_reason_and_the_curves_are_of_the_same_people(stays: list[Stay]) -> None:
    found = leaving_curves(stays, CUT)
    if isinstance(found, NotEstimable):
        assert found == NotEstimable(Reason.NO_DATA, {"n": 0})
        return
    assert found.followed + sum(found.not_followed.values()) == len(stays)
    dropped = found.incidence[Leaving.DROPPED_OUT]
    assert found.drop_out.n == dropped.n == found.followed
    assert np.array_equal(found.drop_out.events, dropped.events)
    # Who censors every other end pretends that they could still drop out: never fewer than the incidence says.
    assert (1 - found.drop_out.survival + 1e-9 >= dropped.incidence).all()
    everybody = sum(curve.incidence for curve in found.incidence.values()) + dropped.staying
    assert everybody == pytest.approx(np.ones(dropped.times.size))


def test_a_programme_of_ten() -> None:
    stays = [Stay(START, Exit.STOPPED, day(10)), Stay(START, Exit.DECEASED, day(20)), Stay(START, Exit.MOVED, day(30))]
    found = leaving_curves([*stays, *[Stay(START)] * 6, Stay(START, Exit.NEVER_STARTED)], CUT)
    assert isinstance(found, LeavingCurves)
    assert (found.followed, found.not_followed[NotFollowed.NEVER_STARTED]) == (9, 1)
    staying = survival_at(found.drop_out, 90)
    assert isinstance(staying, Estimate)
    assert staying.value == pytest.approx(8 / 9)
    shares = {cause: incidence_at(found.incidence[cause], 90) for cause in CAUSES}
    assert {cause: each.value for cause, each in shares.items() if isinstance(each, Estimate)} == {
        Leaving.DROPPED_OUT: pytest.approx(1 / 9),
        Leaving.DIED: pytest.approx(1 / 9),
        Leaving.MOVED: pytest.approx(1 / 9),
        Leaving.NO_LONGER_NEEDED: 0,
        Leaving.OTHER: 0,
    }


def test_nobody_followed_is_no_curve() -> None:
    assert leaving_curves([], CUT) == NotEstimable(Reason.NO_DATA, {"n": 0})
    assert leaving_curves([Stay(START, Exit.NEVER_STARTED)], CUT) == NotEstimable(Reason.NO_DATA, {"n": 0})
