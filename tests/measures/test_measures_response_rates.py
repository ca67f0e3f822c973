"""Who answered a wave: counts that add up whatever happened, AAPOR's rates, and the response over the waves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import wilson
from service.measures.response_rates import (
    Course,
    Reach,
    WaveFlow,
    paired_rate,
    response_course,
    response_rates,
    wave_flow,
)
from service.measures.retention import WaveOutcome, wave_retention

OUTCOMES = st.sampled_from(list(WaveOutcome))
COURSES = st.lists(st.builds(Course, OUTCOMES, st.sampled_from(list(Reach))), max_size=60)
W = WaveOutcome
NOBODY = NotEstimable(Reason.NO_DATA, {"n": 0})


def _flow(**counts: int) -> WaveFlow:
    return wave_flow("t1", [Course(W(key), Reach.DELIVERED) for key, count in counts.items() for _ in range(count)])


@given(COURSES)
def test_the_parts_of_a_wave_add_up_whatever_happened(courses: list[Course]) -> None:
    flow = wave_flow("t1", courses)
    assert flow.enrolled == len(courses) == flow.closed + flow.pending + flow.left
    assert flow.closed == flow.complete + flow.partial + flow.refused + flow.bounced + flow.no_reply
    assert flow.enrolled >= flow.invited >= flow.delivered >= flow.started >= flow.complete + flow.partial
    assert flow.delivered <= flow.enrolled - flow.bounced
    assert 0 <= flow.late <= flow.complete


@given(COURSES)
def test_the_flow_counts_what_the_retention_counts(courses: list[Course]) -> None:
    flow, plain = wave_flow("t1", courses), wave_retention("t1", [course.outcome for course in courses])
    assert (flow.enrolled, flow.closed, flow.pending, flow.left) == (
        plain.enrolled,
        plain.closed,
        plain.pending,
        plain.left,
    )
    assert (flow.complete, flow.late) == (plain.complete + plain.late, plain.late)
    rates = response_rates(flow)
    assert (rates.rr1.value if isinstance(rates.rr1, Estimate) else None) == plain.response.share


@given(COURSES)
def test_the_rates_stand_in_their_order(courses: list[Course]) -> None:
    rates = response_rates(wave_flow("t1", courses))
    if isinstance(rates.rr1, NotEstimable):
        assert rates.rr1 == rates.rr2 == rates.ref1 == NOBODY
        return
    assert isinstance(rates.rr2, Estimate)
    assert isinstance(rates.ref1, Estimate)
    assert rates.rr1.value <= rates.rr2.value <= 1
    assert rates.rr2.value + rates.ref1.value <= 1 + 1e-12


def test_the_rates_of_aapor() -> None:
    rates = response_rates(
        _flow(complete=60, late=5, partial=5, refused=10, unreachable=8, no_reply=12, pending=7, left=3)
    )
    assert (rates.rr1, rates.rr2) == (wilson(65, 100), wilson(70, 100))
    assert (rates.coop1, rates.ref1) == (wilson(65, 80), wilson(10, 100))


def test_what_has_not_closed_yet_is_no_response_rate() -> None:
    rates = response_rates(_flow(pending=9, left=2))
    assert (rates.rr1, rates.rr2, rates.coop1, rates.ref1) == (NOBODY, NOBODY, NOBODY, NOBODY)
    assert response_rates(_flow(no_reply=4)).coop1 == NOBODY
    assert response_rates(_flow(no_reply=4)).rr1 == wilson(0, 4)


def test_how_far_a_wave_came() -> None:
    flow = wave_flow(
        "t1",
        [
            Course(W.NO_REPLY, Reach.NOT_INVITED),
            Course(W.NO_REPLY, Reach.INVITED),
            Course(W.NO_REPLY, Reach.DELIVERED),
            Course(W.PENDING, Reach.STARTED),
            Course(W.REFUSED, Reach.DELIVERED),
            Course(W.COMPLETE, Reach.NOT_INVITED),  # on paper, handed over: who answered has started
            Course(W.PARTIAL, Reach.DELIVERED),
            Course(W.UNREACHABLE, Reach.DELIVERED),  # sent, but what bounced was not delivered
        ],
    )
    assert (flow.enrolled, flow.invited, flow.delivered, flow.started) == (8, 7, 5, 3)
    assert (flow.complete, flow.partial, flow.bounced, flow.pending) == (1, 1, 1, 1)


def test_cumulative_is_of_everybody_and_conditional_of_who_answered_before() -> None:
    people = [
        [W.COMPLETE, W.COMPLETE, W.LATE],
        [W.COMPLETE, W.NO_REPLY, W.COMPLETE],
        [W.COMPLETE, W.REFUSED, W.LEFT],
        [W.NO_REPLY, W.COMPLETE, W.PENDING],
        [W.LATE, W.LEFT, W.LEFT],
    ]
    first, second, third = response_course(people, 3)
    assert (first.cumulative, first.conditional) == (wilson(4, 5), NOBODY)
    assert (second.cumulative, second.conditional) == (wilson(2, 5), wilson(1, 3))
    assert (third.cumulative, third.conditional) == (wilson(2, 4), wilson(1, 1))


def test_a_course_of_nobody_and_of_other_waves() -> None:
    assert [(wave.cumulative, wave.conditional) for wave in response_course([], 2)] == [(NOBODY, NOBODY)] * 2
    assert response_course([], 0) == ()
    with pytest.raises(ValueError, match="3 waves"):
        response_course([[W.COMPLETE, W.LATE]], 3)


def test_the_paired_rate_is_of_everybody_who_could_have_both() -> None:
    pairs = [
        (W.COMPLETE, W.LATE),
        (W.COMPLETE, W.NO_REPLY),
        (W.PARTIAL, W.COMPLETE),
        (W.NO_REPLY, W.NO_REPLY),
        (W.COMPLETE, W.PENDING),  # cannot have both yet
        (W.COMPLETE, W.LEFT),  # could not have both
        (W.LEFT, W.LEFT),
    ]
    assert paired_rate(pairs) == wilson(1, 4)
    assert paired_rate([(W.COMPLETE, W.PENDING)]) == paired_rate([]) == NOBODY


@given(st.lists(st.tuples(OUTCOMES, OUTCOMES), max_size=40))
def test_a_paired_rate_is_never_higher_than_what_either_wave_allows(
    pairs: list[tuple[WaveOutcome, WaveOutcome]],
) -> None:
    found = paired_rate(pairs)
    valid = [pair for pair in pairs if {*pair} <= {W.COMPLETE, W.LATE}]
    assert (found.value * found.n if isinstance(found, Estimate) else 0) == pytest.approx(len(valid))
