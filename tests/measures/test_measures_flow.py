"""The flow of people through a programme: every row holds everybody, and the two branches never mix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.flow import Assessed, LeftOut, flow, left_out
from service.measures.leaving import Exit
from service.measures.response_rates import paired_rate
from service.measures.retention import WaveOutcome

W = WaveOutcome
WAVES = ("t0", "t1", "t2")
ENROLLED = st.builds(
    Assessed,
    excluded=st.none(),
    arm=st.sampled_from(["intervention", "waiting_list", "comparison"]),
    received=st.booleans(),
    exit_kind=st.one_of(st.none(), st.sampled_from(list(Exit))),
    waves=st.dictionaries(st.sampled_from(WAVES), st.sampled_from(list(W))),
)
PEOPLE = st.lists(
    st.one_of(ENROLLED, st.builds(Assessed, excluded=st.sampled_from(["moved", "no consent"]))), max_size=60
)


@given(PEOPLE)
def test_every_row_holds_everybody(people: list[Assessed]) -> None:
    found = flow(people, WAVES, "t0", "t2")
    assert found.assessed == len(people) == sum(found.excluded.values()) + found.enrolled
    for arm in found.arms:
        assert arm.enrolled == sum(person.excluded is None and person.arm == arm.arm for person in people)
        assert arm.taking.received + arm.taking.not_received == arm.enrolled
        assert arm.asking.analysed + sum(arm.asking.left_out.values()) == arm.enrolled
        for split in arm.asking.waves:
            wave = split.retention
            closed = wave.complete + wave.late + wave.partial + wave.no_reply + wave.refused + wave.unreachable
            assert closed + wave.left + wave.pending + split.not_planned == arm.enrolled


@given(PEOPLE)
def test_what_becomes_of_taking_part_changes_nothing_in_what_becomes_of_being_asked(people: list[Assessed]) -> None:
    stopped = [
        Assessed(person.excluded, person.arm, not person.received, Exit.STOPPED, person.waves) for person in people
    ]
    silent = [
        Assessed(person.excluded, person.arm, person.received, person.exit_kind, dict.fromkeys(WAVES, W.NO_REPLY))
        for person in people
    ]
    before, after, without = (flow(group, WAVES, "t0", "t2") for group in (people, stopped, silent))
    assert [arm.asking for arm in before.arms] == [arm.asking for arm in after.arms]
    assert [arm.taking for arm in before.arms] == [arm.taking for arm in without.arms]


@given(st.lists(ENROLLED.filter(lambda person: {"t0", "t2"} <= set(person.waves)), max_size=30))
def test_who_is_analysed_are_the_pairs_of_the_headline(people: list[Assessed]) -> None:
    found = flow(people, WAVES, "t0", "t2")
    rate = paired_rate([(person.waves["t0"], person.waves["t2"]) for person in people])
    pairs = sum(arm.asking.analysed for arm in found.arms)
    outside = sum(arm.asking.left_out.get(why, 0) for arm in found.arms for why in (LeftOut.PENDING, LeftOut.LEFT))
    assert getattr(rate, "n", 0) == len(people) - outside
    assert round(getattr(rate, "value", 0) * (len(people) - outside)) == pairs


def test_somebody_may_stop_the_programme_and_keep_answering() -> None:
    person = Assessed(arm="intervention", received=True, exit_kind=Exit.STOPPED, waves={"t0": W.COMPLETE, "t2": W.LATE})
    (arm,) = flow([person], WAVES, "t0", "t2").arms
    assert arm.taking.by_exit == {Exit.STOPPED: 1}
    assert (arm.asking.analysed, arm.asking.left_out) == (1, {})
    assert [split.not_planned for split in arm.asking.waves] == [0, 1, 0]


def test_a_flow_as_it_is_drawn() -> None:
    answered, silent = {"t0": W.COMPLETE, "t2": W.COMPLETE}, {"t0": W.COMPLETE, "t2": W.NO_REPLY}
    people = [
        Assessed(excluded="no consent"),
        Assessed(excluded="no consent"),
        Assessed(arm="intervention", received=True, waves=answered),
        Assessed(arm="intervention", received=True, exit_kind=Exit.COMPLETED, waves=silent),
        Assessed(arm="intervention", exit_kind=Exit.NEVER_STARTED, waves=silent),
        Assessed(arm="comparison", received=True, waves={"t0": W.PARTIAL, "t2": W.COMPLETE}),
    ]
    found = flow(people, WAVES, "t0", "t2")
    assert (found.assessed, dict(found.excluded), found.enrolled) == (6, {"no consent": 2}, 4)
    comparison, intervention = found.arms
    assert (intervention.arm, intervention.enrolled) == ("intervention", 3)
    assert (intervention.taking.received, intervention.taking.not_received) == (2, 1)
    assert intervention.taking.by_exit == {None: 1, Exit.COMPLETED: 1}
    assert intervention.taking.by_exit_before == {Exit.NEVER_STARTED: 1}
    assert (intervention.asking.analysed, intervention.asking.left_out) == (1, {LeftOut.NO_FOLLOW_UP: 2})
    assert comparison.asking.left_out == {LeftOut.NO_BASELINE: 1}


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (W.COMPLETE, W.LATE, None),
        (W.LATE, W.COMPLETE, None),
        (W.COMPLETE, W.PENDING, LeftOut.PENDING),
        (W.PENDING, W.LEFT, LeftOut.PENDING),
        (W.NO_REPLY, W.LEFT, LeftOut.LEFT),
        (W.COMPLETE, W.PARTIAL, LeftOut.NO_FOLLOW_UP),
        (W.COMPLETE, None, LeftOut.NO_FOLLOW_UP),
        (W.NO_REPLY, W.NO_REPLY, LeftOut.NO_BASELINE),
        (None, None, LeftOut.NO_BASELINE),
    ],
)
def test_why_somebody_is_not_analysed(before: W | None, after: W | None, why: LeftOut | None) -> None:
    assert left_out(before, after) is why


def test_nobody_flows_and_an_unknown_wave_is_a_mistake() -> None:
    assert flow([], WAVES, "t0", "t2").assessed == 0
    with pytest.raises(ValueError, match="t9"):
        flow([Assessed(waves={"t9": W.COMPLETE})], WAVES, "t0", "t2")
    with pytest.raises(ValueError, match="t5"):
        flow([], WAVES, "t0", "t5")
